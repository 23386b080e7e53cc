/* Destinations in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_destination(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	struct arena *arena = &op->arena;

	*(struct destination *)ret = (struct destination){
		.id = db_uuid(rows, from),
		.name = db_text(arena, rows, from + 1),
		.kind = db_text(arena, rows, from + 2),
		.metadata = db_text(arena, rows, from + 3),
		.is_disabled = db_boolean(rows, from + 4),
		.created_at = db_integer(rows, from + 5),
		.updated_at = db_integer(rows, from + 6),
		.failing_since = db_integer(rows, from + 7),
	};
}

enum error store_destination_get(struct op *op, struct uuid id,
				 struct destination *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_DESTINATION_GET, ROWS_OF(values),
			read_destination, ret);
}

enum error store_destination_find(struct op *op, const char *name,
				  struct destination *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(name)};

	return rows_one(op, QUERY_DESTINATION_FIND, ROWS_OF(values),
			read_destination, ret);
}

enum error store_destination_list(struct op *op, struct destination_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_all(op, QUERY_DESTINATION_LIST, ROWS_OF(values),
			read_destination, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_destination_add(struct op *op, const struct destination *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	DB_ID(new->id),
		DB_STR(new->name),	DB_STR(new->kind),
		DB_STR(new->metadata),	DB_BOOL(new->is_disabled),
		DB_INT(new->created_at)};

	return rows_run(op, QUERY_DESTINATION_ADD, ROWS_OF(values));
}

enum error store_destination_change(struct op *op, const struct destination *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(to->id), DB_STR(to->name),
		DB_STR(to->metadata), DB_INT(to->updated_at)};

	return rows_change(op, QUERY_DESTINATION_CHANGE, ROWS_OF(values));
}

enum error store_destination_health(struct op *op, struct uuid id,
				    bool is_disabled, int64_t failing_since)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_BOOL(is_disabled),
					  DB_INT_OR_NULL(failing_since)};

	return rows_change(op, QUERY_DESTINATION_HEALTH, ROWS_OF(values));
}

enum error store_destination_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, QUERY_DESTINATION_REMOVE, ROWS_OF(values));
}

enum error store_destination_readers(struct op *op, const char *text,
				     struct uuid *ret, size_t limit,
				     size_t *ret_count)
{
	struct db_value values[] = {DB_ID(op->project_id),
				    DB_STR(text),
				    DB_INT((int64_t)limit),
				    {0}};

	TRY(rows_before(op, &values[3]));
	return rows_ids(op, QUERY_DESTINATION_READERS, ROWS_OF(values), ret,
			ret_count);
}
