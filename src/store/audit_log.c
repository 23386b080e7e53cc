/* The audit log, and where events were asked for, in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static void read_entry(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	struct arena *arena = &op->arena;

	*(struct audit_entry *)ret = (struct audit_entry){
		.event = {.number = db_integer(rows, from),
			  .type = db_text(arena, rows, from + 1),
			  .actor = db_text(arena, rows, from + 2),
			  .subject_kind = db_text(arena, rows, from + 3),
			  .subject_id = db_uuid(rows, from + 4),
			  .payload = db_text(arena, rows, from + 5),
			  .created_at = db_integer(rows, from + 6)},
		.origin = {.user_id = db_uuid(rows, from + 7),
			   .address = db_text(arena, rows, from + 8),
			   .agent = db_text(arena, rows, from + 9)},
	};
}

static void read_range(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	(void)op;
	*(struct audit_range *)ret = (struct audit_range){
		db_integer(rows, from), db_integer(rows, from + 1)};
}

enum error store_audit_bounds(struct op *op, int64_t from, int64_t until,
			      int64_t limit, struct audit_range *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_INT(from),
					  DB_INT(until), DB_INT(limit)};

	return rows_one(op, QUERY_AUDIT_BOUNDS, ROWS_OF(values), read_range,
			ret);
}

/* The pattern for types that begin so: words of letters, with _ in them. */
static const char *type_pattern(struct op *op, const char *type)
{
	char *pattern, *out;

	if (type && strpbrk(type, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return ""; /* LIKE is not exact in case on every engine */
	if (!type)
		return NULL;
	pattern = out = arena_alloc(&op->arena, strlen(type) * 2 + 3);
	for (; *type; type++) {
		if (strchr("%_\\", *type))
			*out++ = '\\';
		*out++ = *type;
	}
	*out++ = '.';
	*out++ = '%';
	return pattern;
}

static const char *dotted(struct op *op, const char *action)
{
	return action ? arena_printf(&op->arena, ".%s", action) : NULL;
}

/* A token that is nobody's is a user by its own id. */
static const char *actor_of(struct op *op, struct uuid user_id)
{
	char id[UUID_TEXT];

	if (uuid_is_nil(user_id))
		return NULL;
	uuid_format(user_id, id);
	return arena_printf(&op->arena, "token:%s", id);
}

enum error store_audit_page(struct op *op, const struct audit_filter *filter,
			    const struct audit_range *range,
			    struct audit_list *ret)
{
	static const char *const orders[] = {"time", "type", "action"};
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_INT(range->first),
		DB_INT(range->last),
		DB_INT(filter->since),
		DB_INT_OR_NULL(filter->until),
		DB_STR(type_pattern(op, filter->type)),
		DB_STR(dotted(op, filter->action)),
		DB_STR(actor_of(op, filter->user_id)),
		DB_ID_OR_NULL(filter->user_id),
		DB_STR(orders[filter->order]),
		DB_INT(filter->limit),
		DB_INT(filter->offset),
	};

	TRY(rows_one(op, QUERY_AUDIT_COUNT, values, 9, read_integer,
		     &ret->total));
	return rows_all(op,
			filter->is_ascending ? QUERY_AUDIT_PAGE_UP
					     : QUERY_AUDIT_PAGE_DOWN,
			ROWS_OF(values), read_entry, sizeof(*ret->items),
			&ret->items, &ret->count);
}

enum error store_audit_get(struct op *op, int64_t number,
			   struct audit_entry *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(number)};

	return rows_one(op, QUERY_AUDIT_GET, ROWS_OF(values), read_entry, ret);
}

enum error store_event_origin_add(struct op *op, int64_t number,
				  const struct event_origin *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_INT(number), DB_ID(new->user_id),
		DB_STR(new->address), DB_STR(new->agent)};

	return rows_run(op, QUERY_EVENT_ORIGIN_ADD, ROWS_OF(values));
}

enum error store_event_origin_erase(struct op *op, int64_t before)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(before)};

	return rows_run(op, QUERY_EVENT_ORIGIN_ERASE, ROWS_OF(values));
}

enum error store_event_origin_oldest(struct op *op, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_INT(0)};

	return rows_one(op, QUERY_EVENT_ORIGIN_OLDEST, ROWS_OF(values),
			read_integer, ret);
}
