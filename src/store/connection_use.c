/* Who uses a named connection, in SQL. */
#include "core/store.h"
#include "store/rows.h"

enum error store_connection_use_add(struct op *op, struct uuid connection_id,
				    const char *kind, struct uuid user_id)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(connection_id), DB_STR(kind),
					  DB_ID(user_id)};

	return rows_run(op, QUERY_CONNECTION_USE_ADD, ROWS_OF(values));
}

enum error store_connection_use_end(struct op *op, struct uuid user_id)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(user_id)};

	return rows_run(op, QUERY_CONNECTION_USE_END, ROWS_OF(values));
}

enum error store_connection_use_end_all(struct op *op,
					struct uuid connection_id)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(connection_id)};

	return rows_run(op, QUERY_CONNECTION_USE_END_ALL, ROWS_OF(values));
}

static void read_user(struct op *op, const struct db_rows *rows, int from,
		      void *ret)
{
	*(struct connection_user *)ret = (struct connection_user){
		.kind = db_text(&op->arena, rows, from),
		.id = db_uuid(rows, from + 1),
		.name = db_text(&op->arena, rows, from + 2),
	};
}

enum error store_connection_users(struct op *op, struct uuid connection_id,
				  int64_t limit,
				  struct connection_user_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(connection_id), DB_INT(limit)};

	return rows_all(op, QUERY_CONNECTION_USERS, ROWS_OF(values), read_user,
			sizeof(*ret->items), &ret->items, &ret->count);
}
