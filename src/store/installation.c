/* Installations and configurations in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static void read_installation(struct op *op, const struct db_rows *rows,
			      int from, void *ret)
{
	*(struct installation *)ret = (struct installation){
		.id = db_uuid(rows, from),
		.integration_id = db_uuid(rows, from + 1),
		.group_id = db_uuid(rows, from + 2),
		.connection_id = db_uuid(rows, from + 3),
		.created_by = db_text(&op->arena, rows, from + 4),
		.created_at = db_integer(rows, from + 5),
		.updated_at = db_integer(rows, from + 6),
	};
}

enum {
	INSTALLATION_COLUMNS = 7,
	CONFIG_AT = INSTALLATION_COLUMNS,
	GROUP_AT = CONFIG_AT + 5,
	STATE_AT =
		GROUP_AT + 3 * PARTY_COLUMNS + CONNECTION_COLUMNS + APP_COLUMNS
};

static void read_view(struct op *op, const struct db_rows *rows, int from,
		      void *ret)
{
	struct installation_view *view = ret;
	int config = from + CONFIG_AT;

	read_installation(op, rows, from, &view->installation);
	view->config = (struct config){
		.id = db_uuid(rows, config),
		.revision_id = db_uuid(rows, config + 1),
		.content = db_text(&op->arena, rows, config + 2),
		.created_by = db_text(&op->arena, rows, config + 3),
		.created_at = db_integer(rows, config + 4),
	};
	read_party(op, rows, from + GROUP_AT, &view->group);
	read_connection_view(op, rows, from + GROUP_AT + PARTY_COLUMNS,
			     &view->connection);
	view->operation_status = db_text(&op->arena, rows, from + STATE_AT);
	view->failures = db_integer(rows, from + STATE_AT + 1);
	view->is_paused_by_errors = db_boolean(rows, from + STATE_AT + 2);
}

enum error store_installation_get(struct op *op, struct uuid id,
				  struct installation_view *ret)
{
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};

	TRY(rows_before(op, &values[2]));
	return rows_one(op, QUERY_INSTALLATION_GET, ROWS_OF(values), read_view,
			ret);
}

static enum error visit_rows(struct op *op, enum query query,
			     const struct db_value *values, size_t count,
			     installation_visit *visit, void *context,
			     size_t *ret_seen)
{
	struct db_rows rows;
	size_t length;

	*ret_seen = 0;
	TRY(rows_query(op, query, values, count, &rows));
	enum error error = db_next(&rows);
	while (error == OK && rows.has_row) {
		const char *document = db_blob(&rows, 0, &length);
		struct uuid id = {{0}};

		if (!document)
			id = db_uuid(&rows, 1);
		error = visit(context, op, id, document, length);
		++*ret_seen;
		if (error == OK)
			error = db_next(&rows);
	}
	db_finish(&rows);
	return error;
}

enum error store_installation_show(struct op *op, struct uuid integration_id,
				   struct uuid id, installation_visit *visit,
				   void *context)
{
	struct db_value values[] = {DB_ID(op->project_id),
				    DB_ID(id),
				    DB_ID(integration_id),
				    {0},
				    DB_INT(uuid_stamp(id))};
	size_t seen;

	TRY(rows_before_now(op, &values[3]));
	TRY(visit_rows(op, QUERY_INSTALLATION_SHOW, values, 5, visit, context,
		       &seen));
	if (!seen)
		TRY(visit_rows(op, QUERY_INSTALLATION_SHOW_BY_KEY, values, 4,
			       visit, context, &seen));
	return seen ? OK : ERR_NOT_FOUND;
}

enum error store_installation_newest(struct op *op, int64_t *ret_stamp)
{
	*ret_stamp = 0;
	if (db_is_shared(op->session->db))
		return OK; /* an id's stamp is no row's place there */
	enum error error = rows_one(op, QUERY_INSTALLATION_NEWEST, NULL, 0,
				    read_integer, ret_stamp);

	return error == ERR_NOT_FOUND ? OK : error;
}

enum error store_installation_list(struct op *op,
				   const struct installation_filter *filter,
				   struct uuid group_id,
				   installation_visit *visit, void *context)
{
	struct uuid above_all;
	bool has_integration = !uuid_is_nil(filter->integration_id);
	bool has_group = !uuid_is_nil(group_id);
	struct db_value values[6] = {DB_ID(op->project_id),
				     DB_ID(filter->after),
				     DB_INT(filter->limit)};
	enum query query = QUERY_INSTALLATION_LIST;
	size_t count = 3, seen;
	struct db_value before;

	memset(above_all.bytes, 0xff, sizeof(above_all.bytes));
	TRY(has_integration && !has_group ? rows_before_now(op, &before)
					  : rows_before(op, &before));
	if (has_integration)
		values[count++] = DB_ID(filter->integration_id);
	if (has_group)
		values[count++] = DB_ID(group_id);
	if (has_integration && has_group)
		query = QUERY_INSTALLATION_LIST_OF_BOTH;
	else if (has_integration)
		query = QUERY_INSTALLATION_LIST_OF_INTEGRATION;
	else if (has_group)
		query = QUERY_INSTALLATION_LIST_OF_GROUP;
	else if (before.type != DB_NULL)
		query = QUERY_INSTALLATION_LIST_BESIDE;
	if (query != QUERY_INSTALLATION_LIST)
		values[count++] = before;
	if (query == QUERY_INSTALLATION_LIST_BESIDE)
		values[count++] = DB_ID(above_all);
	return visit_rows(op, query, values, count, visit, context, &seen);
}

enum error store_installation_add(struct op *op, const struct installation *new,
				  const struct config *config)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	     DB_ID(new->id),
		DB_ID(new->integration_id),  DB_ID(new->group_id),
		DB_ID(new->connection_id),   DB_STR(new->created_by),
		DB_INT(new->created_at),     DB_ID(config->id),
		DB_ID(config->revision_id),  DB_STR(config->content),
		DB_STR(config->created_by),  DB_INT(config->created_at),
		DB_INT(uuid_stamp(new->id)),
	};

	return rows_run(op, QUERY_INSTALLATION_ADD, ROWS_OF(values));
}

enum error store_installation_change(struct op *op,
				     const struct installation *to,
				     const struct config *config)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	    DB_ID(to->id),
		DB_ID(to->connection_id),   DB_INT(to->updated_at),
		DB_ID(config->id),	    DB_ID(config->revision_id),
		DB_STR(config->content),    DB_STR(config->created_by),
		DB_INT(config->created_at),
	};

	return rows_change(op, QUERY_INSTALLATION_CHANGE, ROWS_OF(values));
}

enum error store_past_config_add(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, QUERY_PAST_CONFIG_ADD, ROWS_OF(values));
}

enum error store_installation_page(struct op *op, struct uuid integration_id,
				   struct uuid after, size_t limit,
				   struct uuid *ret, size_t *ret_count)
{
	struct db_value values[] = {DB_ID(op->project_id),
				    DB_ID(integration_id),
				    DB_ID(after),
				    DB_INT((int64_t)limit),
				    {0}};

	TRY(rows_before(op, &values[4]));
	return rows_ids(op, QUERY_INSTALLATION_PAGE, ROWS_OF(values), ret,
			ret_count);
}

enum error store_installation_of(struct op *op, struct uuid group_id,
				 struct uuid integration_id, struct uuid *ret)
{
	struct db_value values[] = {DB_ID(op->project_id),
				    DB_ID(group_id),
				    DB_ID(integration_id),
				    {0}};

	TRY(rows_before(op, &values[3]));
	return rows_one(op, QUERY_INSTALLATION_OF, ROWS_OF(values), read_id,
			ret);
}

/* Rows, as many as the query was limited to, into the caller's array. */
static enum error some(struct op *op, enum query query,
		       const struct db_value *values, size_t value_count,
		       struct installation *ret, size_t *ret_count)
{
	struct installation *items;
	size_t count;

	TRY(rows_all(op, query, values, value_count, read_installation,
		     sizeof(*items), &items, &count));
	for (size_t i = 0; i < count; i++)
		ret[i] = items[i];
	*ret_count = count;
	return OK;
}

enum error store_installation_users(struct op *op, struct uuid group_id,
				    struct uuid connection_id,
				    struct installation *ret, size_t limit,
				    size_t *ret_count)
{
	struct db_value values[] = {DB_ID(op->project_id),
				    DB_ID(group_id),
				    DB_ID(connection_id),
				    DB_INT((int64_t)limit),
				    {0}};

	TRY(rows_before(op, &values[4]));
	return some(op, QUERY_INSTALLATION_USERS, ROWS_OF(values), ret,
		    ret_count);
}

static void read_count(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	(void)op;
	*(size_t *)ret = (size_t)db_integer(rows, from);
}

enum error store_installation_user_count(struct op *op, struct uuid group_id,
					 struct uuid connection_id, size_t *ret)
{
	struct db_value values[] = {DB_ID(op->project_id),
				    DB_ID(group_id),
				    DB_ID(connection_id),
				    {0}};

	TRY(rows_before(op, &values[3]));
	return rows_one(op, QUERY_INSTALLATION_USER_COUNT, ROWS_OF(values),
			read_count, ret);
}

enum error store_installation_remove(struct op *op,
				     const struct installation *which)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(which->id)};

	if (which->updated_at)
		TRY(rows_run(op, QUERY_PAST_CONFIG_REMOVE_OF, ROWS_OF(values)));
	return rows_change_surely(op, QUERY_INSTALLATION_REMOVE,
				  ROWS_OF(values));
}

enum error store_installation_document(struct op *op, struct uuid id,
				       const char *document)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_STR(document)};

	return rows_change(op, QUERY_INSTALLATION_DOCUMENT, ROWS_OF(values));
}

static enum error drop_documents(struct op *op, enum query query,
				 struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_run(op, query, ROWS_OF(values));
}

enum error store_documents_of_group(struct op *op, struct uuid group_id)
{
	return drop_documents(op, QUERY_INSTALLATION_DOCUMENTS_OF_GROUP,
			      group_id);
}

enum error store_documents_of_consumer(struct op *op, struct uuid consumer_id)
{
	return drop_documents(op, QUERY_INSTALLATION_DOCUMENTS_OF_CONSUMER,
			      consumer_id);
}
