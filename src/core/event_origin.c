/* Keeping where events were asked for, and erasing it. */
#include "core/event_origin.h"

#include "core/event.h"
#include "core/job.h"
#include "core/store.h"

/* One waits in each project that has any. */
static enum error plan_erasing(struct op *op)
{
	const struct job_new erasing = {
		.kind = EVENT_ORIGIN_JOB,
		.lane = EVENT_ORIGIN_JOB,
		.subject_id = op->project_id,
		.due_at = op->now + EVENT_ORIGIN_LIFE_US + 1000,
	};
	struct job waiting;
	enum error error =
		store_job_first(op, erasing.kind, erasing.lane, &waiting);

	return error == ERR_NOT_FOUND ? job_add(op, &erasing, NULL) : error;
}

enum error event_origin_keep(struct op *op, int64_t event_number)
{
	const struct event_origin *origin = op->origin;

	if (!origin)
		return OK;
	TRY(store_event_origin_add(op, event_number, origin));
	return origin->address || origin->agent ? plan_erasing(op) : OK;
}

enum error event_origin_erase(struct op *op, int64_t *ret_next_at)
{
	int64_t oldest;

	TRY(store_event_origin_erase(
		op, event_first_number_at(op->now - EVENT_ORIGIN_LIFE_US)));
	TRY(store_job_drop_waiting(op, EVENT_ORIGIN_JOB, EVENT_ORIGIN_JOB));
	*ret_next_at = 0;
	enum error error = store_event_origin_oldest(op, &oldest);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	*ret_next_at = event_number_time(oldest) + EVENT_ORIGIN_LIFE_US + 1000;
	return OK;
}
