/* jobs/loop: claims, fairness, lapsed leases and stopping, on a real writer. */
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/store.h"
#include "jobs/loop.h"
#include "store/writer.h"

enum { THREADS = 4, SEEN_MAX = 256 };

/* What the jobs did, and the gate that some wait at. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	bool is_open;
	int at_gate, begun, done;
	int stale;		    /* ended by what was read when they began */
	struct uuid seen[SEEN_MAX]; /* in the order of their ends */
	int64_t attempts[SEEN_MAX];
} log_of;

static _Atomic int64_t now_us;
static struct writer *writer;
static struct jobs *loop;

static int64_t now(void)
{
	return now_us;
}

struct given {
	struct work work;
	enum error (*run)(struct op *op);
	void (*done)(struct op *op, enum error error);
};

static enum error run_given(struct work *work)
{
	return ((struct given *)work)->run(work->op);
}

static void given_done(struct work *work, enum error error)
{
	((struct given *)work)->done(work->op, error);
}

static bool give(void *context, struct op *op, enum error (*run)(struct op *op),
		 void (*done)(struct op *op, enum error error))
{
	struct given *given = arena_alloc(&op->arena, sizeof(*given));

	(void)context;
	*given = (struct given){
		.work = {.op = op, .run = run_given, .done = given_done},
		.run = run,
		.done = done,
	};
	return writer_give(writer, &given->work);
}

static void wait_until(const int *count, int least)
{
	pthread_mutex_lock(&log_of.lock);
	while (*count < least)
		pthread_cond_wait(&log_of.moved, &log_of.lock);
	pthread_mutex_unlock(&log_of.lock);
}

static void open_gate(void)
{
	pthread_mutex_lock(&log_of.lock);
	log_of.is_open = true;
	pthread_cond_broadcast(&log_of.moved);
	pthread_mutex_unlock(&log_of.lock);
}

static enum error begin_job(struct op *op, const struct job *job,
			    void **ret_state)
{
	*ret_state = arena_strdup(&op->arena, job->payload);
	pthread_mutex_lock(&log_of.lock);
	log_of.begun++;
	op->unrouted_project_id = op->project_id; /* as of now */
	pthread_cond_broadcast(&log_of.moved);
	pthread_mutex_unlock(&log_of.lock);
	if (strcmp(job->payload, "\"unreadable\"") == 0 && !job->attempts)
		return op_fail(op, ERR_INTERNAL, "it does not begin");
	return OK;
}

/* A job whose payload says so hangs, as a host that does not answer. */
static void run_job(struct op *op, void *state, struct client *client)
{
	(void)op;
	(void)client;
	if (strcmp(state, "\"hangs\"") != 0)
		return;
	pthread_mutex_lock(&log_of.lock);
	log_of.at_gate++;
	pthread_cond_broadcast(&log_of.moved);
	while (!log_of.is_open)
		pthread_cond_wait(&log_of.moved, &log_of.lock);
	pthread_mutex_unlock(&log_of.lock);
}

static enum error end_job(struct op *op, const struct job *job, void *state,
			  struct job_end *ret)
{
	if (strcmp(state, "\"fails\"") == 0 && job->attempts < 3)
		*ret = (struct job_end){.what = JOB_AGAIN,
					.due_at = op->now + DAY};
	pthread_mutex_lock(&log_of.lock);
	log_of.stale += !uuid_is_nil(op->unrouted_project_id);
	log_of.seen[log_of.done] = job->id;
	log_of.attempts[log_of.done++] = job->attempts;
	pthread_cond_broadcast(&log_of.moved);
	pthread_mutex_unlock(&log_of.lock);
	return OK;
}

static const struct job_kind test_kind = {
	.name = "test", .begin = begin_job, .run = run_job, .end = end_job};
static const struct job_kind pair_kind = {.name = "pair",
					  .begin = begin_job,
					  .run = run_job,
					  .end = end_job,
					  .lane_max = 2};
static const struct job_kind *const kinds[] = {&test_kind, &pair_kind};

static int begin(void **state)
{
	if (store_make(state) != 0)
		return -1;
	memset(&log_of, 0, sizeof(log_of));
	pthread_mutex_init(&log_of.lock, NULL);
	pthread_cond_init(&log_of.moved, NULL);
	now_us = START;
	loop = NULL;
	writer = NULL;
	return 0;
}

/* From here on the store is the writer's and the loop's. */
static void start_as(struct store *s, unsigned threads, bool is_alone)
{
	const struct jobs_options options = {
		.give = give,
		.keys = &s->keys,
		.kinds = kinds,
		.kind_count = COUNT(kinds),
		.threads = threads,
		.is_alone = is_alone,
		.now = now,
	};

	must(db_commit(s->writer));
	writer = writer_start(s->writer, NULL);
	assert_non_null(writer);
	loop = jobs_start(&options);
	assert_non_null(loop);
}

static void start_with(struct store *s, unsigned threads)
{
	start_as(s, threads, true);
}

static void start(struct store *s)
{
	start_with(s, THREADS);
}

static int end(void **state)
{
	struct store *s = *state;

	open_gate();
	if (writer) {
		jobs_stop(loop);
		writer_stop(writer);
		must(db_begin(s->writer)); /* which store_drop rolls back */
	}
	pthread_mutex_destroy(&log_of.lock);
	pthread_cond_destroy(&log_of.moved);
	return store_drop(state);
}

/* All is stopped, and the store the test's again. */
static void stop(struct store *s)
{
	jobs_stop(loop);
	writer_stop(writer);
	writer = NULL;
	must(db_begin(s->writer));
	s->op.session = s->writer;
}

static struct uuid add(struct op *op, const char *lane, const char *payload)
{
	const struct job_new new = {.kind = "test",
				    .lane = lane,
				    .subject_id = op->project_id,
				    .payload = payload};
	struct uuid id;

	must(job_add(op, &new, &id));
	return id;
}

static int64_t left(struct store *s)
{
	return store_number(s, "SELECT count(*) FROM job");
}

static void every_job_of_a_lane_is_done_once_and_in_order(void **state)
{
	struct store *s = *state;
	struct uuid ids[100];

	for (int i = 0; i < 100; i++)
		ids[i] = add(&s->op, "a", NULL);
	start(s);
	wait_until(&log_of.done, 100);
	stop(s);
	assert_int_equal(log_of.done, 100);
	assert_int_equal(log_of.stale, 0);
	for (int i = 0; i < 100; i++)
		assert_uuid_equal(log_of.seen[i], ids[i]);
	assert_int_equal(left(s), 0);
}

static void lane_that_hangs_holds_up_no_other(void **state)
{
	struct store *s = *state;

	for (int i = 0; i < 10; i++)
		add(&s->op, "dead", "\"hangs\"");
	for (int i = 0; i < 50; i++)
		add(&s->op, "good", NULL);
	start(s);
	wait_until(&log_of.at_gate, 1);
	wait_until(&log_of.done, 50);
	assert_int_equal(log_of.at_gate, 1);
	open_gate();
	now_us += SECOND; /* until a full lane is looked at again */
	jobs_wake(loop);
	wait_until(&log_of.done, 60);
	stop(s);
	assert_int_equal(left(s), 0);
}

static void tenant_that_hangs_holds_up_no_other(void **state)
{
	struct store *s = *state;
	char lane[16];

	for (int i = 0; i < 40; i++) {
		(void)snprintf(lane, sizeof(lane), "dead-%d", i);
		add(&s->op, lane, "\"hangs\"");
	}
	move_to(&s->op, make_project(&s->op, "other", "other"));
	for (int i = 0; i < 20; i++)
		add(&s->op, "good", NULL);
	start(s);
	wait_until(&log_of.at_gate, THREADS / 2);
	for (int i = 0; log_of.done < 20; i++) {
		now_us += SECOND / 2;
		jobs_wake(loop);
		wait_until(&log_of.done, i < 20 ? i + 1 : 20);
	}
	assert_int_equal(log_of.at_gate, THREADS / 2);
}

static void kind_that_hangs_holds_up_no_other_of_its_project(void **state)
{
	const struct job_new good = {.kind = "pair", .lane = "good"};
	struct store *s = *state;
	char lane[16];

	for (int i = 0; i < 40; i++) {
		(void)snprintf(lane, sizeof(lane), "dead-%d", i);
		add(&s->op, lane, "\"hangs\"");
	}
	for (int i = 0; i < 20; i++)
		must(job_add(&s->op, &good, NULL));
	start_with(s, 2 * THREADS); /* half of them for one project */
	wait_until(&log_of.at_gate, THREADS - 1);
	for (int i = 0; log_of.done < 20; i++) {
		now_us += SECOND / 2;
		jobs_wake(loop);
		wait_until(&log_of.done, i < 20 ? i + 1 : 20);
	}
	assert_int_equal(log_of.at_gate, THREADS - 1);
}

static void job_that_fails_comes_again_when_it_is_due(void **state)
{
	struct store *s = *state;

	add(&s->op, "a", "\"fails\"");
	start(s);
	for (int day = 1; day <= 4; day++) {
		wait_until(&log_of.done, day);
		assert_int_equal(log_of.done, day);
		assert_int_equal(log_of.attempts[day - 1], day - 1);
		now_us += DAY;
		jobs_wake(loop);
	}
	stop(s);
	assert_int_equal(log_of.done, 4);
	assert_int_equal(left(s), 0);
}

static void job_that_does_not_begin_harms_no_other(void **state)
{
	struct store *s = *state;

	add(&s->op, "a", "\"unreadable\"");
	for (int i = 0; i < 10; i++)
		add(&s->op, "b", NULL);
	start(s);
	wait_until(&log_of.done, 10);
	/* it was the first, and was put off before anybody else looked */
	now_us += SECOND;
	jobs_wake(loop);
	wait_until(&log_of.done, 11);
	stop(s);
	assert_int_equal(log_of.done, 11);
	assert_int_equal(left(s), 0);
}

static void what_ran_when_the_process_died_runs_again(void **state)
{
	struct store *s = *state;
	struct job_lane_list lanes;
	struct job job;

	add(&s->op, "a", NULL);
	must(store_job_lanes_due(&s->op, "test", START, 1, &lanes));
	must(job_claim(&s->op, "test", &lanes.items[0], JOB_LEASE_US, &job));
	start(s);
	wait_until(&log_of.done, 1);
	stop(s);
	assert_uuid_equal(log_of.seen[0], job.id);
	assert_int_equal(left(s), 0);
}

static void lane_that_another_process_has_is_full(void **state)
{
	struct store *s = *state;
	struct job_lane_list lanes;
	struct job theirs;

	add(&s->op, "a", NULL);
	struct uuid second = add(&s->op, "a", NULL);
	must(store_job_lanes_due(&s->op, "test", START, 1, &lanes));
	must(job_claim(&s->op, "test", &lanes.items[0], JOB_SHARED_LEASE_US,
		       &theirs));
	struct uuid other = add(&s->op, "b", NULL);
	start_as(s, THREADS, false);
	wait_until(&log_of.done, 1);
	now_us += JOB_SHARED_LEASE_US; /* it was killed */
	jobs_wake(loop);
	wait_until(&log_of.done, 3);
	stop(s);
	assert_uuid_equal(log_of.seen[0], other);
	assert_uuid_equal(log_of.seen[1], theirs.id);
	assert_uuid_equal(log_of.seen[2], second);
}

static void claim_that_lapsed_records_nothing(void **state)
{
	struct store *s = *state;

	const struct job_new new = {.kind = "pair", .payload = "\"hangs\""};

	must(job_add(&s->op, &new, NULL));
	start(s);
	wait_until(&log_of.at_gate, 1);
	now_us += JOB_LEASE_US;
	jobs_wake(loop);
	wait_until(&log_of.at_gate, 2); /* claimed again */
	open_gate();
	wait_until(&log_of.done, 1);
	stop(s);
	assert_int_equal(log_of.done, 1);
	assert_int_equal(left(s), 0);
}

#define loop_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		loop_test(every_job_of_a_lane_is_done_once_and_in_order),
		loop_test(lane_that_hangs_holds_up_no_other),
		loop_test(tenant_that_hangs_holds_up_no_other),
		loop_test(kind_that_hangs_holds_up_no_other_of_its_project),
		loop_test(job_that_fails_comes_again_when_it_is_due),
		loop_test(job_that_does_not_begin_harms_no_other),
		loop_test(what_ran_when_the_process_died_runs_again),
		loop_test(lane_that_another_process_has_is_full),
		loop_test(claim_that_lapsed_records_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
