/* Carrying out large deletions. */
#include "core/batch.h"
#include "jobs/kinds.h"

/* Due as it was: deletions that were begun later come after it. */
static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	bool is_done;

	(void)state;
	TRY(batch_go_on(op, job->subject_id, &is_done));
	if (!is_done)
		*ret = (struct job_end){
			.what = JOB_AGAIN,
			.due_at = job->due_at,
		};
	return OK;
}

/* One at a time, so that never two batches are in one transaction. */
const struct job_kind delete_job = {
	.name = JOB_DELETE,
	.end = end,
	.running_max = 1,
};
