/* core/sending: tries, and what comes of them. */
#include "deliveries.h"

#include <inttypes.h>
#include <strings.h>

#include "core/deletion.h"
#include "core/event.h"
#include "core/store.h"
#include "core/topic.h"
#include "core/webhook.h"

static void call_is_signed_and_has_the_owner_s_headers(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct outbound_call call;
	struct sending sending;
	char id[UUID_TEXT];
	struct job job;

	tell(op, "group.created");
	must(claim(op, to.id, &job));
	must(sending_begin(op, &job, &sending));
	sending_make(op, &sending, op->now, &call);
	uuid_format(job.subject_id, id);
	assert_string_equal(call.url, "https://example.com/hook");
	assert_int_equal(call.header_count, 8);
	assert_string_equal(call.headers[1].value, id);
	assert_string_equal(
		call.headers[2].value,
		arena_printf(&op->arena, "%" PRId64, start / SECOND));
	assert_string_equal(call.headers[3].value,
			    webhook_signature(op, id, start / SECOND,
					      sending.body, &sending.keys));
	assert_string_equal(call.headers[7].name, "X-Own");
	assert_int_equal(event_count(op, "destination.credentials.read"), 0);
}

static void success_ends_it(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");

	tell(op, "group.created");
	assert_int_equal(try_with(op, to.id, 204, 0).what, JOB_DONE);
	struct delivery sent = only(op, to.id);
	assert_string_equal(sent.state, DELIVERY_DELIVERED);
	assert_string_equal(sent.answer, "204");
	assert_int_equal(sent.attempts, 1);
	assert_int_equal(sent.next_at, 0);
	assert_int_equal(sent.ended_at, op->now);
}

static void schedule_of_ten_tries_ends_in_failed(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct delivery_attempt_list attempts;
	struct job_end end;

	tell(op, "group.created");
	for (int i = 1; i < WEBHOOK_ATTEMPTS_MAX; i++) {
		end = try_with(op, to.id, i % 2 ? 500 : 0, 0);
		assert_int_equal(end.what, JOB_AGAIN);
		assert_int_equal(end.rest_until, 0);
		assert_int_equal(only(op, to.id).next_at, end.due_at);
		op->now = end.due_at;
	}
	assert_in_range(op->now - start, 68 * 3600 * SECOND,
			84 * 3600 * SECOND);
	assert_int_equal(try_with(op, to.id, 302, 0).what, JOB_FAILED);
	struct delivery failed = only(op, to.id);
	assert_string_equal(failed.state, DELIVERY_FAILED);
	assert_string_equal(failed.answer, "302");
	must(delivery_attempts(op, failed.id, &attempts));
	assert_int_equal(attempts.count, 10);
	assert_int_equal(attempts.items[0].number, 10);
	assert_int_equal(attempts.items[0].status, 302);
	assert_null(attempts.items[0].failure);
	assert_int_equal(attempts.items[8].status, 0);
	assert_string_equal(attempts.items[8].failure, "timed out");
	assert_int_equal(attempts.items[8].took_us, 7000);
}

static void failing_one_lets_the_next_go_first(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct job job;

	tell(op, "group.created");
	tell(op, "group.created");
	(void)try_with(op, to.id, 500, 0);
	must(claim(op, to.id, &job));
	assert_uuid_equal(job.subject_id, all_to(op, to.id).items[1].id);
}

static void overload_lets_the_destination_rest(void **state)
{
	static const struct {
		int status;
		int64_t said, rest;
	} rows[] = {
		{429, 0, 5}, {502, 0, 5},   {504, 0, 5},   {503, 0, 0},
		{500, 0, 0}, {503, 90, 90}, {429, 90, 90}, {500, 90, 0},
	};
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");

	for (size_t i = 0; i < COUNT(rows); i++) {
		tell(op, "group.created");
		struct job_end end = try_with(op, to.id, rows[i].status,
					      rows[i].said * SECOND);

		assert_int_equal(end.rest_until,
				 rows[i].rest ? op->now + rows[i].rest * SECOND
					      : 0);
		/* not before it was asked for, nor before its own time */
		assert_true(end.due_at >= op->now + rows[i].said * SECOND);
		assert_true(end.due_at >= op->now + 4 * SECOND);
	}
}

static void gone_disables_and_ends_what_waits(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct destination told = hook(op, "b", DESTINATION_DISABLED);

	tell(op, "group.created");
	tell(op, "group.created");
	assert_int_equal(try_with(op, to.id, 410, 0).what, JOB_FAILED);
	must(destination_get(op, to.id, &to));
	assert_true(to.is_disabled);
	struct delivery_list all = all_to(op, to.id);
	assert_string_equal(all.items[0].state, DELIVERY_FAILED);
	assert_string_equal(all.items[1].state, DELIVERY_ENDED);
	assert_string_equal(all.items[1].answer,
			    "its destination was disabled");
	struct job job;
	must_fail(claim(op, to.id, &job), ERR_NOT_FOUND);
	must_fail(delivery_replay(op, all.items[1].id, &all.items[1]),
		  ERR_IN_USE);
	(void)only(op, told.id);
	assert_non_null(strstr(payload_of(op, DESTINATION_DISABLED),
			       "\"url\":\"https://example.com/hook\""));
}

static void five_days_of_failures_disable(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");

	tell(op, "group.created");
	(void)try_with(op, to.id, 500, 0);
	op->now += DESTINATION_PATIENCE_US - 1;
	(void)try_with(op, to.id, 500, 0);
	must(destination_get(op, to.id, &to));
	assert_false(to.is_disabled);
	assert_int_equal(to.failing_since, start);
	tell(op, "group.created");
	(void)try_with(op, to.id, 200, 0);
	must(destination_get(op, to.id, &to));
	assert_int_equal(to.failing_since, 0);
	tell(op, "group.created");
	(void)try_with(op, to.id, 500, 0);
	op->now += DESTINATION_PATIENCE_US;
	(void)try_with(op, to.id, 500, 0);
	must(destination_get(op, to.id, &to));
	assert_true(to.is_disabled);
	assert_string_equal(all_to(op, to.id).items[2].state, DELIVERY_FAILED);
	assert_string_equal(all_to(op, to.id).items[0].state, DELIVERY_ENDED);
}

static void drop_routes(struct op *op, struct uuid destination_id)
{
	struct topic_route_list routes;

	must(topic_route_list(op, (struct uuid){{0}}, destination_id, &routes));
	for (size_t i = 0; i < routes.count; i++)
		must(delete_topic_route(op, routes.items[i].id));
}

static void deleted_destination_ends_what_waits(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	const struct outbound_answer good = {.status = 200};
	struct sending sending;
	struct job_end end;
	struct job job;

	tell(op, "group.created");
	tell(op, "group.created");
	must(claim(op, to.id, &job));
	must(sending_begin(op, &job, &sending));
	drop_routes(op, to.id);
	must(delete_destination(op, to.id));
	struct delivery_list all = all_to(op, to.id);
	assert_string_equal(all.items[0].state, DELIVERY_WAITING);
	assert_string_equal(all.items[1].state, DELIVERY_ENDED);
	assert_string_equal(all.items[1].answer, "its destination was deleted");

	/* what was on its way has arrived, or ends */
	must(sending_end(op, &job, &sending, &good, &end));
	assert_string_equal(all_to(op, to.id).items[0].state,
			    DELIVERY_DELIVERED);
	must_fail(delivery_replay(op, all.items[1].id, &all.items[1]),
		  ERR_IN_USE);
}

static void what_fails_on_its_way_to_a_deleted_destination_ends(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	const struct outbound_answer bad = {.status = 500};
	struct sending sending;
	struct job_end end;
	struct job job;

	tell(op, "group.created");
	must(claim(op, to.id, &job));
	must(sending_begin(op, &job, &sending));
	drop_routes(op, to.id);
	must(delete_destination(op, to.id));
	must(sending_end(op, &job, &sending, &bad, &end));
	assert_int_equal(end.what, JOB_DONE);
	assert_string_equal(only(op, to.id).state, DELIVERY_ENDED);
}

static void what_was_given_back_meanwhile_ends(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	const struct job_end given_up = {.what = JOB_GIVEN_UP};
	struct sending sending;
	struct job job;

	tell(op, "group.created");
	must(claim(op, to.id, &job));
	must(destination_disable(op, &to));
	must(job_finish(op, &job, &given_up));
	must(claim(op, to.id, &job));
	must_fail(sending_begin(op, &job, &sending), ERR_NOT_FOUND);
	assert_string_equal(only(op, to.id).state, DELIVERY_ENDED);
}

static void older_job_changes_nothing(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	const struct outbound_answer bad = {.status = 500};
	struct delivery delivery;
	struct sending sending;
	struct job_end end;
	struct job old, new;

	tell(op, "group.created");
	must(claim(op, to.id, &old));
	must(sending_begin(op, &old, &sending));
	delivery = only(op, to.id);
	delivery.state = DELIVERY_ENDED;
	must(store_delivery_change(op, &delivery));
	must(delivery_replay(op, delivery.id, &delivery));
	must(sending_end(op, &old, &sending, &bad, &end));
	assert_int_equal(end.what, JOB_DONE);
	must(job_finish(op, &old, &end));
	assert_string_equal(only(op, to.id).state, DELIVERY_WAITING);
	must(claim(op, to.id, &new));
	must_fail(claim(op, to.id, &old), ERR_NOT_FOUND);
}

static void what_goes_to_no_supported_kind_fails_at_once(void **state)
{
	const struct destination queue = {
		.name = "queue", .kind = "kinesis", .metadata = "{}"};
	struct op *op = begun(*state);
	struct delivery_attempt_list attempts;
	struct destination to;
	struct topic_route leads;
	struct event_route route;
	struct sending sending;
	struct topic topic;
	struct job job;

	must(destination_create(op, &queue, NULL, 0, &to));
	must(topic_create(op, "queue", &topic));
	must(event_route_create(op, "group.created", topic.id, &route));
	must(topic_route_create(op, topic.id, to.id, &leads));
	tell(op, "group.created");
	must(claim(op, to.id, &job));
	must_fail(sending_begin(op, &job, &sending), ERR_NOT_FOUND);
	struct delivery failed = only(op, to.id);
	assert_string_equal(failed.state, DELIVERY_FAILED);
	assert_string_equal(failed.answer,
			    "501: destinations of type kinesis are not "
			    "supported yet");
	must(delivery_attempts(op, failed.id, &attempts));
	assert_int_equal(attempts.count, 1);
	assert_int_equal(attempts.items[0].status, 0);
	assert_string_equal(attempts.items[0].failure, failed.answer);
}

static const char *header(const struct outbound_call *call, const char *name)
{
	const char *found = NULL;

	for (size_t i = 0; i < call->header_count; i++)
		if (strcasecmp(call->headers[i].name, name) == 0) {
			assert_null(found); /* it is there once */
			found = call->headers[i].value;
		}
	return found;
}

static void the_owner_s_headers_replace_none_of_ours(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct outbound_call call;
	struct sending sending;
	struct job job;

	to.metadata = "{\"headers\":{\"content-type\":\"text/plain\","
		      "\"Webhook-Signature\":\"forged\",\"host\":\"evil\","
		      "\"Content-Length\":\"1\",\"transfer-encoding\":\"x\","
		      "\"connection\":\"close\",\"X-Own\":\"mine\"}}";
	must(destination_update(op, &to, NULL, 0, &to));
	tell(op, "group.created");
	must(claim(op, to.id, &job));
	must(sending_begin(op, &job, &sending));
	sending_make(op, &sending, op->now, &call);
	assert_string_equal(call.url, "");
	assert_string_equal(header(&call, "Content-Type"), "application/json");
	assert_memory_equal(header(&call, "webhook-signature"), "v1,", 3);
	assert_string_equal(header(&call, "X-Own"), "mine");
	assert_null(header(&call, "Host"));
	assert_null(header(&call, "Content-Length"));
	assert_null(header(&call, "Transfer-Encoding"));
	assert_null(header(&call, "Connection"));
}

static void what_is_not_the_job_s_any_more_is_not_sent(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct delivery delivery;
	struct sending sending;
	struct job old;

	tell(op, "group.created");
	must(claim(op, to.id, &old));
	delivery = only(op, to.id);
	delivery.state = DELIVERY_ENDED;
	must(store_delivery_change(op, &delivery));
	must_fail(sending_begin(op, &old, &sending), ERR_NOT_FOUND);
	must(delivery_replay(op, delivery.id, &delivery));
	must_fail(sending_begin(op, &old, &sending), ERR_NOT_FOUND);
	assert_string_equal(only(op, to.id).state, DELIVERY_WAITING);
	assert_int_equal(only(op, to.id).attempts, 0);
}

static void what_was_swept_on_its_way_is_done(void **state)
{
	const struct outbound_answer good = {.status = 200};
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct delivery delivery;
	struct sending sending;
	struct job_end end;
	struct job job;
	int64_t swept;

	tell(op, "group.created");
	must(claim(op, to.id, &job));
	must(sending_begin(op, &job, &sending));
	delivery = only(op, to.id);
	delivery.state = DELIVERY_ENDED;
	must(store_delivery_change(op, &delivery));
	must(store_delivery_sweep(op, op->now + SECOND, 10, &swept));
	assert_int_equal(swept, 1);
	must(sending_end(op, &job, &sending, &good, &end));
	assert_int_equal(end.what, JOB_DONE);
	assert_int_equal(all_to(op, to.id).count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(call_is_signed_and_has_the_owner_s_headers),
		STORE_TEST(success_ends_it),
		STORE_TEST(schedule_of_ten_tries_ends_in_failed),
		STORE_TEST(failing_one_lets_the_next_go_first),
		STORE_TEST(overload_lets_the_destination_rest),
		STORE_TEST(gone_disables_and_ends_what_waits),
		STORE_TEST(five_days_of_failures_disable),
		STORE_TEST(deleted_destination_ends_what_waits),
		STORE_TEST(what_fails_on_its_way_to_a_deleted_destination_ends),
		STORE_TEST(what_was_given_back_meanwhile_ends),
		STORE_TEST(older_job_changes_nothing),
		STORE_TEST(what_goes_to_no_supported_kind_fails_at_once),
		STORE_TEST(the_owner_s_headers_replace_none_of_ours),
		STORE_TEST(what_is_not_the_job_s_any_more_is_not_sent),
		STORE_TEST(what_was_swept_on_its_way_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
