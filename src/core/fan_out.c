/* From an event to the destinations that its type leads to. */
#include <string.h>

#include "core/delivery.h"
#include "core/job.h"
#include "core/listening.h"
#include "core/message.h"
#include "core/store.h"

/* No request waits that long for the writer. */
#define WAITED_MAX_US INT64_C(60000000)

/* Most projects tell nobody: that is asked once in an operation. */
static enum error is_anybody_told(struct op *op, bool *ret)
{
	*ret = false;
	if (uuid_equal(op->unrouted_project_id, op->project_id))
		return OK;
	TRY(store_event_routes_exist(op, ret));
	if (!*ret)
		TRY(store_listeners_exist(op, ret));
	if (!*ret)
		op->unrouted_project_id = op->project_id;
	return OK;
}

/*
 * When it was made and not op->now, which a request brings along from before
 * it waited: so first tries are in the order of events. What is far ahead is
 * of before the clock was set back.
 */
static int64_t due_at(const struct op *op, const struct delivery *new)
{
	return new->created_at > op->now + WAITED_MAX_US ? op->now
							 : new->created_at;
}

/* One sweep waits in each project that has deliveries. */
static enum error plan_sweep(struct op *op)
{
	const struct job_new sweep = {
		.kind = DELIVERY_SWEEP_JOB,
		.lane = DELIVERY_SWEEP_JOB,
		.subject_id = op->project_id,
		.due_at = op->now + DELIVERY_RETENTION_US,
	};
	struct job waiting;
	enum error error =
		store_job_first(op, sweep.kind, sweep.lane, &waiting);

	return error == ERR_NOT_FOUND ? job_add(op, &sweep, NULL) : error;
}

/* `to` says where it goes. */
static enum error add(struct op *op, const struct event *event,
		      const struct delivery *to, const char *body)
{
	struct delivery new = *to;

	new.id = uuid_make(op->now);
	new.event_number = event->number;
	new.event_type = event->type;
	new.created_at = uuid_time_us(new.id);
	const struct job_new job = {
		.kind = DELIVERY_JOB,
		.lane = delivery_lane(op, new.destination_id),
		.subject_id = new.id,
		.due_at = due_at(op, &new),
	};
	TRY(job_add(op, &job, &new.job_id));
	return store_delivery_add(op, &new, body);
}

enum error delivery_add_to_listener(struct op *op, const struct event *event,
				    const struct integration *to,
				    const char *what, const char *body)
{
	struct delivery new = {.destination_id = to->id,
			       .deletion_id = op->deletion_id};

	TRY(listening_begin(op, to, what, &new.activity_number));
	return add(op, event, &new, body);
}

static enum error tell_destinations(struct op *op, const struct event *event,
				    bool *ret_is_told)
{
	struct destination_list to;
	const char *body;

	TRY(store_event_destinations(op, event->type, &to));
	if (!to.count)
		return OK;
	TRY(message_write(op, event, &body));
	for (size_t i = 0; i < to.count; i++)
		TRY(add(op, event,
			&(struct delivery){.destination_id = to.items[i].id,
					   .deletion_id = op->deletion_id},
			body));
	*ret_is_told = true;
	return OK;
}

enum error delivery_fan_out(struct op *op, const struct event *event)
{
	bool is_any, is_told = false;

	TRY(is_anybody_told(op, &is_any));
	if (!is_any)
		return OK;
	TRY(tell_destinations(op, event, &is_told));
	TRY(listening_tell(op, event, &is_told));
	return is_told ? plan_sweep(op) : OK;
}

static void add_target(struct destination_list *list,
		       const struct destination *target)
{
	size_t at = 0;

	while (at < list->count && memcmp(list->items[at].id.bytes,
					  target->id.bytes, UUID_BYTES) < 0)
		at++;
	if (at < list->count && uuid_equal(list->items[at].id, target->id))
		return;
	memmove(&list->items[at + 1], &list->items[at],
		(list->count - at) * sizeof(*list->items));
	list->items[at] = *target;
	list->count++;
}

static void make_room(struct op *op, struct destination_list *list, size_t more)
{
	struct destination *items = arena_alloc(
		&op->arena, (list->count + more + 1) * sizeof(*items));

	if (list->count)
		memcpy(items, list->items, list->count * sizeof(*items));
	list->items = items;
}

static void join(struct op *op, struct destination_list *list,
		 const struct destination_list *more)
{
	make_room(op, list, more->count);
	for (size_t i = 0; i < more->count; i++)
		if (destination_is_supported(more->items[i].kind))
			add_target(list, &more->items[i]);
}

static void join_listeners(struct op *op, struct destination_list *list,
			   const struct integration_list *more)
{
	make_room(op, list, more->count);
	for (size_t i = 0; i < more->count; i++)
		add_target(list, &(struct destination){
					 .id = more->items[i].id,
					 .name = more->items[i].handle,
				 });
}

enum error delivery_targets(struct op *op, const char *const *types,
			    size_t count, struct destination_list *ret)
{
	struct destination_list all = {NULL, 0}, of_type;
	struct integration_list listeners;
	bool is_told;

	*ret = all;
	TRY(is_anybody_told(op, &is_told));
	if (!is_told)
		return OK;
	for (size_t i = 0; i < count; i++) {
		TRY(store_event_destinations(op, types[i], &of_type));
		join(op, &all, &of_type);
	}
	TRY(listening_targets(op, types, count, &listeners));
	join_listeners(op, &all, &listeners);
	*ret = all;
	return OK;
}
