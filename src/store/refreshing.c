/* Refreshing the tokens of connections, in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_refreshing(struct op *op, const struct db_rows *rows, int from,
			    void *ret)
{
	struct arena *arena = &op->arena;

	*(struct refreshing *)ret = (struct refreshing){
		.id = db_uuid(rows, from),
		.group_id = db_uuid(rows, from + 1),
		.provider = db_text(arena, rows, from + 2),
		.auth_scheme = db_text(arena, rows, from + 3),
		.status = db_text(arena, rows, from + 4),
		.provider_app_id = db_uuid(rows, from + 5),
		.workspace_ref = db_text(arena, rows, from + 6),
		.metadata = db_text(arena, rows, from + 7),
		.settings = db_text(arena, rows, from + 8),
		.tries = db_integer(rows, from + 9),
		.failures = db_integer(rows, from + 10),
		.due_at = db_integer(rows, from + 11),
		.wanted_at = db_integer(rows, from + 12),
		.sent_at = db_integer(rows, from + 13),
		.answer = db_text(arena, rows, from + 14),
	};
}

enum error store_refreshing_get(struct op *op, struct uuid id,
				struct refreshing *ret)
{
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};

	TRY(rows_before(op, &values[2]));
	return rows_one(op, QUERY_REFRESHING_GET, ROWS_OF(values),
			read_refreshing, ret);
}

enum error store_refreshing_is_there(struct op *op, struct uuid id, bool *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_exist(op, QUERY_REFRESHING_IS_THERE, ROWS_OF(values), ret);
}

enum error store_refreshing_change(struct op *op, const struct refreshing *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	     DB_ID(to->id),
		DB_STR(to->status),	     DB_STR(to->settings),
		DB_INT(to->tries),	     DB_INT(to->failures),
		DB_INT_OR_NULL(to->due_at),  DB_INT_OR_NULL(to->wanted_at),
		DB_INT_OR_NULL(to->sent_at), DB_STR(to->answer),
	};

	return rows_change(op, QUERY_REFRESHING_CHANGE, ROWS_OF(values));
}

enum error store_refreshing_keep_app(struct op *op, struct uuid id,
				     struct uuid app_id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_ID(app_id)};

	return rows_change(op, QUERY_REFRESHING_KEEP_APP, ROWS_OF(values));
}

enum error store_refreshing_sharer(struct op *op, struct uuid id, int64_t since,
				   bool *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_INT(since)};

	return rows_exist(op, QUERY_REFRESHING_SHARER, ROWS_OF(values), ret);
}

enum error store_refreshing_sharers(struct op *op, struct uuid id,
				    struct uuid **ret, size_t *ret_count)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_all(op, QUERY_REFRESHING_SHARERS, ROWS_OF(values), read_id,
			sizeof(**ret), ret, ret_count);
}

enum error store_refreshing_steps(struct op *op, struct uuid id,
				  struct uuid **ret, size_t *ret_count)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_all(op, QUERY_REFRESHING_STEPS, ROWS_OF(values), read_id,
			sizeof(**ret), ret, ret_count);
}

enum error store_connection_renew(struct op *op, const struct connection *to,
				  struct uuid provider_app_id)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),		DB_ID(to->id),
		DB_ID_OR_NULL(provider_app_id), DB_STR(to->status),
		DB_STR(to->workspace_ref),	DB_STR(to->settings),
		DB_INT_OR_NULL(to->updated_at), DB_STR(to->metadata)};

	return rows_change(op, QUERY_CONNECTION_RENEW, ROWS_OF(values));
}

enum error store_documents_of_connection(struct op *op, struct uuid group_id,
					 struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(group_id), DB_ID(id)};

	return rows_run(op, QUERY_INSTALLATION_DOCUMENTS_OF_CONNECTION,
			ROWS_OF(values));
}
