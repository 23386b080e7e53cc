/* Pauses in SQL. */
#include "core/store.h"
#include "store/rows.h"

enum error store_read_pause_add(struct op *op, struct uuid installation_id,
				const struct read_pause *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	DB_ID(installation_id),
		DB_STR(new->object),	DB_STR(new->cause),
		DB_STR(new->note),	DB_STR(new->actor),
		DB_INT(new->created_at)};

	return rows_run(op, QUERY_READ_PAUSE_ADD, ROWS_OF(values));
}

static void read_pause_row(struct op *op, const struct db_rows *rows, int from,
			   void *ret)
{
	*(struct read_pause *)ret = (struct read_pause){
		.object = db_text(&op->arena, rows, from),
		.cause = db_text(&op->arena, rows, from + 1),
		.note = db_text(&op->arena, rows, from + 2),
		.actor = db_text(&op->arena, rows, from + 3),
		.created_at = db_integer(rows, from + 4),
	};
}

enum error store_read_pause_list(struct op *op, struct uuid installation_id,
				 struct read_pause_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(installation_id)};

	return rows_all(op, QUERY_READ_PAUSE_LIST, ROWS_OF(values),
			read_pause_row, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_read_pause_remove(struct op *op, struct uuid installation_id,
				   const char *object)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(installation_id), DB_STR(object)};

	return rows_change(op, QUERY_READ_PAUSE_REMOVE, ROWS_OF(values));
}

enum error store_read_pause_remove_of(struct op *op,
				      struct uuid installation_id)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(installation_id)};

	return rows_run(op, QUERY_READ_PAUSE_REMOVE_OF, ROWS_OF(values));
}
