/* What leaves in batches, in SQL. */
#include "core/store.h"
#include "store/rules.h"

/* Deletions of every id. */
static const struct uuid all = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				 0xff}};

static enum error learn(struct op *op)
{
	const struct db_value values[] = {DB_ID(op->project_id)};
	struct rules rules;
	bool is_any;

	TRY(rules_of(op, &rules));
	is_any = rules.has_leaving;
	if (!rules.is_known)
		TRY(rows_exist(op, QUERY_LEAVING_SCOPE_ANY, ROWS_OF(values),
			       &is_any));
	op->leaving.is_known = true;
	op->leaving.project_id = op->project_id;
	op->leaving.before = is_any ? all : (struct uuid){{0}};
	return OK;
}

static bool is_known(const struct op *op)
{
	return op->leaving.is_known &&
	       uuid_equal(op->leaving.project_id, op->project_id);
}

enum error rows_before_now(struct op *op, struct db_value *ret)
{
	if (is_known(op) || !db_is_shared(op->session->db))
		return rows_before(op, ret);
	*ret = DB_ID(all);
	return OK;
}

enum error rows_before(struct op *op, struct db_value *ret)
{
	if (!is_known(op))
		TRY(learn(op));
	*ret = DB_ID_OR_NULL(op->leaving.before);
	return OK;
}

enum error store_leaving_scope_add(struct op *op,
				   const struct leaving_scope *new)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(new->id),
					  DB_ID(new->deletion_id),
					  DB_BOOL(new->is_hard)};

	return rows_run(op, QUERY_LEAVING_SCOPE_ADD, ROWS_OF(values));
}

enum error store_leaving_scope_has(struct op *op, struct uuid id, bool *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_exist(op, QUERY_LEAVING_SCOPE_HAS, ROWS_OF(values), ret);
}

enum error store_leaving_scope_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, QUERY_LEAVING_SCOPE_REMOVE, ROWS_OF(values));
}

static enum error size_of(struct op *op, enum query query, struct uuid id,
			  int64_t limit, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_INT(limit)};

	return rows_one(op, query, ROWS_OF(values), read_integer, ret);
}

enum error store_thing_size(struct op *op, const struct thing *thing,
			    int64_t limit, int64_t *ret)
{
	*ret = 0;
	if (thing->kind == THING_INTEGRATION)
		return size_of(op, QUERY_SIZE_OF_INTEGRATION, thing->id, limit,
			       ret);
	if (thing->kind == THING_GROUP)
		return size_of(op, QUERY_SIZE_OF_GROUP, thing->id, limit, ret);
	if (thing->kind == THING_CONSUMER)
		return size_of(op, QUERY_SIZE_OF_CONSUMER, thing->id, limit,
			       ret);
	return OK;
}

enum error store_hidden_size(struct op *op, struct uuid deletion_id,
			     int64_t limit, int64_t *ret)
{
	return size_of(op, QUERY_SIZE_OF_HIDDEN, deletion_id, limit, ret);
}

enum error store_hold_in(struct op *op, const struct thing *thing,
			 bool with_hidden, struct hold *ret)
{
	enum query query = QUERY_HOLD_IN_INTEGRATION;
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(thing->id), DB_BOOL(with_hidden)};

	if (thing->kind == THING_GROUP)
		query = QUERY_HOLD_IN_GROUP;
	else if (thing->kind == THING_CONSUMER)
		query = QUERY_HOLD_IN_CONSUMER;
	else if (thing->kind == THING_PROJECT)
		query = QUERY_HOLD_IN_PROJECT;
	return rows_one(op, query, values,
			query == QUERY_HOLD_IN_PROJECT ? 2 : 3, read_hold, ret);
}
