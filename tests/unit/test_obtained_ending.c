/* core/obtained: connections that are renewed, calls that fail, and how long
 * what came of it is kept, over a real store. */
#include "obtained.h"

#include "core/store.h"

/* Renewed by a code whose answer this is. */
static struct connection_view renewed(struct op *op, const char *provider,
				      struct uuid connection,
				      const char *answer)
{
	struct obtaining_new new =
		by_code(provider, register_app(op, provider));

	new.connection_id = connection;
	new.workspace_ref = "acme";
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);
	ended(op, &obtained, 200, answer);
	struct connection_view view = connected(op, id);
	assert_uuid_equal(view.connection.id, connection);
	assert_uuid_equal(view.app.id, new.provider_app_id);
	return view;
}

static const struct new_credential old_tokens[] = {
	{"access_token", "old-access", START},
	{"refresh_token", "old-refresh", 0},
};

static void connection_that_is_there_has_new_tokens(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = connect_grant(op, "acme", "close", old_tokens, 2);
	struct connection_view view =
		renewed(op, "close", id,
			"{\"access_token\":\"access-1\",\"refresh_token\":"
			"\"refresh-1\",\"user_id\":\"user-1\","
			"\"organization_id\":\"orga-1\"}");

	assert_string_equal(view.connection.workspace_ref, "orga-1");
	setting_is(op, &view, CONNECTION_USER, "user-1");
	has_secret(op, id, "access_token", "access-1", 0);
	has_secret(op, id, "refresh_token", "refresh-1", 0);
	assert_true(has_event(op, "connection.updated", id));
	assert_int_equal(event_count(op, "connection.created"), 1);
}

static void refresh_token_of_an_older_grant_goes(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = connect_grant(op, "acme", "close", old_tokens, 2);

	renewed(op, "close", id, "{\"access_token\":\"access-1\"}");
	has_secret(op, id, "access_token", "access-1", 0);
	assert_int_equal(secret_count(op, id), 1);
}

/* Close names who agreed. */
#define OF_USER(token)                                                         \
	"{\"access_token\":\"" token "\",\"user_id\":\"user-1\","              \
	"\"organization_id\":\"acme\"}"

static size_t sharers_of(struct op *op, struct uuid connection)
{
	struct uuid *ids;
	size_t count;

	must(store_grant_sharers(op, connection, &ids, &count));
	return count;
}

static void what_one_person_agreed_to_is_one_grant(void **state)
{
	static const char *const answers[] = {OF_USER("a"), OF_USER("b"),
					      OF_USER("c")};
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new = by_code("close", register_app(op, "close"));
	struct uuid made;

	for (size_t i = 0; i < COUNT(answers); i++) {
		if (i == 2) /* one that was somebody else's */
			new.connection_id = connect_grant(op, "acme", "close",
							  old_tokens, 2);
		struct uuid id = add(op, &new);
		struct obtained obtained = sent(op, id);
		ended(op, &obtained, 200, answers[i]);
		made = connected(op, id).connection.id;
		assert_int_equal(sharers_of(op, made), i);
	}
}

static void workspace_that_addresses_are_made_of_stays(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = connect_grant(op, "acme", "salesforce", old_tokens, 2);
	struct connection_view view =
		renewed(op, "salesforce", id,
			"{\"access_token\":\"access-1\",\"instance_url\":"
			"\"https://acme.my.salesforce.com\"}");

	assert_string_equal(view.connection.workspace_ref, "acme");
}

static void connection_that_went_meanwhile_is_not_renewed(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new = by_code("close", register_app(op, "close"));

	new.connection_id = connect_grant(op, "acme", "close", old_tokens, 2);
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);
	store_script(*state, "DELETE FROM connection");
	ended(op, &obtained, 200, TOKENS);
	failed(op, id, "the connection is gone");
}

static void app_that_went_meanwhile_makes_no_connection(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct obtaining_new new =
		by_code("github", register_app(op, "github"));
	struct uuid id = add(op, &new);
	struct obtained obtained = sent(op, id);

	must(provider_app_erase(op, new.provider_app_id));
	ended(op, &obtained, 200, TOKENS);
	failed(op, id, "the provider app is gone");
	assert_int_equal(event_count(op, "connection.created"), 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM customer_group"),
			 0);
	/* nor is one renewed through it */
	new = by_code("github", register_app(op, "github"));
	new.connection_id = connect_grant(op, "acme", "github", old_tokens, 2);
	id = add(op, &new);
	obtained = sent(op, id);
	must(provider_app_erase(op, new.provider_app_id));
	ended(op, &obtained, 200, TOKENS);
	failed(op, id, "the provider app is gone");
	has_secret(op, new.connection_id, "access_token", "old-access", START);
}

static void what_the_call_lacks_is_why_it_failed(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct obtaining_new new = by_code("github", (struct uuid){{0}});
	struct uuid id = add(op, &new);
	struct obtained obtained = begun(op, id);

	assert_false(obtained.is_sent);
	assert_string_equal(obtained.lack, "the client id is not known");
	assert_int_equal(ended(op, &obtained, 0, ""), op->now + LIFE);
	failed(op, id, "the client id is not known");
}

static void refusal_is_told_by_status_and_code(void **state)
{
	static const struct {
		int status;
		const char *body, *why;
	} answers[] = {
		{400, "{\"error\":\"invalid_grant\"}",
		 "the provider answered 400 invalid_grant"},
		{200, "error=bad_verification_code&error_uri=x",
		 "the provider answered 200 bad_verification_code"},
		{200, "{}",
		 "the provider answered 200 without what was asked for"},
		{302, TOKENS, "the provider answered 302"},
		{500, "<html>", "the provider answered 500"},
		{0, "", "the provider did not answer: no whole answer"},
	};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(answers); i++) {
		struct uuid id = add_code(op, "github");
		struct obtained obtained = sent(op, id);

		assert_int_equal(ended(op, &obtained, answers[i].status,
				       answers[i].body),
				 op->now + LIFE);
		failed(op, id, answers[i].why);
		assert_int_equal(seen(op, id).is_update, false);
	}
	assert_int_equal(event_count(op, "connection.created"), 0);
}

static void secret_that_is_sent_back_is_not_told(void **state)
{
	static const char *const echoes[] = {"app-secret", "code-1",
					     "verifier-1"};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(echoes); i++) {
		struct uuid id = add_code(op, "github");
		struct obtained obtained = sent(op, id);

		ended(op, &obtained, 400,
		      arena_printf(&op->arena, "{\"error\":\"no_%s\"}",
				   echoes[i]));
		failed(op, id, "the provider answered 400");
	}
}

static void call_is_sent_once(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = add_code(op, "github");

	sent(op, id); /* and no end */
	assert_string_equal(seen(op, id).stage, OBTAINING_SENT);
	struct obtained obtained = begun(op, id);
	assert_false(obtained.is_sent);
	ended(op, &obtained, 0, "");
	failed(op, id, "the provider's answer was lost");
}

static void nothing_is_sent_before_the_person_comes_back(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new =
		by_code("github", register_app(op, "github"));

	new.stage = OBTAINING_ASKED;
	struct uuid id = add(op, &new);
	struct obtained obtained = begun(op, id);
	assert_false(obtained.is_sent);
	assert_int_equal(ended(op, &obtained, 0, ""), START + LIFE);
	assert_string_equal(seen(op, id).stage, OBTAINING_ASKED);
	/* who comes back while the job looks is not missed */
	obtained = begun(op, id);
	struct obtaining come = seen(op, id);
	must(obtaining_come(op, &come));
	assert_int_equal(ended(op, &obtained, 0, ""), op->now);
	sent(op, id);
}

static void record_goes_when_its_time_is_over(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new =
		by_code("github", register_app(op, "github"));
	struct obtained none;
	struct obtaining gone;

	new.stage = OBTAINING_ASKED;
	struct uuid id = add(op, &new);
	op->now = START + LIFE;
	struct obtained obtained = begun(op, id);
	assert_int_equal(ended(op, &obtained, 0, ""), 0);
	must_fail(obtaining_get(op, id, &gone), ERR_NOT_FOUND);
	must_fail(obtaining_begin(op, id, &none), ERR_NOT_FOUND);
	assert_int_equal(secret_count(op, id), 0);
}

static void what_came_of_it_is_kept_for_a_while(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = add_code(op, "github");
	struct obtained obtained = sent(op, id);
	struct obtaining gone;

	ended(op, &obtained, 200, TOKENS);
	struct uuid connection = connected(op, id).connection.id;
	struct connection_view view;
	op->now += LIFE - 1;
	obtained = begun(op, id);
	assert_int_equal(ended(op, &obtained, 0, ""), START + LIFE);
	op->now++;
	obtained = begun(op, id);
	assert_int_equal(ended(op, &obtained, 0, ""), 0);
	must_fail(obtaining_get(op, id, &gone), ERR_NOT_FOUND);
	must(connection_get(op, connection, &view));
}

static void no_token_stands_in_the_files(void **state)
{
	struct store *s = *state;
	struct uuid id = add_code(&s->op, "github");
	struct obtained obtained = sent(&s->op, id);

	ended(&s->op, &obtained, 200, TOKENS);
	connected(&s->op, id);
	assert_false(store_files_hold(s, "access-1"));
	assert_false(store_files_hold(s, "refresh-1"));
	assert_false(store_files_hold(s, "code-1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(connection_that_is_there_has_new_tokens),
		STORE_TEST(refresh_token_of_an_older_grant_goes),
		STORE_TEST(what_one_person_agreed_to_is_one_grant),
		STORE_TEST(workspace_that_addresses_are_made_of_stays),
		STORE_TEST(connection_that_went_meanwhile_is_not_renewed),
		STORE_TEST(app_that_went_meanwhile_makes_no_connection),
		STORE_TEST(what_the_call_lacks_is_why_it_failed),
		STORE_TEST(refusal_is_told_by_status_and_code),
		STORE_TEST(secret_that_is_sent_back_is_not_told),
		STORE_TEST(call_is_sent_once),
		STORE_TEST(nothing_is_sent_before_the_person_comes_back),
		STORE_TEST(record_goes_when_its_time_is_over),
		STORE_TEST(what_came_of_it_is_kept_for_a_while),
		STORE_TEST(no_token_stands_in_the_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
