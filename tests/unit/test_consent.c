/* core/consent: where a person is sent to agree. */
#include "asking.h"

#include <sodium.h>

#include "core/deletion.h"

#define CALLBACK "https%3A%2F%2Fcleat.example%2Fcallbacks%2Fv1%2Foauth"

static void ask_refused(struct op *op, const struct consent_new *new,
			const char *field, const char *why)
{
	const char *url = "untouched";

	refused(op, consent_ask(op, new, &url), field, why);
	assert_string_equal(url, "untouched");
}

static struct obtaining of_url(struct op *op, const char *url)
{
	struct obtaining found;

	must(obtaining_of_ticket(op, param(op, url, "state"), &found));
	return found;
}

static void address_asks_for_a_code(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "zoom", "client 1", "[\"a:b\",\"c\"]", "{}");
	const char *url = asked(op, "zoom"), *ticket = param(op, url, "state");
	const char *head = "https://zoom.us/oauth/authorize"
			   "?response_type=code&client_id=client%201"
			   "&redirect_uri=" CALLBACK "&scope=a%3Ab%20c&state=";

	assert_memory_equal(url, head, strlen(head));
	assert_string_equal(url + strlen(head), ticket);
	assert_int_equal(strlen(ticket), OBTAINING_TICKET_TEXT - 1);
}

static void state_knows_what_is_asked_for(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct provider_app app = register_app(op, "zoom", "c", "[]", "{}");
	struct obtaining found = of_url(op, asked(op, "zoom"));

	assert_string_equal(found.stage, OBTAINING_ASKED);
	assert_string_equal(found.way, OBTAINING_BY_CODE);
	assert_string_equal(found.provider, "zoom");
	assert_uuid_equal(found.provider_app_id, app.id);
	assert_false(found.is_update);
	assert_true(found.expires_at == op->now + OBTAINING_LIFE_US);
	assert_string_equal(obtaining_fact(op, &found, "groupRef"), "acme");
	assert_string_equal(obtaining_fact(op, &found, "groupName"), "Acme");
	assert_string_equal(obtaining_fact(op, &found, "consumerRef"), "ann");
	assert_string_equal(obtaining_fact(op, &found, "authOrigin"),
			    "https://zoom.us");
	assert_string_equal(obtaining_fact(op, &found, "redirectUri"),
			    ORIGIN CONSENT_CALLBACK);
	assert_null(obtaining_fact(op, &found, "scopes"));
}

static void no_two_requests_have_one_state(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "zoom", "c", "[]", "{}");
	assert_string_not_equal(param(op, asked(op, "zoom"), "state"),
				param(op, asked(op, "zoom"), "state"));
}

static void state_is_a_secret_of_the_answer(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "zoom", "c", "[]", "{}");
	op->has_secrets = false; /* it was of the app's */
	(void)asked(op, "zoom");
	assert_true(op->has_secrets);
}

/* RFC 7636, 4.2 */
static void challenge_is_of_a_verifier_that_we_keep(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[64];

	register_app(op, "airtable", "c", "[\"data\"]", "{}");
	const char *url = asked(op, "airtable");
	const char *verifier =
		secret_of(op, of_url(op, url).id, "code_verifier");
	assert_int_equal(strlen(verifier), 43);
	crypto_hash_sha256(hash, (const unsigned char *)verifier, 43);
	sodium_bin2base64(text, sizeof(text), hash, sizeof(hash),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	assert_string_equal(param(op, url, "code_challenge"), text);
	assert_string_equal(param(op, url, "code_challenge_method"), "S256");
	assert_null(strstr(url, verifier));
	assert_false(store_files_hold(s, verifier));
}

static void no_verifier_where_the_provider_takes_none(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "zoom", "c", "[]", "{}");
	const char *url = asked(op, "zoom");
	assert_null(param(op, url, "code_challenge"));
	assert_null(secret_of(op, of_url(op, url).id, "code_verifier"));
}

static void catalog_says_what_else_is_asked(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "google", "c", "[]", "{}");
	register_app(op, "lever", "c", "[\"x\"]", "{}");
	register_app(op, "notion", "c", "[]", "{}");
	register_app(op, "linear", "c", "[\"read\",\"write\"]", "{}");
	const char *url = asked(op, "google");
	assert_string_equal(param(op, url, "access_type"), "offline");
	assert_string_equal(param(op, url, "scope"), "openid%20email");
	assert_string_equal(param(op, asked(op, "lever"), "audience"),
			    "https%3A%2F%2Fapi.lever.co%2Fv1%2F");
	url = asked(op, "notion");
	assert_string_equal(param(op, url, "owner"), "user");
	assert_null(param(op, url, "scope"));
	assert_string_equal(param(op, asked(op, "linear"), "scope"),
			    "read%2Cwrite");
}

static void app_adds_parameters_but_replaces_none_of_ours(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "zoom", "c", "[]",
		     "{\"authQueryParams\":{\"a b\":[\"1&2\"],"
		     "\"client_id\":[\"evil\"],\"state\":[\"evil\"],"
		     "\"redirect_uri\":[\"evil\"],"
		     "\"response_mode\":[\"form_post\"],"
		     "\"scope\":[\"evil\"],\"SCOPE\":[\"evil\"],"
		     "\"request\":[\"evil\"],\"request_uri\":[\"evil\"],"
		     "\"client_secret\":[\"evil\"],\"code\":[\"evil\"],"
		     "\"response_type\":[\"token\"],"
		     "\"code_challenge\":[\"evil\"],"
		     "\"code_challenge_method\":[\"plain\"],"
		     "\"resource\":[\"x\",\"y\"]}}");
	const char *url = asked(op, "zoom");
	assert_string_equal(param(op, url, "a%20b"), "1%262");
	assert_non_null(strstr(url, "&resource=x&resource=y"));
	assert_string_equal(param(op, url, "client_id"), "c");
	assert_string_equal(param(op, url, "response_type"), "code");
	assert_null(param(op, url, "response_mode"));
	assert_null(param(op, url, "code_challenge"));
	assert_null(strstr(url, "evil"));
}

static void parameter_of_the_app_is_in_place_of_the_catalogs(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "google", "c", "[]",
		     "{\"authQueryParams\":{\"access_type\":[\"online\"]}}");
	register_app(op, "lever", "c", "[\"x\"]",
		     "{\"authQueryParams\":{\"audience\":[\"mine\"]}}");
	const char *url = asked(op, "google");
	assert_non_null(strstr(url, "access_type=online"));
	assert_null(strstr(url, "access_type=offline"));
	url = asked(op, "lever");
	assert_string_equal(param(op, url, "audience"), "mine");
	assert_null(strstr(url, "api.lever.co"));
}

static void address_does_not_say_what_is_ours_to_say(void **state)
{
	static const char *const addresses[] = {
		"https://own.example/a?state=x",
		"https://own.example/a?x=1&y&client_id=evil",
		"https://own.example/a?x=1&redirect%5furi=evil#x",
		"https://own.example/a?Scope",
	};
	struct op *op = &((struct store *)*state)->op;
	const struct consent_new new = of_acme("zoom");
	const char *url;

	for (size_t i = 0; i < COUNT(addresses); i++) {
		struct provider_app app = register_app(
			op, "zoom", "c", "[]",
			arena_printf(
				&op->arena,
				"{\"providerParams\":{\"authUrl\":\"%s\"}}",
				addresses[i]));

		must_fail(consent_ask(op, &new, &url), ERR_INVALID);
		assert_non_null(strstr(op->detail, "which Cleat does"));
		must(delete_provider_app(op, app.id));
	}
}

static void app_may_have_an_address_of_its_own(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "zoom", "c", "[]",
		     "{\"providerParams\":{\"authUrl\":"
		     "\"http://own.example:8080/agree?x=1\"}}");
	const char *url = asked(op, "zoom");
	const char *head = "http://own.example:8080/agree?x=1"
			   "&response_type=code&client_id=c&";
	struct obtaining found = of_url(op, url);

	assert_memory_equal(url, head, strlen(head));
	assert_string_equal(obtaining_fact(op, &found, "authOrigin"),
			    "http://own.example:8080");
}

static void own_address_is_one_that_a_browser_fetches(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct consent_new new = of_acme("zoom");

	register_app(op, "zoom", "c", "[]",
		     "{\"providerParams\":{\"authUrl\":"
		     "\"javascript:alert(1)//https://\"}}");
	ask_refused(op, &new, "provider",
		    "has an app whose authUrl is no http address");
}

static void what_the_address_lacks_is_named(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct consent_new new = of_acme("salesforce");
	const char *url, *start = "https://acme.my.salesforce.com/services/";

	register_app(op, "salesforce", "c", "[]", "{}");
	ask_refused(op, &new, "providerWorkspaceRef",
		    "is not enough: workspace is not known");
	new.workspace_ref = "evil.com/";
	ask_refused(op, &new, "providerWorkspaceRef",
		    "is not enough: workspace can't be in an address");
	new.workspace_ref = "acme";
	must(consent_ask(op, &new, &url));
	assert_memory_equal(url, start, strlen(start));
	new.workspace_ref = NULL;
	new.metadata = "{\"workspace\":{\"value\":\"acme\"}}";
	must(consent_ask(op, &new, &url));
	assert_memory_equal(url, start, strlen(start));
}

static void what_a_scope_lacks_is_named(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct consent_new new = of_acme("dynamicsCRM");
	const char *url;

	register_app(op, "dynamicsCRM", "c", "[\".default\",\"other\"]", "{}");
	new.workspace_ref = "acme";
	ask_refused(op, &new, "providerMetadata",
		    "is not enough: region is not known");
	new.metadata = "{\"region\":\"crm4\"}";
	must(consent_ask(op, &new, &url));
	assert_string_equal(param(op, url, "scope"),
			    "https%3A%2F%2Facme.api.crm4.dynamics.com"
			    "%2F.default%20other");
}

static void scopes_are_needed_where_the_provider_wants_some(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct consent_new new = of_acme("airtable");

	register_app(op, "airtable", "c", "[]", "{}");
	ask_refused(op, &new, "provider",
		    "takes no request without scopes: "
		    "the provider app names none");
}

static void address_has_an_end(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct consent_new new = of_acme("zoom");
	char *value = arena_alloc(&op->arena, CONSENT_URL_MAX + 1);

	memset(value, 'x', CONSENT_URL_MAX);
	value[CONSENT_URL_MAX] = '\0';
	register_app(op, "zoom", "c", "[]",
		     arena_printf(&op->arena,
				  "{\"authQueryParams\":{\"x\":[\"%s\"]}}",
				  value));
	ask_refused(op, &new, "provider", "has a long address");
}

static void nobody_is_asked_for_a_key(void **state)
{
	static const char *const names[] = {"stripe", "nobody", "adobe"};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct consent_new new = of_acme(names[i]);

		ask_refused(op, &new, "provider",
			    "asks nobody for consent: use "
			    "connections:generate");
	}
}

static void app_is_of_this_provider_and_project(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct consent_new new = of_acme("zoom");
	struct project other = make_project(op, "acme", "other");

	register_app(op, "box", "c", "[]", "{}");
	ask_refused(op, &new, "provider",
		    "has no provider app in this project: zoom");
	assert_string_equal(op->remedy, "Create a provider app first.");
	move_to(op, other);
	struct provider_app theirs = register_app(op, "zoom", "c", "[]", "{}");
	move_to(op, s->project);
	ask_refused(op, &new, "provider",
		    "has no provider app in this project: zoom");
	new.provider_app_id = theirs.id;
	ask_refused(op, &new, "providerAppId",
		    "is no provider app of this provider");
	new.provider_app_id = register_app(op, "slack", "c", "[]", "{}").id;
	ask_refused(op, &new, "providerAppId",
		    "is no provider app of this provider");
}

static void app_that_is_named_is_asked_for(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct consent_new new = of_acme("zoom");
	const char *url;

	register_app(op, "zoom", "first", "[]", "{}");
	new.provider_app_id = register_app(op, "zoom", "second", "[]", "{}").id;
	must(consent_ask(op, &new, &url));
	assert_string_equal(param(op, url, "client_id"), "second");
	assert_uuid_equal(of_url(op, url).provider_app_id, new.provider_app_id);
	assert_string_equal(param(op, asked(op, "zoom"), "client_id"), "first");
}

static struct uuid connect_through(struct op *op, struct uuid app_id)
{
	const struct new_credential secrets[] = {{"access_token", "a", 0}};
	const struct connection_new new = {
		.provider = "zoom",
		.auth_scheme = "oauth2/authorizationCode",
		.metadata = "{}",
		.settings = "{}",
		.parties.group_ref = "acme",
		.parties.consumer_ref = "ann",
		.provider_app_id = app_id,
		.secrets = secrets,
		.secret_count = 1,
	};
	struct connection_view view;

	must(connection_create(op, &new, &view));
	return view.connection.id;
}

static void connection_is_asked_for_again_through_its_app(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct provider_app second;
	const char *url;

	register_app(op, "zoom", "first", "[]", "{}");
	second = register_app(op, "zoom", "second", "[]", "{}");
	struct uuid id = connect_through(op, second.id);
	must(consent_ask_again(op, id, ORIGIN, &url));
	struct obtaining found = of_url(op, url);

	assert_string_equal(param(op, url, "client_id"), "second");
	assert_string_equal(param(op, url, "redirect_uri"), CALLBACK);
	assert_true(found.is_update);
	assert_uuid_equal(found.connection_id, id);
	assert_string_equal(obtaining_fact(op, &found, "groupRef"), "acme");
	assert_string_equal(obtaining_fact(op, &found, "consumerRef"), "ann");
	/* through the first, when its own is gone */
	must(provider_app_erase(op, second.id));
	must(consent_ask_again(op, id, ORIGIN, &url));
	assert_string_equal(param(op, url, "client_id"), "first");
}

static void connection_is_not_asked_for_without_an_app(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = connect_through(op, (struct uuid){{0}});
	const char *url;

	refused(op, consent_ask_again(op, id, ORIGIN, &url), "provider",
		"has no provider app in this project: zoom");
}

static void connection_without_a_grant_is_not_asked_for(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct connection_view keyed = connect_group(op, "acme", "stripe");
	struct connection_view other = connect_group(op, "beta", "zoom");
	const struct uuid ids[] = {keyed.connection.id, other.connection.id};
	const char *url;

	register_app(op, "zoom", "c", "[]", "{}");
	for (size_t i = 0; i < COUNT(ids); i++) {
		must_fail(consent_ask_again(op, ids[i], ORIGIN, &url),
			  ERR_INVALID);
		assert_string_equal(op->detail,
				    "the connection has no tokens of a "
				    "consent");
	}
	must_fail(consent_ask_again(op, uuid_make(op->now), ORIGIN, &url),
		  ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(address_asks_for_a_code),
		STORE_TEST(state_knows_what_is_asked_for),
		STORE_TEST(no_two_requests_have_one_state),
		STORE_TEST(state_is_a_secret_of_the_answer),
		STORE_TEST(challenge_is_of_a_verifier_that_we_keep),
		STORE_TEST(no_verifier_where_the_provider_takes_none),
		STORE_TEST(catalog_says_what_else_is_asked),
		STORE_TEST(app_adds_parameters_but_replaces_none_of_ours),
		STORE_TEST(parameter_of_the_app_is_in_place_of_the_catalogs),
		STORE_TEST(address_does_not_say_what_is_ours_to_say),
		STORE_TEST(app_may_have_an_address_of_its_own),
		STORE_TEST(own_address_is_one_that_a_browser_fetches),
		STORE_TEST(what_the_address_lacks_is_named),
		STORE_TEST(what_a_scope_lacks_is_named),
		STORE_TEST(scopes_are_needed_where_the_provider_wants_some),
		STORE_TEST(address_has_an_end),
		STORE_TEST(nobody_is_asked_for_a_key),
		STORE_TEST(app_is_of_this_provider_and_project),
		STORE_TEST(app_that_is_named_is_asked_for),
		STORE_TEST(connection_is_asked_for_again_through_its_app),
		STORE_TEST(connection_is_not_asked_for_without_an_app),
		STORE_TEST(connection_without_a_grant_is_not_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
