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
	};
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	TRY(rows_one(op, queries[kind], ROWS_OF(values), read_thing, ret));
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
	read_parting(op, rows, from + 9, &departure->connection);
}

enum error store_departure(struct op *op, struct uuid id, struct departure *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

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
	};
}

enum error store_leaving(struct op *op, const struct thing *thing,
			 int64_t limit, struct leaving_list *ret)
{
	static const enum query queries[THING_KINDS] = {
		[THING_INSTALLATION] = QUERY_LEAVING_ONE,
		[THING_INTEGRATION] = QUERY_LEAVING_OF_INTEGRATION,
		[THING_CONNECTION] = QUERY_LEAVING_OF_CONNECTION,
		[THING_GROUP] = QUERY_LEAVING_OF_GROUP,
		[THING_CONSUMER] = QUERY_LEAVING_OF_CONSUMER,
	};
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(thing->id), DB_INT(limit)};

	return rows_all(op, queries[thing->kind], ROWS_OF(values), read_leaving,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_leaving_hidden(struct op *op, struct uuid group_id,
				int64_t limit, struct leaving_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(group_id), DB_INT(limit)};

	return rows_all(op, QUERY_LEAVING_HIDDEN_OF_GROUP, ROWS_OF(values),
			read_leaving, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_parting(struct op *op, const struct thing *thing,
			 bool with_hidden, int64_t limit,
			 struct parting_list *ret)
{
	enum query query = QUERY_PARTING_ONE;
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(thing->id), DB_INT(limit),
					  DB_BOOL(with_hidden)};

	if (thing->kind == THING_GROUP)
		query = QUERY_PARTING_OF_GROUP;
	else if (thing->kind == THING_CONSUMER)
		query = QUERY_PARTING_OF_CONSUMER;
	return rows_all(op, query, values, query == QUERY_PARTING_ONE ? 3 : 4,
			read_parting, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_parting_one(struct op *op, struct uuid id, struct parting *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_INT(1)};

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
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(thing->id)};

	return rows_all(op, query, ROWS_OF(values), read_keeping,
			sizeof(*ret->items), &ret->items, &ret->count);
}
