/* Keeping claims, where another process takes over those that lapse. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/log.h"
#include "base/memory.h"
#include "jobs/turn.h"

/* Missed twice, a claim still holds. */
#define RENEW_US (JOB_SHARED_LEASE_US / 4)

struct keeper {
	struct op op; /* first: the writer gives it back */
	struct jobs *jobs;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool is_stopping; /* guarded by lock */
	bool is_out;	  /* the op is the writer's; guarded by lock */
};

int64_t jobs_lease_us(const struct jobs *jobs)
{
	return jobs->options.is_alone ? JOB_LEASE_US : JOB_SHARED_LEASE_US;
}

/* On the writer. One that has lapsed, or whose project is busy, is left. */
static enum error renew_all(struct op *op)
{
	const struct jobs *jobs = ((struct keeper *)op)->jobs;

	op->now = jobs->options.now();
	for (unsigned i = 0; i < jobs->options.threads; i++) {
		const struct slot *slot = &jobs->slots[i];

		if (!slot->holds)
			continue;
		op->project_id = slot->held_project;
		enum error error =
			job_renew(op, &slot->held_job, jobs_lease_us(jobs));
		if (error != OK && error != ERR_NOT_FOUND &&
		    error != ERR_ELSEWHERE)
			return error;
	}
	return OK;
}

static void renewed(struct op *op, enum error error)
{
	struct keeper *keeper = (struct keeper *)op;

	if (error != OK && error != ERR_BUSY)
		log_error("claims are not renewed", "error", error_name(error),
			  NULL);
	pthread_mutex_lock(&keeper->lock);
	keeper->is_out = false;
	pthread_cond_signal(&keeper->wake);
	pthread_mutex_unlock(&keeper->lock);
}

/* With the lock held. */
static void give(struct keeper *keeper)
{
	const struct jobs_options *options = &keeper->jobs->options;

	op_reset(&keeper->op, options->now());
	keeper->is_out = options->give(options->give_context, &keeper->op,
				       renew_all, renewed);
}

static void *keep(void *context)
{
	struct keeper *keeper = context;

	pthread_mutex_lock(&keeper->lock);
	while (!keeper->is_stopping || keeper->is_out) {
		int64_t until = clock_monotonic() + RENEW_US;

		if (!condition_wait(&keeper->wake, &keeper->lock, until) &&
		    !keeper->is_out && !keeper->is_stopping)
			give(keeper);
	}
	pthread_mutex_unlock(&keeper->lock);
	return NULL;
}

struct keeper *keeper_start(struct jobs *jobs)
{
	struct keeper *keeper = memory_zalloc(sizeof(*keeper));

	keeper->jobs = jobs;
	op_init(&keeper->op, jobs->options.keys, 0);
	pthread_mutex_init(&keeper->lock, NULL);
	condition_init(&keeper->wake);
	if (pthread_create(&keeper->thread, NULL, keep, keeper) == 0)
		return keeper;
	log_error("the keeper of claims does not start", NULL);
	op_release(&keeper->op);
	free(keeper);
	return NULL;
}

void keeper_stop(struct keeper *keeper)
{
	if (!keeper)
		return;
	pthread_mutex_lock(&keeper->lock);
	keeper->is_stopping = true;
	pthread_cond_signal(&keeper->wake);
	pthread_mutex_unlock(&keeper->lock);
	pthread_join(keeper->thread, NULL);
	pthread_cond_destroy(&keeper->wake);
	pthread_mutex_destroy(&keeper->lock);
	op_release(&keeper->op);
	free(keeper);
}
