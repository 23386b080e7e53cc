/* Keys of customers' tokens in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_key(struct op *op, const struct db_rows *rows, int from,
		     void *ret)
{
	struct arena *arena = &op->arena;

	*(struct jwt_key *)ret = (struct jwt_key){
		.project_id = db_uuid(rows, from),
		.id = db_uuid(rows, from + 1),
		.label = db_text(arena, rows, from + 2),
		.public_key = db_text(arena, rows, from + 3),
		.is_active = db_boolean(rows, from + 4),
		.created_at = db_integer(rows, from + 5),
		.updated_at = db_integer(rows, from + 6),
	};
}

enum error store_jwt_key_by_id(struct op *op, struct uuid id,
			       struct jwt_key *ret)
{
	const struct db_value values[] = {DB_ID(id)};

	return rows_one(op, QUERY_JWT_KEY_BY_ID, ROWS_OF(values), read_key,
			ret);
}

enum error store_jwt_key_get(struct op *op, struct uuid id, struct jwt_key *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_JWT_KEY_GET, ROWS_OF(values), read_key, ret);
}

enum error store_jwt_key_list(struct op *op, struct jwt_key_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_all(op, QUERY_JWT_KEY_LIST, ROWS_OF(values), read_key,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_jwt_key_add(struct op *op, const struct jwt_key *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	 DB_ID(new->id),
		DB_STR(new->label),	 DB_STR(new->public_key),
		DB_BOOL(new->is_active), DB_INT(new->created_at),
		DB_INT(new->updated_at),
	};

	return rows_run(op, QUERY_JWT_KEY_ADD, ROWS_OF(values));
}

enum error store_jwt_key_change(struct op *op, const struct jwt_key *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	DB_ID(to->id),
		DB_STR(to->label),	DB_BOOL(to->is_active),
		DB_INT(to->updated_at),
	};

	return rows_change(op, QUERY_JWT_KEY_CHANGE, ROWS_OF(values));
}

enum error store_jwt_key_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, QUERY_JWT_KEY_REMOVE, ROWS_OF(values));
}
