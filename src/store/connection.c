/* Connections in SQL. */
#include "core/store.h"
#include "store/rows.h"

enum error store_connection_get(struct op *op, struct uuid id,
				struct connection_view *ret)
{
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};

	TRY(rows_before(op, &values[2]));
	return rows_one(op, QUERY_CONNECTION_GET, ROWS_OF(values),
			read_connection_view, ret);
}

enum error store_connection_list(struct op *op,
				 const struct connection_filter *filter,
				 struct connection_list *ret)
{
	struct db_value values[5] = {DB_ID(op->project_id),
				     DB_STR(filter->provider),
				     DB_STR(filter->consumer_ref)};
	enum query query = filter->group_ref ? QUERY_CONNECTION_LIST_OF_GROUP
					     : QUERY_CONNECTION_LIST;
	size_t count = 3;

	if (filter->group_ref)
		values[count++] = DB_STR(filter->group_ref);
	TRY(rows_before(op, &values[count++]));
	return rows_all(op, query, values, count, read_connection_view,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_connection_default(struct op *op, struct uuid group_id,
				    const char *provider,
				    struct connection_view *ret)
{
	struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(group_id), DB_STR(provider), {0}};

	TRY(rows_before(op, &values[3]));
	return rows_one(op, QUERY_CONNECTION_DEFAULT, ROWS_OF(values),
			read_connection_view, ret);
}

enum error store_connection_add(struct op *op, const struct connection *new,
				const char *handle)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(new->id),
		DB_STR(new->family == CONNECTION_TARGET ? "target"
							: "provider"),
		DB_STR(new->kind),
		DB_STR(handle),
		DB_STR(new->name),
		DB_STR(new->description),
		DB_STR(new->auth_scheme),
		DB_STR(new->status),
		DB_ID_OR_NULL(new->group_id),
		DB_ID_OR_NULL(new->consumer_id),
		DB_STR(new->workspace_ref),
		DB_STR(new->metadata),
		DB_STR(new->settings),
		DB_BOOL(new->is_deployed),
		DB_BOOL(new->is_enabled),
		DB_INT(new->created_at),
	};

	return rows_run(op, QUERY_CONNECTION_ADD, ROWS_OF(values));
}

enum error store_connection_change(struct op *op, const struct connection *to,
				   const char *handle)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	  DB_ID(to->id),
		DB_STR(handle),		  DB_STR(to->name),
		DB_STR(to->description),  DB_STR(to->settings),
		DB_BOOL(to->is_deployed), DB_BOOL(to->is_enabled),
		DB_INT(to->updated_at)};

	return rows_change(op, QUERY_CONNECTION_CHANGE, ROWS_OF(values));
}

enum error store_connection_update(struct op *op, const struct connection *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	   DB_ID(to->id),
		DB_STR(to->workspace_ref), DB_STR(to->metadata),
		DB_STR(to->settings),	   DB_STR(to->status),
		DB_INT(to->updated_at)};

	return rows_change(op, QUERY_CONNECTION_UPDATE, ROWS_OF(values));
}

enum error store_target_find(struct op *op, const char *handle,
			     struct connection *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_STR(handle)};

	return rows_one(op, QUERY_TARGET_FIND, ROWS_OF(values), read_connection,
			ret);
}

static void read_target(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	struct connection_view *view = ret;

	read_connection(op, rows, from, &view->connection);
}

enum error store_target_list(struct op *op, const char *kind,
			     struct connection_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind)};

	return rows_all(op, QUERY_TARGET_LIST, ROWS_OF(values), read_target,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_connection_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change_surely(op, QUERY_CONNECTION_REMOVE, ROWS_OF(values));
}
