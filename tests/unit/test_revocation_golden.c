/* catalog/revocations.tsv: whole requests, one for each form that a row has. */
#include "support.h"

#include "core/catalog.h"
#include "core/revocation.h"

static const struct grant_credentials whole = {
	.access_token = "acc/ess+1",
	.refresh_token = "ref&resh=2",
	.client_id = "our client",
	.client_secret = "s:cret",
	.workspace = "acme",
	.metadata = "{\"appId\":\"app-7\",\"locationId\":\"l 1\","
		    "\"jobberApiVersion\":\"2025-01-20\","
		    "\"zoho_token_domain\":\"accounts.zoho.eu\"}",
};

#define ACCEPT "Accept: application/json\n"
#define FORM   "Content-Type: application/x-www-form-urlencoded\n"
#define JSON   "Content-Type: application/json\n"
#define BEARER "Authorization: Bearer acc/ess+1\n"
/* our%20client:s%3Acret, each form-encoded first (RFC 6749, 2.3.1) */
#define BASIC  "Authorization: Basic b3VyJTIwY2xpZW50OnMlM0FjcmV0\n"
#define CLIENT "client_id=our%20client&client_secret=s%3Acret"

static const struct {
	const char *provider;
	const char *request;
} golden[] = {
	{"adobe",
	 "POST https://ims-na1.adobelogin.com/ims/revoke\n" ACCEPT BASIC FORM
	 "\ntoken=acc%2Fess%2B1"},
	{"atlassian",
	 "POST https://auth.atlassian.com/oauth/revoke\n" ACCEPT JSON
	 "\n{\"token\":\"ref&resh=2\",\"client_id\":\"our client\","
	 "\"client_secret\":\"s:cret\"}"},
	{"attio", "POST https://app.attio.com/oauth/revoke\n" ACCEPT FORM
		  "\ntoken=acc%2Fess%2B1"},
	{"box", "POST https://api.box.com/oauth2/revoke\n" ACCEPT FORM
		"\ntoken=ref%26resh%3D2&" CLIENT},
	{"dropbox",
	 "POST https://api.dropboxapi.com/2/auth/token/revoke\n" ACCEPT BEARER
	 "\n"},
	{"github",
	 "DELETE https://api.github.com/applications/our%20client/grant\n"
	 "Accept: application/vnd.github+json\n" BASIC JSON
	 "\n{\"access_token\":\"acc/ess+1\"}"},
	{"google", "POST https://oauth2.googleapis.com/revoke\n" ACCEPT FORM
		   "\ntoken=ref%26resh%3D2"},
	{"highLevelStandard",
	 "DELETE https://services.leadconnectorhq.com/marketplace/app/app-7/"
	 "installations\nVersion: 2023-02-21\n" ACCEPT BEARER JSON
	 "\n{\"locationId\":\"l 1\"}"},
	{"hubspot",
	 "POST https://api.hubapi.com/oauth/2026-03/token/revoke\n" ACCEPT FORM
	 "\ntoken=ref%26resh%3D2&token_type_hint=refresh_token&" CLIENT},
	{"intercom",
	 "POST https://api.intercom.io/auth/uninstall\n" ACCEPT BEARER JSON
	 "\n{}"},
	{"jobber", "POST https://api.getjobber.com/api/graphql\n"
		   "X-JOBBER-GRAPHQL-VERSION: 2025-01-20\n" ACCEPT BEARER JSON
		   "\n{\"query\":\"mutation { appDisconnect { app { name } "
		   "userErrors { message } } }\"}"},
	{"klaviyo",
	 "POST https://a.klaviyo.com/oauth/revoke\n" ACCEPT BASIC FORM
	 "\ntoken=ref%26resh%3D2&token_type_hint=refresh_token"},
	{"linkedIn",
	 "POST https://www.linkedin.com/oauth/v2/revoke\n" ACCEPT FORM
	 "\ntoken=acc%2Fess%2B1&" CLIENT},
	{"meta",
	 "DELETE https://graph.facebook.com/v25.0/me/permissions\n" ACCEPT
		 BEARER "\n"},
	{"miro", "POST https://api.miro.com/v2/oauth/revoke\n" ACCEPT JSON
		 "\n{\"accessToken\":\"acc/ess+1\",\"clientId\":\"our client\","
		 "\"clientSecret\":\"s:cret\"}"},
	{"notion", "POST https://api.notion.com/v1/oauth/revoke\n"
		   "Notion-Version: 2025-09-03\n" ACCEPT BASIC JSON
		   "\n{\"token\":\"acc/ess+1\"}"},
	{"payPal",
	 "POST https://api-m.paypal.com/v1/oauth2/token/terminate\n" ACCEPT
		 BASIC FORM
	 "\ntoken=acc%2Fess%2B1&token_type_hint=ACCESS_TOKEN"},
	{"productBoard", "POST https://app.productboard.com/oauth2/revoke?"
			 "token=ref%26resh%3D2&" CLIENT "\n" ACCEPT "\n"},
	{"quickbooks",
	 "POST "
	 "https://developer.api.intuit.com/v2/oauth2/tokens/revoke\n" ACCEPT
		 BASIC JSON "\n{\"token\":\"ref&resh=2\"}"},
	{"serviceNow", "GET https://acme.service-now.com/oauth_revoke_token.do?"
		       "token=ref%26resh%3D2\n" ACCEPT "\n"},
	{"shopify",
	 "DELETE https://acme.myshopify.com/admin/api_permissions/"
	 "current.json\n" ACCEPT "X-Shopify-Access-Token: acc/ess+1\n\n"},
	{"square",
	 "POST https://connect.squareup.com/oauth2/revoke\n"
	 "Authorization: Client s:cret\n" ACCEPT JSON
	 "\n{\"access_token\":\"acc/ess+1\",\"client_id\":\"our client\"}"},
	{"stackExchange",
	 "GET https://api.stackexchange.com/2.3/apps/acc%2Fess%2B1/"
	 "de-authenticate\n" ACCEPT "\n"},
	{"webflow",
	 "POST https://webflow.com/oauth/revoke_authorization\n" ACCEPT JSON
	 "\n{\"access_token\":\"acc/ess+1\",\"client_id\":\"our client\","
	 "\"client_secret\":\"s:cret\"}"},
	{"xero",
	 "POST https://identity.xero.com/connect/revocation\n" ACCEPT BASIC FORM
	 "\ntoken=ref%26resh%3D2"},
	{"zoho", "POST https://accounts.zoho.eu/oauth/v2/token/revoke?"
		 "token=ref%26resh%3D2\n" ACCEPT "\n"},
};

/* As it goes over the wire, but for the version and Host. */
static const char *text_of(struct arena *arena,
			   const struct outbound_call *call)
{
	const char *text =
		arena_printf(arena, "%s %s\n", call->method, call->url);

	for (size_t i = 0; i < call->header_count; i++)
		text = arena_printf(arena, "%s%s: %s\n", text,
				    call->headers[i].name,
				    call->headers[i].value);
	assert_int_equal(call->body_length,
			 call->body ? strlen(call->body) : 0);
	return arena_printf(arena, "%s\n%s", text,
			    call->body ? call->body : "");
}

static void request_is_to_the_letter(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(golden); i++) {
		const struct revocation *r =
			revocation_find(golden[i].provider);
		struct outbound_call call;

		assert_non_null(r);
		must(revocation_make(op, r, &whole, &call));
		assert_string_equal(text_of(&op->arena, &call),
				    golden[i].request);
	}
}

static bool is_of_same_form(const struct revocation *a,
			    const struct revocation *b)
{
	return a->style == b->style && strcmp(a->method, b->method) == 0 &&
	       a->auth == b->auth && a->token_in == b->token_in &&
	       a->takes_refresh_token == b->takes_refresh_token &&
	       !a->headers == !b->headers && !a->body == !b->body &&
	       !a->client_names == !b->client_names &&
	       !a->members[0].name == !b->members[0].name;
}

/* A row of a new form needs a request above. */
static void each_form_of_the_table_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < revocation_count; i++) {
		bool is_there = !revocation_is_possible(&revocations[i]);

		for (size_t j = 0; j < COUNT(golden) && !is_there; j++)
			is_there = is_of_same_form(
				&revocations[i],
				revocation_find(golden[j].provider));
		if (!is_there)
			fail_msg("no request like %s's",
				 revocations[i].provider);
	}
}

static void every_row_is_of_a_provider_that_can_be_connected(void **state)
{
	(void)state;
	for (size_t i = 0; i < revocation_count; i++) {
		const struct provider *provider =
			catalog_find(revocations[i].provider);

		assert_non_null(provider);
		if (!catalog_assertion(provider->name))
			assert_string_equal(provider->auth_type, "oauth2");
	}
	assert_null(revocation_find("nobody"));
	assert_null(revocation_find("Box"));
	assert_false(revocation_is_possible(revocation_find("nobody")));
	assert_false(revocation_is_possible(revocation_find("microsoft")));
}

static void steps_through_the_path_are_refused(void **state)
{
	static const char *const bad[] = {".", ".."};
	struct op *op = &((struct store *)*state)->op;
	struct grant_credentials grant = whole;
	struct outbound_call call;

	for (size_t i = 0; i < COUNT(bad); i++) {
		grant.client_id = bad[i];
		must_fail(revocation_make(op, revocation_find("github"), &grant,
					  &call),
			  ERR_INVALID);
		assert_string_equal(op->detail,
				    "clientId can't be in an address");
	}
	grant.client_id = "...";
	must(revocation_make(op, revocation_find("github"), &grant, &call));
	assert_string_equal(call.url,
			    "https://api.github.com/applications/.../grant");
}

static void own_address_takes_the_place_of_the_known_one(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct grant_credentials grant = whole;
	struct outbound_call call;

	grant.url = "https://id.example.com/{{.workspace}}/revoke?v=2";
	must(revocation_make(op, revocation_find("zoho"), &grant, &call));
	assert_string_equal(call.url, "https://id.example.com/acme/revoke?v=2"
				      "&token=ref%26resh%3D2");
	must(revocation_make(op, revocation_find("xero"), &grant, &call));
	assert_string_equal(call.url, "https://id.example.com/acme/revoke?v=2");
	grant.url = "https://{{.workspace}}.example.com/revoke";
	grant.workspace = "evil.com/";
	must_fail(revocation_make(op, revocation_find("xero"), &grant, &call),
		  ERR_INVALID);
}

static const char *url_with(struct op *op, const char *metadata,
			    const char *params)
{
	struct grant_credentials grant = whole;
	struct outbound_call call;

	grant.workspace = NULL;
	grant.url = "https://id.example.com/{{.workspace}}/{{.app_id}}";
	grant.metadata = metadata;
	grant.params = params;
	enum error error =
		revocation_make(op, revocation_find("xero"), &grant, &call);
	return error == OK ? call.url + strlen("https://id.example.com")
			   : op->detail;
}

static void word_is_of_the_connection_or_of_its_app(void **state)
{
	static const struct {
		const char *metadata, *params, *url;
	} words[] = {
		{"{\"workspace\":\"w\",\"app_id\":7}", NULL, "/w/7"},
		/* as a connection keeps it that was told where it is from */
		{"{\"workspace\":{\"value\":\"a/b\",\"source\":\"input\"}}",
		 "{\"app_id\":\"x\"}", "/a%2Fb/x"},
		{"{\"app_id\":\"mine\"}",
		 "{\"app_id\":\"theirs\",\"workspace\":\"w\"}", "/w/mine"},
		{NULL, "{\"app_id\":\"x\",\"workspace\":\"w\"}", "/w/x"},
		{NULL, NULL, "workspace is not known"},
		{"{\"workspace\":{\"source\":\"input\"}}", NULL,
		 "workspace is not known"},
		{"{\"workspace\":[\"w\"]}", NULL, "workspace is not known"},
		{"{\"workspace\":null}", NULL, "workspace is not known"},
		{"{\"workspace\":\"\"}", NULL, "workspace is not known"},
		{"no JSON", "{}", "workspace is not known"},
	};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(words); i++)
		assert_string_equal(
			url_with(op, words[i].metadata, words[i].params),
			words[i].url);
}

static void call_that_would_not_fit_is_not_made(void **state)
{
	enum { LENGTH = 5 * 1024 * 1024 };
	struct op *op = &((struct store *)*state)->op;
	char *long_value = arena_alloc(&op->arena, LENGTH + 1);
	struct grant_credentials grant = whole;
	struct outbound_call call = {.url = "as it was"};

	memset(long_value, 'a', LENGTH);
	long_value[LENGTH] = '\0';
	grant.client_id = long_value;
	must_fail(revocation_make(op, revocation_find("github"), &grant, &call),
		  ERR_INVALID);
	assert_string_equal(op->detail, "the call is too long");
	assert_string_equal(call.url, "as it was");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(request_is_to_the_letter),
		cmocka_unit_test(each_form_of_the_table_is_there),
		cmocka_unit_test(
			every_row_is_of_a_provider_that_can_be_connected),
		STORE_TEST(steps_through_the_path_are_refused),
		STORE_TEST(own_address_takes_the_place_of_the_known_one),
		STORE_TEST(word_is_of_the_connection_or_of_its_app),
		STORE_TEST(call_that_would_not_fit_is_not_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
