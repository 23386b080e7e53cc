/* Removing operations: those that are too old, and those of what is gone. */
#include "core/operation.h"
#include "jobs/kinds.h"

static enum error end_sweep(struct op *op, const struct job *job, void *state,
			    struct job_end *ret)
{
	int64_t next_at;

	(void)job;
	(void)state;
	TRY(operation_sweep(op, &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind operation_sweep_job = {
	.name = OPERATION_SWEEP_JOB,
	.end = end_sweep,
};

static enum error end_forget(struct op *op, const struct job *job, void *state,
			     struct job_end *ret)
{
	bool is_done;

	(void)state;
	TRY(operation_forget_some(op, job->subject_id, &is_done));
	if (!is_done)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = op->now};
	return OK;
}

const struct job_kind operation_forget_job = {
	.name = OPERATION_FORGET_JOB,
	.end = end_forget,
};
