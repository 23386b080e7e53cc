/* Removing uploads that nobody may name any more. */
#include "core/upload.h"
#include "jobs/kinds.h"

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	int64_t next_at;

	(void)job;
	(void)state;
	TRY(upload_sweep(op, &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind upload_sweep_job = {
	.name = UPLOAD_SWEEP_JOB,
	.end = end,
};
