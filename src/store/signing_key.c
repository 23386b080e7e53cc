/* The store's keys in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static void read_signing_key(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	struct signing_key *key = ret;
	size_t length;

	*key = (struct signing_key){
		.id = db_uuid(rows, from),
		.kid = db_text(&op->arena, rows, from + 1),
		.sealed = read_sealed_bytes(op, rows, from + 3),
		.created_at = db_integer(rows, from + 4),
	};
	const void *public_key = db_blob(rows, from + 2, &length);
	if (length == JWS_PUBLIC_BYTES)
		memcpy(key->public_key, public_key, length);
}

enum error store_signing_key_add(struct op *op, const struct signing_key *new)
{
	const struct db_value values[] = {
		DB_ID(new->id), DB_STR(new->kid),
		DB_BYTES(new->public_key, JWS_PUBLIC_BYTES),
		DB_BYTES(new->sealed.bytes, new->sealed.length),
		DB_INT(new->created_at)};

	return rows_run(op, QUERY_SIGNING_KEY_ADD, ROWS_OF(values));
}

enum error store_signing_key_reseal(struct op *op,
				    const struct signing_key *key)
{
	const struct db_value values[] = {
		DB_ID(key->id),
		DB_BYTES(key->sealed.bytes, key->sealed.length)};

	return rows_change(op, QUERY_SIGNING_KEY_RESEAL, ROWS_OF(values));
}

enum error store_signing_key_list(struct op *op, struct signing_key_list *ret)
{
	return rows_all(op, QUERY_SIGNING_KEY_LIST, NULL, 0, read_signing_key,
			sizeof(*ret->items), &ret->items, &ret->count);
}
