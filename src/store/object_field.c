/* Fields of objects in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_field(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	*(struct object_field *)ret = (struct object_field){
		.object = db_text(&op->arena, rows, from),
		.name = db_text(&op->arena, rows, from + 1),
		.definition = db_text(&op->arena, rows, from + 2),
		.created_at = db_integer(rows, from + 3),
		.updated_at = db_integer(rows, from + 4),
	};
}

enum error store_object_field_get(struct op *op, struct uuid connection_id,
				  const char *object, const char *name,
				  struct object_field *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(connection_id), DB_STR(object),
					  DB_STR(name)};

	return rows_one(op, QUERY_OBJECT_FIELD_GET, ROWS_OF(values), read_field,
			ret);
}

enum error store_object_field_list(struct op *op, struct uuid connection_id,
				   const char *object,
				   struct object_field_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(connection_id), DB_STR(object)};

	return rows_all(op, QUERY_OBJECT_FIELD_LIST, ROWS_OF(values),
			read_field, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_object_field_count(struct op *op, struct uuid connection_id,
				    int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(connection_id)};

	return rows_one(op, QUERY_OBJECT_FIELD_COUNT, ROWS_OF(values),
			read_integer, ret);
}

enum error store_object_field_add(struct op *op, struct uuid connection_id,
				  const struct object_field *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	 DB_ID(connection_id),
		DB_STR(new->object),	 DB_STR(new->name),
		DB_STR(new->definition), DB_INT(new->created_at)};

	return rows_run(op, QUERY_OBJECT_FIELD_ADD, ROWS_OF(values));
}

enum error store_object_field_change(struct op *op, struct uuid connection_id,
				     const struct object_field *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	DB_ID(connection_id),
		DB_STR(to->object),	DB_STR(to->name),
		DB_STR(to->definition), DB_INT(to->updated_at)};

	return rows_change(op, QUERY_OBJECT_FIELD_CHANGE, ROWS_OF(values));
}

enum error store_object_field_remove_of(struct op *op,
					struct uuid connection_id)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(connection_id)};

	return rows_run(op, QUERY_OBJECT_FIELD_REMOVE_OF, ROWS_OF(values));
}
