/* The master key's and the projects' keys in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static struct sealed_bytes read_bytes(struct op *op, const struct db_rows *rows,
				      int column)
{
	struct sealed_bytes sealed;
	const void *found = db_blob(rows, column, &sealed.length);
	unsigned char *copy = arena_alloc(&op->arena, sealed.length + 1);

	memcpy(copy, found, sealed.length);
	sealed.bytes = copy;
	return sealed;
}

static void read_master_key(struct op *op, const struct db_rows *rows, int from,
			    void *ret)
{
	struct master_key_row *row = ret;
	size_t length;
	const void *id = db_blob(rows, from, &length);

	*row = (struct master_key_row){
		.token = read_bytes(op, rows, from + 1),
		.sign = read_bytes(op, rows, from + 2),
		.rotations = db_integer(rows, from + 3),
		.since = db_integer(rows, from + 4),
	};
	if (length == DIGEST_BYTES)
		memcpy(row->id.bytes, id, DIGEST_BYTES);
}

enum error store_master_key_get(struct op *op, struct master_key_row *ret)
{
	return rows_one(op, QUERY_MASTER_KEY_GET, NULL, 0, read_master_key,
			ret);
}

enum error store_master_key_add(struct op *op, const struct master_key_row *new)
{
	const struct db_value values[] = {
		DB_BYTES(new->id.bytes, DIGEST_BYTES),
		DB_BYTES(new->token.bytes, new->token.length),
		DB_BYTES(new->sign.bytes, new->sign.length),
		DB_INT(new->since),
	};

	return rows_run(op, QUERY_MASTER_KEY_ADD, ROWS_OF(values));
}

static void read_project_key(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	*(struct project_key_row *)ret = (struct project_key_row){
		.version = db_integer(rows, from),
		.sealed = read_bytes(op, rows, from + 1),
		.stage = db_text(&op->arena, rows, from + 2),
		.reached_id = db_uuid(rows, from + 3),
		.reached_name = db_text(&op->arena, rows, from + 4),
		.resealed = db_integer(rows, from + 5),
		.created_at = db_integer(rows, from + 6),
		.settled_at = db_integer(rows, from + 7),
	};
}

enum error store_project_key_current(struct op *op, struct project_key_row *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_one(op, QUERY_PROJECT_KEY_CURRENT, ROWS_OF(values),
			read_project_key, ret);
}

enum error store_project_key_get(struct op *op, int64_t version,
				 struct project_key_row *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(version)};

	return rows_one(op, QUERY_PROJECT_KEY_GET, ROWS_OF(values),
			read_project_key, ret);
}

enum error store_project_key_add(struct op *op,
				 const struct project_key_row *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_INT(new->version),
		DB_BYTES(new->sealed.bytes, new->sealed.length),
		DB_STR(new->stage),
		DB_INT(new->created_at),
		DB_INT_OR_NULL(new->settled_at),
	};

	return rows_run(op, QUERY_PROJECT_KEY_ADD, ROWS_OF(values));
}
