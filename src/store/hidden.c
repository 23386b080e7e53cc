/* What is in the trash, in SQL. */
#include "core/store.h"
#include "store/rows.h"

static enum error hide(struct op *op, enum query query, struct uuid id,
		       struct uuid deletion_id, int64_t purge_at)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(id), DB_INT(op->now),
		DB_INT_OR_NULL(purge_at), DB_ID(deletion_id)};

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
} by_kind[] = {
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

static void read_named_with_policy(struct op *op, const struct db_rows *rows,
				   int from, void *ret)
{
	struct thing *thing = ret;

	read_named(op, rows, from, ret);
	thing->policy = db_text(&op->arena, rows, from + 2);
}

enum error store_hidden_things(struct op *op, enum thing_kind kind,
			       struct uuid deletion_id, struct thing_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id)};

	TRY(rows_all(op, by_kind[kind].hidden, ROWS_OF(values),
		     read_named_with_policy, sizeof(*ret->items), &ret->items,
		     &ret->count));
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
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(name),
					  DB_STR(thing->policy)};
	bool has_family = thing->kind == THING_INTEGRATION;

	return rows_exist(op, by_kind[thing->kind].taken, values,
			  has_family ? 3 : 2, ret);
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

	if (kind >= sizeof(by_kind) / sizeof(*by_kind))
		return ERR_NOT_FOUND; /* it is never hidden */
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
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};

	TRY(rows_before(op, &values[2]));
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
