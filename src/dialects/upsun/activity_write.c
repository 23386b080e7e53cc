/*
 * Events as activities. An event is over when it is recorded, and what
 * failed left none: so each is complete and a success.
 */
#include <string.h>

#include "base/json_read.h"
#include "dialects/upsun/upsun.h"

struct activity_kind {
	const char *event_type;
	const char *activity_type;
	const char *text;
};

/* Other types are the same on both sides. */
static const struct activity_kind kinds[] = {
	{"integration.created", "integration.add", "Added an integration"},
	{"integration.updated", "integration.update", "Changed an integration"},
	{"integration.deleted", "integration.delete", "Deleted an integration"},
	{"integration.restored", "integration.restore",
	 "Restored an integration"},
	{"connection.created", "connection.created", "Made a connection"},
	{"connection.updated", "connection.updated", "Changed a connection"},
	{"connection.deleted", "connection.deleted", "Deleted a connection"},
	{"installation.created", "installation.created", "Installed"},
	{"installation.updated", "installation.updated",
	 "Changed an installation"},
	{"installation.deleted", "installation.deleted", "Uninstalled"},
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

const char *upsun_event_type(const char *activity_type)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].activity_type, activity_type) == 0)
			return kinds[i].event_type;
	return activity_type;
}

static const struct activity_kind *kind_of(const struct event *event)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].event_type, event->type) == 0)
			return &kinds[i];
	return NULL;
}

/* A fact of the event; NULL when it has none of this name. */
static const char *fact(struct op *op, const struct event *event,
			const char *name)
{
	const char *why;
	json_t *facts;

	if (json_read(&op->arena, event->payload, strlen(event->payload),
		      &facts, &why) != OK)
		return NULL;
	return json_string_value(json_object_get(facts, name));
}

const char *upsun_activity_text(struct op *op, const struct event *event)
{
	const struct activity_kind *kind = kind_of(event);
	const char *of = fact(op, event, "kind");

	if (!kind)
		return event->type;
	return of ? arena_printf(&op->arena, "%s: %s", kind->text, of)
		  : kind->text;
}

/* The id of the third-party integration it is about; NULL: of none. */
static const char *integration_of(struct op *op, const struct event *event)
{
	const char *family;

	if (strcmp(event->subject_kind, "integration") != 0)
		return NULL;
	family = fact(op, event, "family");
	if (!family || strcmp(family, integration_family_name(
					      INTEGRATION_THIRD_PARTY)) != 0)
		return NULL;
	return fact(op, event, "handle");
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

static void write_course(struct json_writer *w, const struct event *event)
{
	json_put_string(w, "state", "complete");
	json_put_string(w, "result", "success");
	json_put_null(w, "failure_reason");
	json_put_time(w, "started_at", event->created_at);
	json_put_time(w, "completed_at", event->created_at);
	json_put_integer(w, "completion_percent", 100);
	json_put_null(w, "cancelled_at");
	json_begin_object(w, "timings");
	json_end_object(w);
	json_put_null(w, "expires_at");
	json_begin_array(w, "commands");
	json_end_array(w);
}

static void write_links(struct request *request, struct json_writer *w,
			const struct project *project, const char *id)
{
	struct op *op = &request->op;
	const char *path = arena_printf(&op->arena, "%s/activities/%s",
					upsun_project_path(op, project), id);

	upsun_begin_links(request, w, path);
	upsun_link(w, "log", arena_printf(&op->arena, "%s/log", path));
	json_end_object(w);
}

enum error upsun_write_activity(struct request *request, struct json_writer *w,
				const struct project *project,
				const struct event *event)
{
	struct op *op = &request->op;
	const struct activity_kind *kind = kind_of(event);
	const char *text = upsun_activity_text(op, event);
	char id[ID13_TEXT];

	id13_format((uint64_t)event->number, id);
	json_begin_object(w, NULL);
	json_put_string(w, "id", id);
	json_put_time(w, "created_at", event->created_at);
	json_put_time(w, "updated_at", event->created_at);
	json_put_string(w, "type", kind ? kind->activity_type : event->type);
	json_put_raw(w, "parameters", event->payload);
	json_put_string(w, "project", project->short_id);
	json_put_optional(w, "integration", integration_of(op, event));
	json_begin_array(w, "environments");
	json_end_array(w);
	write_course(w, event);
	json_put_string(w, "log", text);
	write_payload(w, event);
	json_put_string(w, "description", text);
	json_put_string(w, "text", text);
	write_links(request, w, project, id);
	json_end_object(w);
	return OK;
}
