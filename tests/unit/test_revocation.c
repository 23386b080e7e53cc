/* core/revocation: what is sent to end a grant, and what answers mean. */
#include "support.h"

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
	assert_int_equal(with_a_way, 61);
	assert_int_equal(revocation_count, 70);
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
	assert_string_equal(header(&call, "Accept"),
			    "application/vnd.github+json");

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

/* As it is told of a grant that can't be refreshed. */
static const struct grant_credentials plain = {
	.access_token = "acc/ess+1",
	.client_id = "our client",
	.client_secret = "s:cret",
};

static void judges_grant(struct op *op, const char *provider,
			 const struct grant_credentials *grant, int status,
			 const char *body, enum revocation_outcome wanted,
			 const char *said)
{
	const char *got;

	assert_int_equal(revocation_judge(op, revocation_find(provider), grant,
					  status, body, strlen(body), &got),
			 wanted);
	assert_string_equal(got, said);
}

static void judges(struct op *op, const char *provider, int status,
		   const char *body, enum revocation_outcome wanted,
		   const char *said)
{
	judges_grant(op, provider, &plain, status, body, wanted, said);
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

static void blame_of_the_request_is_no_word_about_the_grant(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	judges(op, "quickbooks", 400, "{}", GRANT_WAS_GONE, "400");
	judges(op, "quickbooks", 400, "{\"error\":\"invalid_client\"}",
	       GRANT_REFUSED, "400 invalid_client");
	judges(op, "zoho", 400, "{\"error\":\"unsupported_token_type\"}",
	       GRANT_REFUSED, "400 unsupported_token_type");
	/* RFC 7009, 2.2.1 */
	judges(op, "xero", 400, "{\"error\":\"unsupported_token_type\"}",
	       GRANT_REFUSED, "400 unsupported_token_type");
	judges(op, "jobber", 401, "", GRANT_WAS_GONE, "401");
}

static void expired_access_token_is_no_end_of_a_grant(void **state)
{
	static const struct {
		const char *provider;
		int status;
		const char *body;
	} answers[] = {
		{"dropbox", 401, ""},
		{"zendeskSupport", 401, "{\"error\":\"invalid_token\"}"},
		{"highLevelStandard", 401, ""},
		{"jobber", 401, ""},
		{"linear", 400, ""},
		{"linear", 401, ""}, /* in no list of its row */
		{"github", 404, ""},
		{"slack", 200, "{\"ok\":false,\"error\":\"token_expired\"}"},
	};
	struct op *op = &((struct store *)*state)->op;
	struct grant_credentials fresh = whole;
	const char *said;

	fresh.is_fresh = true;
	for (size_t i = 0; i < COUNT(answers); i++) {
		const struct revocation *r =
			revocation_find(answers[i].provider);
		size_t length = strlen(answers[i].body);

		assert_true(revocation_needs_access_token(r));
		assert_int_equal(
			revocation_judge(op, r, &whole, answers[i].status,
					 answers[i].body, length, &said),
			GRANT_NEEDS_REFRESH);
		/* never twice: that would go round and round */
		assert_int_not_equal(
			revocation_judge(op, r, &fresh, answers[i].status,
					 answers[i].body, length, &said),
			GRANT_NEEDS_REFRESH);
	}
	judges_grant(op, "dropbox", &fresh, 401, "", GRANT_WAS_GONE, "401");
	judges_grant(op, "linear", &fresh, 401, "", GRANT_REFUSED, "401");
	/* a row that takes the refresh token has nothing to refresh */
	judges_grant(op, "box", &whole, 401, "", GRANT_REFUSED, "401");
	judges_grant(op, "dropbox", &whole, 503, "", GRANT_BUSY, "503");
}

static void only_what_a_provider_asks_for_is_sent(void **state)
{
	struct store *s = *state;
	struct grant_credentials grant = whole;
	struct outbound_call call;

	/* 200 is its answer to any text: that would look like success */
	grant.access_token = NULL;
	must_fail(revocation_make(&s->op, revocation_find("procore"), &grant,
				  &call),
		  ERR_INVALID);
	assert_string_equal(s->op.detail, "the token is not known");
	grant = whole;
	grant.refresh_token = NULL;
	must(revocation_make(&s->op, revocation_find("google"), &grant, &call));
	assert_string_equal(call.body, "token=acc%2Fess%2B1");
	assert_false(revocation_needs_access_token(revocation_find("google")));
}

static void metadata_can_not_change_the_body(void **state)
{
	static const char *const bad[] = {
		"{\"appId\":\"a\",\"locationId\":\"x\\\",\\\"y\"}",
		"{\"appId\":\"a\",\"locationId\":\"x\\\\\"}",
		"{\"appId\":\"a\",\"locationId\":\"x\\ny\"}",
	};
	struct store *s = *state;
	struct grant_credentials grant = whole;
	struct outbound_call call;

	for (size_t i = 0; i < COUNT(bad); i++) {
		grant.metadata = bad[i];
		must_fail(revocation_make(&s->op,
					  revocation_find("highLevelStandard"),
					  &grant, &call),
			  ERR_INVALID);
		assert_string_equal(s->op.detail,
				    "locationId can't be in a body");
	}
}

static void secret_is_not_said_even_as_a_code(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct grant_credentials grant = {
		.access_token = "at-0123456789abcdef",
		.refresh_token = "rt-0123456789abcdef",
		.client_secret = "cs-0123456789abcdef",
	};

	judges_grant(op, "box", &grant, 400,
		     "{\"error\":\"rt-0123456789abcdef\"}", GRANT_REFUSED,
		     "400");
	judges_grant(op, "box", &grant, 400,
		     "{\"code\":\"bad.cs-0123456789abcdef\"}", GRANT_REFUSED,
		     "400");
	judges_grant(op, "box", &grant, 400,
		     "{\"error\":{\"code\":\"at-01234567\"}}", GRANT_REFUSED,
		     "400");
	judges_grant(op, "box", &grant, 400, "{\"error\":\"0123\"}",
		     GRANT_REFUSED, "400 0123");
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
		STORE_TEST(blame_of_the_request_is_no_word_about_the_grant),
		STORE_TEST(expired_access_token_is_no_end_of_a_grant),
		STORE_TEST(only_what_a_provider_asks_for_is_sent),
		STORE_TEST(metadata_can_not_change_the_body),
		STORE_TEST(secret_is_not_said_even_as_a_code),
		STORE_TEST(nothing_else_of_the_body_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
