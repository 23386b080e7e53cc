/* When jobs are due, who holds them, and how they end. */
#include "core/job.h"

#include "base/random.h"
#include "core/store.h"

enum { LAPSED_AT_ONCE = 64 };
#define BACKOFF_FIRST_US INT64_C(1000000)
#define BACKOFF_MAX_US	 (INT64_C(6) * 3600 * 1000000)

int64_t job_backoff_us(int64_t attempts, uint64_t random)
{
	int64_t most = BACKOFF_FIRST_US;

	for (int64_t i = 1; i < attempts && most < BACKOFF_MAX_US; i++)
		most *= 2;
	if (most > BACKOFF_MAX_US)
		most = BACKOFF_MAX_US;
	return (int64_t)(random % (uint64_t)(most + 1));
}

int64_t job_next_at(const struct op *op, int64_t attempts,
		    int64_t retry_after_us)
{
	int64_t pause = job_backoff_us(attempts, random_u64());

	return op->now + (retry_after_us > pause ? retry_after_us : pause);
}

static const char *lane_of(struct op *op, const struct job_new *new)
{
	char *text;

	if (new->lane)
		return new->lane;
	text = arena_alloc(&op->arena, UUID_TEXT);
	uuid_format(new->subject_id, text);
	return text;
}

enum error job_add(struct op *op, const struct job_new *new,
		   struct uuid *ret_id)
{
	const struct job job = {
		.project_id = op->project_id,
		.id = uuid_make(op->now),
		.kind = new->kind,
		.lane = lane_of(op, new),
		.subject_id = new->subject_id,
		.due_at = new->due_at ? new->due_at : op->now,
		.payload = new->payload ? new->payload : "{}",
		.created_at = op->now,
	};

	TRY(store_job_add(op, &job));
	TRY(store_job_lane_bring(op, job.kind, job.lane, job.due_at));
	op->has_jobs = true;
	if (ret_id)
		*ret_id = job.id;
	return OK;
}

enum error job_replace(struct op *op, const struct job_new *new)
{
	TRY(store_job_drop_waiting(op, new->kind, lane_of(op, new)));
	return job_add(op, new, NULL);
}

enum error job_bring(struct op *op, const char *kind, const char *lane,
		     struct uuid subject_id)
{
	TRY(store_job_bring(op, kind, lane, subject_id));
	op->has_jobs = true;
	return store_job_lane_bring(op, kind, lane, op->now);
}

enum error job_bring_all(struct op *op, const char *kind, const char *lane)
{
	TRY(store_job_bring_all(op, kind, lane));
	op->has_jobs = true;
	return store_job_lane_bring(op, kind, lane, op->now);
}

/* Behind the lanes that are due by now, or when its next job is. */
static enum error set_lane(struct op *op, const char *kind,
			   const struct job_lane *lane)
{
	struct job next;
	enum error error = store_job_first(op, kind, lane->lane, &next);

	if (error == ERR_NOT_FOUND)
		return store_job_lane_remove(op, kind, lane->lane);
	TRY(error);
	return store_job_lane_set(op, kind, lane->lane,
				  next.due_at > op->now ? next.due_at
							: op->now);
}

enum error job_claim(struct op *op, const char *kind,
		     const struct job_lane *lane, int64_t lease_us,
		     struct job *ret)
{
	struct job job;

	op->project_id = lane->project_id;
	enum error error = store_job_first(op, kind, lane->lane, &job);
	if (error == OK && job.due_at <= op->now) {
		TRY(store_job_claim(op, &job, op->now + lease_us));
		job.fence++;
		TRY(set_lane(op, kind, lane));
		*ret = job;
		return OK;
	}
	if (error == OK || error == ERR_NOT_FOUND)
		TRY(set_lane(op, kind, lane));
	return error == OK ? ERR_NOT_FOUND : error;
}

enum error job_renew(struct op *op, const struct job *job, int64_t lease_us)
{
	return store_job_renew(op, job, op->now + lease_us);
}

enum error job_hold(struct op *op, const struct job *job)
{
	return store_job_held(op, job);
}

enum error job_finish(struct op *op, const struct job *job,
		      const struct job_end *end)
{
	int64_t due_at = end->due_at;

	if (end->what == JOB_DONE || end->what == JOB_FAILED)
		TRY(store_job_done(op, job));
	else if (end->what == JOB_AGAIN)
		TRY(store_job_again(op, job, job->attempts + 1, due_at));
	else
		TRY(store_job_again(op, job, job->attempts, job->due_at));
	const struct job_lane lane = {.lane = job->lane};
	if (end->what == JOB_AGAIN || end->what == JOB_GIVEN_UP)
		TRY(store_job_lane_bring(op, job->kind, job->lane, op->now));
	if (end->rest_until > op->now)
		return store_job_lane_rest(op, job->kind, job->lane,
					   end->rest_until);
	return set_lane(op, job->kind, &lane);
}

static enum error give_back(struct op *op, const struct job *job)
{
	op->project_id = job->project_id;
	TRY(store_job_again(op, job, job->attempts, job->due_at));
	return store_job_lane_bring(op, job->kind, job->lane, job->due_at);
}

enum error job_return_lapsed(struct op *op, int64_t lapsed_at,
			     size_t *ret_count)
{
	struct uuid own = op->project_id;
	enum error error = OK;
	struct job *jobs;

	TRY(store_job_lapsed(op, lapsed_at, LAPSED_AT_ONCE, &jobs, ret_count));
	for (size_t i = 0; i < *ret_count && error == OK; i++) {
		error = give_back(op, &jobs[i]);
		if (error == ERR_ELSEWHERE) /* it does so, or we do later */
			error = OK;
	}
	op->project_id = own;
	return error;
}

enum error job_next_due(struct op *op, const char *kind, int64_t *ret_at)
{
	return store_job_lane_next(op, kind, ret_at);
}
