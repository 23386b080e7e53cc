/* Erasing of events' origins what is of people, when it is old. */
#include "core/event_origin.h"
#include "jobs/kinds.h"

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	int64_t next_at;

	(void)job;
	(void)state;
	TRY(event_origin_erase(op, &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind event_origin_job = {
	.name = EVENT_ORIGIN_JOB,
	.end = end,
};
