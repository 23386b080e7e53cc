/* Activities that were told of, in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_activity(struct op *op, const struct db_rows *rows, int from,
			  void *ret)
{
	struct arena *arena = &op->arena;

	*(struct activity *)ret = (struct activity){
		.number = db_integer(rows, from),
		.id = db_uuid(rows, from + 1),
		.type = db_text(arena, rows, from + 2),
		.integration_id = db_uuid(rows, from + 3),
		.integration = db_text(arena, rows, from + 4),
		.environments = db_text(arena, rows, from + 5),
		.state = db_text(arena, rows, from + 6),
		.result = db_text(arena, rows, from + 7),
		.failure_reason = db_text(arena, rows, from + 8),
		.percent = db_integer(rows, from + 9),
		.document = db_text(arena, rows, from + 10),
		.log_bytes = db_integer(rows, from + 11),
		.log_parts = db_integer(rows, from + 12),
		.created_at = db_integer(rows, from + 13),
		.updated_at = db_integer(rows, from + 14),
		.started_at = db_integer(rows, from + 15),
		.completed_at = db_integer(rows, from + 16),
		.cancelled_at = db_integer(rows, from + 17),
	};
}

enum error store_activity_add(struct op *op, const struct activity *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_INT(new->number),
		DB_ID(new->id),
		DB_STR(new->type),
		DB_ID_OR_NULL(new->integration_id),
		DB_STR(new->integration),
		DB_STR(new->environments),
		DB_STR(new->state),
		DB_STR(new->result),
		DB_STR(new->failure_reason),
		DB_INT(new->percent),
		DB_STR(new->document),
		DB_INT(new->log_bytes),
		DB_INT(new->log_parts),
		DB_INT(new->created_at),
		DB_INT(new->updated_at),
		DB_INT_OR_NULL(new->started_at),
		DB_INT_OR_NULL(new->completed_at),
		DB_INT_OR_NULL(new->cancelled_at),
	};

	return rows_run(op, QUERY_ACTIVITY_ADD, ROWS_OF(values));
}

enum error store_activity_change(struct op *op, const struct activity *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_INT(to->number),
		DB_STR(to->environments),
		DB_STR(to->state),
		DB_STR(to->result),
		DB_STR(to->failure_reason),
		DB_INT(to->percent),
		DB_STR(to->document),
		DB_INT(to->log_bytes),
		DB_INT(to->log_parts),
		DB_INT(to->updated_at),
		DB_INT_OR_NULL(to->started_at),
		DB_INT_OR_NULL(to->completed_at),
		DB_INT_OR_NULL(to->cancelled_at),
	};

	return rows_change(op, QUERY_ACTIVITY_CHANGE, ROWS_OF(values));
}

enum error store_activity_get(struct op *op, int64_t number,
			      struct activity *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(number)};

	return rows_one(op, QUERY_ACTIVITY_GET, ROWS_OF(values), read_activity,
			ret);
}

enum error store_activity_find(struct op *op, struct uuid id,
			       struct activity *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_ACTIVITY_FIND, ROWS_OF(values), read_activity,
			ret);
}

enum error store_activity_list(struct op *op,
			       const struct activity_filter *filter,
			       struct activity_list *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	       DB_INT_OR_NULL(filter->before),
		DB_STR(filter->type),	       DB_INT(filter->limit),
		DB_STR(filter->states),	       DB_STR(filter->results),
		DB_ID(filter->integration_id),
	};
	bool has_integration = !uuid_is_nil(filter->integration_id);

	return rows_all(op,
			has_integration ? QUERY_ACTIVITY_LIST_OF_INTEGRATION
					: QUERY_ACTIVITY_LIST,
			values, has_integration ? 7 : 6, read_activity,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_activity_log_add(struct op *op, int64_t number, int64_t part,
				  const struct activity_part *new)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_INT(number),
					  DB_INT(part), DB_STR(new->text),
					  DB_INT(new->created_at)};

	return rows_run(op, QUERY_ACTIVITY_LOG_ADD, ROWS_OF(values));
}

static void read_part(struct op *op, const struct db_rows *rows, int from,
		      void *ret)
{
	*(struct activity_part *)ret = (struct activity_part){
		.text = db_text(&op->arena, rows, from),
		.created_at = db_integer(rows, from + 1),
	};
}

enum error store_activity_log_list(struct op *op, int64_t number,
				   struct activity_part_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(number)};

	return rows_all(op, QUERY_ACTIVITY_LOG_LIST, ROWS_OF(values), read_part,
			sizeof(*ret->items), &ret->items, &ret->count);
}
