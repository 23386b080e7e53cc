/* Topics of notifications, and the routes to and from them. */
#include "core/topic.h"

#include "core/deletion.h"
#include "core/destination.h"
#include "core/event_type.h"
#include "dialects/ampersand/ampersand.h"

enum { TOPIC_NAME_MAX = 64 };

static void put_topic(struct json_writer *w, struct uuid project,
		      const struct topic *topic)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", topic->id);
	json_put_string(w, "name", topic->name);
	json_put_uuid(w, "projectId", project);
	json_put_time(w, "createTime", topic->created_at);
	if (topic->updated_at)
		json_put_time(w, "updateTime", topic->updated_at);
	json_end_object(w);
}

enum error amp_list_topics(struct request *request)
{
	struct topic_list list;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(topic_list(&request->op, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		put_topic(&w, project.id, &list.items[i]);
	json_end_array(&w);
	return OK;
}

static enum error read_name(struct request *request, const char **ret)
{
	struct body_reader in;

	TRY(body_read(request, &in));
	*ret = body_string(&in, "name", true, TOPIC_NAME_MAX);
	return body_done(&in);
}

/* This API says 409 to a topic's taken name, and 422 to other names. */
static enum error taken_is_conflict(struct op *op, enum error error)
{
	if (error != ERR_TAKEN)
		return error;
	op_advise(op, "Choose another name.");
	return ERR_IN_USE;
}

enum error amp_create_topic(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct topic topic;
	const char *name;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(op));
	TRY(read_name(request, &name));
	TRY(taken_is_conflict(op, topic_create(op, name, &topic)));
	struct json_writer w = amp_answer(request, 201);
	put_topic(&w, project.id, &topic);
	return OK;
}

enum error amp_update_topic(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct topic topic;
	const char *name;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(op));
	TRY(amp_path_id(request, 1, "topic", &id));
	TRY(topic_get(op, id, &topic));
	TRY(read_name(request, &name));
	TRY(taken_is_conflict(op, topic_rename(op, id, name, &topic)));
	struct json_writer w = amp_answer(request, 200);
	put_topic(&w, project.id, &topic);
	return OK;
}

static enum error delete_by_id(struct request *request, const char *what,
			       enum error (*delete)(struct op *, struct uuid))
{
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_path_id(request, 1, what, &id));
	TRY(delete (&request->op, id));
	return amp_no_content(request);
}

enum error amp_delete_topic(struct request *request)
{
	return delete_by_id(request, "topic", delete_topic);
}

enum error amp_delete_event_route(struct request *request)
{
	return delete_by_id(request, "route", delete_event_route);
}

enum error amp_delete_topic_route(struct request *request)
{
	return delete_by_id(request, "route", delete_topic_route);
}

static void put_event_route(struct json_writer *w, struct uuid project,
			    const struct event_route *route)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", route->id);
	json_put_string(w, "eventType", route->event_type);
	json_put_uuid(w, "topicId", route->topic_id);
	json_put_uuid(w, "projectId", project);
	json_put_time(w, "createTime", route->created_at);
	json_end_object(w);
}

static void put_topic_route(struct json_writer *w, struct uuid project,
			    const struct topic_route *route)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", route->id);
	json_put_uuid(w, "topicId", route->topic_id);
	json_put_uuid(w, "destinationId", route->destination_id);
	json_put_uuid(w, "projectId", project);
	json_put_time(w, "createTime", route->created_at);
	json_end_object(w);
}

/* False when it is there and names nothing, so that nothing is listed. */
static bool read_filter(const struct request *request, const char *name,
			struct uuid *ret)
{
	const char *text = request_arg(request, name);

	*ret = (struct uuid){{0}};
	return !text || (uuid_parse(text, ret) && !uuid_is_nil(*ret));
}

enum error amp_list_event_routes(struct request *request)
{
	const char *type = request_arg(request, "eventType");
	struct event_route_list list = {0};
	struct project project;
	struct uuid topic_id;

	TRY(amp_enter(request, &project));
	if (type && !event_type_is_routable(type)) {
		op_issue(&request->op, "query", "eventType",
			 "is not a type of event");
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "eventType is not a type of event");
	}
	if (read_filter(request, "topicId", &topic_id))
		TRY(event_route_list(&request->op, topic_id, type, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		put_event_route(&w, project.id, &list.items[i]);
	json_end_array(&w);
	return OK;
}

enum error amp_list_topic_routes(struct request *request)
{
	struct topic_route_list list = {0};
	struct uuid topic_id, destination_id;
	struct project project;

	TRY(amp_enter(request, &project));
	if (read_filter(request, "topicId", &topic_id) &&
	    read_filter(request, "destinationId", &destination_id))
		TRY(topic_route_list(&request->op, topic_id, destination_id,
				     &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		put_topic_route(&w, project.id, &list.items[i]);
	json_end_array(&w);
	return OK;
}

/* A topic that the body names. */
static enum error read_topic(const struct body_reader *in, struct uuid *ret)
{
	const char *text = body_string(in, "topicId", true, AMP_REF_MAX);
	enum error error = ERR_NOT_FOUND;
	struct topic topic;

	if (!text)
		return OK;
	if (uuid_parse(text, ret))
		error = topic_get(in->op, *ret, &topic);
	if (error == ERR_NOT_FOUND)
		body_invalid(in, "topicId", "names no topic of this project");
	return error == ERR_NOT_FOUND ? OK : error;
}

static enum error read_destination(const struct body_reader *in,
				   struct uuid *ret)
{
	const char *text = body_string(in, "destinationId", true, AMP_REF_MAX);
	enum error error = ERR_NOT_FOUND;
	struct destination found;

	if (!text)
		return OK;
	if (uuid_parse(text, ret))
		error = destination_get(in->op, *ret, &found);
	if (error == ERR_NOT_FOUND)
		body_invalid(in, "destinationId",
			     "names no destination of this project");
	return error == ERR_NOT_FOUND ? OK : error;
}

enum error amp_create_event_route(struct request *request)
{
	struct event_route route;
	struct project project;
	struct body_reader in;
	struct uuid topic_id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(body_read(request, &in));
	const char *type = body_string(&in, "eventType", true, AMP_NAME_MAX);
	if (type && !event_type_is_routable(type))
		body_invalid(&in, "eventType", "is not a type of event");
	TRY(read_topic(&in, &topic_id));
	TRY(body_done(&in));
	TRY(event_route_create(&request->op, type, topic_id, &route));
	struct json_writer w = amp_answer(request, 201);
	put_event_route(&w, project.id, &route);
	return OK;
}

enum error amp_create_topic_route(struct request *request)
{
	struct uuid topic_id, destination_id;
	struct topic_route route;
	struct project project;
	struct body_reader in;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(body_read(request, &in));
	TRY(read_topic(&in, &topic_id));
	TRY(read_destination(&in, &destination_id));
	TRY(body_done(&in));
	TRY(topic_route_create(&request->op, topic_id, destination_id, &route));
	struct json_writer w = amp_answer(request, 201);
	put_topic_route(&w, project.id, &route);
	return OK;
}
