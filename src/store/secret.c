/* Sealed secrets in SQL. */
#include "core/store.h"
#include "store/rows.h"

enum error store_secret_put(struct op *op, struct uuid owner_id,
			    const struct sealed *sealed)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(owner_id),
		DB_STR(sealed->name),
		DB_INT(sealed->key_version),
		DB_BYTES(sealed->blob, sealed->length),
		DB_INT_OR_NULL(sealed->expires_at),
	};

	return rows_run(op, QUERY_SECRET_PUT, ROWS_OF(values));
}

static void read_sealed(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	struct sealed *sealed = ret;
	struct sealed_bytes bytes = read_sealed_bytes(op, rows, from + 2);

	*sealed = (struct sealed){
		.name = db_text(&op->arena, rows, from),
		.key_version = db_integer(rows, from + 1),
		.blob = bytes.bytes,
		.length = bytes.length,
		.expires_at = db_integer(rows, from + 3),
	};
}

static void read_owned(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	struct owned_secret *owned = ret;

	owned->owner_id = db_uuid(rows, from);
	read_sealed(op, rows, from + 1, &owned->sealed);
}

enum error store_secret_walk(struct op *op, struct uuid after_owner,
			     const char *after_name, int64_t limit,
			     struct owned_secret_list *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(after_owner),
		DB_STR(after_name ? after_name : ""), DB_INT(limit)};

	return rows_all(op, QUERY_SECRET_WALK, ROWS_OF(values), read_owned,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_secret_list(struct op *op, struct uuid owner_id,
			     struct sealed **ret, size_t *ret_count)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(owner_id)};

	return rows_all(op, QUERY_SECRET_LIST, ROWS_OF(values), read_sealed,
			sizeof(**ret), ret, ret_count);
}

enum error store_secret_remove(struct op *op, struct uuid owner_id,
			       const char *name)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(owner_id), DB_STR(name)};

	return rows_run(op, QUERY_SECRET_REMOVE, ROWS_OF(values));
}

enum error store_secret_remove_all(struct op *op, struct uuid owner_id)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(owner_id)};

	return rows_run(op, QUERY_SECRET_REMOVE_ALL, ROWS_OF(values));
}
