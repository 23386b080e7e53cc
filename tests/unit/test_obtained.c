/* core/obtained: the call for tokens in each way, and the connection that comes
 * of its answer, over a real store. */
#include "obtained.h"

static void code_becomes_a_connection(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid app = register_app(op, "github");
	const struct obtaining_new new = by_code("github", app);
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);

	assert_string_equal(obtained.call.url,
			    "https://github.com/login/oauth/access_token");
	assert_string_equal(
		obtained.call.body,
		"grant_type=authorization_code&code=code-1"
		"&redirect_uri=https%3A%2F%2Fcleat.example%2Fcallback"
		"&code_verifier=verifier-1"
		"&client_id=client&client_secret=app-secret");
	op->now += SECOND;
	assert_int_equal(ended(op, &obtained, 200, TOKENS), op->now + LIFE);
	struct connection_view view = connected(op, id);
	assert_string_equal(view.connection.kind, "github");
	assert_string_equal(view.connection.auth_scheme,
			    "oauth2/authorizationCode");
	assert_string_equal(view.connection.metadata, "{\"region\":\"eu\"}");
	assert_string_equal(view.group.ref, "acme");
	assert_string_equal(view.consumer.ref, "ann");
	assert_uuid_equal(view.app.id, app);
	assert_true(has_event(op, "connection.created", view.connection.id));
	setting_is(op, &view, "scopes", "[\"repo\",\"gist\",\"user\"]");
	setting_is(op, &view, "accessIssuedAt", "2024-01-15T10:30:01.000000Z");
	setting_is(op, &view, "refreshIssuedAt", "2024-01-15T10:30:01.000000Z");
	setting_is(op, &view, "requestedScopes", NULL);
	/* the code has been used */
	assert_int_equal(secret_count(op, view.connection.id), 2);
	has_secret(op, view.connection.id, "access_token", "access-1",
		   op->now + 3600 * SECOND);
	has_secret(op, view.connection.id, "refresh_token", "refresh-1", 0);
}

static void answer_may_be_a_form(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = add_code(op, "github");
	struct obtained obtained = sent(op, id);

	ended(op, &obtained, 201, "access_token=access-1&scope=repo");
	struct connection_view view = connected(op, id);
	setting_is(op, &view, "scopes", "[\"repo\"]");
	setting_is(op, &view, "refreshIssuedAt", NULL);
	assert_int_equal(secret_count(op, view.connection.id), 1);
	has_secret(op, view.connection.id, "access_token", "access-1", 0);
}

static void scopes_are_those_asked_for_when_none_are_told(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = add_code(op, "github");
	struct obtained obtained = sent(op, id);

	ended(op, &obtained, 200, "{\"access_token\":\"access-1\"}");
	struct connection_view view = connected(op, id);
	setting_is(op, &view, "scopes", "[\"repo\",\"gist\"]");
}

static void answer_says_who_agreed_and_for_which_account(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = add_code(op, "close");
	struct obtained obtained = sent(op, id);

	ended(op, &obtained, 200,
	      "{\"access_token\":\"access-1\",\"user_id\":\"user-1\","
	      "\"organization_id\":\"orga-1\"}");
	struct connection_view view = connected(op, id);
	assert_string_equal(view.connection.workspace_ref, "orga-1");
	setting_is(op, &view, CONNECTION_USER, "user-1");
}

static void workspace_is_what_the_customer_said(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new = by_code("close", register_app(op, "close"));

	new.workspace_ref = "own";
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);
	ended(op, &obtained, 200,
	      "{\"access_token\":\"a\",\"organization_id\":\"orga-1\"}");
	assert_string_equal(connected(op, id).connection.workspace_ref, "own");
}

static void settings_that_would_be_too_long_are_left_out(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = add_code(op, "github");
	struct obtained obtained = sent(op, id);
	char *scopes = arena_alloc(&op->arena, 256 * 1024 + 1);

	memset(scopes, 's', 256 * 1024);
	scopes[256 * 1024] = '\0';
	ended(op, &obtained, 200,
	      arena_printf(&op->arena,
			   "{\"access_token\":\"a\",\"scope\":\"%s\"}",
			   scopes));
	assert_string_equal(connected(op, id).connection.settings, "{}");
}

/* Of the customer's own client. */
static const struct new_credential own_client[] = {
	{"client_id", "own-client", 0},
	{"client_secret", "own-secret", 0},
};

static void client_is_the_customers_own(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new =
		by_code("marketo", register_app(op, "marketo"));

	new.way = OBTAINING_BY_CLIENT;
	new.workspace_ref = "123-abc";
	new.secrets = own_client;
	new.secret_count = COUNT(own_client);
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);
	assert_string_equal(
		obtained.call.url,
		"https://123-abc.mktorest.com/identity/oauth/token");
	assert_string_equal(obtained.call.body,
			    "grant_type=client_credentials&scope=repo%20gist"
			    "&client_id=own-client&client_secret=own-secret");
	ended(op, &obtained, 200, TOKENS);
	struct connection_view view = connected(op, id);
	assert_string_equal(view.connection.auth_scheme,
			    "oauth2/clientCredentials");
	setting_is(op, &view, "requestedScopes", "repo gist");
	/* what gets the next tokens is kept */
	assert_int_equal(secret_count(op, view.connection.id), 4);
	has_secret(op, view.connection.id, "client_id", "own-client", 0);
	has_secret(op, view.connection.id, "client_secret", "own-secret", 0);
}

static void password_is_kept_for_the_next_tokens(void **state)
{
	static const struct new_credential inputs[] = {
		{"username", "ann", 0},
		{"password", "pass-1", 0},
		{"client_id", "own-client", 0},
		{"client_secret", "own-secret", 0},
	};
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new = by_code("sugarCRM", (struct uuid){{0}});

	new.way = OBTAINING_BY_PASSWORD;
	new.workspace_ref = "https://acme.example";
	new.scopes = NULL;
	new.secrets = inputs;
	new.secret_count = COUNT(inputs);
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);
	assert_string_equal(obtained.call.url,
			    "https://acme.example/rest/v11_24/oauth2/token");
	assert_string_equal(obtained.call.body,
			    "grant_type=password&username=ann&password=pass-1"
			    "&client_id=own-client&client_secret=own-secret");
	ended(op, &obtained, 200, "{\"access_token\":\"access-1\"}");
	struct connection_view view = connected(op, id);
	assert_string_equal(view.connection.auth_scheme, "oauth2/password");
	assert_string_equal(view.connection.workspace_ref,
			    "https://acme.example");
	setting_is(op, &view, "scopes", NULL);
	assert_int_equal(secret_count(op, view.connection.id), 5);
	has_secret(op, view.connection.id, "password", "pass-1", 0);
}

static const struct new_credential inputs_of_redtail[] = {
	{"apiKey", "key-1", 0},
	{"username", "ann", 0},
	{"password", "pass-1", 0},
};

static struct obtaining_new by_inputs(void)
{
	struct obtaining_new new = by_code("redtail", (struct uuid){{0}});

	new.way = OBTAINING_BY_CUSTOM;
	new.metadata = "{\"region\":{\"value\":\"eu\"}}";
	new.scopes = new.redirect_uri = NULL;
	new.secrets = inputs_of_redtail;
	new.secret_count = COUNT(inputs_of_redtail);
	return new;
}

static void inputs_are_looked_at_and_kept(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct obtaining_new new = by_inputs();
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);

	assert_string_equal(obtained.call.method, "GET");
	assert_string_equal(obtained.call.url,
			    "https://eu.redtailtechnology.com/api/public/v1/"
			    "authentication");
	/* key-1:ann:pass-1 */
	assert_string_equal(header(&obtained, "Authorization"),
			    "Basic a2V5LTE6YW5uOnBhc3MtMQ==");
	ended(op, &obtained, 200,
	      "{\"authenticated_user\":{\"user_key\":\"user-key\"}}");
	struct connection_view view = connected(op, id);
	assert_string_equal(view.connection.auth_scheme, "none");
	assert_string_equal(view.connection.settings, "{}");
	assert_int_equal(secret_count(op, view.connection.id), 4);
	has_secret(op, view.connection.id, "apiKey", "key-1", 0);
	has_secret(op, view.connection.id, "username", "ann", 0);
	has_secret(op, view.connection.id, "password", "pass-1", 0);
	/* key-1:user-key */
	has_secret(op, view.connection.id, "userKeyCredentials",
		   "a2V5LTE6dXNlci1rZXk=", 0);
}

static void look_goes_where_the_app_says(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct provider_app app = {
		.provider = "redtail",
		.client_id = "client",
		.scopes = "[]",
		.metadata = "{\"providerParams\":{\"checkUrl\":"
			    "\"https://{{.region}}.own.example/check\"}}",
	};
	const struct obtaining_new new = by_inputs();
	struct provider_app made;

	must(provider_app_create(op, &app, "app-secret", &made));
	struct obtained obtained = sent(op, add(op, &new));
	assert_string_equal(obtained.call.url, "https://eu.own.example/check");
}

static void look_that_brings_nothing_fails(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct obtaining_new new = by_inputs();
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);

	ended(op, &obtained, 200, "{\"authenticated_user\":{}}");
	failed(op, id, "the provider answered 200 without what was asked for");
	id = add(op, &new);
	obtained = sent(op, id);
	ended(op, &obtained, 401, "{\"error\":\"bad_login\"}");
	failed(op, id, "the provider answered 401 bad_login");
	assert_int_equal(event_count(op, "connection.created"), 0);
}

static void look_that_lacks_a_fact_is_not_made(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new = by_inputs();

	new.metadata = "{}";
	struct uuid id = add(op, &new);
	struct obtained obtained = begun(op, id);
	assert_false(obtained.is_sent);
	ended(op, &obtained, 0, "");
	failed(op, id, "region is not known");
	new = by_inputs();
	new.secret_count--;
	id = add(op, &new);
	obtained = begun(op, id);
	assert_false(obtained.is_sent);
	ended(op, &obtained, 0, "");
	failed(op, id, "password is not known");
}

static void app_asks_for_itself_where_it_was_agreed_to(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new =
		by_code("microsoftAdminConsent",
			register_app(op, "microsoftAdminConsent"));

	new.way = OBTAINING_BY_CUSTOM;
	new.metadata = "{\"tenant\":{\"value\":\"t-1\"}}";
	new.secrets = own_client; /* an input like any other here */
	new.secret_count = COUNT(own_client);
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);
	assert_string_equal(
		obtained.call.url,
		"https://login.microsoftonline.com/t-1/oauth2/v2.0/token");
	assert_string_equal(obtained.call.body,
			    "grant_type=client_credentials&scope=repo%20gist"
			    "&client_id=client&client_secret=app-secret");
	ended(op, &obtained, 200, TOKENS);
	struct connection_view view = connected(op, id);
	assert_string_equal(view.connection.auth_scheme, "none");
	assert_int_equal(secret_count(op, view.connection.id), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(code_becomes_a_connection),
		STORE_TEST(answer_may_be_a_form),
		STORE_TEST(scopes_are_those_asked_for_when_none_are_told),
		STORE_TEST(answer_says_who_agreed_and_for_which_account),
		STORE_TEST(workspace_is_what_the_customer_said),
		STORE_TEST(settings_that_would_be_too_long_are_left_out),
		STORE_TEST(client_is_the_customers_own),
		STORE_TEST(password_is_kept_for_the_next_tokens),
		STORE_TEST(inputs_are_looked_at_and_kept),
		STORE_TEST(look_goes_where_the_app_says),
		STORE_TEST(look_that_brings_nothing_fails),
		STORE_TEST(look_that_lacks_a_fact_is_not_made),
		STORE_TEST(app_asks_for_itself_where_it_was_agreed_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
