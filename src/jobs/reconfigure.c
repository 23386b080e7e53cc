/* Changing many configurations, batch by batch. */
#include "core/reconfigure.h"
#include "jobs/kinds.h"

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	(void)state;
	(void)ret; /* done: the next batch is a job of its own */
	return reconfigure_go_on(op, job->subject_id, job->payload);
}

const struct job_kind reconfigure_job = {
	.name = JOB_RECONFIGURE,
	.end = end,
	.running_max = 1,
};
