/* Uploads in SQL. */
#include "core/store.h"
#include "store/rows.h"

static const struct uuid none = {{0}};

enum error store_upload_put(struct op *op, struct uuid id, const void *bytes,
			    size_t length)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_BYTES(length ? bytes : "", length),
					  DB_INT(op->now)};

	return rows_run(op, QUERY_UPLOAD_PUT, ROWS_OF(values));
}

static void read_content(struct op *op, const struct db_rows *rows, int from,
			 void *ret)
{
	const struct sealed_bytes bytes = read_sealed_bytes(op, rows, from);

	*(struct upload_content *)ret =
		(struct upload_content){bytes.bytes, bytes.length};
}

enum error store_upload_get(struct op *op, struct uuid id,
			    struct upload_content *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_UPLOAD_GET, ROWS_OF(values), read_content,
			ret);
}

enum error store_upload_trim(struct op *op, int64_t keep)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(none),
					  DB_INT(keep)};

	return rows_run(op, QUERY_UPLOAD_TRIM, ROWS_OF(values));
}

enum error store_upload_sweep(struct op *op, struct uuid before)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(before)};

	return rows_run(op, QUERY_UPLOAD_SWEEP, ROWS_OF(values));
}

enum error store_upload_oldest(struct op *op, struct uuid *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(none)};

	return rows_one(op, QUERY_UPLOAD_OLDEST, ROWS_OF(values), read_id, ret);
}
