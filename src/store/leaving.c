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

static void read_parting(struct op *op, const struct db_rows *rows, int from,
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

static void read_leaving(struct op *op, const struct db_rows *rows, int from,
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

static void read_truth(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	(void)op;
	*(bool *)ret = db_integer(rows, from) != 0;
}

/* Whether there is such a row. */
static enum error is_there(struct op *op, enum query query,
			   const struct db_value *values, size_t count,
			   bool *ret)
{
	bool is_any;
	enum error error =
		rows_one(op, query, values, count, read_truth, &is_any);

	*ret = error == OK;
	return error == ERR_NOT_FOUND ? OK : error;
}

enum error store_has_grants(struct op *op, bool *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return is_there(op, QUERY_HAS_GRANTS, ROWS_OF(values), ret);
}

enum error store_grant_is_in_use(struct op *op, const struct digest *mark,
				 bool *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_BYTES(mark->bytes, DIGEST_BYTES)};

	return is_there(op, QUERY_GRANT_IS_IN_USE, ROWS_OF(values), ret);
}

static void read_id(struct op *op, const struct db_rows *rows, int from,
		    void *ret)
{
	(void)op;
	*(struct uuid *)ret = db_uuid(rows, from);
}

enum error store_grant_sharers(struct op *op, struct uuid id, struct uuid **ret,
			       size_t *ret_count)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_all(op, QUERY_GRANT_SHARERS, ROWS_OF(values), read_id,
			sizeof(**ret), ret, ret_count);
}

static enum error hide(struct op *op, enum query query, struct uuid id,
		       struct uuid deletion_id, int64_t purge_at)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_INT(op->now), DB_INT(purge_at),
					  DB_ID(deletion_id)};

	return rows_change(op, query, ROWS_OF(values));
}

enum error store_installation_hide(struct op *op, struct uuid id,
				   struct uuid deletion_id, int64_t purge_at)
{
	return hide(op, QUERY_INSTALLATION_HIDE, id, deletion_id, purge_at);
}

enum error store_connection_hide(struct op *op, struct uuid id,
				 struct uuid deletion_id, int64_t purge_at)
{
	return hide(op, QUERY_CONNECTION_HIDE, id, deletion_id, purge_at);
}

enum error store_party_hide(struct op *op, enum thing_kind kind, struct uuid id,
			    struct uuid deletion_id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_INT(op->now), DB_ID(deletion_id)};

	return rows_change(op,
			   kind == THING_GROUP ? QUERY_GROUP_HIDE
					       : QUERY_CONSUMER_HIDE,
			   ROWS_OF(values));
}

enum error store_party_remove(struct op *op, enum thing_kind kind,
			      struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op,
			   kind == THING_GROUP ? QUERY_GROUP_REMOVE
					       : QUERY_CONSUMER_REMOVE,
			   ROWS_OF(values));
}

static const struct {
	enum query hidden, of, taken, unhide;
} by_kind[THING_KINDS] = {
	[THING_INSTALLATION] = {.of = QUERY_DELETION_OF_INSTALLATION},
	[THING_CONNECTION] = {.of = QUERY_DELETION_OF_CONNECTION},
	[THING_INTEGRATION] = {QUERY_HIDDEN_INTEGRATIONS,
			       QUERY_DELETION_OF_INTEGRATION,
			       QUERY_INTEGRATION_NAME_TAKEN,
			       QUERY_INTEGRATION_UNHIDE},
	[THING_GROUP] = {QUERY_HIDDEN_GROUPS, QUERY_DELETION_OF_GROUP,
			 QUERY_GROUP_NAME_TAKEN, QUERY_GROUP_UNHIDE},
	[THING_CONSUMER] = {QUERY_HIDDEN_CONSUMERS, QUERY_DELETION_OF_CONSUMER,
			    QUERY_CONSUMER_NAME_TAKEN, QUERY_CONSUMER_UNHIDE},
};

static void read_named(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	*(struct thing *)ret = (struct thing){
		.id = db_uuid(rows, from),
		.name = db_text(&op->arena, rows, from + 1),
		.policy = db_text(&op->arena, rows, from + 2),
	};
}

enum error store_hidden_things(struct op *op, enum thing_kind kind,
			       struct uuid deletion_id, struct thing_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id)};

	TRY(rows_all(op, by_kind[kind].hidden, ROWS_OF(values), read_named,
		     sizeof(*ret->items), &ret->items, &ret->count));
	for (size_t i = 0; i < ret->count; i++)
		ret->items[i].kind = kind;
	return OK;
}

enum error store_hidden_connections(struct op *op, struct uuid deletion_id,
				    int64_t limit, struct parting_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id), DB_INT(limit)};

	return rows_all(op, QUERY_HIDDEN_CONNECTIONS, ROWS_OF(values),
			read_parting, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_hidden_installations(struct op *op, struct uuid deletion_id,
				      int64_t limit, struct leaving_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id), DB_INT(limit)};

	return rows_all(op, QUERY_HIDDEN_INSTALLATIONS, ROWS_OF(values),
			read_leaving, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_name_is_taken(struct op *op, const struct thing *thing,
			       const char *name, bool *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_STR(thing->policy), DB_STR(name)};

	return is_there(op, by_kind[thing->kind].taken, ROWS_OF(values), ret);
}

enum error store_thing_unhide(struct op *op, const struct thing *thing,
			      const char *name)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(thing->id), DB_STR(name),
					  DB_INT(op->now)};

	return rows_change(op, by_kind[thing->kind].unhide, values,
			   thing->kind == THING_INTEGRATION ? 4 : 3);
}

enum error store_deletion_of(struct op *op, enum thing_kind kind,
			     struct uuid id, struct uuid *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, by_kind[kind].of, ROWS_OF(values), read_id, ret);
}

static enum error unhide(struct op *op, enum query query, struct uuid id,
			 struct uuid deletion_id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_ID(deletion_id)};

	return rows_change(op, query, ROWS_OF(values));
}

enum error store_installation_unhide(struct op *op, struct uuid id,
				     struct uuid deletion_id)
{
	return unhide(op, QUERY_INSTALLATION_UNHIDE, id, deletion_id);
}

enum error store_connection_unhide(struct op *op, struct uuid id,
				   struct uuid deletion_id)
{
	return unhide(op, QUERY_CONNECTION_UNHIDE, id, deletion_id);
}

enum error store_connection_spoil(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, QUERY_CONNECTION_SPOIL, ROWS_OF(values));
}

enum error store_installation_purge(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	TRY(rows_run(op, QUERY_PAST_CONFIG_REMOVE_OF, ROWS_OF(values)));
	return rows_change(op, QUERY_INSTALLATION_PURGE, ROWS_OF(values));
}

static void read_needs(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	(void)op;
	*(struct needs *)ret = (struct needs){
		.has_integration = db_boolean(rows, from),
		.has_group = db_boolean(rows, from + 1),
		.has_connection = db_boolean(rows, from + 2),
	};
}

enum error store_restorable(struct op *op, struct uuid id, struct needs *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_RESTORABLE, ROWS_OF(values), read_needs, ret);
}

static void read_connection_needs(struct op *op, const struct db_rows *rows,
				  int from, void *ret)
{
	(void)op;
	*(struct connection_needs *)ret = (struct connection_needs){
		.has_group = db_boolean(rows, from),
		.has_consumer = db_boolean(rows, from + 1),
	};
}

enum error store_restorable_connection(struct op *op, struct uuid id,
				       struct connection_needs *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_RESTORABLE_CONNECTION, ROWS_OF(values),
			read_connection_needs, ret);
}

static void read_grant_place(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	*(struct grant_place *)ret = (struct grant_place){
		.provider_app_id = db_uuid(rows, from),
		.workspace_ref = db_text(&op->arena, rows, from + 1),
		.metadata = db_text(&op->arena, rows, from + 2),
	};
}

enum error store_grant_place(struct op *op, struct uuid id,
			     struct grant_place *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_GRANT_PLACE, ROWS_OF(values),
			read_grant_place, ret);
}

static struct db_value digest_value(const struct digest *digest)
{
	return digest ? DB_BYTES(digest->bytes, DIGEST_BYTES)
		      : (struct db_value){.type = DB_NULL};
}

enum error store_connection_mark(struct op *op, struct uuid id,
				 const struct digest *grant,
				 const struct digest *account)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  digest_value(grant),
					  digest_value(account)};

	return rows_change(op, QUERY_CONNECTION_MARK, ROWS_OF(values));
}
