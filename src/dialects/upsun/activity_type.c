/* What activities are called, and what people read of them. */
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

static const struct activity_kind *kind_of(const char *event_type)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].event_type, event_type) == 0)
			return &kinds[i];
	return NULL;
}

const char *upsun_activity_type(const char *event_type)
{
	const struct activity_kind *kind = kind_of(event_type);

	return kind ? kind->activity_type : event_type;
}

static const json_t *member(struct op *op, const char *object, const char *name)
{
	const char *why;
	json_t *found;

	if (json_read(&op->arena, object, strlen(object), &found, &why) != OK)
		return NULL;
	return json_object_get(found, name);
}

const char *upsun_event_fact(struct op *op, const struct event *event,
			     const char *name)
{
	return json_string_value(member(op, event->payload, name));
}

/* What was said of it: its description, its text, else its type. */
static const char *text_told(struct op *op, const struct activity *activity)
{
	static const char *const names[] = {"description", "text"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *text = json_string_value(
			member(op, activity->document, names[i]));

		if (text && *text)
			return text;
	}
	return activity->type;
}

const char *upsun_activity_text(struct op *op, const struct activity *activity)
{
	const struct activity_kind *kind;
	const char *of;

	if (!activity_is_change(activity))
		return text_told(op, activity);
	kind = kind_of(activity->type);
	of = upsun_event_fact(op, &activity->event, "kind");
	if (!kind)
		return activity->type;
	return of ? arena_printf(&op->arena, "%s: %s", kind->text, of)
		  : kind->text;
}
