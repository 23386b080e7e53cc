/* Environment variables in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_variable(struct op *op, const struct db_rows *rows, int from,
			  void *ret)
{
	*(struct variable *)ret = (struct variable){
		.id = db_uuid(rows, from),
		.name = db_text(&op->arena, rows, from + 1),
		.description = db_text(&op->arena, rows, from + 2),
		.is_global = db_boolean(rows, from + 3),
		.is_visible = db_boolean(rows, from + 4),
		.created_at = db_integer(rows, from + 5),
		.updated_at = db_integer(rows, from + 6),
	};
}

enum error store_variable_find(struct op *op, const char *name,
			       struct variable *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(name)};

	return rows_one(op, QUERY_VARIABLE_FIND, ROWS_OF(values), read_variable,
			ret);
}

enum error store_variable_get(struct op *op, struct uuid id,
			      struct variable *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_VARIABLE_GET, ROWS_OF(values), read_variable,
			ret);
}

enum error store_variable_list(struct op *op, struct variable_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_all(op, QUERY_VARIABLE_LIST, ROWS_OF(values), read_variable,
			sizeof(*ret->items), &ret->items, &ret->count);
}

static enum error put_row(struct op *op, enum query query,
			  const struct variable *variable, int64_t at)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(variable->id),
					  DB_STR(variable->name),
					  DB_STR(variable->description),
					  DB_BOOL(variable->is_global),
					  DB_BOOL(variable->is_visible),
					  DB_INT(at)};

	return rows_run(op, query, ROWS_OF(values));
}

enum error store_variable_add(struct op *op, const struct variable *new)
{
	return put_row(op, QUERY_VARIABLE_ADD, new, new->created_at);
}

enum error store_variable_change(struct op *op, const struct variable *to)
{
	return put_row(op, QUERY_VARIABLE_CHANGE, to, to->updated_at);
}

enum error store_variable_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	TRY(store_secret_remove_all(op, id));
	TRY(rows_run(op, QUERY_VARIABLE_REMOVE_VALUES, ROWS_OF(values)));
	return rows_change(op, QUERY_VARIABLE_REMOVE, ROWS_OF(values));
}

static void read_value(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	*(struct variable_value *)ret = (struct variable_value){
		.environment_id = db_uuid(rows, from),
		.environment = db_text(&op->arena, rows, from + 1),
		.is_visible = db_boolean(rows, from + 2),
	};
}

enum error store_variable_values(struct op *op, struct uuid id,
				 struct variable_value **ret, size_t *ret_count)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_all(op, QUERY_VARIABLE_VALUES, ROWS_OF(values), read_value,
			sizeof(**ret), ret, ret_count);
}

enum error store_variable_value_put(struct op *op, struct uuid id,
				    const struct variable_value *value)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_ID(value->environment_id),
					  DB_BOOL(value->is_visible)};

	return rows_run(op, QUERY_VARIABLE_VALUE_PUT, ROWS_OF(values));
}

enum error store_variable_value_remove(struct op *op, struct uuid id,
				       struct uuid environment_id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_ID(environment_id)};

	return rows_run(op, QUERY_VARIABLE_VALUE_REMOVE, ROWS_OF(values));
}

enum error store_variable_forget_environment(struct op *op,
					     struct uuid environment_id)
{
	char name[UUID_TEXT] = "";
	const struct db_value all[] = {DB_ID(op->project_id),
				       DB_ID(environment_id)};
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(environment_id), DB_STR(name)};

	uuid_format(environment_id, name);
	TRY(rows_run(op, QUERY_VARIABLE_FORGET_SECRETS, ROWS_OF(values)));
	return rows_run(op, QUERY_VARIABLE_FORGET_ENVIRONMENT, ROWS_OF(all));
}
