/* Purging on time, batch by batch. */
#include "core/restore.h"
#include "jobs/kinds.h"

#define HELD_PAUSE_US (INT64_C(3600) * 1000000)

/* What is held is looked at again, until the hold is lifted. */
static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	bool is_done = false;

	(void)state;
	enum error error = purge_go_on(op, job->subject_id, &is_done);
	if (error != OK && error != ERR_HELD)
		return error;
	if (!is_done)
		*ret = (struct job_end){
			.what = JOB_AGAIN,
			.due_at = error == OK ? job->due_at
					      : op->now + HELD_PAUSE_US,
		};
	return OK;
}

const struct job_kind purge_job = {
	.name = JOB_PURGE,
	.end = end,
	.running_max = 1,
};
