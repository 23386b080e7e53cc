/* Events in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_event(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	struct arena *arena = &op->arena;

	*(struct event *)ret = (struct event){
		.number = db_integer(rows, from),
		.type = db_text(arena, rows, from + 1),
		.actor = db_text(arena, rows, from + 2),
		.subject_kind = db_text(arena, rows, from + 3),
		.subject_id = db_uuid(rows, from + 4),
		.payload = db_text(arena, rows, from + 5),
		.created_at = db_integer(rows, from + 6),
	};
}

enum error store_event_add(struct op *op, const struct event *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	   DB_INT(new->number),
		DB_STR(new->type),	   DB_STR(new->actor),
		DB_STR(new->subject_kind), DB_ID(new->subject_id),
		DB_STR(new->payload),	   DB_INT(new->created_at)};

	return rows_run(op, QUERY_EVENT_ADD, ROWS_OF(values));
}

enum error store_event_get(struct op *op, int64_t number, struct event *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(number)};

	return rows_one(op, QUERY_EVENT_GET, ROWS_OF(values), read_event, ret);
}

enum error store_event_list(struct op *op, const struct event_filter *filter,
			    struct event_list *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),		DB_INT(filter->after_number),
		DB_INT_OR_NULL(filter->before), DB_STR(filter->type),
		DB_INT(filter->limit),		DB_INT(filter->changes_only),
		DB_ID(filter->integration_id),
	};
	bool has_integration = !uuid_is_nil(filter->integration_id);

	return rows_all(op,
			has_integration ? QUERY_EVENT_LIST_OF_INTEGRATION
					: QUERY_EVENT_LIST,
			values, has_integration ? 7 : 6, read_event,
			sizeof(*ret->items), &ret->items, &ret->count);
}

static void read_number(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	(void)op;
	*(int64_t *)ret = db_integer(rows, from);
}

enum error store_event_newest(struct op *op, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	*ret = 0;
	enum error error = rows_one(op, QUERY_EVENT_NEWEST, ROWS_OF(values),
				    read_number, ret);

	return error == ERR_NOT_FOUND ? OK : error;
}
