/* Events in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

enum { PAGE_BYTES_MAX = 4 * 1024 * 1024 }; /* of payloads */

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
		DB_ID(op->project_id),	      DB_INT_OR_NULL(filter->before),
		DB_STR(filter->type),	      DB_INT(filter->limit),
		DB_INT(filter->changes_only), DB_ID(filter->integration_id),
	};
	bool has_integration = !uuid_is_nil(filter->integration_id);

	return rows_all(op,
			has_integration ? QUERY_EVENT_LIST_OF_INTEGRATION
					: QUERY_EVENT_LIST,
			values, has_integration ? 6 : 5, read_event,
			sizeof(*ret->items), &ret->items, &ret->count);
}

struct window {
	int64_t last, count;
};

static void read_window(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	(void)op;
	*(struct window *)ret = (struct window){db_integer(rows, from),
						db_integer(rows, from + 1)};
}

enum error store_event_window(struct op *op, int64_t after, int64_t limit,
			      int64_t *ret_last, int64_t *ret_count)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_INT(after),
					  DB_INT(limit)};
	struct window window;

	TRY(rows_one(op, QUERY_EVENT_WINDOW, ROWS_OF(values), read_window,
		     &window));
	*ret_last = window.last;
	*ret_count = window.count;
	return OK;
}

/* Until the page is full, or long. */
static enum error read_page(struct op *op, struct db_rows *rows, int64_t limit,
			    struct event_list *ret, bool *ret_is_full)
{
	size_t length = 0;

	TRY(db_next(rows));
	if (rows->has_row) /* many a look finds nothing */
		ret->items = arena_alloc(&op->arena,
					 (size_t)limit * sizeof(*ret->items));
	while (rows->has_row && !*ret_is_full) {
		struct event *event = &ret->items[ret->count++];

		read_event(op, rows, 0, event);
		length += strlen(event->payload);
		*ret_is_full =
			ret->count == (size_t)limit || length > PAGE_BYTES_MAX;
		TRY(db_next(rows));
	}
	return OK;
}

enum error store_event_page(struct op *op,
			    const struct event_page_filter *filter,
			    int64_t up_to, struct event_list *ret,
			    bool *ret_is_full)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_INT(filter->after),
		DB_INT(up_to),
		DB_INT(filter->limit),
		DB_STR(filter->type),
		DB_STR(filter->subject_kind),
		DB_ID_OR_NULL(filter->subject_id),
		DB_STR(filter->actor),
		DB_INT(filter->since),
		DB_INT_OR_NULL(filter->until),
	};
	struct db_rows rows;

	*ret = (struct event_list){NULL, 0};
	*ret_is_full = false;
	TRY(rows_query(op, QUERY_EVENT_PAGE, ROWS_OF(values), &rows));
	enum error error =
		read_page(op, &rows, filter->limit, ret, ret_is_full);
	db_finish(&rows);
	return error;
}

enum error store_event_newest(struct op *op, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	*ret = 0;
	enum error error = rows_one(op, QUERY_EVENT_NEWEST, ROWS_OF(values),
				    read_integer, ret);

	return error == ERR_NOT_FOUND ? OK : error;
}
