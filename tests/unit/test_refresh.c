/* core/refresh: asking for a new access token, and what answers mean. */
#include "support.h"

#include "core/catalog.h"
#include "core/refresh.h"
#include "core/revocation.h"

static const struct grant_credentials whole = {
	.access_token = "old-access",
	.refresh_token = "ref&resh=2",
	.client_id = "our client",
	.client_secret = "s:cret",
	.workspace = "acme",
	.metadata = "{\"zoho_token_domain\":\"accounts.zoho.eu\"}",
};

static const char *header(const struct outbound_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (strcmp(call->headers[i].name, name) == 0)
			return call->headers[i].value;
	return NULL;
}

static void client_is_in_the_body_where_it_is_so_to_revoke(void **state)
{
	struct store *s = *state;
	struct outbound_call call;

	must(refresh_make(&s->op, "slack", &whole, &call));
	assert_string_equal(call.method, "POST");
	assert_string_equal(call.url, "https://slack.com/api/oauth.v2.access");
	assert_string_equal(call.body, "grant_type=refresh_token"
				       "&refresh_token=ref%26resh%3D2"
				       "&client_id=our%20client"
				       "&client_secret=s%3Acret");
	assert_int_equal(call.body_length, strlen(call.body));
	assert_string_equal(header(&call, "Content-Type"),
			    "application/x-www-form-urlencoded");
	assert_null(header(&call, "Authorization"));
}

static void client_is_in_basic_where_it_is_so_to_revoke(void **state)
{
	struct store *s = *state;
	struct outbound_call call;

	must(refresh_make(&s->op, "zoom", &whole, &call));
	/* our%20client:s%3Acret, RFC 6749, 2.3.1 */
	assert_string_equal(header(&call, "Authorization"),
			    "Basic b3VyJTIwY2xpZW50OnMlM0FjcmV0");
	assert_string_equal(call.body, "grant_type=refresh_token"
				       "&refresh_token=ref%26resh%3D2");
}

static void address_is_the_catalogs_or_the_grants_own(void **state)
{
	struct store *s = *state;
	struct grant_credentials grant = whole;
	struct outbound_call call;

	must(refresh_make(&s->op, "zendeskSupport", &grant, &call));
	assert_string_equal(call.url, "https://acme.zendesk.com/oauth/tokens");
	grant.workspace = "evil.com/";
	must_fail(refresh_make(&s->op, "zendeskSupport", &grant, &call),
		  ERR_INVALID);
	grant.token_url = "http://127.0.0.1:9/token";
	must(refresh_make(&s->op, "zendeskSupport", &grant, &call));
	assert_string_equal(call.url, "http://127.0.0.1:9/token");
}

static void each_row_that_needs_one_can_ask_for_one(void **state)
{
	struct store *s = *state;
	struct outbound_call call;
	size_t count = 0;

	for (size_t i = 0; i < revocation_count; i++) {
		const struct revocation *r = &revocations[i];

		if (!revocation_is_possible(r) ||
		    !revocation_needs_access_token(r))
			continue;
		/* these have no refresh token: core/assertion.h */
		if (catalog_assertion(r->provider))
			continue;
		count++;
		must(refresh_make(&s->op, r->provider, &whole, &call));
		assert_memory_equal(call.url, "https://", 8);
		assert_null(strstr(call.url, "{{"));
	}
	assert_int_equal(count, 29);
}

static void lacks(struct op *op, const char *provider,
		  const struct grant_credentials *grant, const char *what)
{
	struct outbound_call call;

	must_fail(refresh_make(op, provider, grant, &call), ERR_INVALID);
	assert_string_equal(op->detail, what);
}

static void what_is_missing_is_named(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct grant_credentials grant = whole;

	grant.refresh_token = NULL;
	lacks(op, "slack", &grant, "the refresh token is not known");
	grant = whole;
	grant.client_secret = NULL;
	lacks(op, "slack", &grant, "the client secret is not known");
	lacks(op, "zoom", &grant, "the client secret is not known");
	grant.client_id = NULL;
	lacks(op, "slack", &grant, "the client id is not known");
	lacks(op, "stripe", &whole, "the token address is not known");
	lacks(op, "nobody", &whole, "the token address is not known");
}

static enum refresh_outcome judged(struct op *op, int status, const char *body,
				   struct refreshed *ret, const char *said)
{
	const char *got;
	enum refresh_outcome outcome = refresh_judge(op, &whole, status, body,
						     strlen(body), ret, &got);

	assert_string_equal(got, said);
	return outcome;
}

static void new_tokens_are_read(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct refreshed got;

	assert_int_equal(judged(op, 200,
				"{\"access_token\":\"a\",\"expires_in\":3600,"
				"\"refresh_token\":\"new\"}",
				&got, "200"),
			 REFRESH_DONE);
	assert_string_equal(got.access_token, "a");
	assert_string_equal(got.refresh_token, "new");
	assert_int_equal(got.expires_in_s, 3600);
	/* the same one is not a new one; a number may be a text */
	assert_int_equal(judged(op, 200,
				"{\"access_token\":\"a\",\"expires_in\":\"60\","
				"\"refresh_token\":\"ref&resh=2\"}",
				&got, "200"),
			 REFRESH_DONE);
	assert_null(got.refresh_token);
	assert_int_equal(got.expires_in_s, 60);
}

static void time_that_makes_no_sense_is_not_said(void **state)
{
	static const char *const odd[] = {
		"-1",	    "1e9", "99999999999999999999", "null", "true",
		"\"soon\"", "\"\""};
	struct op *op = &((struct store *)*state)->op;
	struct refreshed got;

	for (size_t i = 0; i < COUNT(odd); i++) {
		const char *body = arena_printf(
			&op->arena,
			"{\"access_token\":\"a\",\"expires_in\":%s}", odd[i]);

		/* jansson refuses a number that no integer holds */
		if (judged(op, 200, body, &got, "200") == REFRESH_DONE)
			assert_int_equal(got.expires_in_s, 0);
		else
			assert_int_equal(i, 2);
	}
}

static void refusals_are_told_apart(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct refreshed got = {.access_token = "untouched"};

	assert_int_equal(judged(op, 400, "{\"error\":\"invalid_grant\"}", &got,
				"400 invalid_grant"),
			 REFRESH_GRANT_IS_GONE);
	assert_int_equal(
		judged(op, 200,
		       "{\"ok\":false,\"error\":\"invalid_refresh_token\"}",
		       &got, "200 invalid_refresh_token"),
		REFRESH_GRANT_IS_GONE);
	assert_int_equal(judged(op, 401, "{\"error\":\"invalid_client\"}", &got,
				"401 invalid_client"),
			 REFRESH_REFUSED);
	assert_int_equal(
		judged(op, 200, "{\"access_token\":\"\"}", &got, "200"),
		REFRESH_REFUSED);
	assert_int_equal(judged(op, 200, "no JSON", &got, "200"),
			 REFRESH_REFUSED);
	assert_int_equal(judged(op, 429, "", &got, "429"), REFRESH_BUSY);
	assert_int_equal(judged(op, 500, "{\"error\":\"invalid_grant\"}", &got,
				"500 invalid_grant"),
			 REFRESH_BUSY);
	assert_string_equal(got.access_token, "untouched");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(client_is_in_the_body_where_it_is_so_to_revoke),
		STORE_TEST(client_is_in_basic_where_it_is_so_to_revoke),
		STORE_TEST(address_is_the_catalogs_or_the_grants_own),
		STORE_TEST(each_row_that_needs_one_can_ask_for_one),
		STORE_TEST(what_is_missing_is_named),
		STORE_TEST(new_tokens_are_read),
		STORE_TEST(time_that_makes_no_sense_is_not_said),
		STORE_TEST(refusals_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
