/* The master key's and the projects' keys in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static void read_master_key(struct op *op, const struct db_rows *rows, int from,
			    void *ret)
{
	struct master_key_row *row = ret;
	size_t length;
	const void *id = db_blob(rows, from, &length);

	*row = (struct master_key_row){
		.token = read_sealed_bytes(op, rows, from + 1),
		.sign = read_sealed_bytes(op, rows, from + 2),
		.rotations = db_integer(rows, from + 3),
		.since = db_integer(rows, from + 4),
	};
	if (length == DIGEST_BYTES)
		memcpy(row->id.bytes, id, DIGEST_BYTES);
}

enum error store_exclude(struct op *op)
{
	return db_exclude(op->session, false);
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

enum error store_master_key_replace(struct op *op, const struct digest *id,
				    const struct master_key_row *to)
{
	const struct db_value values[] = {
		DB_BYTES(id->bytes, DIGEST_BYTES),
		DB_BYTES(to->id.bytes, DIGEST_BYTES),
		DB_BYTES(to->token.bytes, to->token.length),
		DB_BYTES(to->sign.bytes, to->sign.length),
		DB_INT(to->since),
	};

	return rows_change(op, QUERY_MASTER_KEY_REPLACE, ROWS_OF(values));
}

static void read_sealed_key(struct op *op, const struct db_rows *rows, int from,
			    void *ret)
{
	*(struct sealed_key *)ret = (struct sealed_key){
		.project_id = db_uuid(rows, from),
		.version = db_integer(rows, from + 1),
		.sealed = read_sealed_bytes(op, rows, from + 2),
	};
}

enum error store_project_key_walk(struct op *op, struct uuid after_project,
				  int64_t after_version, int64_t limit,
				  struct sealed_key_list *ret)
{
	const struct db_value values[] = {DB_ID(after_project),
					  DB_INT(after_version), DB_INT(limit)};

	return rows_all(op, QUERY_PROJECT_KEY_WALK, ROWS_OF(values),
			read_sealed_key, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_project_key_reseal(struct op *op, const struct sealed_key *to)
{
	const struct db_value values[] = {
		DB_ID(to->project_id), DB_INT(to->version),
		DB_BYTES(to->sealed.bytes, to->sealed.length)};

	return rows_change(op, QUERY_PROJECT_KEY_RESEAL, ROWS_OF(values));
}

static void read_project_key(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	*(struct project_key_row *)ret = (struct project_key_row){
		.version = db_integer(rows, from),
		.sealed = read_sealed_bytes(op, rows, from + 1),
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

enum error store_project_key_switch(struct op *op, int64_t version)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(version)};

	return rows_change(op, QUERY_PROJECT_KEY_SWITCH, ROWS_OF(values));
}

enum error store_project_key_reach(struct op *op,
				   const struct project_key_row *to)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(to->version),
					  DB_STR(to->stage),
					  DB_ID_OR_NULL(to->reached_id),
					  DB_STR(to->reached_name),
					  DB_INT(to->resealed),
					  DB_INT_OR_NULL(to->settled_at)};

	return rows_change(op, QUERY_PROJECT_KEY_REACH, ROWS_OF(values));
}

enum error store_project_key_retire(struct op *op, int64_t version)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(version)};

	return rows_run(op, QUERY_PROJECT_KEY_RETIRE, ROWS_OF(values));
}

enum error store_project_key_count(struct op *op, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_one(op, QUERY_PROJECT_KEY_COUNT, ROWS_OF(values),
			read_integer, ret);
}
