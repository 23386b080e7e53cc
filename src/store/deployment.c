/* Deployments in SQL. */
#include "core/store.h"
#include "store/rows.h"

enum error store_deployment_version(struct op *op, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_one(op, QUERY_DEPLOYMENT_VERSION, ROWS_OF(values),
			read_integer, ret);
}

enum error store_deployment_version_raise(struct op *op)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_change(op, QUERY_DEPLOYMENT_VERSION_RAISE, ROWS_OF(values));
}

static void read_deployment(struct op *op, const struct db_rows *rows, int from,
			    void *ret)
{
	*(struct deployment *)ret = (struct deployment){
		.id = db_uuid(rows, from),
		.worker_id = db_uuid(rows, from + 1),
		.connection_id = db_uuid(rows, from + 2),
		.version = db_integer(rows, from + 3),
		.worker_version = db_integer(rows, from + 4),
		.is_wanted = db_boolean(rows, from + 5),
		.worker = db_text(&op->arena, rows, from + 6),
		.url = db_text(&op->arena, rows, from + 7),
		.environment = db_text(&op->arena, rows, from + 8),
		.environment_id = db_uuid(rows, from + 9),
		.tried_version = db_integer(rows, from + 10),
		.tried_at = db_integer(rows, from + 11),
		.answer = db_text(&op->arena, rows, from + 12),
	};
}

enum error store_deployment_get(struct op *op, struct uuid id,
				struct deployment *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_DEPLOYMENT_GET, ROWS_OF(values),
			read_deployment, ret);
}

enum error store_deployment_find(struct op *op, struct uuid worker_id,
				 struct uuid connection_id,
				 struct deployment *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(worker_id), DB_ID(connection_id)};

	return rows_one(op, QUERY_DEPLOYMENT_FIND, ROWS_OF(values),
			read_deployment, ret);
}

static enum error list(struct op *op, enum query query, struct uuid id,
		       struct deployment_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_all(op, query, ROWS_OF(values), read_deployment,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_deployments_of_connection(struct op *op, struct uuid id,
					   struct deployment_list *ret)
{
	return list(op, QUERY_DEPLOYMENTS_OF_CONNECTION, id, ret);
}

enum error store_deployments_of_worker(struct op *op, struct uuid id,
				       struct deployment_list *ret)
{
	return list(op, QUERY_DEPLOYMENTS_OF_WORKER, id, ret);
}

enum error store_deployment_add(struct op *op, const struct deployment *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(new->id),
		DB_ID(new->worker_id), DB_ID(new->connection_id),
		DB_INT(new->version),  DB_BOOL(new->is_wanted)};

	return rows_run(op, QUERY_DEPLOYMENT_ADD, ROWS_OF(values));
}

enum error store_deployment_change(struct op *op, const struct deployment *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(to->id), DB_INT(to->version),
		DB_INT(to->worker_version), DB_BOOL(to->is_wanted)};

	return rows_change(op, QUERY_DEPLOYMENT_CHANGE, ROWS_OF(values));
}

enum error store_deployment_tried(struct op *op, const struct deployment *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	    DB_ID(to->id),
		DB_INT(to->worker_version), DB_INT(to->tried_version),
		DB_INT(to->tried_at),	    DB_STR(to->answer)};

	return rows_run(op, QUERY_DEPLOYMENT_TRIED, ROWS_OF(values));
}

enum error store_deployment_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_run(op, QUERY_DEPLOYMENT_REMOVE, ROWS_OF(values));
}

enum error store_deployment_target(struct op *op, struct uuid id,
				   struct connection *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_DEPLOYMENT_TARGET, ROWS_OF(values),
			read_connection, ret);
}
