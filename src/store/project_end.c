/* The end of a project, in SQL. */
#include "core/store.h"
#include "store/rows.h"

static const struct {
	enum query list;
	enum query remove; /* of those that have no more to them than a row */
} rests[RESTS] = {
	[REST_INTEGRATIONS] = {.list = QUERY_REST_INTEGRATIONS},
	[REST_GROUPS] = {QUERY_REST_GROUPS, QUERY_GROUP_REMOVE},
	[REST_CONSUMERS] = {QUERY_REST_CONSUMERS, QUERY_CONSUMER_REMOVE},
	[REST_TOPIC_ROUTES] = {QUERY_REST_TOPIC_ROUTES,
			       QUERY_TOPIC_DESTINATION_ROUTE_REMOVE},
	[REST_EVENT_ROUTES] = {QUERY_REST_EVENT_ROUTES,
			       QUERY_EVENT_TOPIC_ROUTE_REMOVE},
	[REST_TOPICS] = {QUERY_REST_TOPICS, QUERY_TOPIC_REMOVE},
	[REST_DESTINATIONS] = {QUERY_REST_DESTINATIONS,
			       QUERY_DESTINATION_REMOVE},
	[REST_PROVIDER_APPS] = {QUERY_REST_PROVIDER_APPS,
				QUERY_PROVIDER_APP_REMOVE},
	[REST_WORKERS] = {.list = QUERY_REST_WORKERS},
	[REST_ENVIRONMENTS] = {QUERY_REST_ENVIRONMENTS,
			       QUERY_ENVIRONMENT_REMOVE},
	[REST_VARIABLES] = {.list = QUERY_REST_VARIABLES},
	[REST_JWT_KEYS] = {QUERY_REST_JWT_KEYS, QUERY_JWT_KEY_REMOVE},
	[REST_TOKENS] = {.list = QUERY_REST_TOKENS},
};

enum error store_project_hide(struct op *op)
{
	char name[UUID_TEXT] = "";
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(name),
					  DB_INT(op->now)};

	uuid_format(op->project_id, name);
	return rows_change(op, QUERY_PROJECT_HIDE, ROWS_OF(values));
}

enum error store_rest_list(struct op *op, enum rest rest, int64_t limit,
			   struct thing_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_INT(limit)};

	return rows_all(op, rests[rest].list, ROWS_OF(values), read_named,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_rest_remove(struct op *op, enum rest rest, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	if (rest == REST_INTEGRATIONS)
		return store_integration_remove(op, id);
	if (rest == REST_WORKERS) {
		/* what it has is still to be removed */
		TRY(store_worker_leave(op, id));
		return store_worker_forget(op, id);
	}
	if (rest == REST_VARIABLES)
		return store_variable_remove(op, id);
	if (rest == REST_TOKENS)
		return store_token_remove(op, id);
	return rows_change(op, rests[rest].remove, ROWS_OF(values));
}

enum error store_project_empty(struct op *op)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	TRY(rows_run(op, QUERY_PROJECT_DROP_POLICIES, ROWS_OF(values)));
	TRY(rows_run(op, QUERY_UPLOAD_REMOVE_ALL, ROWS_OF(values)));
	TRY(rows_run(op, QUERY_ACTIVITY_LOG_REMOVE_ALL, ROWS_OF(values)));
	TRY(rows_run(op, QUERY_ACTIVITY_REMOVE_ALL, ROWS_OF(values)));
	TRY(rows_run(op, QUERY_EVENT_ORIGIN_REMOVE_ALL, ROWS_OF(values)));
	TRY(rows_run(op, QUERY_WARNING_REMOVE_ALL, ROWS_OF(values)));
	TRY(rows_run(op, QUERY_PROJECT_DROP_OBTAINING_SECRETS,
		     ROWS_OF(values)));
	TRY(rows_run(op, QUERY_PROJECT_DROP_OBTAININGS, ROWS_OF(values)));
	return rows_run(op, QUERY_PROJECT_DISALLOW, ROWS_OF(values));
}

enum error store_project_was(struct op *op, struct uuid id, bool *ret)
{
	const struct db_value values[] = {DB_ID(id)};

	return rows_exist(op, QUERY_PROJECT_WAS, ROWS_OF(values), ret);
}
