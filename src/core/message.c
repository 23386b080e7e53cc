/* Writing messages. */
#include "core/message.h"

#include <inttypes.h>
#include <string.h>

#include "base/json_member.h"
#include "base/json_write.h"
#include "core/destination.h"
#include "core/store.h"

/* An event's payload with what is around it. */
enum { MESSAGE_MAX = 17 * 1024 * 1024 };

/* These say what a notification of theirs says in Ampersand's API. */
static bool is_notification(const char *type)
{
	static const char *const types[] = {
		"connection.created",	"connection.deleted",
		"connection.error",	"connection.refreshed",
		"connection.updated",	"installation.created",
		"installation.deleted", "installation.updated",
		"read.schedule.paused",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

static enum error find_subject(struct op *op, const struct event *event,
			       struct message_subject *ret)
{
	if (!is_notification(event->type))
		return ERR_NOT_FOUND;
	if (strcmp(event->subject_kind, "installation") == 0)
		return store_message_of_installation(op, event->subject_id,
						     ret);
	return store_message_of_connection(op, event->subject_id, ret);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void put_subject(struct json_writer *w,
			const struct message_subject *subject)
{
	bool is_installation = !uuid_is_nil(subject->installation_id);

	json_put_string(w, "provider", subject->provider);
	if (is_installation) {
		json_put_uuid(w, "integrationId", subject->integration_id);
		json_put_string(w, "integrationName",
				subject->integration_name);
		json_put_uuid(w, "installationId", subject->installation_id);
		json_put_string(w, "groupName", subject->group_name);
		json_put_raw(w, "config", subject->config);
	}
	json_put_uuid(w, "connectionId", subject->connection_id);
	json_put_string(w, "groupRef", subject->group_ref);
	json_put_string(w, "consumerRef", or_empty(subject->consumer_ref));
	json_put_string(w, "consumerName", or_empty(subject->consumer_name));
}

/* What has no form of its own. */
static void put_event(struct op *op, struct json_writer *w,
		      const struct event *event)
{
	json_put_string(w, "eventId",
			arena_printf(&op->arena, "%" PRId64, event->number));
	json_put_time(w, "time", event->created_at);
	json_put_string(w, "actor", event->actor);
	json_begin_object(w, "subject");
	json_put_string(w, "kind", event->subject_kind);
	json_put_uuid(w, "id", event->subject_id);
	json_end_object(w);
	json_put_raw(w, "facts", event->payload);
}

/* Of a change, what was before it. */
static void put_last_config(struct op *op, struct json_writer *w,
			    const struct event *event)
{
	if (strcmp(event->type, "installation.updated") == 0)
		json_put_raw(w, "lastConfig",
			     json_member(&op->arena, event->payload,
					 strlen(event->payload), "lastConfig"));
}

/* Why errors paused it. */
static void put_error(struct op *op, struct json_writer *w,
		      const struct event *event)
{
	if (strcmp(event->type, "read.schedule.paused") == 0)
		json_put_optional(w, "error",
				  json_member_text(&op->arena, event->payload,
						   strlen(event->payload),
						   "error"));
}

static void put_errors(struct op *op, struct json_writer *w, const char *name,
		       const struct event *event)
{
	const char *error = json_member_text(&op->arena, event->payload,
					     strlen(event->payload), "error");

	json_begin_array(w, name);
	if (error)
		json_put_string(w, NULL, error);
	json_end_array(w);
}

static void put_data(struct op *op, struct json_writer *w,
		     const struct event *event,
		     const struct message_subject *subject)
{
	json_begin_object(w, "data");
	json_put_uuid(w, "projectId", op->project_id);
	if (subject) {
		put_subject(w, subject);
		put_last_config(op, w, event);
		put_error(op, w, event);
	} else {
		put_event(op, w, event);
	}
	if (subject && strcmp(event->type, "connection.error") == 0) {
		put_errors(op, w, "errors", event);
		put_errors(op, w, "error", event); /* its older name */
	}
	json_end_object(w);
}

enum error message_write(struct op *op, const struct event *event,
			 const char **ret)
{
	struct message_subject subject;
	struct buf text;

	enum error error = find_subject(op, event, &subject);
	if (error != OK && error != ERR_NOT_FOUND)
		return error;
	buf_init(&text, MESSAGE_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_string(&w, "notificationType", event->type);
	if (strcmp(event->type, DESTINATION_DISABLED) == 0)
		json_put_raw(&w, "data", event->payload);
	else
		put_data(op, &w, event, error == OK ? &subject : NULL);
	json_end_object(&w);
	bool fits = !text.is_overfull;
	if (fits)
		*ret = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return fits ? OK : op_fail(op, ERR_TOO_LARGE, "a message is too large");
}
