/* core/revocation: what is sent to end a grant, and what answers mean. */
#include "support.h"

#include <stdio.h>

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

static struct outbound_call made(struct op *op, const char *provider)
{
	struct outbound_call call;
	const struct revocation *r = revocation_find(provider);

	assert_non_null(r);
	must(revocation_make(op, r, &whole, &call));
	return call;
}

static const char *header(const struct outbound_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (strcmp(call->headers[i].name, name) == 0)
			return call->headers[i].value;
	return NULL;
}

static void every_provider_gets_a_whole_request(void **state)
{
	struct store *s = *state;
	size_t with_a_way = 0;

	for (size_t i = 0; i < revocation_count; i++) {
		const struct revocation *r = &revocations[i];

		assert_ptr_equal(revocation_find(r->provider), r);
		if (!revocation_is_possible(r))
			continue;
		with_a_way++;
		struct outbound_call call = made(&s->op, r->provider);
		assert_memory_equal(call.url, "https://", 8);
		assert_null(strstr(call.url, "{{"));
		assert_null(call.body ? strstr(call.body, "{{") : NULL);
		assert_true(r->ok[0] >= 200 && r->ok[0] < 300);
		assert_null(strchr(call.url, ' '));
	}
	assert_int_equal(with_a_way, 60);
	assert_int_equal(revocation_count, 66);
}

static void client_shows_itself_as_the_provider_wants(void **state)
{
	struct store *s = *state;
	struct outbound_call call = made(&s->op, "box");

	assert_string_equal(call.method, "POST");
	assert_string_equal(call.url, "https://api.box.com/oauth2/revoke");
	assert_string_equal(call.body,
			    "token=ref%26resh%3D2&client_id=our%20client"
			    "&client_secret=s%3Acret");
	assert_string_equal(header(&call, "Content-Type"),
			    "application/x-www-form-urlencoded");
	assert_null(header(&call, "Authorization"));

	call = made(&s->op, "github");
	assert_string_equal(call.method, "DELETE");
	assert_string_equal(call.url, "https://api.github.com/applications/"
				      "our%20client/grant");
	assert_string_equal(call.body, "{\"access_token\":\"acc/ess+1\"}");
	/* our%20client:s%3Acret */
	assert_string_equal(header(&call, "Authorization"),
			    "Basic b3VyJTIwY2xpZW50OnMlM0FjcmV0");
	assert_string_equal(header(&call, "Accept"), "application/json");

	call = made(&s->op, "miro");
	assert_string_equal(call.body,
			    "{\"accessToken\":\"acc/ess+1\",\"clientId\":"
			    "\"our client\",\"clientSecret\":\"s:cret\"}");
}

static void token_goes_where_the_provider_looks(void **state)
{
	struct store *s = *state;
	struct outbound_call call = made(&s->op, "slack");

	assert_string_equal(header(&call, "Authorization"), "Bearer acc/ess+1");
	assert_null(call.body);
	call = made(&s->op, "shopify");
	assert_string_equal(call.url, "https://acme.myshopify.com/admin/"
				      "api_permissions/current.json");
	assert_string_equal(header(&call, "X-Shopify-Access-Token"),
			    "acc/ess+1");
	call = made(&s->op, "stackExchange");
	assert_string_equal(call.url, "https://api.stackexchange.com/2.3/apps/"
				      "acc%2Fess%2B1/de-authenticate");
	call = made(&s->op, "square");
	assert_string_equal(header(&call, "Authorization"), "Client s:cret");
	call = made(&s->op, "highLevelStandard");
	assert_string_equal(call.body, "{\"locationId\":\"l 1\"}");
	assert_string_equal(header(&call, "Version"), "2023-02-21");
}

static void what_is_missing_is_named(void **state)
{
	struct store *s = *state;
	struct grant_credentials grant = whole;
	struct outbound_call call;

	grant.client_secret = NULL;
	must_fail(revocation_make(&s->op, revocation_find("github"), &grant,
				  &call),
		  ERR_INVALID);
	assert_string_equal(s->op.detail, "the client secret is not known");
	grant = whole;
	grant.workspace = NULL;
	must_fail(revocation_make(&s->op, revocation_find("salesforce"), &grant,
				  &call),
		  ERR_INVALID);
	assert_string_equal(s->op.detail, "workspace is not known");
	grant = whole;
	grant.access_token = NULL;
	must_fail(revocation_make(&s->op, revocation_find("slack"), &grant,
				  &call),
		  ERR_INVALID);
	assert_string_equal(s->op.detail, "the token is not known");
}

static void workspace_can_not_change_the_host(void **state)
{
	static const char *const bad[] = {
		"evil.com/",  "evil.com#", "a@evil.com", "evil.com?",
		"evil.com\\", "a b",	   "a:443",	 "",
	};
	struct store *s = *state;
	struct grant_credentials grant = whole;
	struct outbound_call call;

	for (size_t i = 0; i < COUNT(bad); i++) {
		grant.workspace = bad[i];
		must_fail(revocation_make(&s->op, revocation_find("salesforce"),
					  &grant, &call),
			  ERR_INVALID);
	}
}

static void judges(struct op *op, const char *provider, int status,
		   const char *body, enum revocation_outcome wanted,
		   const char *said)
{
	const char *got;

	assert_int_equal(revocation_judge(op, revocation_find(provider), status,
					  body, strlen(body), &got),
			 wanted);
	assert_string_equal(got, said);
}

static void answers_mean_what_the_provider_says(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	judges(op, "box", 200, "", GRANT_REVOKED, "200");
	judges(op, "box", 204, "", GRANT_REFUSED, "204");
	judges(op, "box", 400, "{\"error\":\"invalid_client\"}", GRANT_REFUSED,
	       "400 invalid_client");
	judges(op, "box", 503, "down", GRANT_BUSY, "503");
	judges(op, "box", 429, "", GRANT_BUSY, "429");
	judges(op, "github", 204, "", GRANT_REVOKED, "204");
	judges(op, "github", 404, "{}", GRANT_WAS_GONE, "404");
	judges(op, "google", 400, "{\"error\":\"invalid_token\"}",
	       GRANT_WAS_GONE, "400 invalid_token");
	judges(op, "google", 400, "{\"error\":\"invalid_request\"}",
	       GRANT_REFUSED, "400 invalid_request");
	judges(op, "meta", 400, "{\"error\":{\"code\":190}}", GRANT_WAS_GONE,
	       "400 190");
}

static void body_decides_where_the_status_is_always_200(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	judges(op, "slack", 200, "{\"ok\":true,\"revoked\":true}",
	       GRANT_REVOKED, "200");
	judges(op, "slack", 200, "{\"ok\":false,\"error\":\"token_revoked\"}",
	       GRANT_WAS_GONE, "200 token_revoked");
	judges(op, "slack", 200, "{\"ok\":false,\"error\":\"ratelimited\"}",
	       GRANT_REFUSED, "200 ratelimited");
	judges(op, "slack", 200, "no JSON", GRANT_REFUSED, "200");
	judges(op, "jobber", 200,
	       "{\"data\":{\"appDisconnect\":{\"userErrors\":[]}}}",
	       GRANT_REVOKED, "200");
	judges(op, "jobber", 200,
	       "{\"data\":{\"appDisconnect\":{\"userErrors\":[{}]}}}",
	       GRANT_REFUSED, "200");
}

static void nothing_else_of_the_body_is_said(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	judges(op, "box", 400, "{\"error\":\"your token is ref&resh=2\"}",
	       GRANT_REFUSED, "400");
	judges(op, "box", 400, "ref&resh=2", GRANT_REFUSED, "400");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(every_provider_gets_a_whole_request),
		STORE_TEST(client_shows_itself_as_the_provider_wants),
		STORE_TEST(token_goes_where_the_provider_looks),
		STORE_TEST(what_is_missing_is_named),
		STORE_TEST(workspace_can_not_change_the_host),
		STORE_TEST(answers_mean_what_the_provider_says),
		STORE_TEST(body_decides_where_the_status_is_always_200),
		STORE_TEST(nothing_else_of_the_body_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
