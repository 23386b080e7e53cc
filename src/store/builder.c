/* Builders in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_builder(struct op *op, const struct db_rows *rows, int from,
			 void *ret)
{
	*(struct builder *)ret = (struct builder){
		.id = db_uuid(rows, from),
		.email = db_text(&op->arena, rows, from + 1),
		.first_name = db_text(&op->arena, rows, from + 2),
		.last_name = db_text(&op->arena, rows, from + 3),
		.created_at = db_integer(rows, from + 4),
	};
}

static void read_token(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	(void)op;
	*(struct builder_token *)ret = (struct builder_token){
		.project_id = db_uuid(rows, from),
		.id = db_uuid(rows, from + 1),
	};
}

enum error store_builder_get(struct op *op, struct uuid id, struct builder *ret)
{
	const struct db_value values[] = {DB_ID(id)};

	return rows_one(op, QUERY_BUILDER_GET, ROWS_OF(values), read_builder,
			ret);
}

enum error store_builder_by_email(struct op *op, const char *email,
				  struct builder *ret)
{
	const struct db_value values[] = {DB_STR(email)};

	return rows_one(op, QUERY_BUILDER_BY_EMAIL, ROWS_OF(values),
			read_builder, ret);
}

enum error store_builder_list(struct op *op, struct uuid organization_id,
			      struct builder_list *ret)
{
	const struct db_value values[] = {DB_ID(organization_id)};
	bool is_all = uuid_is_nil(organization_id);

	return rows_all(op,
			is_all ? QUERY_BUILDER_LIST_ALL
			       : QUERY_BUILDER_LIST_OF_ORGANIZATION,
			values, is_all ? 0 : 1, read_builder,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_builder_add(struct op *op, const struct builder *new)
{
	const struct db_value values[] = {
		DB_ID(new->id), DB_STR(new->email), DB_STR(new->first_name),
		DB_STR(new->last_name), DB_INT(new->created_at)};

	return rows_run(op, QUERY_BUILDER_ADD, ROWS_OF(values));
}

enum error store_builder_change(struct op *op, const struct builder *to)
{
	const struct db_value values[] = {DB_ID(to->id), DB_STR(to->email),
					  DB_STR(to->first_name),
					  DB_STR(to->last_name)};

	return rows_change(op, QUERY_BUILDER_CHANGE, ROWS_OF(values));
}

enum error store_builder_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(id)};

	return rows_change(op, QUERY_BUILDER_REMOVE, ROWS_OF(values));
}

enum error store_builder_tokens(struct op *op, struct uuid builder_id,
				struct uuid organization_id,
				struct builder_token_list *ret)
{
	const struct db_value values[] = {DB_ID(builder_id),
					  DB_ID_OR_NULL(organization_id)};

	return rows_all(op, QUERY_BUILDER_TOKENS, ROWS_OF(values), read_token,
			sizeof(*ret->items), &ret->items, &ret->count);
}
