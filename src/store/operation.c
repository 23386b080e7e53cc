/* Operations and their logs in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_operation(struct op *op, const struct db_rows *rows, int from,
			   void *ret)
{
	struct arena *arena = &op->arena;

	*(struct operation *)ret = (struct operation){
		.id = db_uuid(rows, from),
		.installation_id = db_uuid(rows, from + 1),
		.integration_id = db_uuid(rows, from + 2),
		.config_id = db_uuid(rows, from + 3),
		.action = db_text(arena, rows, from + 4),
		.status = db_text(arena, rows, from + 5),
		.result = db_text(arena, rows, from + 6),
		.objects = db_text(arena, rows, from + 7),
		.record_ids = db_text(arena, rows, from + 8),
		.attempts = db_integer(rows, from + 9),
		.attempted_at = db_integer(rows, from + 10),
		.notified_at = db_integer(rows, from + 11),
		.progress.object = db_text(arena, rows, from + 12),
		.progress.records = db_integer(rows, from + 13),
		.progress.estimated = db_integer(rows, from + 14),
		.created_at = db_integer(rows, from + 15),
		.updated_at = db_integer(rows, from + 16),
		.ended_at = db_integer(rows, from + 17),
	};
}

enum error store_operation_add(struct op *op, const struct operation *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	     DB_ID(new->id),
		DB_ID(new->installation_id), DB_ID(new->integration_id),
		DB_ID(new->config_id),	     DB_STR(new->action),
		DB_STR(new->status),	     DB_STR(new->result),
		DB_STR(new->objects),	     DB_STR(new->record_ids),
		DB_INT(new->created_at),     DB_INT_OR_NULL(new->ended_at),
	};

	return rows_run(op, QUERY_OPERATION_ADD, ROWS_OF(values));
}

enum error store_operation_change(struct op *op, const struct operation *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(to->id),
		DB_STR(to->status),
		DB_STR(to->result),
		DB_STR(to->record_ids),
		DB_INT(to->attempts),
		DB_INT_OR_NULL(to->attempted_at),
		DB_INT_OR_NULL(to->notified_at),
		DB_STR(to->progress.object),
		DB_INT(to->progress.records),
		DB_INT_OR_NULL(to->progress.estimated),
		DB_INT_OR_NULL(to->updated_at),
		DB_INT_OR_NULL(to->ended_at),
	};

	return rows_change(op, QUERY_OPERATION_CHANGE, ROWS_OF(values));
}

enum error store_operation_get(struct op *op, struct uuid id,
			       struct operation *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_OPERATION_GET, ROWS_OF(values),
			read_operation, ret);
}

enum error store_operation_show(struct op *op, struct uuid id,
				struct operation *ret)
{
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};

	TRY(rows_before(op, &values[2]));
	return rows_one(op, QUERY_OPERATION_SHOW, ROWS_OF(values),
			read_operation, ret);
}

enum error store_operation_list(struct op *op, struct uuid installation_id,
				struct uuid before, int64_t limit,
				struct operation_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(installation_id), DB_ID(before),
					  DB_INT(limit)};

	return rows_all(op, QUERY_OPERATION_LIST, ROWS_OF(values),
			read_operation, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_operation_latest(struct op *op, struct uuid installation_id,
				  struct uuid *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(installation_id)};

	return rows_one(op, QUERY_OPERATION_LATEST, ROWS_OF(values), read_id,
			ret);
}

enum error store_operation_backfill(struct op *op, struct uuid installation_id,
				    const char *object, struct operation *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(installation_id), DB_STR(object)};

	return rows_one(op, QUERY_OPERATION_BACKFILL, ROWS_OF(values),
			read_operation, ret);
}

enum error store_operation_log_last(struct op *op, struct uuid id, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	*ret = 0;
	enum error error = rows_one(op, QUERY_OPERATION_LOG_LAST,
				    ROWS_OF(values), read_integer, ret);

	return error == ERR_NOT_FOUND ? OK : error;
}

enum error store_operation_log_add(struct op *op, struct uuid id,
				   int64_t number,
				   const struct operation_line *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(id),
		DB_INT(number),	       DB_STR(new->severity),
		DB_STR(new->message),  DB_INT(new->created_at)};

	return rows_run(op, QUERY_OPERATION_LOG_ADD, ROWS_OF(values));
}

static void read_line(struct op *op, const struct db_rows *rows, int from,
		      void *ret)
{
	*(struct operation_line *)ret = (struct operation_line){
		.severity = db_text(&op->arena, rows, from),
		.message = db_text(&op->arena, rows, from + 1),
		.created_at = db_integer(rows, from + 2),
	};
}

enum error store_operation_log_list(struct op *op, struct uuid id,
				    int64_t limit,
				    struct operation_line_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_INT(limit)};

	return rows_all(op, QUERY_OPERATION_LOG_LIST, ROWS_OF(values),
			read_line, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_operation_sweep(struct op *op, struct uuid before,
				 int64_t limit, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(before),
					  DB_INT(limit)};

	TRY(rows_run(op, QUERY_OPERATION_LOG_SWEEP, ROWS_OF(values)));
	return rows_run_counted(op, QUERY_OPERATION_SWEEP, ROWS_OF(values),
				ret);
}

enum error store_operation_oldest(struct op *op, struct uuid *ret)
{
	const struct uuid none = {{0}};
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(none)};

	return rows_one(op, QUERY_OPERATION_OLDEST, ROWS_OF(values), read_id,
			ret);
}

enum error store_operation_forget(struct op *op, struct uuid installation_id,
				  int64_t limit, int64_t *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(installation_id), DB_INT(limit)};

	TRY(rows_run(op, QUERY_OPERATION_LOG_FORGET, ROWS_OF(values)));
	return rows_run_counted(op, QUERY_OPERATION_FORGET, ROWS_OF(values),
				ret);
}

static void read_state(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	*(struct installation_state *)ret = (struct installation_state){
		.integration_id = db_uuid(rows, from),
		.config_id = db_uuid(rows, from + 1),
		.operation_status = db_text(&op->arena, rows, from + 2),
		.failures = db_integer(rows, from + 3),
		.is_paused_by_errors = db_boolean(rows, from + 4),
		.is_living = db_boolean(rows, from + 5),
	};
}

enum error store_installation_state(struct op *op, struct uuid id,
				    struct installation_state *ret)
{
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};

	TRY(rows_before(op, &values[2]));
	return rows_one(op, QUERY_INSTALLATION_STATE, ROWS_OF(values),
			read_state, ret);
}

enum error store_installation_state_change(struct op *op, struct uuid id,
					   const struct installation_state *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(id), DB_STR(to->operation_status),
		DB_INT(to->failures), DB_BOOL(to->is_paused_by_errors)};

	return rows_change(op, QUERY_INSTALLATION_STATE_CHANGE,
			   ROWS_OF(values));
}
