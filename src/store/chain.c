/* The chain over events in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static void read_link(struct op *op, const struct db_rows *rows, int from,
		      void *ret)
{
	struct link *link = ret;
	size_t length;

	(void)op;
	*link = (struct link){
		.number = db_integer(rows, from),
		.first_event = db_integer(rows, from + 1),
		.last_event = db_integer(rows, from + 2),
		.event_count = db_integer(rows, from + 3),
		.created_at = db_integer(rows, from + 5),
	};
	const void *hash = db_blob(rows, from + 4, &length);
	if (hash && length == DIGEST_BYTES)
		memcpy(link->hash.bytes, hash, DIGEST_BYTES);
}

enum error store_link_add(struct op *op, const struct link *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_INT(new->number),
		DB_INT(new->first_event),
		DB_INT(new->last_event),
		DB_INT(new->event_count),
		DB_BYTES(new->hash.bytes, DIGEST_BYTES),
		DB_INT(new->created_at),
	};

	return rows_run(op, QUERY_LINK_ADD, ROWS_OF(values));
}

enum error store_link_last(struct op *op, struct link *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_one(op, QUERY_LINK_LAST, ROWS_OF(values), read_link, ret);
}

enum error store_link_covering(struct op *op, int64_t event_number,
			       struct link *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(event_number)};

	return rows_one(op, QUERY_LINK_COVERING, ROWS_OF(values), read_link,
			ret);
}

enum error store_link_each(struct op *op, link_visit *visit, void *context)
{
	const struct db_value values[] = {DB_ID(op->project_id)};
	struct db_rows rows;
	struct link link;

	TRY(rows_query(op, QUERY_LINK_LIST, ROWS_OF(values), &rows));
	enum error error = db_next(&rows);
	while (error == OK && rows.has_row) {
		read_link(op, &rows, 0, &link);
		error = visit(context, &link);
		if (error == OK)
			error = db_next(&rows);
	}
	db_finish(&rows);
	return error;
}

static struct event_column column(const struct db_rows *rows, int number)
{
	struct event_column column = {NULL, 0};

	column.bytes = db_blob(rows, number, &column.length);
	return column;
}

static enum error visit_row(const struct db_rows *rows, event_visit *visit,
			    void *context)
{
	const struct event_row event = {
		.number = db_integer(rows, 0),
		.type = column(rows, 1),
		.actor = column(rows, 2),
		.subject_kind = column(rows, 3),
		.subject_id = column(rows, 4),
		.payload = column(rows, 5),
		.created_at = db_integer(rows, 6),
	};

	return visit(context, &event);
}

enum error store_event_rows(struct op *op, int64_t from, int64_t up_to,
			    event_visit *visit, void *context)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_INT(from),
					  DB_INT(up_to)};
	bool is_rest = up_to == INT64_MAX;
	struct db_rows rows;

	/* "up to the last" is asked without a bound: what is no number sorts
	 * behind all that are */
	TRY(rows_query(op, is_rest ? QUERY_EVENT_ROWS_REST : QUERY_EVENT_ROWS,
		       values, is_rest ? 2 : 3, &rows));
	enum error error = db_next(&rows);
	while (error == OK && rows.has_row) {
		error = visit_row(&rows, visit, context);
		if (error == OK)
			error = db_next(&rows);
	}
	db_finish(&rows);
	return error;
}

static void read_end(struct op *op, const struct db_rows *rows, int from,
		     void *ret)
{
	(void)op;
	*(struct chain_end *)ret = (struct chain_end){
		.project_id = db_uuid(rows, from),
		.last_event = db_integer(rows, from + 1),
		.last_sealed = db_integer(rows, from + 2),
	};
}

enum error store_chain_ends(struct op *op, struct chain_end **ret,
			    size_t *ret_count)
{
	return rows_all(op, QUERY_CHAIN_ENDS, NULL, 0, read_end, sizeof(**ret),
			ret, ret_count);
}

enum error store_chain_projects(struct op *op, struct uuid **ret,
				size_t *ret_count)
{
	return rows_all(op, QUERY_CHAIN_PROJECTS, NULL, 0, read_id,
			sizeof(**ret), ret, ret_count);
}
