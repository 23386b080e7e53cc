/* Threads that wait for jobs, run them, and take turns on the writer. */
#include "jobs/loop.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/leaving_scope.h"
#include "jobs/turn.h"

#define SLEEP_MAX_US INT64_C(60000000)
#define LOOK_US	     INT64_C(1000000)
#define PAUSE_US     INT64_C(200000) /* after the writer was busy or failed */

/* With jobs->lock held. False when the time is over. */
static bool sleep_for(pthread_cond_t *wake, pthread_mutex_t *lock, int64_t us)
{
	return condition_wait(wake, lock, clock_monotonic() + us);
}

/* By the slot's own condition: who is woken by the other one is to look. */
static void pause_for_a_moment(struct slot *slot)
{
	struct jobs *jobs = slot->jobs;

	pthread_mutex_lock(&jobs->lock);
	if (!jobs->is_stopping)
		(void)sleep_for(&slot->told, &jobs->lock, PAUSE_US);
	pthread_mutex_unlock(&jobs->lock);
}

/* Until there may be work: one thread at a time looks. False: stop. */
static bool wait_to_scout(struct jobs *jobs)
{
	const bool is_alone = jobs->options.is_alone;
	const int64_t most = is_alone ? SLEEP_MAX_US : LOOK_US;
	bool goes = false;

	pthread_mutex_lock(&jobs->lock);
	while (!jobs->is_stopping && !goes) {
		int64_t left = jobs->look_at - jobs->options.now();

		if (jobs->is_scouting)
			pthread_cond_wait(&jobs->wake, &jobs->lock);
		else if (!jobs->is_woken && left > 0)
			goes = !sleep_for(&jobs->wake, &jobs->lock,
					  left < most ? left : most) &&
			       !is_alone;
		else
			goes = true;
		/* at the latest after SLEEP_MAX_US the clock is looked at */
	}
	if (goes) {
		jobs->is_scouting = true;
		jobs->is_woken = false;
		jobs->look_at = INT64_MAX;
	}
	pthread_mutex_unlock(&jobs->lock);
	return goes;
}

/* Is there one job there may be another: somebody else is to look. */
static void tell_others(struct jobs *jobs, const struct slot *slot,
			bool was_scouting)
{
	pthread_mutex_lock(&jobs->lock);
	if (was_scouting)
		jobs->is_scouting = false;
	if (slot->next->has_job || slot->error != OK || !slot->claims)
		jobs->look_at = 0;
	else if (slot->look_at < jobs->look_at)
		jobs->look_at = slot->look_at;
	pthread_cond_signal(&jobs->wake);
	pthread_mutex_unlock(&jobs->lock);
}

/* The writer knows the one op alone. */
static void take_recorded(struct op *op, const struct op *from)
{
	for (const struct recorded *r = from->recorded; r; r = r->next)
		op_recorded(op, r->project_id, r->last_event);
}

/* It was read when the job began: others have written since. */
static void forget_what_was_read(struct op *op)
{
	leaving_see_all(op);
	op->unrouted_project_id = (struct uuid){{0}};
}

static enum error run_turn(struct op *op)
{
	struct turn *next = (struct turn *)op;
	struct slot *slot = next->slot;
	int64_t now = slot->jobs->options.now();

	slot->holds = false;
	op->now = now;
	slot->ending->op.recorded = NULL; /* by its claim, and sealed with it */
	if (slot->ending->has_job) {
		slot->ending->op.session = op->session;
		slot->ending->op.now = now;
		forget_what_was_read(&slot->ending->op);
		TRY(jobs_end(slot));
	}
	take_recorded(op, &slot->ending->op);
	if (slot->puts_off)
		TRY(jobs_put_off(slot));
	return slot->claims ? jobs_claim(slot) : OK;
}

static void turn_done(struct op *op, enum error error)
{
	struct slot *slot = ((struct turn *)op)->slot;
	struct jobs *jobs = slot->jobs;

	if (error != OK)
		slot->holds = false;
	pthread_mutex_lock(&jobs->lock);
	slot->error = error;
	slot->is_told = true;
	pthread_cond_signal(&slot->told);
	pthread_mutex_unlock(&jobs->lock);
}

/* False, with the error, when the writer has no room until the loop stops. */
static bool give_turn(struct slot *slot)
{
	struct jobs *jobs = slot->jobs;

	slot->is_told = slot->began = slot->next->has_job = false;
	slot->look_at = INT64_MAX;
	op_reset(&slot->next->op, jobs->options.now());
	while (!jobs->options.give(jobs->options.give_context, &slot->next->op,
				   run_turn, turn_done)) {
		if (jobs->is_stopping) {
			slot->error = ERR_BUSY;
			return false;
		}
		pause_for_a_moment(slot);
	}
	pthread_mutex_lock(&jobs->lock);
	while (!slot->is_told)
		pthread_cond_wait(&slot->told, &jobs->lock);
	pthread_mutex_unlock(&jobs->lock);
	return true;
}

static void count_end(struct jobs *jobs, const struct turn *turn)
{
	struct kind_counts *counts = &jobs->counts[turn->kind];

	counts->of[COUNT_RUNNING]--;
	if (turn->is_lost)
		return;
	if (turn->end.what == JOB_DONE)
		counts->of[COUNT_DONE]++;
	else if (turn->end.what == JOB_FAILED)
		counts->of[COUNT_FAILED]++;
	else if (turn->end.what == JOB_AGAIN)
		counts->of[COUNT_RETRIED]++;
}

static bool is_of_store(enum error error)
{
	return error == ERR_BUSY || error == ERR_STORE;
}

/* Of a store that is busy or away its driver says so. */
static void log_failure(const struct slot *slot, const char *what)
{
	if (slot->error == ERR_BUSY)
		return;
	const char *detail = slot->next->op.detail;

	if (!detail)
		detail = slot->ending->op.detail;
	log_error(what, "error", error_name(slot->error), "detail",
		  detail ? detail : "", NULL);
}

/*
 * Without a claim: what has ended must not be lost with another job that does
 * not begin. While the store fails, what has ended waits for it: once told, a
 * call outside is not made again. A claim that lapses meanwhile ends that.
 */
static void take_turn_again(struct slot *slot)
{
	const struct jobs *jobs = slot->jobs;

	log_failure(slot, "a job's turn failed");
	slot->puts_off = slot->began;
	slot->claims = false;
	while (give_turn(slot) && slot->error != OK) {
		pause_for_a_moment(slot);
		if (!slot->ending->has_job || !is_of_store(slot->error) ||
		    jobs->is_stopping) {
			log_failure(slot, "a job is left to its lease");
			break;
		}
	}
	slot->puts_off = false;
}

/* Ends what has run and claims what is next, in one transaction. */
static void take_turn(struct slot *slot)
{
	struct jobs *jobs = slot->jobs;
	struct turn *ended = slot->ending;

	slot->claims = !jobs->is_stopping;
	slot->error = OK;
	if (give_turn(slot) && slot->error != OK)
		take_turn_again(slot);
	if (slot->error != OK)
		slot->next->has_job = false;
	if (ended->has_job) {
		ended->is_lost |= slot->error != OK;
		count_end(jobs, ended);
	}
	if (slot->next->has_job)
		jobs->counts[slot->next->kind].of[COUNT_RUNNING]++;
	if (ended->op.has_jobs)
		jobs_wake(jobs);
	ended->has_job = false;
	op_reset(&ended->op, 0); /* with its secrets */
}

static void *work(void *context)
{
	struct slot *slot = context;
	struct jobs *jobs = slot->jobs;

	for (;;) {
		bool is_scout = !slot->ending->has_job;

		if (is_scout && !wait_to_scout(jobs))
			return NULL;
		take_turn(slot);
		tell_others(jobs, slot, is_scout);

		struct turn *next = slot->next;
		const struct job_kind *kind = jobs->options.kinds[next->kind];
		if (next->has_job && kind->run)
			kind->run(&next->op, next->state, jobs->options.client);
		slot->next = slot->ending;
		slot->ending = next;
	}
}

static bool start_slot(struct jobs *jobs, struct slot *slot)
{
	slot->jobs = jobs;
	condition_init(&slot->told);
	for (int i = 0; i < 2; i++) {
		slot->turns[i].slot = slot;
		op_init(&slot->turns[i].op, jobs->options.keys, 0);
	}
	slot->ending = &slot->turns[0];
	slot->next = &slot->turns[1];
	slot->has_thread = pthread_create(&slot->thread, NULL, work, slot) == 0;
	return slot->has_thread;
}

struct jobs *jobs_start(const struct jobs_options *options)
{
	struct jobs *jobs = memory_zalloc(sizeof(*jobs));

	jobs->options = *options;
	jobs->slots = memory_zalloc(options->threads * sizeof(*jobs->slots));
	jobs->counts =
		memory_zalloc(options->kind_count * sizeof(*jobs->counts));
	jobs->project_max = (int)(options->threads + 1) / 2;
	pthread_mutex_init(&jobs->lock, NULL);
	condition_init(&jobs->wake);
	for (unsigned i = 0; i < options->threads; i++) {
		if (start_slot(jobs, &jobs->slots[i]))
			continue;
		log_error("a job thread does not start", NULL);
		jobs_stop(jobs);
		return NULL;
	}
	if (!options->is_alone)
		jobs->keeper = keeper_start(jobs);
	if (options->is_alone || jobs->keeper)
		return jobs;
	jobs_stop(jobs);
	return NULL;
}

void jobs_wake(struct jobs *jobs)
{
	pthread_mutex_lock(&jobs->lock);
	jobs->is_woken = true;
	pthread_cond_signal(&jobs->wake);
	pthread_mutex_unlock(&jobs->lock);
}

static void free_slot(struct slot *slot)
{
	if (slot->has_thread)
		pthread_join(slot->thread, NULL);
	if (!slot->jobs)
		return;
	for (int i = 0; i < 2; i++)
		op_release(&slot->turns[i].op);
	pthread_cond_destroy(&slot->told);
}

void jobs_stop(struct jobs *jobs)
{
	if (!jobs)
		return;
	pthread_mutex_lock(&jobs->lock);
	jobs->is_stopping = true;
	pthread_cond_broadcast(&jobs->wake);
	pthread_mutex_unlock(&jobs->lock);
	for (unsigned i = 0; i < jobs->options.threads; i++)
		free_slot(&jobs->slots[i]);
	keeper_stop(jobs->keeper);
	pthread_cond_destroy(&jobs->wake);
	pthread_mutex_destroy(&jobs->lock);
	free(jobs->slots);
	free(jobs->counts);
	free(jobs);
}

void jobs_write_metrics(const struct jobs *jobs, struct buf *out)
{
	static const char *const names[COUNTS][2] = {
		[COUNT_DUE] = {"due", "gauge"},
		[COUNT_RUNNING] = {"running", "gauge"},
		[COUNT_DONE] = {"done_total", "counter"},
		[COUNT_RETRIED] = {"retried_total", "counter"},
		[COUNT_FAILED] = {"failed_total", "counter"},
	};

	for (int i = 0; i < COUNTS; i++) {
		buf_printf(out, "# TYPE cleat_jobs_%s %s\n", names[i][0],
			   names[i][1]);
		for (size_t k = 0; k < jobs->options.kind_count; k++)
			buf_printf(out,
				   "cleat_jobs_%s{kind=\"%s\"} %" PRId64 "\n",
				   names[i][0], jobs->options.kinds[k]->name,
				   jobs->counts[k].of[i]);
	}
}
