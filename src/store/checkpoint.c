/* Checkpoints in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rows.h"

static void read_checkpoint(struct op *op, const struct db_rows *rows, int from,
			    void *ret)
{
	struct checkpoint *checkpoint = ret;
	size_t length;

	(void)op;
	*checkpoint = (struct checkpoint){
		.project_id = db_uuid(rows, from),
		.number = db_integer(rows, from + 1),
		.last_event = db_integer(rows, from + 3),
	};
	const void *hash = db_blob(rows, from + 2, &length);
	if (hash && length == DIGEST_BYTES)
		memcpy(checkpoint->hash.bytes, hash, length);
}

enum error store_checkpoint_due(struct op *op, struct uuid target_id,
				int64_t limit, struct checkpoint_list *ret)
{
	const struct db_value values[] = {DB_ID(target_id), DB_INT(limit)};

	return rows_all(op, QUERY_CHECKPOINT_DUE, ROWS_OF(values),
			read_checkpoint, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_checkpoint_put(struct op *op, struct uuid target_id,
				int64_t number)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(target_id), DB_INT(number)};

	return rows_run(op, QUERY_CHECKPOINT_PUT, ROWS_OF(values));
}
