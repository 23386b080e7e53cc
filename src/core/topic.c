/* Topics and routes: made, changed, deleted. */
#include "core/topic.h"

#include "core/event.h"
#include "core/store.h"

static enum error explain_missing(struct op *op, enum error error,
				  const char *what, struct uuid id)
{
	char text[UUID_TEXT];

	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		op_explain(op, "there is no %s %s", what, text);
	}
	return error;
}

static const char *text_of(struct op *op, struct uuid id)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return arena_strdup(&op->arena, text);
}

enum error topic_list(struct op *op, struct topic_list *ret)
{
	return store_topic_list(op, ret);
}

enum error topic_get(struct op *op, struct uuid id, struct topic *ret)
{
	return explain_missing(op, store_topic_get(op, id, ret), "topic", id);
}

static enum error record_topic(struct op *op, const char *type,
			       const struct topic *topic)
{
	const struct event_fact facts[] = {{"name", topic->name, false}};

	return event_record(op, type, "topic", topic->id, facts, 1, NULL);
}

static enum error explain_taken(struct op *op, enum error error,
				const char *name)
{
	if (error == ERR_TAKEN)
		op_explain(op, "there is a topic named %s already", name);
	return error;
}

enum error topic_create(struct op *op, const char *name, struct topic *ret)
{
	struct topic made = {uuid_make(op->now), name, op->now, 0};

	TRY(explain_taken(op, store_topic_add(op, &made), name));
	TRY(record_topic(op, "topic.created", &made));
	*ret = made;
	return OK;
}

enum error topic_rename(struct op *op, struct uuid id, const char *name,
			struct topic *ret)
{
	struct topic topic;

	TRY(topic_get(op, id, &topic));
	topic.name = name;
	topic.updated_at = op->now;
	TRY(explain_taken(op, store_topic_change(op, &topic), name));
	TRY(record_topic(op, "topic.updated", &topic));
	*ret = topic;
	return OK;
}

enum error event_route_list(struct op *op, struct uuid topic_id,
			    const char *event_type,
			    struct event_route_list *ret)
{
	return store_event_route_list(op, topic_id, event_type, ret);
}

static enum error record_event_route(struct op *op, const char *type,
				     const struct event_route *route)
{
	const struct event_fact facts[] = {
		{"eventType", route->event_type, false},
		{"topicId", text_of(op, route->topic_id), false},
	};

	return event_record(op, type, "event_route", route->id, facts, 2, NULL);
}

enum error event_route_create(struct op *op, const char *event_type,
			      struct uuid topic_id, struct event_route *ret)
{
	struct event_route made = {uuid_make(op->now), event_type, topic_id,
				   op->now};
	enum error error = store_event_route_add(op, &made);

	if (error == ERR_TAKEN) {
		op_issue(op, "body", "topicId", "has %s already", event_type);
		op_explain(op, "%s goes to this topic already", event_type);
	}
	TRY(error);
	op->unrouted_project_id = (struct uuid){{0}};
	TRY(record_event_route(op, "event_route.created", &made));
	*ret = made;
	return OK;
}

enum error event_route_erase(struct op *op, struct uuid id)
{
	struct event_route route;

	TRY(explain_missing(op, store_event_route_get(op, id, &route), "route",
			    id));
	TRY(store_event_route_remove(op, id));
	return record_event_route(op, "event_route.deleted", &route);
}

enum error topic_route_list(struct op *op, struct uuid topic_id,
			    struct uuid destination_id,
			    struct topic_route_list *ret)
{
	return store_topic_route_list(op, topic_id, destination_id, ret);
}

static enum error record_topic_route(struct op *op, const char *type,
				     const struct topic_route *route)
{
	const struct event_fact facts[] = {
		{"topicId", text_of(op, route->topic_id), false},
		{"destinationId", text_of(op, route->destination_id), false},
	};

	return event_record(op, type, "topic_route", route->id, facts, 2, NULL);
}

enum error topic_route_create(struct op *op, struct uuid topic_id,
			      struct uuid destination_id,
			      struct topic_route *ret)
{
	struct topic_route made = {uuid_make(op->now), topic_id, destination_id,
				   op->now};
	enum error error = store_topic_route_add(op, &made);

	if (error == ERR_TAKEN) {
		op_issue(op, "body", "destinationId", "has it already");
		op_explain(op, "this topic goes to this destination already");
	}
	TRY(error);
	TRY(record_topic_route(op, "topic_route.created", &made));
	*ret = made;
	return OK;
}

enum error topic_route_erase(struct op *op, struct uuid id)
{
	struct topic_route route;

	TRY(explain_missing(op, store_topic_route_get(op, id, &route), "route",
			    id));
	TRY(store_topic_route_remove(op, id));
	return record_topic_route(op, "topic_route.deleted", &route);
}

enum error topic_erase(struct op *op, struct uuid id)
{
	struct topic topic;

	TRY(topic_get(op, id, &topic));
	TRY(store_topic_remove(op, id));
	return record_topic(op, "topic.deleted", &topic);
}
