/* Activities, found: changes among the events, the others among themselves. */
#include <string.h>

#include "core/activity.h"
#include "core/store.h"

struct activity activity_of_type(const char *type)
{
	return (struct activity){
		.type = type,
		.environments = "[]",
		.state = ACTIVITY_COMPLETE,
		.result = ACTIVITY_SUCCESS,
		.percent = 100,
	};
}

static struct activity of_change(const struct event *event)
{
	struct activity activity = activity_of_type(event->type);

	activity.number = event->number;
	activity.event = *event;
	activity.created_at = activity.updated_at = event->created_at;
	activity.started_at = activity.completed_at = event->created_at;
	if (strcmp(event->subject_kind, "integration") == 0)
		activity.integration_id = event->subject_id;
	return activity;
}

static enum error explain_missing(struct op *op, enum error error)
{
	if (error == ERR_NOT_FOUND)
		op_explain(op, "there is no such activity");
	return error;
}

enum error activity_of_event(struct op *op, const struct event *event,
			     struct activity *ret)
{
	if (strcmp(event->subject_kind, ACTIVITY_SUBJECT) == 0)
		return explain_missing(
			op, store_activity_find(op, event->subject_id, ret));
	if (!event_is_change(event))
		return explain_missing(op, ERR_NOT_FOUND);
	*ret = of_change(event);
	return OK;
}

enum error activity_get(struct op *op, int64_t number, struct activity *ret)
{
	enum error error = store_activity_get(op, number, ret);
	struct event event;

	if (error != ERR_NOT_FOUND)
		return error;
	TRY(explain_missing(op, event_get(op, number, &event)));
	if (!event_is_change(&event))
		return explain_missing(op, ERR_NOT_FOUND);
	*ret = of_change(&event);
	return OK;
}

/* Is it among these, each between commas? */
static bool is_wanted(struct op *op, const char *names, const char *name)
{
	return !names ||
	       strstr(names, arena_printf(&op->arena, ",%s,", name)) != NULL;
}

/* Changes are all over, and well. */
static enum error find_changes(struct op *op,
			       const struct activity_filter *filter,
			       struct event_list *ret)
{
	const struct event_filter changes = {
		.integration_id = filter->integration_id,
		.type = filter->type,
		.before = filter->before,
		.changes_only = true,
		.limit = filter->limit,
	};

	*ret = (struct event_list){NULL, 0};
	if (!is_wanted(op, filter->states, ACTIVITY_COMPLETE) ||
	    !is_wanted(op, filter->results, ACTIVITY_SUCCESS))
		return OK;
	return event_list(op, &changes, ret);
}

enum error activity_list(struct op *op, const struct activity_filter *filter,
			 struct activity_list *ret)
{
	struct activity_list told, all = {NULL, 0};
	struct event_list changes;
	size_t a = 0, b = 0;

	TRY(find_changes(op, filter, &changes));
	TRY(store_activity_list(op, filter, &told));
	all.items = arena_alloc(&op->arena, (changes.count + told.count + 1) *
						    sizeof(*all.items));
	while ((a < changes.count || b < told.count) &&
	       (int64_t)all.count < filter->limit) {
		bool is_change =
			b == told.count ||
			(a < changes.count &&
			 changes.items[a].number > told.items[b].number);

		all.items[all.count++] =
			is_change ? of_change(&changes.items[a++])
				  : told.items[b++];
	}
	*ret = all;
	return OK;
}

enum error activity_log(struct op *op, const struct activity *activity,
			struct activity_part_list *ret)
{
	*ret = (struct activity_part_list){NULL, 0};
	return activity_is_change(activity)
		       ? OK
		       : store_activity_log_list(op, activity->number, ret);
}
