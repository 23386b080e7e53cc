/* Provider apps in SQL. */
#include "core/store.h"
#include "store/rows.h"

enum error store_provider_app_get(struct op *op, struct uuid id,
				  struct provider_app *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_PROVIDER_APP_GET, ROWS_OF(values),
			read_provider_app, ret);
}

enum error store_provider_app_list(struct op *op, struct provider_app_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_all(op, QUERY_PROVIDER_APP_LIST, ROWS_OF(values),
			read_provider_app, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_provider_app_add(struct op *op, const struct provider_app *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	DB_ID(new->id),
		DB_STR(new->provider),	DB_STR(new->external_ref),
		DB_STR(new->client_id), DB_STR(new->scopes),
		DB_STR(new->metadata),	DB_INT(new->created_at)};

	return rows_run(op, QUERY_PROVIDER_APP_ADD, ROWS_OF(values));
}

enum error store_provider_app_change(struct op *op,
				     const struct provider_app *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(to->id),
		DB_STR(to->provider),  DB_STR(to->external_ref),
		DB_STR(to->client_id), DB_STR(to->scopes),
		DB_STR(to->metadata),  DB_INT(to->updated_at)};

	return rows_change(op, QUERY_PROVIDER_APP_CHANGE, ROWS_OF(values));
}

enum error store_provider_app_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, QUERY_PROVIDER_APP_REMOVE, ROWS_OF(values));
}

enum error store_provider_app_users(struct op *op, struct uuid id,
				    struct uuid *ret, size_t limit,
				    size_t *ret_count)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_INT((int64_t)limit)};

	return rows_ids(op, QUERY_PROVIDER_APP_USERS, ROWS_OF(values), ret,
			ret_count);
}

enum error store_documents_of_provider_app(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_run(op, QUERY_INSTALLATION_DOCUMENTS_OF_PROVIDER_APP,
			ROWS_OF(values));
}
