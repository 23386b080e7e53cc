/* Tokens that are being obtained, in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_obtaining(struct op *op, const struct db_rows *rows, int from,
			   void *ret)
{
	struct arena *arena = &op->arena;

	*(struct obtaining *)ret = (struct obtaining){
		.id = db_uuid(rows, from),
		.stage = db_text(arena, rows, from + 1),
		.way = db_text(arena, rows, from + 2),
		.provider = db_text(arena, rows, from + 3),
		.provider_app_id = db_uuid(rows, from + 4),
		.connection_id = db_uuid(rows, from + 5),
		.is_update = db_boolean(rows, from + 6),
		.facts = db_text(arena, rows, from + 7),
		.failure = db_text(arena, rows, from + 8),
		.created_at = db_integer(rows, from + 9),
		.expires_at = db_integer(rows, from + 10),
	};
}

enum error store_obtaining_get(struct op *op, struct uuid id,
			       struct obtaining *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_OBTAINING_GET, ROWS_OF(values),
			read_obtaining, ret);
}

enum error store_obtaining_by_ticket(struct op *op, const struct digest *ticket,
				     struct obtaining *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_BYTES(ticket->bytes, DIGEST_BYTES)};

	return rows_one(op, QUERY_OBTAINING_BY_TICKET, ROWS_OF(values),
			read_obtaining, ret);
}

enum error store_obtaining_add(struct op *op, const struct obtaining *new,
			       const struct digest *ticket)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(new->id),
		ticket ? DB_BYTES(ticket->bytes, DIGEST_BYTES)
		       : (struct db_value){.type = DB_NULL},
		DB_STR(new->stage),
		DB_STR(new->way),
		DB_STR(new->provider),
		DB_ID_OR_NULL(new->provider_app_id),
		DB_ID_OR_NULL(new->connection_id),
		DB_BOOL(new->is_update),
		DB_STR(new->facts),
		DB_INT(new->created_at),
		DB_INT(new->expires_at),
	};

	return rows_run(op, QUERY_OBTAINING_ADD, ROWS_OF(values));
}

enum error store_obtaining_change(struct op *op, const struct obtaining *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(to->id),
		DB_STR(to->stage),     DB_ID_OR_NULL(to->connection_id),
		DB_STR(to->facts),     DB_STR(to->failure),
		DB_INT(to->expires_at)};

	return rows_change(op, QUERY_OBTAINING_CHANGE, ROWS_OF(values));
}

enum error store_obtaining_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, QUERY_OBTAINING_REMOVE, ROWS_OF(values));
}
