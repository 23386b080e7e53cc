/* Tokens in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static const char *const role_names[] = {
	[ROLE_VIEWER] = "viewer",
	[ROLE_FRONTEND] = "frontend",
	[ROLE_ADMIN] = "admin",
};

static enum role read_role(const char *name)
{
	for (int role = ROLE_ADMIN; role > ROLE_VIEWER; role--)
		if (strcmp(name, role_names[role]) == 0)
			return (enum role)role;
	return ROLE_VIEWER;
}

static void read_token(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	struct arena *arena = &op->arena;

	*(struct access_token *)ret = (struct access_token){
		.id = db_uuid(rows, from),
		.project_id = db_uuid(rows, from + 1),
		.organization_id = db_uuid(rows, from + 2),
		.parent_id = db_uuid(rows, from + 3),
		.kind = db_text(arena, rows, from + 4),
		.handle = db_text(arena, rows, from + 5),
		.label = db_text(arena, rows, from + 6),
		.scopes = db_text(arena, rows, from + 7),
		.role = read_role(db_text(arena, rows, from + 8)),
		.is_active = db_boolean(rows, from + 9),
		.created_at = db_integer(rows, from + 10),
		.expires_at = db_integer(rows, from + 11),
		.builder_id = db_uuid(rows, from + 12),
		.reach_id = db_uuid(rows, from + 13),
		.lifetime_us = db_integer(rows, from + 14),
	};
}

enum error store_token_by_digest(struct op *op, const struct digest *digest,
				 struct access_token *ret)
{
	const struct db_value values[] = {
		DB_BYTES(digest->bytes, DIGEST_BYTES)};

	return rows_one(op, QUERY_TOKEN_BY_DIGEST, ROWS_OF(values), read_token,
			ret);
}

enum error store_token_by_handle(struct op *op, const char *kind,
				 const char *handle, struct access_token *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(handle)};

	return rows_one(op, QUERY_TOKEN_BY_HANDLE, ROWS_OF(values), read_token,
			ret);
}

enum error store_token_get(struct op *op, struct uuid id,
			   struct access_token *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_TOKEN_GET, ROWS_OF(values), read_token, ret);
}

enum error store_token_list(struct op *op, struct access_token_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_all(op, QUERY_TOKEN_LIST, ROWS_OF(values), read_token,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_token_add(struct op *op, const struct access_token *new,
			   const struct digest *digest)
{
	const struct db_value values[] = {
		DB_ID(new->project_id),
		DB_ID(new->id),
		DB_ID(new->organization_id),
		DB_ID_OR_NULL(new->parent_id),
		DB_STR(new->kind),
		DB_BYTES(digest->bytes, DIGEST_BYTES),
		DB_STR(new->handle),
		DB_STR(new->label),
		DB_STR(new->scopes),
		DB_STR(role_names[new->role]),
		DB_BOOL(new->is_active),
		DB_INT(new->created_at),
		DB_INT_OR_NULL(new->expires_at),
		DB_ID_OR_NULL(new->builder_id),
		DB_ID_OR_NULL(new->reach_id),
		DB_INT_OR_NULL(new->lifetime_us),
	};

	return rows_run(op, QUERY_TOKEN_ADD, ROWS_OF(values));
}

enum error store_token_change(struct op *op, const struct access_token *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(to->id),
		DB_STR(to->label),
		DB_STR(to->scopes),
		DB_STR(role_names[to->role]),
		DB_BOOL(to->is_active),
	};

	return rows_change(op, QUERY_TOKEN_CHANGE, ROWS_OF(values));
}

enum error store_token_renew(struct op *op, const struct access_token *to,
			     const struct digest *digest)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(to->id),
		DB_BYTES(digest->bytes, DIGEST_BYTES),
		DB_STR(to->handle),
		DB_INT_OR_NULL(to->expires_at),
	};

	return rows_change(op, QUERY_TOKEN_RENEW, ROWS_OF(values));
}

enum error store_token_projects(struct op *op, struct uuid token_id,
				struct uuid **ret, size_t *ret_count)
{
	const struct db_value values[] = {DB_ID(token_id)};

	return rows_all(op, QUERY_TOKEN_PROJECTS, ROWS_OF(values), read_id,
			sizeof(**ret), ret, ret_count);
}

enum error store_token_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	TRY(rows_run(op, QUERY_TOKEN_REMOVE_CHILDREN, ROWS_OF(values)));
	TRY(rows_run(op, QUERY_TOKEN_DISALLOW, &values[1], 1));
	return rows_change(op, QUERY_TOKEN_REMOVE, ROWS_OF(values));
}

enum error store_token_sweep(struct op *op, struct uuid parent_id)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(parent_id), DB_INT(op->now)};

	return rows_run(op, QUERY_TOKEN_SWEEP, ROWS_OF(values));
}

enum error store_token_allow(struct op *op, struct uuid token_id,
			     struct uuid project_id)
{
	const struct db_value values[] = {DB_ID(project_id), DB_ID(token_id)};

	return rows_run(op, QUERY_TOKEN_ALLOW, ROWS_OF(values));
}

static void read_nothing(struct op *op, const struct db_rows *rows, int from,
			 void *ret)
{
	(void)op;
	(void)rows;
	(void)from;
	(void)ret;
}

enum error store_token_allowed(struct op *op, struct uuid token_id,
			       struct uuid project_id)
{
	const struct db_value values[] = {DB_ID(project_id), DB_ID(token_id)};

	return rows_one(op, QUERY_TOKEN_ALLOWED, ROWS_OF(values), read_nothing,
			NULL);
}
