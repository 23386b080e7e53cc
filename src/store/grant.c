/* Grants of connections in SQL. */
#include <string.h>

#include "base/hash.h"
#include "core/store.h"
#include "store/rows.h"

enum error store_has_grants(struct op *op, bool *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};

	return rows_exist(op, QUERY_HAS_GRANTS, ROWS_OF(values), ret);
}

static enum error is_in_use(struct op *op, enum query query,
			    const struct digest *mark, bool *ret)
{
	struct db_value values[] = {DB_ID(op->project_id),
				    DB_BYTES(mark->bytes, DIGEST_BYTES),
				    {0}};

	TRY(rows_before(op, &values[2]));
	return rows_exist(op, query, ROWS_OF(values), ret);
}

enum error store_grant_is_in_use(struct op *op, const struct digest *mark,
				 bool *ret)
{
	return is_in_use(op, QUERY_GRANT_IS_IN_USE, mark, ret);
}

enum error store_account_is_in_use(struct op *op, const struct digest *mark,
				   bool *ret)
{
	return is_in_use(op, QUERY_ACCOUNT_IS_IN_USE, mark, ret);
}

enum error store_grant_sharers(struct op *op, struct uuid id, struct uuid **ret,
			       size_t *ret_count)
{
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};

	TRY(rows_before(op, &values[2]));
	return rows_all(op, QUERY_GRANT_SHARERS, ROWS_OF(values), read_id,
			sizeof(**ret), ret, ret_count);
}

static const char *read_mark(struct op *op, const struct db_rows *rows,
			     int column)
{
	struct digest mark;
	size_t length;
	const void *bytes = db_blob(rows, column, &length);

	if (length != DIGEST_BYTES)
		return NULL;
	memcpy(mark.bytes, bytes, DIGEST_BYTES);
	char *text = arena_alloc(&op->arena, DIGEST_TEXT);
	digest_format(&mark, text);
	return text;
}

static void read_grant_place(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	*(struct grant_place *)ret = (struct grant_place){
		.provider_app_id = db_uuid(rows, from),
		.workspace_ref = db_text(&op->arena, rows, from + 1),
		.metadata = db_text(&op->arena, rows, from + 2),
		.refresh_sent_at = db_integer(rows, from + 3),
		.account = read_mark(op, rows, from + 4),
	};
}

enum error store_grant_place(struct op *op, struct uuid id,
			     struct grant_place *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_GRANT_PLACE, ROWS_OF(values),
			read_grant_place, ret);
}

static struct db_value digest_value(const struct digest *digest)
{
	return digest ? DB_BYTES(digest->bytes, DIGEST_BYTES)
		      : (struct db_value){.type = DB_NULL};
}

enum error store_connection_mark(struct op *op, struct uuid id,
				 const struct digest *grant,
				 const struct digest *account)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  digest_value(grant),
					  digest_value(account)};

	return rows_change(op, QUERY_CONNECTION_MARK, ROWS_OF(values));
}

enum error store_connection_mark_account(struct op *op, struct uuid id,
					 const struct digest *account)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  digest_value(account)};

	return rows_change(op, QUERY_CONNECTION_MARK_ACCOUNT, ROWS_OF(values));
}
