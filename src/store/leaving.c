/* What goes with a thing, in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static void read_thing(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	*(struct thing *)ret = (struct thing){
		.id = db_uuid(rows, from),
		.name = db_text(&op->arena, rows, from + 1),
		.policy = db_text(&op->arena, rows, from + 2),
		.type = db_text(&op->arena, rows, from + 3),
		.group_id = db_uuid(rows, from + 4),
	};
}

enum error store_thing_find(struct op *op, enum thing_kind kind, struct uuid id,
			    struct thing *ret)
{
	static const enum query queries[THING_KINDS] = {
		[THING_INSTALLATION] = QUERY_THING_INSTALLATION,
		[THING_INTEGRATION] = QUERY_THING_INTEGRATION,
		[THING_CONNECTION] = QUERY_THING_CONNECTION,
		[THING_GROUP] = QUERY_THING_GROUP,
		[THING_CONSUMER] = QUERY_THING_CONSUMER,
		[THING_PROVIDER_APP] = QUERY_THING_PROVIDER_APP,
		[THING_DESTINATION] = QUERY_THING_DESTINATION,
		[THING_ENVIRONMENT] = QUERY_THING_ENVIRONMENT,
		[THING_TOPIC] = QUERY_THING_TOPIC,
		[THING_EVENT_ROUTE] = QUERY_THING_EVENT_ROUTE,
		[THING_TOPIC_ROUTE] = QUERY_THING_TOPIC_ROUTE,
		[THING_TOKEN] = QUERY_THING_TOKEN,
		[THING_JWT_KEY] = QUERY_THING_JWT_KEY,
		[THING_VARIABLE] = QUERY_THING_VARIABLE,
		[THING_WORKER] = QUERY_THING_WORKER,
	};
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};
	bool may_leave = kind == THING_INSTALLATION || kind == THING_CONNECTION;

	TRY(rows_before(op, &values[2]));
	TRY(rows_one(op, queries[kind], values, may_leave ? 3 : 2, read_thing,
		     ret));
	ret->kind = kind;
	if (kind == THING_INTEGRATION)
		return integration_family_named(ret->policy, &ret->family)
			       ? OK
			       : ERR_INTERNAL;
	return OK;
}

void read_parting(struct op *op, const struct db_rows *rows, int from,
		  void *ret)
{
	*(struct parting *)ret = (struct parting){
		.id = db_uuid(rows, from),
		.kind = db_text(&op->arena, rows, from + 1),
		.name = db_text(&op->arena, rows, from + 2),
		.group_id = db_uuid(rows, from + 3),
		.has_grant = db_boolean(rows, from + 4),
		.is_spoiled = db_boolean(rows, from + 5),
		.auth_scheme = db_text(&op->arena, rows, from + 6),
		.has_fields = db_boolean(rows, from + 7),
		.may_share = db_boolean(rows, from + 8),
	};
}

static void read_departure(struct op *op, const struct db_rows *rows, int from,
			   void *ret)
{
	struct departure *departure = ret;

	departure->installation = (struct installation){
		.id = db_uuid(rows, from),
		.integration_id = db_uuid(rows, from + 1),
		.group_id = db_uuid(rows, from + 2),
		.connection_id = db_uuid(rows, from + 3),
		.created_by = db_text(&op->arena, rows, from + 4),
		.created_at = db_integer(rows, from + 5),
		.updated_at = db_integer(rows, from + 6),
	};
	departure->config_content = db_text(&op->arena, rows, from + 7);
	departure->group_ref = db_text(&op->arena, rows, from + 8);
	departure->is_only_user = !db_boolean(rows, from + 9);
	read_parting(op, rows, from + 10, &departure->connection);
	departure->has_operations = db_boolean(rows, from + 19);
}

enum error store_departure(struct op *op, struct uuid id, struct departure *ret)
{
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};

	TRY(rows_before(op, &values[2]));
	return rows_one(op, QUERY_DEPARTURE, ROWS_OF(values), read_departure,
			ret);
}

void read_leaving(struct op *op, const struct db_rows *rows, int from,
		  void *ret)
{
	(void)op;
	*(struct leaving *)ret = (struct leaving){
		.id = db_uuid(rows, from),
		.integration_id = db_uuid(rows, from + 1),
		.group_id = db_uuid(rows, from + 2),
		.connection_id = db_uuid(rows, from + 3),
		.may_share = true,
	};
}

/* With whether another one may use its connection. */
static void read_leaving_sharer(struct op *op, const struct db_rows *rows,
				int from, void *ret)
{
	struct leaving *leaving = ret;

	read_leaving(op, rows, from, ret);
	leaving->may_share = db_boolean(rows, from + 4);
}

static enum query leaving_query(const struct thing *thing)
{
	static const enum query queries[THING_KINDS] = {
		[THING_INSTALLATION] = QUERY_LEAVING_ONE,
		[THING_INTEGRATION] = QUERY_LEAVING_OF_INTEGRATION,
		[THING_CONNECTION] = QUERY_LEAVING_OF_CONNECTION,
		[THING_GROUP] = QUERY_LEAVING_OF_GROUP,
		[THING_CONSUMER] = QUERY_LEAVING_OF_CONSUMER,
		[THING_PROJECT] = QUERY_LEAVING_OF_PROJECT,
	};

	return queries[thing->kind];
}

/* With what hid it alone. */
static void read_leaving_hidden(struct op *op, const struct db_rows *rows,
				int from, void *ret)
{
	struct leaving *leaving = ret;

	read_leaving(op, rows, from, ret);
	leaving->own_deletion_id = db_uuid(rows, from + 4);
}

static enum query hidden_query(const struct thing *thing)
{
	static const enum query queries[THING_KINDS] = {
		[THING_INTEGRATION] = QUERY_LEAVING_HIDDEN_OF_INTEGRATION,
		[THING_GROUP] = QUERY_LEAVING_HIDDEN_OF_GROUP,
		[THING_CONSUMER] = QUERY_LEAVING_HIDDEN_OF_CONSUMER,
		[THING_PROJECT] = QUERY_LEAVING_HIDDEN_OF_PROJECT,
	};

	return queries[thing->kind];
}

static read_row *hidden_reader(const struct thing *thing)
{
	return thing->kind == THING_INTEGRATION ? read_leaving_hidden
						: read_leaving;
}

static enum error some(struct op *op, enum query query, read_row *read,
		       const struct thing *thing, int64_t limit,
		       struct leaving_list *ret)
{
	struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(thing->id), DB_INT(limit), {0}};

	TRY(rows_before(op, &values[3]));
	return rows_all(op, query, ROWS_OF(values), read, sizeof(*ret->items),
			&ret->items, &ret->count);
}

static enum error each(struct op *op, enum query query, read_row *read,
		       const struct thing *thing, leaving_visit *visit,
		       void *context)
{
	struct db_value values[] = {DB_ID(op->project_id),
				    DB_ID(thing->id),
				    DB_INT(INT64_MAX),
				    {0}};
	struct db_rows rows;
	struct leaving leaving;

	TRY(rows_before(op, &values[3]));
	TRY(rows_query(op, query, ROWS_OF(values), &rows));
	enum error error = db_next(&rows);
	while (error == OK && rows.has_row) {
		read(op, &rows, 0, &leaving);
		error = visit(context, &leaving);
		if (error == OK)
			error = db_next(&rows);
	}
	db_finish(&rows);
	return error;
}

enum error store_leaving(struct op *op, const struct thing *thing,
			 int64_t limit, struct leaving_list *ret)
{
	return some(op, leaving_query(thing), read_leaving, thing, limit, ret);
}

enum error store_leaving_each(struct op *op, const struct thing *thing,
			      leaving_visit *visit, void *context)
{
	if (thing->kind == THING_INTEGRATION)
		return each(op, QUERY_LEAVING_OF_INTEGRATION_EACH,
			    read_leaving_sharer, thing, visit, context);
	return each(op, leaving_query(thing), read_leaving, thing, visit,
		    context);
}

enum error store_leaving_hidden(struct op *op, const struct thing *thing,
				int64_t limit, struct leaving_list *ret)
{
	return some(op, hidden_query(thing), hidden_reader(thing), thing, limit,
		    ret);
}

enum error store_leaving_hidden_each(struct op *op, const struct thing *thing,
				     leaving_visit *visit, void *context)
{
	return each(op, hidden_query(thing), hidden_reader(thing), thing, visit,
		    context);
}

enum error store_parting(struct op *op, const struct thing *thing,
			 bool with_hidden, int64_t limit,
			 struct parting_list *ret)
{
	enum query query = QUERY_PARTING_ONE;
	struct db_value values[] = {DB_ID(op->project_id),
				    DB_ID(thing->id),
				    DB_INT(limit),
				    {0},
				    DB_BOOL(with_hidden)};

	TRY(rows_before(op, &values[3]));
	if (thing->kind == THING_GROUP)
		query = QUERY_PARTING_OF_GROUP;
	else if (thing->kind == THING_CONSUMER)
		query = QUERY_PARTING_OF_CONSUMER;
	else if (thing->kind == THING_PROJECT)
		query = QUERY_PARTING_OF_PROJECT;
	return rows_all(op, query, values, query == QUERY_PARTING_ONE ? 4 : 5,
			read_parting, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_parting_one(struct op *op, struct uuid id, struct parting *ret)
{
	struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(id), DB_INT(1), {0}};

	TRY(rows_before(op, &values[3]));
	return rows_one(op, QUERY_PARTING_ONE, ROWS_OF(values), read_parting,
			ret);
}

static void read_keeping(struct op *op, const struct db_rows *rows, int from,
			 void *ret)
{
	(void)op;
	*(struct keeping *)ret = (struct keeping){
		.connection_id = db_uuid(rows, from),
		.installation_id = db_uuid(rows, from + 1),
	};
}

enum error store_keeping(struct op *op, const struct thing *thing,
			 struct keeping_list *ret)
{
	enum query query = thing->kind == THING_INTEGRATION
				   ? QUERY_SHARING_OF_INTEGRATION
				   : QUERY_SHARING_OF_ONE;
	struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(thing->id), {0}};

	TRY(rows_before(op, &values[2]));
	return rows_all(op, query, ROWS_OF(values), read_keeping,
			sizeof(*ret->items), &ret->items, &ret->count);
}
