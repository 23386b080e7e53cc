/* Finding deliveries, sending them anew, ending and removing them. */
#include "core/delivery.h"

#include <stdio.h>
#include <string.h>

#include "core/job.h"
#include "core/listening.h"
#include "core/store.h"

enum { LOOKED_AT = 1000 }; /* deliveries, for one page of a list */

bool delivery_state_is_known(const char *text)
{
	return strcmp(text, DELIVERY_WAITING) == 0 ||
	       strcmp(text, DELIVERY_DELIVERED) == 0 ||
	       strcmp(text, DELIVERY_FAILED) == 0 ||
	       strcmp(text, DELIVERY_ENDED) == 0;
}

enum error delivery_get(struct op *op, struct uuid id, struct delivery *ret)
{
	char text[UUID_TEXT];

	enum error error = store_delivery_get(op, id, ret);
	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		op_explain(op, "there is no delivery %s", text);
	}
	return error;
}

enum error delivery_attempts(struct op *op, struct uuid id,
			     struct delivery_attempt_list *ret)
{
	return store_delivery_attempt_list(op, id, DELIVERY_ATTEMPTS_SHOWN,
					   ret);
}

static bool passes(const struct delivery_filter *filter,
		   const struct delivery *delivery)
{
	if (filter->state && strcmp(filter->state, delivery->state) != 0)
		return false;
	return !filter->event_type ||
	       strcmp(filter->event_type, delivery->event_type) == 0;
}

enum error delivery_list(struct op *op, const struct delivery_filter *filter,
			 struct delivery_list *ret, struct uuid *ret_after)
{
	struct delivery_list seen;
	size_t kept = 0, i = 0;

	TRY(store_delivery_list(op, filter, LOOKED_AT, &seen));
	for (; i < seen.count && kept < (size_t)filter->limit; i++)
		if (passes(filter, &seen.items[i]))
			seen.items[kept++] = seen.items[i];
	bool is_end = i == seen.count && seen.count < LOOKED_AT;
	*ret_after = (struct uuid){{0}};
	if (!is_end && i)
		*ret_after = seen.items[i - 1].id;
	*ret = (struct delivery_list){seen.items, kept};
	return OK;
}

enum error delivery_counts_of_deletion(struct op *op, struct uuid deletion_id,
				       struct delivery_counts_list *ret)
{
	return store_delivery_counts_of_deletion(op, deletion_id, ret);
}

const char *delivery_lane(struct op *op, struct uuid destination_id)
{
	char *text = arena_alloc(&op->arena, UUID_TEXT);

	uuid_format(destination_id, text);
	return text;
}

static enum error refuse_if_disabled(struct op *op,
				     const struct destination *destination)
{
	if (!destination->is_disabled)
		return OK;
	op_advise(op, "Enable the destination first.");
	return op_fail(op, ERR_IN_USE, "destination %s is disabled",
		       destination->name);
}

static enum error refuse_if_gone(struct op *op, struct uuid destination_id)
{
	struct destination destination;
	struct integration listener;

	enum error error =
		store_destination_get(op, destination_id, &destination);
	if (error == OK)
		return refuse_if_disabled(op, &destination);
	if (error == ERR_NOT_FOUND)
		error = store_integration_get(op, INTEGRATION_THIRD_PARTY,
					      destination_id, &listener);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, ERR_IN_USE, "its destination is deleted");
	return error;
}

static enum error send_anew(struct op *op, struct delivery *delivery)
{
	const struct job_new job = {
		.kind = DELIVERY_JOB,
		.lane = delivery_lane(op, delivery->destination_id),
		.subject_id = delivery->id,
	};

	delivery->next_at = op->now;
	if (strcmp(delivery->state, DELIVERY_WAITING) == 0) {
		TRY(job_bring(op, job.kind, job.lane, delivery->id));
	} else {
		delivery->state = DELIVERY_WAITING;
		delivery->ended_at = 0;
		TRY(job_add(op, &job, &delivery->job_id));
	}
	return store_delivery_change(op, delivery);
}

enum error delivery_replay(struct op *op, struct uuid id, struct delivery *ret)
{
	struct delivery delivery;
	char text[UUID_TEXT];
	const struct event_fact facts[] = {{"destinationId", text, false}};

	TRY(delivery_get(op, id, &delivery));
	TRY(refuse_if_gone(op, delivery.destination_id));
	TRY(send_anew(op, &delivery));
	uuid_format(delivery.destination_id, text);
	TRY(event_record(op, "delivery.replayed", "delivery", id, facts, 1,
			 NULL));
	*ret = delivery;
	return OK;
}

enum error delivery_replay_all(struct op *op,
			       const struct delivery_filter *filter,
			       struct delivery_list *ret,
			       struct uuid *ret_after)
{
	struct destination destination;
	char text[24];
	const struct event_fact facts[] = {{"deliveries", text, true}};

	TRY(destination_get(op, filter->destination_id, &destination));
	TRY(refuse_if_disabled(op, &destination));
	TRY(delivery_list(op, filter, ret, ret_after));
	for (size_t i = 0; i < ret->count; i++)
		TRY(send_anew(op, &ret->items[i]));
	(void)snprintf(text, sizeof(text), "%zu", ret->count);
	return event_record(op, "destination.replayed", "destination",
			    destination.id, facts, 1, NULL);
}

enum error delivery_end_activity(struct op *op, int64_t number, const char *why)
{
	return listening_end(op, number, false,
			     arena_printf(&op->arena, "Ended: %s\n", why));
}

/* Of those that wait; what goes to a destination has none. */
static enum error end_activities(struct op *op, const char *lane,
				 const char *why)
{
	int64_t *numbers;
	size_t count;

	TRY(store_delivery_waiting_activities(op, DELIVERY_JOB, lane, &numbers,
					      &count));
	for (size_t i = 0; i < count; i++)
		TRY(delivery_end_activity(op, numbers[i], why));
	return OK;
}

enum error delivery_end_waiting(struct op *op, struct uuid destination_id,
				const char *why)
{
	const char *lane = delivery_lane(op, destination_id);

	TRY(end_activities(op, lane, why));
	TRY(store_delivery_end_waiting(op, DELIVERY_JOB, lane, why));
	return store_job_drop_waiting(op, DELIVERY_JOB, lane);
}

/* Those that wait have no part in it: they are looked at in an hour. */
static int64_t come_again_at(const struct op *op, int64_t oldest)
{
	int64_t hour = INT64_C(3600) * 1000000;
	int64_t at = oldest + DELIVERY_RETENTION_US;

	return at > op->now + hour ? at : op->now + hour;
}

enum error delivery_sweep(struct op *op, int64_t *ret_next_at)
{
	int64_t swept, oldest;

	TRY(store_delivery_sweep(op, op->now - DELIVERY_RETENTION_US,
				 DELIVERY_SWEEP_MAX, &swept));
	TRY(store_job_drop_waiting(op, DELIVERY_SWEEP_JOB, DELIVERY_SWEEP_JOB));
	*ret_next_at = 0;
	enum error error = store_delivery_oldest(op, &oldest);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	*ret_next_at = swept == DELIVERY_SWEEP_MAX ? op->now
						   : come_again_at(op, oldest);
	return OK;
}
