/* Sealing a project's values anew under its new key, a batch at a time. */
#include "core/key_rotation.h"
#include "jobs/kinds.h"

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	bool is_settled;

	(void)job;
	(void)state;
	TRY(key_rotation_go_on(op, &is_settled));
	if (!is_settled)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = op->now};
	return OK;
}

const struct job_kind reseal_job = {
	.name = KEY_ROTATION_JOB,
	.end = end,
};
