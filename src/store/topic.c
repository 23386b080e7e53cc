/* Topics and routes in SQL. */
#include "core/store.h"
#include "store/rows.h"

static enum error remove_by_id(struct op *op, enum query query, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, query, ROWS_OF(values));
}

static enum error get_by_id(struct op *op, enum query query, struct uuid id,
			    read_row *read, void *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, query, ROWS_OF(values), read, ret);
}

static void read_topic(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	*(struct topic *)ret = (struct topic){
		.id = db_uuid(rows, from),
		.name = db_text(&op->arena, rows, from + 1),
		.created_at = db_integer(rows, from + 2),
		.updated_at = db_integer(rows, from + 3),
	};
}

enum error store_topic_get(struct op *op, struct uuid id, struct topic *ret)
{
	return get_by_id(op, QUERY_TOPIC_GET, id, read_topic, ret);
}

enum error store_topic_list(struct op *op, struct topic_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_all(op, QUERY_TOPIC_LIST, ROWS_OF(values), read_topic,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_topic_add(struct op *op, const struct topic *new)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(new->id),
					  DB_STR(new->name),
					  DB_INT(new->created_at)};

	return rows_run(op, QUERY_TOPIC_ADD, ROWS_OF(values));
}

enum error store_topic_change(struct op *op, const struct topic *to)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(to->id),
					  DB_STR(to->name),
					  DB_INT(to->updated_at)};

	return rows_change(op, QUERY_TOPIC_CHANGE, ROWS_OF(values));
}

enum error store_topic_remove(struct op *op, struct uuid id)
{
	return remove_by_id(op, QUERY_TOPIC_REMOVE, id);
}

static void read_event_route(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	*(struct event_route *)ret = (struct event_route){
		.id = db_uuid(rows, from),
		.event_type = db_text(&op->arena, rows, from + 1),
		.topic_id = db_uuid(rows, from + 2),
		.created_at = db_integer(rows, from + 3),
	};
}

enum error store_event_route_get(struct op *op, struct uuid id,
				 struct event_route *ret)
{
	return get_by_id(op, QUERY_EVENT_TOPIC_ROUTE_GET, id, read_event_route,
			 ret);
}

enum error store_event_route_list(struct op *op, struct uuid topic_id,
				  const char *event_type,
				  struct event_route_list *ret)
{
	bool is_any = uuid_is_nil(topic_id);
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_STR(event_type), DB_ID(topic_id)};

	return rows_all(op,
			is_any ? QUERY_EVENT_TOPIC_ROUTE_LIST
			       : QUERY_EVENT_TOPIC_ROUTE_OF_TOPIC,
			values, is_any ? 2 : 3, read_event_route,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_event_route_add(struct op *op, const struct event_route *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(new->id), DB_STR(new->event_type),
		DB_ID(new->topic_id), DB_INT(new->created_at)};

	return rows_run(op, QUERY_EVENT_TOPIC_ROUTE_ADD, ROWS_OF(values));
}

enum error store_event_route_remove(struct op *op, struct uuid id)
{
	return remove_by_id(op, QUERY_EVENT_TOPIC_ROUTE_REMOVE, id);
}

static void read_topic_route(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	(void)op;
	*(struct topic_route *)ret = (struct topic_route){
		.id = db_uuid(rows, from),
		.topic_id = db_uuid(rows, from + 1),
		.destination_id = db_uuid(rows, from + 2),
		.created_at = db_integer(rows, from + 3),
	};
}

enum error store_topic_route_get(struct op *op, struct uuid id,
				 struct topic_route *ret)
{
	return get_by_id(op, QUERY_TOPIC_DESTINATION_ROUTE_GET, id,
			 read_topic_route, ret);
}

enum error store_topic_route_list(struct op *op, struct uuid topic_id,
				  struct uuid destination_id,
				  struct topic_route_list *ret)
{
	const struct db_value of_topic[] = {DB_ID(op->project_id),
					    DB_ID(topic_id),
					    DB_ID_OR_NULL(destination_id)};
	const struct db_value to[] = {DB_ID(op->project_id),
				      DB_ID(destination_id)};
	enum query query = QUERY_TOPIC_DESTINATION_ROUTE_LIST;
	const struct db_value *values = to;
	size_t count = 1;

	if (!uuid_is_nil(topic_id)) {
		query = QUERY_TOPIC_DESTINATION_ROUTE_OF_TOPIC;
		values = of_topic;
		count = 3;
	} else if (!uuid_is_nil(destination_id)) {
		query = QUERY_TOPIC_DESTINATION_ROUTE_TO;
		count = 2;
	}
	return rows_all(op, query, values, count, read_topic_route,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_topic_route_add(struct op *op, const struct topic_route *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(new->id), DB_ID(new->topic_id),
		DB_ID(new->destination_id), DB_INT(new->created_at)};

	return rows_run(op, QUERY_TOPIC_DESTINATION_ROUTE_ADD, ROWS_OF(values));
}

enum error store_topic_route_remove(struct op *op, struct uuid id)
{
	return remove_by_id(op, QUERY_TOPIC_DESTINATION_ROUTE_REMOVE, id);
}
