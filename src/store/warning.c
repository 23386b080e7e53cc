/* Warnings in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_warning(struct op *op, const struct db_rows *rows, int from,
			 void *ret)
{
	struct arena *arena = &op->arena;

	*(struct warning *)ret = (struct warning){
		.name = db_text(arena, rows, from),
		.severity = db_text(arena, rows, from + 1),
		.title = db_text(arena, rows, from + 2),
		.message = db_text(arena, rows, from + 3),
		.environment = db_text(arena, rows, from + 4),
		.raised_at = db_integer(rows, from + 5),
		.updated_at = db_integer(rows, from + 6),
	};
}

enum error store_warning_get(struct op *op, const char *name,
			     struct warning *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(name)};

	return rows_one(op, QUERY_WARNING_GET, ROWS_OF(values), read_warning,
			ret);
}

enum error store_warning_list(struct op *op, struct warning_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_all(op, QUERY_WARNING_LIST, ROWS_OF(values), read_warning,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_warning_count(struct op *op, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_one(op, QUERY_WARNING_COUNT, ROWS_OF(values), read_integer,
			ret);
}

enum error store_warning_add(struct op *op, const struct warning *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	DB_STR(new->name),
		DB_STR(new->severity),	DB_STR(new->title),
		DB_STR(new->message),	DB_STR(new->environment),
		DB_INT(new->raised_at), DB_INT(new->updated_at),
	};

	return rows_run(op, QUERY_WARNING_ADD, ROWS_OF(values));
}

enum error store_warning_change(struct op *op, const struct warning *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_STR(to->name),
		DB_STR(to->severity),  DB_STR(to->title),
		DB_STR(to->message),   DB_STR(to->environment),
		DB_INT(to->updated_at)};

	return rows_change(op, QUERY_WARNING_CHANGE, ROWS_OF(values));
}

enum error store_warning_remove(struct op *op, const char *name)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(name)};

	return rows_change(op, QUERY_WARNING_REMOVE, ROWS_OF(values));
}
