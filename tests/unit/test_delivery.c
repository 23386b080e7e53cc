/* core/delivery: from an event to its deliveries, and sending them anew. */
#include "deliveries.h"

#include "core/deletion.h"
#include "core/event.h"
#include "core/receipt.h"
#include "core/step.h"
#include "core/store.h"

static void event_without_a_route_makes_none(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.deleted");

	tell(op, "group.created");
	assert_int_equal(all_to(op, to.id).count, 0);
	tell(op, "group.deleted");
	assert_string_equal(only(op, to.id).state, DELIVERY_WAITING);
}

static void route_is_seen_at_once_by_an_operation_that_saw_none(void **state)
{
	struct op *op = begun(*state);

	tell(op, "group.created");
	struct destination to = hook(op, "a", "group.created");
	tell(op, "group.created");
	assert_int_equal(all_to(op, to.id).count, 1);
}

static void disabled_destination_gets_none_until_it_is_enabled(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");

	must(destination_disable(op, &to));
	tell(op, "group.created");
	assert_int_equal(all_to(op, to.id).count, 0);
	must(destination_enable(op, to.id, &to));
	assert_true(has_event(op, "destination.enabled", to.id));
	tell(op, "group.created");
	assert_int_equal(all_to(op, to.id).count, 1);
}

static void other_projects_routes_do_not_count(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct destination to = hook(op, "a", "group.created");
	struct project other = make_project(op, "else", "else");

	move_to(op, other);
	tell(op, "group.created");
	assert_int_equal(all_to(op, to.id).count, 0);
	move_to(op, s->project);
	assert_int_equal(all_to(op, to.id).count, 0);
}

static void first_tries_are_due_in_the_order_of_events(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct job job;

	/* what waited for the writer came with an earlier time */
	for (int i = 0; i < 5; i++) {
		op->now = start + SECOND - i * 100000;
		tell(op, "group.created");
	}
	op->now = start + 2 * SECOND;
	struct delivery_list made = all_to(op, to.id);
	for (size_t i = 0; i < made.count; i++) {
		must(claim(op, to.id, &job));
		assert_uuid_equal(job.subject_id, made.items[i].id);
		if (i)
			assert_true(made.items[i].event_number >
				    made.items[i - 1].event_number);
	}
	must_fail(claim(op, to.id, &job), ERR_NOT_FOUND);
}

static void clock_set_back_delays_nothing(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct job job;

	tell(op, "group.created");
	op->now -= DAY;
	tell(op, "group.created");
	must(claim(op, to.id, &job));
	assert_uuid_equal(job.subject_id, all_to(op, to.id).items[1].id);
}

static void replay_has_the_whole_schedule_and_the_same_id(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct delivery delivery;

	tell(op, "group.created");
	struct uuid id = only(op, to.id).id;
	(void)try_with(op, to.id, 200, 0);
	must(delivery_replay(op, id, &delivery));
	assert_string_equal(delivery.state, DELIVERY_WAITING);
	assert_true(has_event(op, "delivery.replayed", id));
	struct job_end end = try_with(op, to.id, 500, 0);
	assert_in_range(end.due_at - op->now, 4 * SECOND, 6 * SECOND);
	assert_int_equal(only(op, to.id).attempts, 2);
	assert_uuid_equal(only(op, to.id).id, id);

	/* one that waits is due at once */
	must(delivery_replay(op, id, &delivery));
	(void)try_with(op, to.id, 200, 0);
	assert_string_equal(only(op, to.id).state, DELIVERY_DELIVERED);
}

static void replay_of_many_takes_those_of_the_time_and_state(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	struct delivery_filter filter = {
		.destination_id = to.id,
		.state = DELIVERY_DELIVERED,
		.since = start + SECOND,
		.until = start + 3 * SECOND,
		.limit = 1,
	};
	struct delivery_list list;
	struct uuid after;

	for (int i = 0; i < 5; i++) {
		op->now = start + i * SECOND;
		tell(op, "group.created");
		(void)try_with(op, to.id, i == 1 ? 500 : 200, 0);
	}
	op->now += 86400 * SECOND;
	must(delivery_replay_all(op, &filter, &list, &after));
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].created_at, start + 2 * SECOND);
	filter.after = after;
	must(delivery_replay_all(op, &filter, &list, &after));
	assert_int_equal(list.count, 0);
	assert_true(uuid_is_nil(after));
	assert_true(has_event(op, "destination.replayed", to.id));
}

static void old_ones_are_swept_and_waiting_ones_stay(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct destination to = hook(op, "a", "group.created");
	int64_t next_at;

	for (int i = 0; i < 3; i++)
		tell(op, "group.created");
	(void)try_with(op, to.id, 200, 0);
	(void)try_with(op, to.id, 200, 0);
	op->now = start + DELIVERY_RETENTION_US;
	tell(op, "group.created");
	must(delivery_sweep(op, &next_at));
	assert_int_equal(all_to(op, to.id).count, 4);
	op->now += SECOND;
	must(delivery_sweep(op, &next_at));
	assert_int_equal(next_at, op->now + 3600 * SECOND);
	assert_int_equal(all_to(op, to.id).count, 2);
	assert_int_equal(store_number(s, "SELECT count(*) FROM delivery_body"),
			 2);
	assert_int_equal(
		store_number(s, "SELECT count(*) FROM delivery_attempt"), 0);
	/* the one that the first of them planned went for it */
	assert_int_equal(store_number(s, "SELECT count(*) FROM job "
					 "WHERE kind = 'delivery_sweep'"),
			 0);
}

static void sweep_comes_again_for_the_oldest(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");
	const struct job_lane lane = {.project_id = op->project_id,
				      .lane = DELIVERY_SWEEP_JOB};
	struct job sweep;
	int64_t next_at;

	tell(op, "group.created");
	(void)try_with(op, to.id, 200, 0);
	op->now = start + DELIVERY_RETENTION_US;
	must(job_claim(op, DELIVERY_SWEEP_JOB, &lane, JOB_LEASE_US, &sweep));
	must(delivery_sweep(op, &next_at));
	assert_int_equal(next_at, op->now + 3600 * SECOND);
	op->now = next_at;
	must(delivery_sweep(op, &next_at));
	assert_int_equal(next_at, 0);
	assert_int_equal(all_to(op, to.id).count, 0);
}

/* The deletion's `notified` effects, as its receipt has them. */
static void deletion_knows_who_is_told(void **state)
{
	struct op *op = begun(*state);
	struct integration of = offer(op, "sync", "salesforce");
	(void)connect_group(op, "acme", "salesforce");
	struct installation_view made = install(op, &of, "acme", NULL);
	struct destination told = hook(op, "a", "installation.deleted");
	struct destination not_told = hook(op, "b", "group.deleted");
	struct delivery_counts_list counts;
	struct deletion deletion;

	must(delete_installation(op, of.id, made.installation.id));
	must(receipt_get(op, op->deletion_id, &deletion));
	assert_non_null(strstr(deletion.effects, "{\"effect\":\"notified\","
						 "\"kind\":\"destination\""));
	assert_non_null(
		strstr(deletion.counts, "\"notified\":{\"destination\":1}"));
	assert_string_equal(deletion.state, DELETION_DONE);
	must(delivery_counts_of_deletion(op, deletion.id, &counts));
	assert_int_equal(counts.count, 1);
	assert_uuid_equal(counts.items[0].destination_id, told.id);
	assert_int_equal(counts.items[0].waiting, 1);
	assert_int_equal(all_to(op, not_told.id).count, 0);
	(void)try_with(op, told.id, 200, 0);
	must(delivery_counts_of_deletion(op, deletion.id, &counts));
	assert_int_equal(counts.items[0].delivered, 1);
}

static void what_a_step_tells_is_told_of_its_deletion(void **state)
{
	struct op *op = begun(*state);
	const struct new_credential secret = {"refresh_token", "refresh-1", 0};
	struct uuid id = connect_grant(op, "acme", "box", &secret, 1);
	struct destination abandoned = hook(op, "a", "grant.abandoned");
	struct destination finished = hook(op, "b", "deletion.finished");
	struct delivery_counts_list counts;
	struct step_list steps;
	struct step step;

	must(delete_connection(op, id, false));
	struct uuid deletion = op->deletion_id;
	must(steps_of(op, deletion, &steps));
	op->deletion_id = (struct uuid){{0}};
	must(step_abandon(op, deletion, steps.items[0].id, "why", &step));
	assert_true(uuid_is_nil(op->deletion_id));
	must(delivery_counts_of_deletion(op, deletion, &counts));
	assert_int_equal(counts.count, 2);
	assert_uuid_equal(only(op, abandoned.id).deletion_id, deletion);
	assert_uuid_equal(only(op, finished.id).deletion_id, deletion);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(event_without_a_route_makes_none),
		STORE_TEST(route_is_seen_at_once_by_an_operation_that_saw_none),
		STORE_TEST(disabled_destination_gets_none_until_it_is_enabled),
		STORE_TEST(other_projects_routes_do_not_count),
		STORE_TEST(first_tries_are_due_in_the_order_of_events),
		STORE_TEST(clock_set_back_delays_nothing),
		STORE_TEST(replay_has_the_whole_schedule_and_the_same_id),
		STORE_TEST(replay_of_many_takes_those_of_the_time_and_state),
		STORE_TEST(old_ones_are_swept_and_waiting_ones_stay),
		STORE_TEST(sweep_comes_again_for_the_oldest),
		STORE_TEST(deletion_knows_who_is_told),
		STORE_TEST(what_a_step_tells_is_told_of_its_deletion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
