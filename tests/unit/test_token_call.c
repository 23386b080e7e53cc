/* core/token_call: what is sent for each grant, and what answers hold. */
#include "support.h"

#include "core/token_call.h"

static const struct grant_credentials client = {
	.client_id = "our client",
	.client_secret = "s:cret",
};

static const char *header(const struct outbound_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (strcmp(call->headers[i].name, name) == 0)
			return call->headers[i].value;
	return NULL;
}

static void code_goes_with_its_verifier_and_redirect(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct token_request request = {
		.provider = "github",
		.grant = &client,
		.by = TOKEN_BY_CODE,
		.code = "c/1",
		.redirect_uri = "https://cleat.example/callback",
		.verifier = "proof",
	};
	struct outbound_call call;

	must(token_call_make(op, &request, &call));
	assert_string_equal(call.method, "POST");
	assert_string_equal(call.url,
			    "https://github.com/login/oauth/access_token");
	assert_string_equal(
		call.body,
		"grant_type=authorization_code&code=c%2F1"
		"&redirect_uri=https%3A%2F%2Fcleat.example%2Fcallback"
		"&code_verifier=proof"
		"&client_id=our%20client&client_secret=s%3Acret");
	assert_string_equal(header(&call, "Accept"), "application/json");
}

static void client_alone_asks_for_its_scopes(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct token_request request = {
		.provider = "domo",
		.grant = &client,
		.by = TOKEN_BY_CLIENT,
		.scopes = "data user",
	};
	struct outbound_call call;

	must(token_call_make(op, &request, &call));
	assert_string_equal(call.url, "https://api.domo.com/oauth/token");
	assert_string_equal(call.body,
			    "grant_type=client_credentials&scope=data%20user");
	/* our%20client:s%3Acret, RFC 6749, 2.3.1 */
	assert_string_equal(header(&call, "Authorization"),
			    "Basic b3VyJTIwY2xpZW50OnMlM0FjcmV0");
}

/* Asks sugarCRM, whose addresses are all in the workspace. */
static enum error ask_whole(struct op *op, const char *workspace,
			    struct outbound_call *ret)
{
	struct grant_credentials grant = client;
	const struct token_request request = {
		.provider = "sugarCRM",
		.grant = &grant,
		.by = TOKEN_BY_PASSWORD,
		.username = "ann",
		.password = "p&ss",
	};

	grant.workspace = workspace;
	enum error error = token_call_make(op, &request, ret);
	assert_ptr_equal(grant.workspace, workspace); /* it is the caller's */
	return error;
}

static void address_may_be_all_in_the_workspace(void **state)
{
	static const char *const same[] = {"https://acme.example",
					   "acme.example"};
	struct op *op = &((struct store *)*state)->op;
	struct outbound_call call;

	for (size_t i = 0; i < COUNT(same); i++) {
		must(ask_whole(op, same[i], &call));
		assert_string_equal(
			call.url,
			"https://acme.example/rest/v11_24/oauth2/token");
		assert_string_equal(call.body,
				    "grant_type=password&username=ann"
				    "&password=p%26ss&client_id=our%20client"
				    "&client_secret=s%3Acret");
	}
}

static void workspace_may_be_all_of_an_address(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct outbound_call call;

	must(ask_whole(op, "http://acme.example:8080/crm", &call));
	assert_string_equal(
		call.url,
		"http://acme.example:8080/crm/rest/v11_24/oauth2/token");
}

static void workspace_that_is_no_host_is_refused(void **state)
{
	static const char *const odd[] = {
		"ftp://acme.example", "https://acme.example/?",
		"https://ann@acme.example", "https://https://acme.example"};
	struct op *op = &((struct store *)*state)->op;
	struct outbound_call call = {.url = "untouched"};

	for (size_t i = 0; i < COUNT(odd); i++) {
		must_fail(ask_whole(op, odd[i], &call), ERR_INVALID);
		assert_string_equal(op->detail,
				    "workspace can't be in an address");
	}
	must_fail(ask_whole(op, NULL, &call), ERR_INVALID);
	assert_string_equal(op->detail, "workspace is not known");
	must_fail(ask_whole(op, "https://", &call), ERR_INVALID);
	assert_string_equal(op->detail, "workspace can't be in an address");
	assert_string_equal(call.url, "untouched");
}

static void form_is_read_as_json(void **state)
{
	static const struct {
		const char *body, *json;
	} forms[] = {
		{"access_token=a-1&scope=repo%2Cgist&token_type=bearer",
		 "{\"access_token\":\"a-1\",\"scope\":\"repo,gist\","
		 "\"token_type\":\"bearer\"}"},
		{"error=bad_code&error_description=The+code+is+over",
		 "{\"error\":\"bad_code\","
		 "\"error_description\":\"The code is over\"}"},
		{"a=%41%6d%2f%2F", "{\"a\":\"Am//\"}"},
		/* what can't be decoded, or would be no character */
		{"a=100%&b=%4&c=%zz&d=%4g&e=%0a%00",
		 "{\"a\":\"100%\",\"b\":\"%4\",\"c\":\"%zz\",\"d\":\"%4g\","
		 "\"e\":\"%0a%00\"}"},
		/* what is no pair of a name that tokens have */
		{"flag&=x&Name=1&a\"b=2&&a=", "{\"a\":\"\"}"},
		/* no JSON can hold it */
		{"a=1&b=%ff&c=\xff&d=%c3%a9",
		 "{\"a\":\"1\",\"d\":\"\303\251\"}"},
		{"a=b=c&", "{\"a\":\"b=c\"}"},
		{"<html>", "{}"},
	};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(forms); i++)
		assert_string_equal(token_answer_json(op, forms[i].body,
						      strlen(forms[i].body)),
				    forms[i].json);
	/* and no more of it than there is */
	assert_string_equal(token_answer_json(op, "a=%41&b=2", 4),
			    "{\"a\":\"%4\"}");
}

static void json_stays_as_it_is(void **state)
{
	static const char *const bodies[] = {"{\"a\":\"%41+&b=c\"}",
					     " \t\r\n{\"a\":1}", "", " \n"};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(bodies); i++)
		assert_string_equal(
			token_answer_json(op, bodies[i], strlen(bodies[i])),
			bodies[i]);
}

static void fields_of_an_answer_are_the_catalogs(void **state)
{
	static const char json[] =
		"{\"access_token\":\"a-1\",\"refresh_token\":\"r-1\","
		"\"expires_in\":3600,\"scope\":\"all\",\"user_id\":\"ann\","
		"\"organization_id\":\"orga\"}";
	struct op *op = &((struct store *)*state)->op;
	struct tokens tokens;

	assert_true(token_answer_read(op, "close", json, &tokens));
	assert_string_equal(tokens.access_token, "a-1");
	assert_string_equal(tokens.refresh_token, "r-1");
	assert_int_equal(tokens.expires_in_s, 3600);
	assert_string_equal(tokens.scopes, "all");
	assert_string_equal(tokens.consumer, "ann");
	assert_string_equal(tokens.workspace, "orga");
	assert_true(token_answer_read(
		op, "asana", "{\"access_token\":\"a\",\"data\":{\"id\":12}}",
		&tokens));
	assert_string_equal(tokens.consumer, "12"); /* at a depth */
	/* one that is in no catalog names none */
	assert_true(token_answer_read(op, "nobody", json, &tokens));
	assert_string_equal(tokens.access_token, "a-1");
	assert_null(tokens.scopes);
	assert_null(tokens.consumer);
	assert_null(tokens.workspace);
}

static void what_is_empty_was_not_said(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct tokens tokens;

	assert_true(token_answer_read(
		op, "close",
		"{\"access_token\":\"a-1\",\"refresh_token\":\"\","
		"\"scope\":null,\"user_id\":\"\"}",
		&tokens));
	assert_null(tokens.refresh_token);
	assert_null(tokens.scopes);
	assert_null(tokens.consumer);
	assert_int_equal(tokens.expires_in_s, 0);
}

static void answer_without_an_access_token_is_none(void **state)
{
	static const char *const bodies[] = {"{}",
					     "",
					     "{\"access_token\":\"\"}",
					     "{\"access_token\":null}",
					     "{\"access_token\":\"a-1\"",
					     "{\"refresh_token\":\"r-1\"}"};
	struct op *op = &((struct store *)*state)->op;
	struct tokens tokens = {.access_token = "untouched"};

	for (size_t i = 0; i < COUNT(bodies); i++)
		assert_false(
			token_answer_read(op, "close", bodies[i], &tokens));
	assert_string_equal(tokens.access_token, "untouched");
}

static void life_may_be_a_text_or_have_another_name(void **state)
{
	static const struct {
		const char *member;
		int64_t seconds;
	} lives[] = {
		{"\"expires_in\":\"3600\"", 3600},
		{"\"expires\":60", 60},
		{"\"expires_in\":\"\",\"expires\":60", 60},
		{"\"expires_in\":3600,\"expires\":60", 3600},
		{"\"expires_in\":31622400", 31622400},
		{"\"expires_in\":31622401", 0},
		{"\"expires_in\":-1", 0},
		{"\"expires_in\":\"soon\"", 0},
		{"\"expires_in\":90.5", 90},
	};
	struct op *op = &((struct store *)*state)->op;
	struct tokens tokens;

	for (size_t i = 0; i < COUNT(lives); i++) {
		const char *json =
			arena_printf(&op->arena, "{\"access_token\":\"a\",%s}",
				     lives[i].member);

		assert_true(token_answer_read(op, "close", json, &tokens));
		assert_int_equal(tokens.expires_in_s, lives[i].seconds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(code_goes_with_its_verifier_and_redirect),
		STORE_TEST(client_alone_asks_for_its_scopes),
		STORE_TEST(address_may_be_all_in_the_workspace),
		STORE_TEST(workspace_may_be_all_of_an_address),
		STORE_TEST(workspace_that_is_no_host_is_refused),
		STORE_TEST(form_is_read_as_json),
		STORE_TEST(json_stays_as_it_is),
		STORE_TEST(fields_of_an_answer_are_the_catalogs),
		STORE_TEST(what_is_empty_was_not_said),
		STORE_TEST(answer_without_an_access_token_is_none),
		STORE_TEST(life_may_be_a_text_or_have_another_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
