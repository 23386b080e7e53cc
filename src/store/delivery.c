/* Deliveries and their attempts in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static void read_delivery(struct op *op, const struct db_rows *rows, int from,
			  void *ret)
{
	struct arena *arena = &op->arena;

	*(struct delivery *)ret = (struct delivery){
		.id = db_uuid(rows, from),
		.destination_id = db_uuid(rows, from + 1),
		.deletion_id = db_uuid(rows, from + 2),
		.event_number = db_integer(rows, from + 3),
		.event_type = db_text(arena, rows, from + 4),
		.state = db_text(arena, rows, from + 5),
		.attempts = db_integer(rows, from + 6),
		.answer = db_text(arena, rows, from + 7),
		.job_id = db_uuid(rows, from + 8),
		.created_at = db_integer(rows, from + 9),
		.next_at = db_integer(rows, from + 10),
		.ended_at = db_integer(rows, from + 11),
		.activity_number = db_integer(rows, from + 12),
	};
}

static void read_attempt(struct op *op, const struct db_rows *rows, int from,
			 void *ret)
{
	*(struct delivery_attempt *)ret = (struct delivery_attempt){
		.number = db_integer(rows, from),
		.began_at = db_integer(rows, from + 1),
		.took_us = db_integer(rows, from + 2),
		.status = (int)db_integer(rows, from + 3),
		.failure = db_text(&op->arena, rows, from + 4),
	};
}

static void read_counts(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	*(struct delivery_counts *)ret = (struct delivery_counts){
		.destination_id = db_uuid(rows, from),
		.name = db_text(&op->arena, rows, from + 1),
		.waiting = db_integer(rows, from + 2),
		.delivered = db_integer(rows, from + 3),
		.failed = db_integer(rows, from + 4),
		.ended = db_integer(rows, from + 5),
		.kind = db_text(&op->arena, rows, from + 6),
	};
}

enum error store_delivery_add(struct op *op, const struct delivery *new,
			      const char *body)
{
	const struct db_value texts[] = {DB_ID(op->project_id), DB_ID(new->id),
					 DB_STR(body)};
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(new->id),
		DB_ID(new->destination_id),
		DB_ID_OR_NULL(new->deletion_id),
		DB_INT(new->event_number),
		DB_STR(new->event_type),
		DB_ID(new->job_id),
		DB_INT(new->created_at),
		DB_INT_OR_NULL(new->activity_number),
	};

	TRY(rows_run(op, QUERY_DELIVERY_BODY_ADD, ROWS_OF(texts)));
	return rows_run(op, QUERY_DELIVERY_ADD, ROWS_OF(values));
}

enum error store_delivery_get(struct op *op, struct uuid id,
			      struct delivery *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_DELIVERY_GET, ROWS_OF(values), read_delivery,
			ret);
}

enum error store_delivery_body(struct op *op, struct uuid id, const char **ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_DELIVERY_BODY_GET, ROWS_OF(values), read_text,
			ret);
}

/* The ids say when; `since` begins before all of that time. */
enum error store_delivery_list(struct op *op,
			       const struct delivery_filter *filter,
			       int64_t limit, struct delivery_list *ret)
{
	struct uuid from = uuid_first_at(filter->since);
	struct uuid until = uuid_first_at(filter->until);
	bool has_destination = !uuid_is_nil(filter->destination_id);

	if (!filter->until)
		memset(until.bytes, 0xff, UUID_BYTES);
	if (memcmp(filter->after.bytes, from.bytes, UUID_BYTES) > 0)
		from = filter->after;
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(from),
		DB_ID(until),
		DB_INT(limit),
		DB_ID(filter->destination_id),
	};
	return rows_all(op,
			has_destination ? QUERY_DELIVERY_LIST_OF_DESTINATION
					: QUERY_DELIVERY_LIST,
			values, has_destination ? 5 : 4, read_delivery,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_delivery_change(struct op *op, const struct delivery *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	     DB_ID(to->id),
		DB_STR(to->state),	     DB_INT(to->attempts),
		DB_STR(to->answer),	     DB_ID(to->job_id),
		DB_INT_OR_NULL(to->next_at), DB_INT_OR_NULL(to->ended_at),
	};

	return rows_change(op, QUERY_DELIVERY_CHANGE, ROWS_OF(values));
}

enum error store_delivery_waiting_activities(struct op *op, const char *kind,
					     const char *lane, int64_t **ret,
					     size_t *ret_count)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(lane)};

	return rows_all(op, QUERY_DELIVERY_WAITING_ACTIVITIES, ROWS_OF(values),
			read_integer, sizeof(**ret), ret, ret_count);
}

enum error store_delivery_end_waiting(struct op *op, const char *kind,
				      const char *lane, const char *why)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(lane), DB_STR(why),
					  DB_INT(op->now)};

	return rows_run(op, QUERY_DELIVERY_END_WAITING, ROWS_OF(values));
}

enum error store_delivery_counts_of_deletion(struct op *op,
					     struct uuid deletion_id,
					     struct delivery_counts_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id)};

	return rows_all(op, QUERY_DELIVERY_COUNTS_OF_DELETION, ROWS_OF(values),
			read_counts, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_delivery_attempt_add(struct op *op, struct uuid delivery_id,
				      const struct delivery_attempt *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(delivery_id),
		DB_INT(new->number),   DB_INT(new->began_at),
		DB_INT(new->took_us),  DB_INT_OR_NULL(new->status),
		DB_STR(new->failure),
	};

	return rows_run(op, QUERY_DELIVERY_ATTEMPT_ADD, ROWS_OF(values));
}

enum error store_delivery_attempt_list(struct op *op, struct uuid delivery_id,
				       int64_t limit,
				       struct delivery_attempt_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(delivery_id), DB_INT(limit)};

	return rows_all(op, QUERY_DELIVERY_ATTEMPT_LIST, ROWS_OF(values),
			read_attempt, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_delivery_sweep(struct op *op, int64_t before, int64_t limit,
				int64_t *ret)
{
	struct uuid end = uuid_first_at(before);
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(end),
					  DB_INT(limit)};

	TRY(rows_run(op, QUERY_DELIVERY_BODY_SWEEP, ROWS_OF(values)));
	TRY(rows_run(op, QUERY_DELIVERY_ATTEMPT_SWEEP, ROWS_OF(values)));
	return rows_run_counted(op, QUERY_DELIVERY_SWEEP, ROWS_OF(values), ret);
}

enum error store_delivery_oldest(struct op *op, int64_t *ret_at)
{
	static const struct uuid first;
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(first)};

	return rows_one(op, QUERY_DELIVERY_OLDEST, ROWS_OF(values),
			read_integer, ret_at);
}
