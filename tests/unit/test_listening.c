/* core/listening, core/sending_listener: who is told, and what comes of it. */
#include "listening.h"

#include "core/listener_call.h"
#include "core/store.h"

#define HOOK                                                                   \
	"{\"url\":\"https://example.com/hook\",\"events\":[\"*\"],"            \
	"\"states\":[\"complete\"],\"environments\":[\"*\"],"                  \
	"\"excluded_environments\":[],\"result\":\"*\"}"

static struct op *heard(void **state)
{
	struct op *op = begun(*state);

	listening_set_form(&plain_form, "https://cleat.example");
	return op;
}

static bool passes(struct op *op, const char *events, const char *places,
		   const char * not, const char *result,
		   const struct activity *activity)
{
	const char *settings = arena_printf(
		&op->arena,
		"{\"events\":[%s],\"states\":[\"complete\"],\"environments\":"
		"[%s],\"excluded_environments\":[%s],\"result\":\"%s\"}",
		events, places, not, result);

	return listening_passes(op, settings, activity->type, activity);
}

static void filters_let_pass_what_they_name(void **state)
{
	struct op *op = begun(*state);
	struct activity main_one = {.type = "environment.push",
				    .state = ACTIVITY_COMPLETE,
				    .result = ACTIVITY_SUCCESS,
				    .environments = "[\"main\"]"};
	struct activity none = main_one, open = main_one;

	none.environments = "[]";
	open.state = ACTIVITY_PENDING;
	open.result = NULL;
	assert_true(passes(op, "\"*\"", "\"*\"", "", "*", &main_one));
	assert_true(passes(op, "\"a\",\"environment.*\"", "\"m*n\"", "",
			   "success", &main_one));
	assert_true(passes(op, "\"environment.push\"", "\"*\"", "\"pr-*\"", "*",
			   &main_one));
	assert_false(
		passes(op, "\"environment\"", "\"*\"", "", "*", &main_one));
	assert_false(passes(op, "", "\"*\"", "", "*", &main_one));
	assert_false(passes(op, "\"*\"", "\"mai\"", "", "*", &main_one));
	assert_false(passes(op, "\"*\"", "\"main-2\"", "", "*", &main_one));
	assert_false(passes(op, "\"*\"", "\"*\"", "\"main\"", "*", &main_one));
	assert_false(passes(op, "\"*\"", "\"*\"", "", "failure", &main_one));
	assert_true(passes(op, "\"*\"", "\"*\"", "\"*\"", "*", &none));
	assert_false(passes(op, "\"*\"", "\"main\"", "", "*", &none));
	assert_false(passes(op, "\"*\"", "\"*\"", "", "*", &open));
}

static void activity_is_told_once_to_each_and_deliveries_to_nobody(void **state)
{
	struct op *op = heard(state);
	struct integration to =
		listener(op, "webhook", HOOK, "shared_key", "secret");
	struct integration deaf = listener(op, "webhook", "{}", NULL, NULL);
	struct integration log = listener(op, "syslog", HOOK, NULL, NULL);

	push(op, NULL);
	/* its own making, the two others', and the push */
	assert_int_equal(all_to(op, to.id).count, 4);
	assert_int_equal(all_to(op, deaf.id).count, 0);
	assert_int_equal(all_to(op, log.id).count, 0);
	assert_int_equal(event_count(op, "delivery.created"), 0);
	assert_string_equal(activity_of(op, to.id).type, "integration.webhook");
	assert_string_equal(activity_of(op, to.id).state, ACTIVITY_PENDING);
}

/* What is next to it, as it is sent. */
static struct outbound_call made_call(struct op *op, struct uuid id)
{
	struct outbound_call call;
	struct sending sending;
	struct job job;

	must(claim(op, id, &job));
	must(sending_begin(op, &job, &sending));
	assert_true(sending.is_to_listener);
	sending_make(op, &sending, op->now, &call);
	return call;
}

static const char *header(const struct outbound_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (strcmp(call->headers[i].name, name) == 0)
			return call->headers[i].value;
	return NULL;
}

static void shared_key_signs_what_is_sent(void **state)
{
	struct op *op = heard(state);
	struct integration to =
		listener(op, "webhook", HOOK, "shared_key", "secret");
	struct outbound_call call = made_call(op, to.id);

	assert_string_equal(call.url, "https://example.com/hook");
	assert_string_equal(call.body, "{\"type\":\"integration.created\","
				       "\"at\":\"https://cleat.example\"}");
	assert_string_equal(header(&call, "Content-Type"), "application/json");
	assert_memory_equal(header(&call, LISTENER_SIGNATURE),
			    "eyJhbGciOiJIUzI1NiIs", 20);
	assert_non_null(header(&call, "webhook-id"));
	struct integration open = listener(op, "webhook", HOOK, NULL, NULL);
	call = made_call(op, open.id);
	assert_null(header(&call, LISTENER_SIGNATURE));
}

static void success_ends_its_activity(void **state)
{
	struct op *op = heard(state);
	struct integration to = listener(op, "webhook", HOOK, NULL, NULL);
	struct activity_part_list parts;

	assert_int_equal(try_with(op, to.id, 200, 0).what, JOB_DONE);
	struct activity ended = activity_of(op, to.id);
	assert_string_equal(ended.result, ACTIVITY_SUCCESS);
	must(activity_log(op, &ended, &parts));
	assert_int_equal(parts.count, 1);
	assert_string_equal(parts.items[0].text, "Attempt 1: 200\n");
}

static void failures_are_logged_until_the_schedule_is_over(void **state)
{
	struct op *op = heard(state);
	struct integration to = listener(op, "webhook", HOOK, NULL, NULL);
	struct activity_part_list parts;
	struct job_end end = {.what = JOB_AGAIN};

	for (int i = 0; end.what == JOB_AGAIN; i++) {
		end = try_with(op, to.id, i % 2 ? 500 : 0, 0);
		op->now = end.due_at ? end.due_at : op->now;
		if (end.what == JOB_AGAIN)
			assert_string_equal(activity_of(op, to.id).state,
					    ACTIVITY_IN_PROGRESS);
	}
	struct activity ended = activity_of(op, to.id);
	assert_string_equal(ended.result, ACTIVITY_FAILURE);
	assert_string_equal(ended.failure_reason, "error");
	must(activity_log(op, &ended, &parts));
	assert_int_equal(parts.count, 10);
	assert_string_equal(parts.items[0].text, "Attempt 1: timed out\n");
}

static void gone_is_for_good(void **state)
{
	struct op *op = heard(state);
	struct integration to = listener(op, "webhook", HOOK, NULL, NULL);

	assert_int_equal(try_with(op, to.id, 410, 0).what, JOB_FAILED);
	assert_string_equal(only(op, to.id).state, DELIVERY_FAILED);
}

static void begin_ends_it(struct op *op, struct uuid id, const char *state,
			  const char *answer)
{
	struct sending sending;
	struct job job;

	must(claim(op, id, &job));
	must_fail(sending_begin(op, &job, &sending), ERR_NOT_FOUND);
	assert_string_equal(only(op, id).state, state);
	assert_string_equal(only(op, id).answer, answer);
}

static void type_that_is_not_run_fails(void **state)
{
	struct op *op = heard(state);
	struct integration to = listener(op, "script", HOOK, NULL, NULL);

	begin_ends_it(op, to.id, DELIVERY_FAILED,
		      "501: integrations of type script are not run yet");
	assert_string_equal(activity_of(op, to.id).result, ACTIVITY_FAILURE);
}

static void cancelling_its_activity_ends_it(void **state)
{
	struct op *op = heard(state);
	struct integration to = listener(op, "webhook", HOOK, NULL, NULL);
	struct activity one = activity_of(op, to.id), changed;

	must(activity_cancel(op, &one, &changed));
	begin_ends_it(op, to.id, DELIVERY_ENDED, DELIVERY_CANCELLED);
}

/* The last line of its newest activity's log. */
static void ends_with(struct op *op, struct uuid id, const char *line)
{
	struct activity activity = activity_of(op, id);
	struct activity_part_list parts;

	must(activity_log(op, &activity, &parts));
	assert_true(parts.count > 0);
	assert_string_equal(parts.items[parts.count - 1].text, line);
}

static void what_was_on_its_way_ends_with_its_integration(void **state)
{
	const struct outbound_answer failed = {.failure = "timed out"};
	const struct outbound_answer fine = {.status = 200};
	const struct outbound_answer *answers[] = {&failed, &fine};
	const char *states[] = {DELIVERY_ENDED, DELIVERY_DELIVERED};
	const char *results[] = {ACTIVITY_FAILURE, ACTIVITY_SUCCESS};
	const char *last[] = {"Ended: its destination was deleted\n",
			      "Attempt 1: 200\n"};

	for (int i = 0; i < 2; i++) {
		struct op *op = heard(state);
		struct integration to =
			listener(op, "webhook", HOOK, NULL, NULL);
		struct sending sending;
		struct job_end end;
		struct job job;

		must(claim(op, to.id, &job));
		must(sending_begin(op, &job, &sending));
		must(store_integration_remove(op, to.id));
		must(sending_end(op, &job, &sending, answers[i], &end));
		assert_string_equal(only(op, to.id).state, states[i]);
		assert_string_equal(activity_of(op, to.id).result, results[i]);
		ends_with(op, to.id, last[i]);
	}
}

/* While it still waits: nobody tries it any more. */
static void what_waits_ends_with_its_integration(void **state)
{
	struct op *op = heard(state);
	struct integration to = listener(op, "webhook", HOOK, NULL, NULL);

	(void)try_with(op, to.id, 500, 0);
	must(delivery_end_waiting(op, to.id, DELIVERY_DELETED));
	assert_string_equal(only(op, to.id).state, DELIVERY_ENDED);
	struct activity ended = activity_of(op, to.id);
	assert_string_equal(ended.state, ACTIVITY_COMPLETE);
	assert_string_equal(ended.result, ACTIVITY_FAILURE);
	assert_true(ended.completed_at >= op->now);
	ends_with(op, to.id, "Ended: its destination was deleted\n");
}

static void replaced_try_is_recorded_and_changes_nothing(void **state)
{
	const struct outbound_answer fine = {.status = 200};
	struct op *op = heard(state);
	struct integration to = listener(op, "webhook", HOOK, NULL, NULL);
	struct sending sending;
	struct job_end end;
	struct job job;

	must(claim(op, to.id, &job));
	must(sending_begin(op, &job, &sending));
	sending.delivery.job_id = (struct uuid){{9}};
	must(store_delivery_change(op, &sending.delivery));
	must(sending_end(op, &job, &sending, &fine, &end));
	assert_string_equal(only(op, to.id).state, DELIVERY_WAITING);
	assert_int_equal(only(op, to.id).attempts, 1);
}

static void one_can_be_sent_anew_while_its_integration_is_there(void **state)
{
	struct op *op = heard(state);
	struct integration to = listener(op, "webhook", HOOK, NULL, NULL);
	struct delivery again;

	try_with(op, to.id, 410, 0);
	must(delivery_replay(op, only(op, to.id).id, &again));
	assert_string_equal(again.state, DELIVERY_WAITING);
	must(store_integration_remove(op, to.id));
	must_fail(delivery_replay(op, again.id, &again), ERR_IN_USE);
}

static void without_a_form_nobody_is_told(void **state)
{
	struct op *op = begun(*state);

	listening_set_form(NULL, NULL);
	struct integration to = listener(op, "webhook", HOOK, NULL, NULL);
	push(op, NULL);
	assert_int_equal(all_to(op, to.id).count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(filters_let_pass_what_they_name),
		STORE_TEST(
			activity_is_told_once_to_each_and_deliveries_to_nobody),
		STORE_TEST(shared_key_signs_what_is_sent),
		STORE_TEST(success_ends_its_activity),
		STORE_TEST(failures_are_logged_until_the_schedule_is_over),
		STORE_TEST(gone_is_for_good),
		STORE_TEST(type_that_is_not_run_fails),
		STORE_TEST(cancelling_its_activity_ends_it),
		STORE_TEST(what_was_on_its_way_ends_with_its_integration),
		STORE_TEST(what_waits_ends_with_its_integration),
		STORE_TEST(replaced_try_is_recorded_and_changes_nothing),
		STORE_TEST(one_can_be_sent_anew_while_its_integration_is_there),
		STORE_TEST(without_a_form_nobody_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
