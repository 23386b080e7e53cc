/* Environments in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_environment(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	*(struct environment *)ret = (struct environment){
		.id = db_uuid(rows, from),
		.name = db_text(&op->arena, rows, from + 1),
		.kind = db_text(&op->arena, rows, from + 2),
		.created_at = db_integer(rows, from + 3),
	};
}

enum error store_environment_get(struct op *op, struct uuid id,
				 struct environment *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_ENVIRONMENT_GET, ROWS_OF(values),
			read_environment, ret);
}

enum error store_environment_find(struct op *op, const char *name,
				  struct environment *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(name)};

	return rows_one(op, QUERY_ENVIRONMENT_FIND, ROWS_OF(values),
			read_environment, ret);
}

enum error store_environment_list(struct op *op, const char *after,
				  int64_t limit, struct environment_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(after),
					  DB_INT(limit)};

	return rows_all(op, QUERY_ENVIRONMENT_LIST, ROWS_OF(values),
			read_environment, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_environment_add(struct op *op, const struct environment *new)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(new->id),
					  DB_STR(new->name), DB_STR(new->kind),
					  DB_INT(new->created_at)};

	return rows_run(op, QUERY_ENVIRONMENT_ADD, ROWS_OF(values));
}

enum error store_environment_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, QUERY_ENVIRONMENT_REMOVE, ROWS_OF(values));
}
