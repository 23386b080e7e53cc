/* core/job: when jobs are due, who holds them, and how they end. */
#include "support.h"

#include "core/job.h"
#include "core/store.h"

static struct uuid add(struct op *op, const char *lane, int64_t due_at)
{
	const struct job_new new = {
		.kind = "test",
		.lane = lane,
		.subject_id = op->project_id,
		.due_at = due_at,
	};
	struct uuid id;

	must(job_add(op, &new, &id));
	return id;
}

/* Claims the first of the lane that is due first; false when none is. */
static bool claim(struct op *op, struct job *ret)
{
	struct job_lane_list lanes;

	must(store_job_lanes_due(op, "test", op->now, 10, &lanes));
	return lanes.count &&
	       job_claim(op, "test", &lanes.items[0], JOB_LEASE_US, ret) == OK;
}

static int64_t next_due(struct op *op)
{
	int64_t at;

	must(job_next_due(op, "test", &at));
	return at;
}

static void backoff_doubles_from_a_second_to_six_hours(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t random = i * 0x9e3779b97f4a7c15u;

		assert_in_range(job_backoff_us(1, random), 0, SECOND);
		assert_in_range(job_backoff_us(4, random), 0, 8 * SECOND);
		assert_in_range(job_backoff_us(1000000, random), 0,
				6 * 3600 * SECOND);
	}
	assert_int_equal(job_backoff_us(1, 1000000), SECOND);
	assert_int_equal(job_backoff_us(4, 8000000), 8 * SECOND);
	assert_int_equal(job_backoff_us(15, 16384 * (uint64_t)SECOND),
			 16384 * SECOND);
	assert_int_equal(job_backoff_us(16, 6 * 3600 * (uint64_t)SECOND),
			 6 * 3600 * SECOND);
	assert_int_equal(job_backoff_us(3, 0), 0);
}

static void adding_one_asks_to_wake_the_loop(void **state)
{
	struct store *s = *state;

	assert_false(s->op.has_jobs);
	add(&s->op, NULL, 0);
	assert_true(s->op.has_jobs);
	op_reset(&s->op, START);
	assert_false(s->op.has_jobs);
}

static void jobs_of_a_lane_come_in_order_when_they_are_due(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct job job;
	struct uuid later = add(op, "a", START + SECOND);
	struct uuid first = add(op, "a", 0), second = add(op, "a", 0);

	assert_true(claim(op, &job));
	assert_uuid_equal(job.id, first);
	assert_string_equal(job.payload, "{}");
	assert_true(claim(op, &job));
	assert_uuid_equal(job.id, second);
	assert_false(claim(op, &job));
	assert_int_equal(next_due(op), START + SECOND);
	op->now += SECOND;
	assert_true(claim(op, &job));
	assert_uuid_equal(job.id, later);
	assert_int_equal(next_due(op), INT64_MAX);
}

static void lanes_take_turns(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct job job;

	for (int i = 0; i < 3; i++)
		add(op, "busy", START - SECOND);
	struct uuid other = add(op, "other", 0);
	op->now++;
	assert_true(claim(op, &job));
	assert_string_equal(job.lane, "busy");
	op->now++;
	assert_true(claim(op, &job));
	assert_uuid_equal(job.id, other);
}

static void done_job_is_gone_and_failed_one_comes_again(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct job_end end = {.what = JOB_AGAIN, .due_at = START + 5 * SECOND};
	struct job job;

	add(op, "a", 0);
	assert_true(claim(op, &job));
	assert_int_equal(job.attempts, 0);
	must(job_finish(op, &job, &end));
	assert_int_equal(next_due(op), START + 5 * SECOND);
	op->now += 5 * SECOND;
	assert_true(claim(op, &job));
	assert_int_equal(job.attempts, 1);
	end.what = JOB_GIVEN_UP;
	must(job_finish(op, &job, &end));
	assert_true(claim(op, &job));
	assert_int_equal(job.attempts, 1);
	end.what = JOB_DONE;
	must(job_finish(op, &job, &end));
	assert_int_equal(next_due(op), INT64_MAX);
	assert_int_equal(store_number(s, "SELECT count(*) FROM job"), 0);
	assert_int_equal(store_number(s, "SELECT count(*) FROM job_lane"), 0);
}

static void lane_rests_when_it_is_asked_to(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct job_end end = {.what = JOB_AGAIN,
				    .due_at = START + SECOND,
				    .rest_until = START + 9 * SECOND};
	struct job job;

	add(op, "a", 0);
	assert_true(claim(op, &job));
	must(job_finish(op, &job, &end));
	assert_int_equal(next_due(op), START + 9 * SECOND);
	add(op, "a", 0);
	struct job_lane_list lanes;
	must(store_job_lanes_due(op, "test", op->now, 10, &lanes));
	assert_int_equal(lanes.count, 1);
	assert_int_equal(lanes.items[0].rest_until, START + 9 * SECOND);
}

static void the_longer_rest_of_a_lane_stands(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct job_end end = {.what = JOB_AGAIN, .due_at = START + SECOND};
	struct job first, second;

	add(op, "a", 0);
	add(op, "a", 0);
	assert_true(claim(op, &first));
	assert_true(claim(op, &second));
	end.rest_until = START + 600 * SECOND;
	must(job_finish(op, &first, &end));
	end.rest_until = START + 5 * SECOND;
	must(job_finish(op, &second, &end));
	assert_int_equal(next_due(op), START + 600 * SECOND);
}

static void all_that_wait_in_a_lane_are_brought(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct job job;

	add(op, "a", START + DAY);
	add(op, "a", START + DAY);
	add(op, "b", START + DAY);
	op->has_jobs = false;
	must(job_bring_all(op, "test", "a"));
	assert_true(op->has_jobs);
	assert_true(claim(op, &job));
	assert_true(claim(op, &job));
	assert_int_equal(next_due(op), START + DAY);
}

static void who_lost_the_lease_changes_nothing(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct job_end end = {.what = JOB_DONE};
	struct job lost, job;
	size_t count;

	add(op, "a", 0);
	assert_true(claim(op, &lost));
	must(job_hold(op, &lost));
	must(job_return_lapsed(op, op->now + JOB_LEASE_US - 1, &count));
	assert_int_equal(count, 0);
	must(job_return_lapsed(op, op->now + JOB_LEASE_US, &count));
	assert_int_equal(count, 1);
	assert_int_equal(job_hold(op, &lost), ERR_NOT_FOUND);
	assert_true(claim(op, &job));
	assert_int_equal(job.fence, lost.fence + 1);
	assert_int_equal(job_hold(op, &lost), ERR_NOT_FOUND);
	assert_int_equal(job_finish(op, &lost, &end), ERR_NOT_FOUND);
	must(job_hold(op, &job));
	must(job_finish(op, &job, &end));
}

static void a_renewed_claim_holds_longer(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct job job;
	size_t count;

	add(op, "a", 0);
	assert_true(claim(op, &job));
	op->now += JOB_LEASE_US - SECOND;
	must(job_renew(op, &job, JOB_LEASE_US));
	op->now += 2 * SECOND;
	must(job_return_lapsed(op, op->now, &count));
	assert_int_equal(count, 0);
	op->now += JOB_LEASE_US;
	must(job_return_lapsed(op, op->now, &count));
	assert_int_equal(count, 1);
	must_fail(job_renew(op, &job, JOB_LEASE_US), ERR_NOT_FOUND);
}

static void projects_have_lanes_of_their_own(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project other = make_project(op, "other", "other");
	struct job first, second;

	add(op, "a", 0);
	move_to(op, other);
	add(op, "a", 0);
	op->now++;
	assert_true(claim(op, &first));
	op->now++;
	assert_true(claim(op, &second));
	assert_false(uuid_equal(first.project_id, second.project_id));
	op->project_id = first.project_id;
	assert_int_equal(job_hold(op, &second), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(backoff_doubles_from_a_second_to_six_hours),
		STORE_TEST(adding_one_asks_to_wake_the_loop),
		STORE_TEST(jobs_of_a_lane_come_in_order_when_they_are_due),
		STORE_TEST(lanes_take_turns),
		STORE_TEST(done_job_is_gone_and_failed_one_comes_again),
		STORE_TEST(lane_rests_when_it_is_asked_to),
		STORE_TEST(the_longer_rest_of_a_lane_stands),
		STORE_TEST(all_that_wait_in_a_lane_are_brought),
		STORE_TEST(who_lost_the_lease_changes_nothing),
		STORE_TEST(a_renewed_claim_holds_longer),
		STORE_TEST(projects_have_lanes_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
