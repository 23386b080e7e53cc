/* core/passing: where a call goes that is passed on, and with what. */
#include "support.h"

#include <strings.h>

#include "core/access_token.h"
#include "core/catalog.h"
#include "core/deletion.h"
#include "core/passing.h"

#define HERE "https://api.example/v1"

/* What no provider of the catalog has. */
static const struct catalog_pair own_headers[] = {
	{"X-Own", "Own {{ .token }} of {{.region}}"}, {"X-Fixed", "as it is"}};
static const struct catalog_pair own_query[] = {{"own key", "{{.token}}"}};
static const struct custom_auth own_custom = {
	.headers = {own_headers, COUNT(own_headers)},
	.query = {own_query, COUNT(own_query)},
};
static const struct provider own_custom_provider = {
	.name = "own-custom", .auth_type = "custom", .custom = &own_custom};
static const struct provider own_bare = {.name = "own-bare",
					 .auth_type = "custom"};
static const struct provider own_jwt = {.name = "own-jwt", .auth_type = "jwt"};
static const struct provider own_none = {.name = "own-none",
					 .auth_type = "none"};
static const struct provider own_keyless = {.name = "own-keyless",
					    .auth_type = "apiKey"};
static const struct provider *const own[] = {&own_custom_provider, &own_bare,
					     &own_jwt, &own_none, &own_keyless};

static bool allows_all(struct op *op, const struct installation_view *view)
{
	(void)op;
	(void)view;
	return true;
}

static bool allows_none(struct op *op, const struct installation_view *view)
{
	(void)op;
	(void)view;
	return false;
}

static const struct passing_new plain = {
	.base_url = HERE,
	.method = "GET",
	.target = "/things",
	.allows = allows_all,
};

/* Through a connection with one credential; its name NULL: with none. */
static struct installation_view installed(struct op *op, const char *provider,
					  const char *name, const char *value)
{
	const struct new_credential secrets[] = {
		{name, value, 0},
		/* an own place for it has none for this */
		{"unused", "never-sent", 0},
	};
	const struct connection_new new = {
		.provider = provider,
		.auth_scheme = "none",
		.workspace_ref = "acme",
		.metadata = "{\"region\":{\"value\":\"eu\"},\"evil\":\"a/b\"}",
		.settings = "{}",
		.parties.group_ref = "acme",
		.parties.consumer_ref = "user",
		.secrets = name ? secrets : secrets + 1,
		.secret_count = name ? 2 : 1,
	};
	struct integration of = offer(op, "sync", provider);
	struct connection_view connection;

	must(connection_create(op, &new, &connection));
	return install(op, &of, "acme", NULL);
}

static struct passing made(struct op *op, const struct installation_view *view,
			   const struct passing_new *asked)
{
	struct passing ret;

	must(passing_make(op, view, asked, &ret));
	return ret;
}

static void fails(struct op *op, const struct installation_view *view,
		  const struct passing_new *asked, enum error error,
		  const char *detail)
{
	struct passing ret = {.token = "untouched"};

	must_fail(passing_make(op, view, asked, &ret), error);
	assert_string_equal(op->detail, detail);
	assert_string_equal(ret.token, "untouched");
}

/* NULL: none; there is one at most. */
static const char *header(const struct passing *passing, const char *name)
{
	const struct outbound_call *call = &passing->call;
	const char *found = NULL;

	for (size_t i = 0; i < call->header_count; i++) {
		if (strcasecmp(call->headers[i].name, name) != 0)
			continue;
		assert_null(found);
		found = call->headers[i].value;
	}
	return found;
}

static void headers_of_one_hop_and_our_own_are_dropped(void **state)
{
	static const char *const dropped[] = {"Connection",
					      "connection",
					      "Proxy-Connection",
					      "Keep-Alive",
					      "TE",
					      "Trailer",
					      "Upgrade",
					      "Transfer-Encoding",
					      "Proxy-Authorization",
					      "Content-Length",
					      "Expect",
					      "host",
					      "AUTHORIZATION",
					      "Cookie",
					      "x-api-key",
					      "Forwarded",
					      "X-Real-IP",
					      "X-Amp-Project-Id",
					      "x-amp-",
					      "X-Forwarded-For",
					      "x-forwarded-proto"};
	static const char *const kept[] = {
		"Accept", "Content-Type", "X-Ampere",	"X-Api-Keys",
		"X-Own",  "If-Match",	  "X-Forwards", "Hosts"};

	(void)state;
	for (size_t i = 0; i < COUNT(dropped); i++)
		assert_true(passing_drops_header(dropped[i]));
	for (size_t i = 0; i < COUNT(kept); i++)
		assert_false(passing_drops_header(kept[i]));
}

static void a_token_is_put_in_and_may_be_refreshed(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "box", "access_token", "access-1");
	struct passing p = made(op, &view, &plain);

	assert_uuid_equal(p.installation_id, view.installation.id);
	assert_uuid_equal(p.connection_id, view.connection.connection.id);
	assert_string_equal(p.call.method, "GET");
	assert_string_equal(p.call.url, HERE "/things");
	assert_int_equal(p.call.header_count, 1);
	assert_string_equal(header(&p, "Authorization"), "Bearer access-1");
	assert_string_equal(p.token, "access-1");
	assert_null(p.call.body);
}

static void a_token_goes_where_the_provider_looks_for_it(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "shopify", "access_token", "access-1");
	struct passing p = made(op, &view, &plain);

	assert_string_equal(header(&p, "X-Shopify-Access-Token"), "access-1");
	assert_null(header(&p, "Authorization"));
}

static void a_key_is_put_in_its_header_with_its_prefix(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "accuLynx", "api_key", "key-1");
	struct passing p = made(op, &view, &plain);

	assert_string_equal(header(&p, "Authorization"), "Bearer key-1");
	assert_null(p.token);
	assert_null(strstr(p.call.url, "key-1"));
}

static void a_key_of_its_own_header_has_no_prefix(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "anthropic", "api_key", "key-1");
	const struct outbound_header sent[] = {{"X-Api-Key", "the caller's"}};
	struct passing_new asked = plain;

	asked.headers = sent;
	asked.header_count = 1;
	struct passing p = made(op, &view, &asked);
	assert_string_equal(header(&p, "x-api-key"), "key-1");
}

static const char *url_of(struct op *op, const struct installation_view *view,
			  const char *target)
{
	struct passing_new asked = plain;

	asked.target = target;
	return made(op, view, &asked).call.url;
}

static void a_key_of_the_query_replaces_the_callers(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view v =
		installed(op, "hunter", "api_key", "key&1=");

	assert_string_equal(url_of(op, &v, "/a"), HERE "/a?api_key=key%261%3D");
	assert_string_equal(url_of(op, &v, "/a?"),
			    HERE "/a?api_key=key%261%3D");
	assert_string_equal(
		url_of(op, &v, "/a?x=1&api_key=mine&&y=%26&api_key"),
		HERE "/a?api_key=key%261%3D&x=1&y=%26");
	/* also written otherwise; but not what only begins or ends so */
	assert_string_equal(url_of(op, &v,
				   "/a?%61pi_%6Bey=b&my_api_key=c&api_keys=d&"
				   "api_ke%79=e&api_ke%7=f&x=api_key"),
			    HERE
			    "/a?api_key=key%261%3D&my_api_key=c&api_keys=d&"
			    "api_ke%7=f&x=api_key");
}

static void name_and_password_are_basic(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "ashby", "username", "user");
	struct uuid id = view.connection.connection.id;

	fails(op, &view, &plain, ERR_INVALID,
	      "the connection has no user name and password");
	must(credential_put(op, id, "password", "pa:ss", 0));
	struct passing p = made(op, &view, &plain);
	assert_string_equal(header(&p, "Authorization"),
			    "Basic dXNlcjpwYTpzcw==");
	assert_null(p.token);
	must(credential_drop(op, id, "username"));
	fails(op, &view, &plain, ERR_INVALID,
	      "the connection has no user name and password");
}

static void credentials_of_its_own_making_go_where_it_says(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "own-custom", "token", "s&cret");
	struct passing p = made(op, &view, &plain);

	assert_string_equal(header(&p, "X-Own"), "Own s&cret of eu");
	assert_string_equal(header(&p, "X-Fixed"), "as it is");
	assert_string_equal(p.call.url, HERE "/things?own%20key=s%26cret");
	assert_null(p.token);
	must(credential_put(op, p.connection_id, "access_token", "a", 0));
	assert_string_equal(made(op, &view, &plain).token, "a");
	must(credential_drop(op, p.connection_id, "token"));
	fails(op, &view, &plain, ERR_INVALID, "the connection has no token");
}

static void custom_without_a_known_place_is_not_sent_bare(void **state)
{
	static const char *const providers[] = {"own-bare", "snowflake"};
	struct store *s = *state;

	store_commit(s);
	for (size_t i = 0; i < COUNT(providers); i++) {
		struct installation_view view =
			installed(&s->op, providers[i], "privateKey", "key");

		fails(&s->op, &view, &plain, ERR_INVALID,
		      "the connection has no known place for its "
		      "credentials");
		store_undo(s);
	}
}

static void key_of_the_customers_own_is_by_the_token_that_it_gets(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "bigquery", "serviceAccountKey", "key");
	struct passing p = made(op, &view, &plain);

	assert_true(p.wants_token);
	assert_null(header(&p, "Authorization"));
	must(credential_put(op, p.connection_id, "access_token", "access-1",
			    0));
	p = made(op, &view, &plain);
	assert_false(p.wants_token);
	assert_string_equal(header(&p, "Authorization"), "Bearer access-1");
	assert_string_equal(p.token, "access-1");
}

static void an_administrators_consent_is_by_its_access_token(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view = installed(op, "microsoftAdminConsent",
						  "access_token", "access-1");
	struct passing p = made(op, &view, &plain);

	assert_string_equal(header(&p, "Authorization"), "Bearer access-1");
	assert_string_equal(p.token, "access-1");
	/* what an operator's own provider asks for by this name comes first */
	must(credential_put(op, p.connection_id, "accessToken", "given", 0));
	p = made(op, &view, &plain);
	assert_string_equal(header(&p, "Authorization"), "Bearer given");
}

static void what_is_missing_is_named(void **state)
{
	static const struct {
		const char *provider, *detail;
	} lacking[] = {
		{"box", "the connection has no access token"},
		{"accuLynx", "the connection has no API key"},
		{"hunter", "the connection has no API key"},
		{"own-custom", "the connection has no token"},
		{"nobody", "the provider is not known"},
	};
	struct store *s = *state;

	store_commit(s);
	for (size_t i = 0; i < COUNT(lacking); i++) {
		struct installation_view view =
			installed(&s->op, lacking[i].provider, NULL, NULL);

		fails(&s->op, &view, &plain, ERR_INVALID, lacking[i].detail);
		store_undo(s);
	}
	struct installation_view view =
		installed(&s->op, "own-keyless", "api_key", "key");
	fails(&s->op, &view, &plain, ERR_INVALID,
	      "the connection has no API key");
}

static void other_kinds_of_credentials_are_not_supported(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "own-jwt", "access_token", "a");

	fails(op, &view, &plain, ERR_UNSUPPORTED,
	      "this version does not call with credentials of the type jwt");
}

static void where_none_are_needed_none_are_sent(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "own-none", "access_token", "a");
	struct passing p = made(op, &view, &plain);

	assert_int_equal(p.call.header_count, 0);
	assert_string_equal(p.call.url, HERE "/things");
	assert_null(p.token);
}

static void no_event_tells_that_credentials_were_used(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "box", "access_token", "a");
	size_t before = event_count(op, NULL);

	(void)made(op, &view, &plain);
	assert_int_equal(event_count(op, NULL), before);
}

static void the_address_is_the_connections_own(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "box", "access_token", "a");
	struct passing_new asked = plain;

	asked.base_url = "https://{{.workspace}}.{{.region}}.example/api//";
	assert_string_equal(made(op, &view, &asked).call.url,
			    "https://acme.eu.example/api/things");
	asked.target = "?q=a%20b&c=/../";
	assert_string_equal(made(op, &view, &asked).call.url,
			    "https://acme.eu.example/api?q=a%20b&c=/../");
	asked.target = "";
	assert_string_equal(made(op, &view, &asked).call.url,
			    "https://acme.eu.example/api");
	asked.base_url = "https://{{.nowhere}}.example";
	fails(op, &view, &asked, ERR_INVALID, "nowhere is not known");
	asked.base_url = "https://{{.evil}}.example";
	fails(op, &view, &asked, ERR_INVALID, "evil can't be in an address");
	asked.base_url = "https://x.example/?all=1";
	fails(op, &view, &asked, ERR_UNSUPPORTED,
	      "the provider's address has a query");
	asked.base_url = "https://x.example/#top";
	fails(op, &view, &asked, ERR_UNSUPPORTED,
	      "the provider's address has a query");
}

static void a_bad_path_is_the_callers_mistake(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "box", "access_token", "a");
	struct passing_new asked = plain;

	asked.target = "/a/../b";
	fails(op, &view, &asked, ERR_MISSHAPEN,
	      "the path must not have a step of dots");
	assert_int_equal(op->issue_count, 1);
	assert_string_equal(op->issues[0].why, "must not have a step of dots");
}

static void the_callers_headers_go_along_but_not_over_ours(void **state)
{
	static const struct outbound_header sent[] = {
		{"Accept", "text/csv"},
		{"authorization", "Bearer of-the-caller"},
		{"X-Shopify-Access-Token", "of-the-caller"},
		{"Connection", "keep-alive, x-hop,\tX-Other, X-Ot,"},
		{"X-Hop", "1"},
		{"X-Other", "2"},
		{"X-Othe", "3"},
		{"connection", "X-Late"},
		{"X-Late", "4"},
		{"X-Amp-Project", "5"},
		{"X-Many", "6"},
		{"X-Many", "7"},
	};
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "shopify", "access_token", "access-1");
	struct passing_new asked = plain;

	asked.headers = sent;
	asked.header_count = COUNT(sent);
	struct passing p = made(op, &view, &asked);
	const struct outbound_header *got = p.call.headers;
	assert_string_equal(header(&p, "X-Shopify-Access-Token"), "access-1");
	assert_string_equal(header(&p, "Accept"), "text/csv");
	assert_string_equal(header(&p, "X-Othe"), "3");
	assert_int_equal(p.call.header_count, 5);
	assert_string_equal(got[3].value, "6"); /* in their order */
	assert_string_equal(got[4].value, "7");
}

static void too_many_headers_are_not_left_out(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "box", "access_token", "a");
	struct outbound_header sent[OUTBOUND_HEADERS_MAX + 9];
	struct passing_new asked = plain;

	for (size_t i = 0; i < COUNT(sent); i++)
		sent[i] = (struct outbound_header){"X-Many", "1"};
	asked.headers = sent;
	asked.header_count = COUNT(sent);
	fails(op, &view, &asked, ERR_INVALID,
	      "there are over 128 headers to send");
}

static void a_copy_outlives_what_it_is_of(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "box", "access_token", "access-1");
	char base[] = HERE, method[] = "PUT", target[] = "/a?b=c";
	char name[] = "X-One", value[] = "one";
	const struct outbound_header sent[] = {
		{name, value}, {"X-Two", "two"}, {"X-Three", "three"}};
	const struct passing_new asked = {base,	       method, target,	  sent,
					  COUNT(sent), true,   allows_all};
	struct passing p = made(op, &view, &asked);
	struct arena arena;

	arena_init(&arena);
	struct passing copy = passing_copy(&arena, &p);
	*base = *method = *target = *name = *value = '#';
	assert_uuid_equal(copy.installation_id, p.installation_id);
	assert_uuid_equal(copy.connection_id, p.connection_id);
	assert_string_equal(copy.asked.base_url, HERE);
	assert_string_equal(copy.asked.target, "/a?b=c");
	assert_int_equal(copy.asked.header_count, 3);
	assert_string_equal(copy.asked.headers[0].name, "X-One");
	assert_string_equal(copy.asked.headers[0].value, "one");
	assert_string_equal(copy.asked.headers[2].value, "three");
	assert_true(copy.asked.is_throttled);
	assert_ptr_equal(copy.asked.allows, allows_all);
	assert_string_equal(copy.call.method, "PUT");
	assert_string_equal(copy.call.url, HERE "/a?b=c");
	assert_ptr_not_equal(copy.call.url, p.call.url);
	assert_string_equal(header(&copy, "Authorization"), "Bearer access-1");
	assert_string_equal(header(&copy, "X-One"), "one");
	assert_string_equal(copy.token, "access-1");
	assert_ptr_not_equal(copy.token, p.token);
	p.token = NULL;
	assert_null(passing_copy(&arena, &p).token);
	arena_release(&arena);
}

static void it_goes_on_while_the_installation_stands(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "box", "access_token", "a");
	struct installation_view found = {.failures = 7};
	struct passing p = made(op, &view, &plain);

	p.asked.allows = allows_none;
	must_fail(passing_look(op, &p, &found), ERR_NOT_FOUND);
	assert_string_equal(op->detail, "the installation has changed");
	p.asked.allows = allows_all;
	p.connection_id = uuid_make(op->now);
	must_fail(passing_look(op, &p, &found), ERR_NOT_FOUND);
	assert_string_equal(op->detail, "the installation has changed");
	assert_int_equal(found.failures, 7);
	p.connection_id = view.connection.connection.id;
	must(passing_look(op, &p, &found));
	assert_uuid_equal(found.installation.id, view.installation.id);
	must(delete_installation(op, view.installation.integration_id,
				 view.installation.id));
	must_fail(passing_look(op, &p, &found), ERR_NOT_FOUND);
}

static void it_goes_on_while_the_callers_token_is_good(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "box", "access_token", "a");
	const struct access_token_new new = {.kind = TOKEN_AMPERSAND,
					     .label = "key",
					     .scopes = "full",
					     .role = ROLE_ADMIN,
					     .expires_at = op->now + 60};
	struct access_token token;
	char text[TOKEN_TEXT];

	must(access_token_create(op, &new, &token, text));
	const struct principal caller = {.token_id = token.id,
					 .expires_at = token.expires_at};
	op->principal = &caller;
	struct passing p = made(op, &view, &plain);
	op->principal = NULL;
	assert_uuid_equal(p.token_id, token.id);
	assert_int_equal(p.expires_at, token.expires_at);
	must(passing_look(op, &p, &view));
	must(delete_token(op, token.id));
	must_fail(passing_look(op, &p, &view), ERR_UNAUTHENTICATED);
}

static void another_projects_installation_is_not_there(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct installation_view view =
		installed(op, "box", "access_token", "a");
	struct passing p = made(op, &view, &plain);

	move_to(op, make_project(op, "acme", "other"));
	must_fail(passing_look(op, &p, &view), ERR_NOT_FOUND);
	fails(op, &view, &plain, ERR_INVALID,
	      "the connection has no access token");
}

static int add_own(void **state)
{
	(void)state;
	catalog_extend(own, COUNT(own));
	return 0;
}

static int forget_own(void **state)
{
	(void)state;
	catalog_forget();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_of_one_hop_and_our_own_are_dropped),
		STORE_TEST(a_token_is_put_in_and_may_be_refreshed),
		STORE_TEST(a_token_goes_where_the_provider_looks_for_it),
		STORE_TEST(a_key_is_put_in_its_header_with_its_prefix),
		STORE_TEST(a_key_of_its_own_header_has_no_prefix),
		STORE_TEST(a_key_of_the_query_replaces_the_callers),
		STORE_TEST(name_and_password_are_basic),
		STORE_TEST(credentials_of_its_own_making_go_where_it_says),
		STORE_TEST(custom_without_a_known_place_is_not_sent_bare),
		STORE_TEST(
			key_of_the_customers_own_is_by_the_token_that_it_gets),
		STORE_TEST(an_administrators_consent_is_by_its_access_token),
		STORE_TEST(what_is_missing_is_named),
		STORE_TEST(other_kinds_of_credentials_are_not_supported),
		STORE_TEST(where_none_are_needed_none_are_sent),
		STORE_TEST(no_event_tells_that_credentials_were_used),
		STORE_TEST(the_address_is_the_connections_own),
		STORE_TEST(a_bad_path_is_the_callers_mistake),
		STORE_TEST(the_callers_headers_go_along_but_not_over_ours),
		STORE_TEST(too_many_headers_are_not_left_out),
		STORE_TEST(a_copy_outlives_what_it_is_of),
		STORE_TEST(it_goes_on_while_the_installation_stands),
		STORE_TEST(it_goes_on_while_the_callers_token_is_good),
		STORE_TEST(another_projects_installation_is_not_there),
	};

	return cmocka_run_group_tests(tests, add_own, forget_own);
}
