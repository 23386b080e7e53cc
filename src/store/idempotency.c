/* Kept answers in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static void read_kept(struct op *op, const struct db_rows *rows, int from,
		      void *ret)
{
	struct kept_row *row = ret;
	size_t length;
	const void *fingerprint = db_blob(rows, from, &length);

	*row = (struct kept_row){
		.answer.status = (int)db_integer(rows, from + 1),
		.answer.content_type = db_text(&op->arena, rows, from + 2),
		.answer.headers = db_text(&op->arena, rows, from + 3),
		.key_version = db_integer(rows, from + 5),
		.created_at = db_integer(rows, from + 6),
	};
	if (length == DIGEST_BYTES)
		memcpy(row->fingerprint.bytes, fingerprint, DIGEST_BYTES);
	struct sealed_bytes body = read_sealed_bytes(op, rows, from + 4);
	row->answer.body = body.bytes;
	row->answer.length = body.length;
}

enum error store_idempotency_get(struct op *op, struct uuid id,
				 struct kept_row *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_IDEMPOTENCY_GET, ROWS_OF(values), read_kept,
			ret);
}

enum error store_idempotency_put(struct op *op, struct uuid id,
				 const struct kept_row *row, int64_t expired_by)
{
	const struct kept_answer *answer = &row->answer;
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(id),
		DB_BYTES(row->fingerprint.bytes, DIGEST_BYTES),
		DB_INT(answer->status),
		DB_STR(answer->content_type),
		DB_STR(answer->headers),
		DB_BYTES(answer->length ? answer->body : "", answer->length),
		DB_INT(row->key_version),
		DB_INT(row->created_at),
		DB_INT(expired_by),
	};
	enum error error =
		rows_change(op, QUERY_IDEMPOTENCY_PUT, ROWS_OF(values));

	return error == ERR_NOT_FOUND ? ERR_TAKEN : error;
}

enum error store_idempotency_sweep(struct op *op, int64_t by, int64_t limit,
				   int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_INT(by),
					  DB_INT(limit)};

	return rows_run_counted(op, QUERY_IDEMPOTENCY_SWEEP, ROWS_OF(values),
				ret);
}

enum error store_idempotency_oldest(struct op *op, int64_t *ret_at)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_one(op, QUERY_IDEMPOTENCY_OLDEST, ROWS_OF(values),
			read_integer, ret_at);
}

static void read_body(struct op *op, const struct db_rows *rows, int from,
		      void *ret)
{
	*(struct kept_body *)ret = (struct kept_body){
		.id = db_uuid(rows, from),
		.key_version = db_integer(rows, from + 1),
		.sealed = read_sealed_bytes(op, rows, from + 2),
	};
}

enum error store_idempotency_walk(struct op *op, struct uuid after,
				  int64_t limit, struct kept_body_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(after),
					  DB_INT(limit)};

	return rows_all(op, QUERY_IDEMPOTENCY_WALK, ROWS_OF(values), read_body,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_idempotency_reseal(struct op *op, const struct kept_body *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(to->id), DB_INT(to->key_version),
		DB_BYTES(to->sealed.bytes, to->sealed.length)};

	return rows_change(op, QUERY_IDEMPOTENCY_RESEAL, ROWS_OF(values));
}
