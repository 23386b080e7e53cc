/* Workers in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_worker(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	*(struct worker *)ret = (struct worker){
		.id = db_uuid(rows, from),
		.environment_id = db_uuid(rows, from + 1),
		.environment = db_text(&op->arena, rows, from + 2),
		.name = db_text(&op->arena, rows, from + 3),
		.url = db_text(&op->arena, rows, from + 4),
		.seen_at = db_integer(rows, from + 5),
		.created_at = db_integer(rows, from + 6),
	};
}

enum error store_worker_get(struct op *op, struct uuid id, struct worker *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_WORKER_GET, ROWS_OF(values), read_worker,
			ret);
}

enum error store_worker_find(struct op *op, struct uuid environment_id,
			     const char *name, struct worker *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(environment_id), DB_STR(name)};

	return rows_one(op, QUERY_WORKER_FIND, ROWS_OF(values), read_worker,
			ret);
}

enum error store_worker_list(struct op *op, struct uuid after, int64_t limit,
			     struct worker_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(after),
					  DB_INT(limit)};

	return rows_all(op, QUERY_WORKER_LIST, ROWS_OF(values), read_worker,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_workers_of_environment(struct op *op,
					struct uuid environment_id,
					struct worker_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(environment_id)};

	return rows_all(op, QUERY_WORKER_LIST_OF_ENVIRONMENT, ROWS_OF(values),
			read_worker, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_workers_at(struct op *op, const char *url, struct uuid but,
			    struct worker_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(url),
					  DB_ID(but)};

	return rows_all(op, QUERY_WORKER_LIST_AT, ROWS_OF(values), read_worker,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_worker_add(struct op *op, const struct worker *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	    DB_ID(new->id),
		DB_ID(new->environment_id), DB_STR(new->name),
		DB_STR(new->url),	    DB_INT(new->created_at)};

	return rows_run(op, QUERY_WORKER_ADD, ROWS_OF(values));
}

enum error store_worker_seen(struct op *op, const struct worker *to)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(to->id),
					  DB_STR(to->url), DB_INT(to->seen_at)};

	return rows_change(op, QUERY_WORKER_SEEN, ROWS_OF(values));
}

enum error store_worker_leave(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_INT(op->now)};

	return rows_change(op, QUERY_WORKER_LEAVE, ROWS_OF(values));
}

enum error store_worker_forget(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_run(op, QUERY_WORKER_FORGET, ROWS_OF(values));
}

static void read_counts(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	(void)op;
	*(struct worker_counts *)ret = (struct worker_counts){
		.deployments = db_integer(rows, from),
		.pending = db_integer(rows, from + 1),
	};
}

enum error store_worker_counts(struct op *op, struct uuid id,
			       struct worker_counts *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_WORKER_COUNTS, ROWS_OF(values), read_counts,
			ret);
}
