/* core/refreshing: when tokens are refreshed, and what is told who asks. */
#include "refreshes.h"

static void keys_and_passwords_are_not_refreshed(void **state)
{
	static const char *const schemes[] = {"apiKey", "basic"};
	struct op *op = &((struct store *)*state)->op;
	const struct new_credential secrets[] = {
		{"username", "jane", 0},
		{"password", "pass-1", 0},
	};
	struct refreshing_wait wait;

	for (size_t i = 0; i < COUNT(schemes); i++) {
		struct uuid id = connected(op, "stripe", schemes[i], "{}",
					   secrets, COUNT(secrets));

		assert_int_equal(seen(op, id).due_at, 0);
		assert_int_equal(job_due(op, id), 0);
		must(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait));
		assert_false(wait.waits);
	}
}

/* Of one whose access token lives from `issued` to `expires`. */
static int64_t due(struct op *op, const char *settings, int64_t expires)
{
	const struct new_credential secrets[] = {
		{"access_token", "access-1", expires},
		{"refresh_token", "refresh-1", 0},
	};
	struct uuid id = connected(op, "box", "oauth2/authorizationCode",
				   settings, secrets, COUNT(secrets));

	assert_int_equal(job_due(op, id), seen(op, id).due_at);
	return job_due(op, id) - op->now;
}

static void token_is_refreshed_before_it_expires(void **state)
{
	static const char an_hour_ago[] =
		"{\"accessIssuedAt\":\"2024-01-15T09:30:00Z\"}";
	static const char no_time[] = "{\"accessIssuedAt\":\"yesterday\"}";
	struct op *op = &((struct store *)*state)->op;
	const struct refreshing box = {.provider = "box"};
	const int64_t keep_alive = refresh_keep_alive_us(&box);

	/* five minutes, or a quarter of a short life */
	assert_int_equal(due(op, "{}", START + HOUR), HOUR - 300 * SECOND);
	assert_int_equal(due(op, "{}", START + 400 * SECOND), 300 * SECOND);
	assert_int_equal(due(op, an_hour_ago, START + 400 * SECOND),
			 100 * SECOND);
	assert_int_equal(due(op, no_time, START + 400 * SECOND), 300 * SECOND);
	/* in any case so that the grant stays alive */
	assert_int_equal(due(op, "{}", 0), keep_alive);
	assert_int_equal(due(op, "{}", START + 3650 * DAY), keep_alive);
	/* for who asks, not in vain */
	assert_int_equal(due(op, "{}", START - HOUR), keep_alive);
}

static void grant_without_a_refresh_token_is_not_planned(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct new_credential access[] = {
		{"access_token", "access-1", START + HOUR}};
	struct uuid id = connected(op, "box", "oauth2/authorizationCode", "{}",
				   access, COUNT(access));
	struct refreshing_wait wait;

	assert_int_equal(seen(op, id).due_at, 0);
	assert_int_equal(job_due(op, id), 0);
	op->now += 2 * HOUR;
	must(refreshing_ask(op, id, REFRESH_IF_EXPIRED, &wait));
	assert_false(wait.waits);
	must(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait));
	assert_false(wait.waits);
}

static bool waits(struct op *op, struct uuid id, enum refreshing_when when)
{
	struct refreshing_wait wait;

	must(refreshing_ask(op, id, when, &wait));
	assert_uuid_equal(wait.id, id);
	assert_int_equal(wait.tries, seen(op, id).tries);
	return wait.waits;
}

static void who_asks_waits_for_no_token_that_lives(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id =
		granted(op, "{\"accessIssuedAt\":\"2024-01-15T10:30:00Z\"}");
	int64_t due_at = job_due(op, id);

	assert_false(waits(op, id, REFRESH_IF_EXPIRED));
	assert_int_equal(seen(op, id).wanted_at, 0);
	assert_int_equal(job_due(op, id), due_at);
	/* but for one that is about to expire */
	op->now = START + HOUR - 10 * SECOND - 1;
	assert_false(waits(op, id, REFRESH_IF_EXPIRED));
	op->now++;
	assert_true(waits(op, id, REFRESH_IF_EXPIRED));
	assert_int_equal(seen(op, id).wanted_at, op->now);
}

static void token_of_unknown_age_is_taken_as_it_is(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct new_credential secrets[] = {
		{"access_token", "access-1", 0},
		{"refresh_token", "refresh-1", 0},
	};
	struct uuid id = connected(op, "box", "oauth2/authorizationCode", "{}",
				   secrets, COUNT(secrets));

	assert_false(waits(op, id, REFRESH_IF_EXPIRED));
	must(credential_drop(op, id, "access_token"));
	assert_true(waits(op, id, REFRESH_IF_EXPIRED));
}

static void refresh_that_is_asked_for_is_due_at_once(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);

	assert_true(waits(op, id, REFRESH_BY_FORCE));
	assert_int_equal(seen(op, id).wanted_at, START);
	assert_int_equal(job_due(op, id), START);
	/* who asks next waits for the same one */
	op->now += SECOND;
	assert_true(waits(op, id, REFRESH_BY_FORCE));
	assert_int_equal(seen(op, id).wanted_at, START);
	tried_refresh(op, id, 200, NEW_TOKENS);
	assert_int_equal(seen(op, id).wanted_at, 0);
}

static void refresh_that_runs_is_waited_for(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct job job = claimed(op, id);

	assert_true(waits(op, id, REFRESH_BY_FORCE));
	assert_int_equal(job_due(op, id), 0); /* and no second one */
	struct refreshing_try try = begun(op, &job);
	ended(op, &job, &try, 200, NEW_TOKENS);
	assert_int_equal(seen(op, id).wanted_at, 0);
}

static bool is_over(struct op *op, const struct refreshing_wait *wait)
{
	bool ret;

	must(refreshing_look(op, wait, &ret));
	return ret;
}

static void who_waits_is_told_when_it_is_done(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct refreshing_wait wait;

	must(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait));
	assert_false(is_over(op, &wait));
	must_fail(refreshing_outcome(op, &wait), ERR_BUSY);
	assert_string_equal(
		op->detail,
		"the provider gives no new token: it has not answered");
	tried_refresh(op, id, 200, NEW_TOKENS);
	assert_true(is_over(op, &wait));
	must(refreshing_outcome(op, &wait));
}

static void who_waits_is_told_why_it_failed(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct refreshing_wait wait;

	must(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait));
	tried_refresh(op, id, 0, "");
	assert_true(is_over(op, &wait));
	must_fail(refreshing_outcome(op, &wait), ERR_BUSY);
	assert_string_equal(op->detail,
			    "the provider gives no new token: timed out");
}

static void who_waits_does_not_wait_for_what_is_gone(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct thing it = thing(op, THING_CONNECTION, id);
	struct refreshing_wait wait;

	must(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait));
	gone(op, &it, &by_policy);
	assert_true(is_over(op, &wait));
	must_fail(refreshing_outcome(op, &wait), ERR_NOT_FOUND);
	must_fail(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait),
		  ERR_NOT_FOUND);
}

static void nobody_asks_again_while_it_fails(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct refreshing_wait wait;

	tried_refresh(op, id, 0, "");
	struct refreshing r = seen(op, id);
	op->now = START + 2 * HOUR;
	r.due_at = op->now + 1;
	must(store_refreshing_change(op, &r));
	must_fail(refreshing_ask(op, id, REFRESH_IF_EXPIRED, &wait), ERR_BUSY);
	assert_string_equal(op->detail,
			    "the provider gives no new token: timed out");
	assert_int_equal(seen(op, id).wanted_at, 0);
	/* it is time again, or somebody insists */
	op->now++;
	assert_true(waits(op, id, REFRESH_IF_EXPIRED));
	op->now--;
	assert_true(waits(op, id, REFRESH_BY_FORCE));
}

static void refusal_for_good_is_said_to_who_asks(struct op *op, struct uuid id,
						 enum refreshing_when when)
{
	struct refreshing_wait wait;

	must_fail(refreshing_ask(op, id, when, &wait), ERR_INVALID);
	assert_string_equal(op->detail,
			    "the provider does not take its credentials any "
			    "more: 400 invalid_grant");
	assert_string_equal(op->remedy, "Let the customer connect again.");
}

static void grant_that_is_gone_is_not_asked_for(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct refreshing_wait wait;

	must(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait));
	tried_refresh(op, id, 400, IS_GONE);
	must_fail(refreshing_outcome(op, &wait), ERR_INVALID);
	refusal_for_good_is_said_to_who_asks(op, id, REFRESH_IF_EXPIRED);
	/* unless somebody insists, while there is something to send */
	assert_true(waits(op, id, REFRESH_BY_FORCE));
	must(credential_drop(op, id, "refresh_token"));
	refusal_for_good_is_said_to_who_asks(op, id, REFRESH_BY_FORCE);
	/* the reason is not always known */
	struct refreshing r = seen(op, id);
	r.answer = NULL;
	must(store_refreshing_change(op, &r));
	must_fail(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait), ERR_INVALID);
	assert_string_equal(
		op->detail,
		"the provider does not take its credentials any more");
}

static void new_grant_is_what_somebody_waited_for(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct new_credential secrets[] = {
		{"refresh_token", "refresh-9", 0}};
	const struct connection_renewal renewal = {
		.settings = "{}",
		.secrets = secrets,
		.secret_count = COUNT(secrets),
	};
	struct uuid id = made_connection(op);
	struct refreshing_wait wait;

	tried_refresh(op, id, 0, "");
	must(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait));
	must(connection_renew(op, id, &renewal));
	assert_true(is_over(op, &wait));
	must(refreshing_outcome(op, &wait));
	struct refreshing r = seen(op, id);
	assert_int_equal(r.failures, 0);
	assert_int_equal(r.wanted_at, 0);
	assert_int_equal(r.sent_at, 0);
	assert_null(r.answer);
}

static void forgotten_connection_has_no_job(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op), other = made_connection(op);
	int64_t next;

	must(refreshing_forget(op, id));
	assert_int_equal(job_due(op, id), 0);
	assert_int_equal(job_due(op, other), START + HOUR - 300 * SECOND);
	must(refreshing_forget(op, other));
	must(job_next_due(op, REFRESHING_JOB, &next));
	assert_int_equal(next, INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(keys_and_passwords_are_not_refreshed),
		STORE_TEST(token_is_refreshed_before_it_expires),
		STORE_TEST(grant_without_a_refresh_token_is_not_planned),
		STORE_TEST(who_asks_waits_for_no_token_that_lives),
		STORE_TEST(token_of_unknown_age_is_taken_as_it_is),
		STORE_TEST(refresh_that_is_asked_for_is_due_at_once),
		STORE_TEST(refresh_that_runs_is_waited_for),
		STORE_TEST(who_waits_is_told_when_it_is_done),
		STORE_TEST(who_waits_is_told_why_it_failed),
		STORE_TEST(who_waits_does_not_wait_for_what_is_gone),
		STORE_TEST(nobody_asks_again_while_it_fails),
		STORE_TEST(grant_that_is_gone_is_not_asked_for),
		STORE_TEST(new_grant_is_what_somebody_waited_for),
		STORE_TEST(forgotten_connection_has_no_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
