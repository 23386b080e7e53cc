/* core/refreshing: what the answer to a refresh means. */
#include "refreshes.h"

#include "base/clock.h"

static void new_tokens_take_the_place_of_the_old(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct refreshing_try try = tried_refresh(op, id, 200, NEW_TOKENS);
	char now[CLOCK_TEXT];

	assert_string_equal(try.call.url, "https://own.example/token");
	assert_string_equal(try.call.body, "grant_type=refresh_token"
					   "&refresh_token=refresh-1"
					   "&client_id=client"
					   "&client_secret=app-secret");
	assert_false(try.is_unsure);
	assert_string_equal(kept(op, id, "access_token"), "access-2");
	assert_string_equal(kept(op, id, "refresh_token"), "refresh-2");
	struct refreshing r = seen(op, id);
	clock_format(op->now, now);
	assert_string_equal(r.settings,
			    arena_printf(&op->arena,
					 "{\"accessIssuedAt\":\"%s\","
					 "\"refreshIssuedAt\":\"%s\"}",
					 now, now));
	assert_int_equal(r.tries, 1);
	assert_int_equal(r.failures, 0);
	assert_int_equal(r.sent_at, 0);
	assert_int_equal(r.due_at, op->now + HOUR - 300 * SECOND);
	assert_int_equal(job_due(op, id), r.due_at);
	assert_true(has_event(op, "connection.refreshed", id));
	assert_string_equal(payload_of(op, "connection.refreshed"),
			    "{\"kind\":\"box\"}");
}

static void what_a_grant_was_asked_for_is_not_forgotten(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	char now[CLOCK_TEXT];

	register_app(op, "box", OWN_ADDRESS);
	struct uuid id =
		granted(op, "{\"scopes\":[\"a\",\"b\"],"
			    "\"requestedScopes\":\"a b c\","
			    "\"refreshIssuedAt\":\"2024-01-01T00:00:00Z\","
			    "\"providerConsumerRef\":\"u-1\"}");
	tried_refresh(op, id, 200, NEW_ACCESS);
	clock_format(op->now, now);
	/* the refresh token is as old as it was */
	assert_string_equal(kept(op, id, "refresh_token"), "refresh-1");
	assert_string_equal(
		seen(op, id).settings,
		arena_printf(&op->arena,
			     "{\"accessIssuedAt\":\"%s\","
			     "\"refreshIssuedAt\":\"2024-01-01T00:00:00Z\","
			     "\"scopes\":[\"a\",\"b\"],"
			     "\"requestedScopes\":\"a b c\","
			     "\"providerConsumerRef\":\"u-1\"}",
			     now));
	/* how long the new one lives was not said */
	assert_int_equal(job_due(op, id),
			 op->now + refresh_keep_alive_us(&(struct refreshing){
					   .provider = "box"}));
}

static void settings_that_are_too_long_stay_as_they_are(void **state)
{
	enum { LONG = 300 * 1024 };
	struct op *op = &((struct store *)*state)->op;
	char *scope = arena_alloc(&op->arena, LONG + 1);

	memset(scope, 'a', LONG);
	scope[LONG] = '\0';
	const char *settings =
		arena_printf(&op->arena, "{\"scopes\":[\"%s\"]}", scope);
	register_app(op, "box", OWN_ADDRESS);
	struct uuid id = granted(op, settings);
	tried_refresh(op, id, 200, NEW_TOKENS);
	assert_string_equal(seen(op, id).settings, settings);
	assert_string_equal(kept(op, id, "refresh_token"), "refresh-2");
}

static void who_shares_a_grant_gets_its_rotated_token(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct uuid sharer = granted(op, "{}");
	struct uuid renewed = granted(op, "{}");
	struct uuid hidden = granted(op, "{}");
	struct thing gone_for_now = thing(op, THING_CONNECTION, hidden);

	must(credential_put(op, renewed, "refresh_token", "its-own", 0));
	gone(op, &gone_for_now, &softly);
	tried_refresh(op, id, 200, NEW_TOKENS);
	assert_string_equal(kept(op, sharer, "access_token"), "access-2");
	assert_string_equal(kept(op, sharer, "refresh_token"), "refresh-2");
	assert_int_equal(seen(op, sharer).tries, 1);
	assert_true(has_event(op, "connection.refreshed", sharer));
	assert_string_equal(kept(op, renewed, "refresh_token"), "its-own");
	assert_string_equal(kept(op, renewed, "access_token"), "access-1");
	assert_int_equal(seen(op, renewed).tries, 0);
	assert_false(has_event(op, "connection.refreshed", hidden));
}

static void token_that_is_not_rotated_is_the_connections_own(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct uuid sharer = granted(op, "{}");

	tried_refresh(op, id, 200, NEW_ACCESS);
	assert_string_equal(kept(op, id, "access_token"), "access-2");
	assert_string_equal(kept(op, sharer, "access_token"), "access-1");
}

static void grant_is_sent_by_one_at_a_time(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct uuid sharer = granted(op, "{}");
	struct job job = claimed(op, id), other = claimed(op, sharer);

	assert_true(begun(op, &job).is_sent);
	passed_by(op, &other);
	assert_int_equal(job_due(op, sharer), op->now + SECOND);
	/* until nobody can hear of that call any more */
	op->now += 121 * SECOND;
	other = claimed(op, sharer);
	assert_true(begun(op, &other).is_sent);
}

static void lost_answer_is_tried_again_later(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);

	tried_refresh(op, id, 0, "");
	struct refreshing r = seen(op, id);
	assert_string_equal(r.answer, "timed out");
	assert_string_equal(r.status, "created");
	assert_int_equal(r.failures, 1);
	assert_int_equal(r.tries, 1);
	assert_true(r.sent_at != 0);
	assert_true(r.due_at >= op->now && r.due_at <= op->now + SECOND);
	assert_int_equal(job_due(op, id), r.due_at);
	assert_string_equal(kept(op, id, "refresh_token"), "refresh-1");
	/* nobody waited for it */
	assert_int_equal(event_count(op, "connection.refresh.failed"), 0);
	assert_true(tried_refresh(op, id, 200, NEW_TOKENS).is_unsure);
	r = seen(op, id);
	assert_null(r.answer);
	assert_int_equal(r.failures, 0);
	assert_int_equal(r.sent_at, 0);
}

static void grant_that_is_gone_is_given_up(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);

	tried_refresh(op, id, 400, IS_GONE);
	struct refreshing r = seen(op, id);
	assert_string_equal(r.status, "bad_credentials");
	assert_string_equal(r.answer, "400 invalid_grant");
	assert_int_equal(r.due_at, 0);
	assert_int_equal(r.sent_at, 0);
	assert_int_equal(job_due(op, id), 0);
	assert_true(has_event(op, "connection.error", id));
	assert_string_equal(payload_of(op, "connection.error"),
			    "{\"kind\":\"box\","
			    "\"error\":\"400 invalid_grant\"}");
}

static void loss_that_may_have_been_ours_is_said(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);

	tried_refresh(op, id, 0, "");
	tried_refresh(op, id, 400, IS_GONE);
	assert_string_equal(seen(op, id).status, "bad_credentials");
	assert_string_equal(
		seen(op, id).answer,
		"400 invalid_grant, after a refresh whose answer was lost");
}

static void refusal_that_blames_the_app_is_no_loss(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);

	asked_for(op, id);
	tried_refresh(op, id, 401, "{\"error\":\"invalid_client\"}");
	struct refreshing r = seen(op, id);
	assert_string_equal(r.status, "created");
	assert_string_equal(r.answer, "401 invalid_client");
	assert_int_equal(r.sent_at, 0); /* it was answered */
	assert_int_equal(r.wanted_at, 0);
	assert_true(has_event(op, "connection.refresh.failed", id));
	assert_string_equal(payload_of(op, "connection.refresh.failed"),
			    "{\"kind\":\"box\","
			    "\"error\":\"401 invalid_client\"}");
	assert_false(tried_refresh(op, id, 200, NEW_TOKENS).is_unsure);
}

static int64_t put_off(struct op *op, struct uuid id, int64_t retry_after_us)
{
	const struct outbound_answer answer = {
		.status = 429,
		.body = "",
		.retry_after_us = retry_after_us,
	};
	const struct job_end end = {.what = JOB_DONE};
	struct job job = claimed(op, id);
	struct refreshing_try try = begun(op, &job);

	must(refreshing_end(op, &job, &try, &answer));
	must(job_finish(op, &job, &end));
	return seen(op, id).due_at - op->now;
}

static void provider_says_how_long_to_wait(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct refreshing r = seen(op, id);

	assert_int_equal(put_off(op, id, HOUR), HOUR);
	assert_int_equal(job_due(op, id), op->now + HOUR);
	/* but no longer than any token is left alone */
	assert_int_equal(put_off(op, id, 3650 * DAY),
			 refresh_keep_alive_us(&r));
	assert_string_equal(seen(op, id).answer, "429");
}

static void no_new_token_stands_in_the_files(void **state)
{
	struct store *s = *state;
	struct uuid id = made_connection(&s->op);

	tried_refresh(&s->op, id, 200, NEW_TOKENS);
	assert_false(store_files_hold(s, "access-2"));
	assert_false(store_files_hold(s, "refresh-2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(new_tokens_take_the_place_of_the_old),
		STORE_TEST(what_a_grant_was_asked_for_is_not_forgotten),
		STORE_TEST(settings_that_are_too_long_stay_as_they_are),
		STORE_TEST(who_shares_a_grant_gets_its_rotated_token),
		STORE_TEST(token_that_is_not_rotated_is_the_connections_own),
		STORE_TEST(grant_is_sent_by_one_at_a_time),
		STORE_TEST(lost_answer_is_tried_again_later),
		STORE_TEST(grant_that_is_gone_is_given_up),
		STORE_TEST(loss_that_may_have_been_ours_is_said),
		STORE_TEST(refusal_that_blames_the_app_is_no_loss),
		STORE_TEST(provider_says_how_long_to_wait),
		STORE_TEST(no_new_token_stands_in_the_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
