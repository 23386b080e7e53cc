/* Activities as answers show them: changes, and those that were told of. */
#include <string.h>

#include "core/event_type.h"
#include "dialects/upsun/upsun.h"

/* The id of the third-party integration it is about; NULL: of none. */
static const char *integration_of(struct op *op,
				  const struct activity *activity)
{
	const struct event *event = &activity->event;
	const char *family;

	if (!activity_is_change(activity))
		return activity->integration;
	if (strcmp(event->subject_kind, "integration") != 0)
		return NULL;
	family = upsun_event_fact(op, event, "family");
	if (!family || strcmp(family, integration_family_name(
					      INTEGRATION_THIRD_PARTY)) != 0)
		return NULL;
	return upsun_event_fact(op, event, "handle");
}

static void write_payload(struct json_writer *w, const struct event *event)
{
	json_begin_object(w, "payload");
	json_put_string(w, "actor", event->actor);
	json_put_string(w, "subject_kind", event->subject_kind);
	json_put_uuid(w, "subject_id", event->subject_id);
	json_put_raw(w, "facts", event->payload);
	json_end_object(w);
}

/* What a client says of one that it tells of. */
static void write_document_of_change(struct op *op, struct json_writer *w,
				     const struct activity *activity)
{
	const char *text = upsun_activity_text(op, activity);

	json_put_raw(w, "parameters", activity->event.payload);
	json_begin_object(w, "timings");
	json_end_object(w);
	write_payload(w, &activity->event);
	json_put_string(w, "description", text);
	json_put_string(w, "text", text);
	json_put_null(w, "expires_at");
	json_begin_array(w, "commands");
	json_end_array(w);
	json_put_string(w, "log", text);
}

static enum error write_document(struct op *op, struct json_writer *w,
				 const struct activity *activity)
{
	if (activity_is_change(activity)) {
		write_document_of_change(op, w, activity);
		return OK;
	}
	json_put_string(w, "log",
			""); /* it may be long: the link leads to it */
	return fields_write(op, w, &upsun_activity_document, activity->document,
			    NULL);
}

static void put_time(struct json_writer *w, const char *name, int64_t time)
{
	if (time)
		json_put_time(w, name, time);
	else
		json_put_null(w, name);
}

static void write_course(struct json_writer *w, const struct activity *activity)
{
	json_put_string(w, "state", activity->state);
	json_put_string(w, "result", activity->result);
	json_put_string(w, "failure_reason", activity->failure_reason);
	put_time(w, "started_at", activity->started_at);
	put_time(w, "completed_at", activity->completed_at);
	json_put_integer(w, "completion_percent", activity->percent);
	put_time(w, "cancelled_at", activity->cancelled_at);
}

static void write_links(struct op *op, struct json_writer *w,
			const struct upsun_reader *reader,
			const struct activity *activity, const char *id)
{
	const char *path =
		arena_printf(&op->arena, "%s/activities/%s",
			     upsun_project_path(op, reader->project), id);

	upsun_begin_links_at(op, w, reader->origin, path, "Activity");
	upsun_link(w, "log", arena_printf(&op->arena, "%s/log", path));
	if (reader->is_admin && !activity_is_over(activity)) {
		if (!event_type_is_own(activity->type))
			upsun_action_link(w, "#edit", path,
					  "update-projects-activities");
		upsun_action_link(w, "#cancel",
				  arena_printf(&op->arena, "%s/cancel", path),
				  "action-projects-activities-cancel");
	}
	json_end_object(w);
}

enum error upsun_write_activity(struct op *op, struct json_writer *w,
				const struct upsun_reader *reader,
				const char *key,
				const struct activity *activity)
{
	char id[ID13_TEXT];

	id13_format((uint64_t)activity->number, id);
	json_begin_object(w, key);
	json_put_string(w, "id", id);
	json_put_time(w, "created_at", activity->created_at);
	json_put_time(w, "updated_at", activity->updated_at);
	json_put_string(w, "type", upsun_activity_type(activity->type));
	json_put_string(w, "project", reader->project->short_id);
	json_put_optional(w, "integration", integration_of(op, activity));
	json_put_raw(w, "environments", activity->environments);
	write_course(w, activity);
	TRY(write_document(op, w, activity));
	write_links(op, w, reader, activity, id);
	json_end_object(w);
	return OK;
}
