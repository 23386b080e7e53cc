/* Removing the answers that nobody may ask for any more. */
#include "core/idempotency.h"
#include "jobs/kinds.h"

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	int64_t next_at;

	(void)job;
	(void)state;
	TRY(idempotency_sweep(op, &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind idempotency_job = {
	.name = IDEMPOTENCY_JOB,
	.end = end,
};
