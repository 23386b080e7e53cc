/* Making and opening projects' keys. */
#include "core/project_key.h"

#include "core/master_key.h"
#include "core/store.h"

/* As it was when a project had one key, in its own row. */
static struct seal_place place_of(const struct op *op, int64_t version)
{
	return (struct seal_place){op->project_id, "project", op->project_id,
				   "sealed_key", version};
}

static enum error open_row(struct op *op, const struct project_key_row *row,
			   struct project_key *ret)
{
	struct seal_place place = place_of(op, row->version);

	if (!keyring_open(&op->arena, op->keys, &place, row->sealed.bytes,
			  row->sealed.length, &ret->key))
		return op_fail(op, ERR_INTERNAL,
			       "the master key does not open this project");
	ret->version = row->version;
	return OK;
}

enum error project_key_current(struct op *op, struct project_key *ret)
{
	struct project_key_row row;

	TRY(store_project_key_current(op, &row));
	return open_row(op, &row, ret);
}

enum error project_key_use(struct op *op, int64_t version,
			   struct project_key *key)
{
	struct project_key_row row;

	if (key->version == version)
		return OK;
	TRY(store_project_key_get(op, version, &row));
	return open_row(op, &row, key);
}

enum error project_key_make(struct op *op, int64_t version, bool is_first)
{
	const struct seal_place place = place_of(op, version);
	struct project_key_row row = {
		.version = version,
		.stage = is_first ? KEY_STAGE_SETTLED : KEY_STAGE_SECRETS,
		.created_at = op->now,
		.settled_at = is_first ? op->now : 0,
	};
	struct key key;

	key_make(&key);
	enum error error = master_key_seal(op, &place, &key, &row.sealed.bytes,
					   &row.sealed.length);
	key_wipe(&key);
	TRY(error);
	return store_project_key_add(op, &row);
}

enum error project_key_rewrap(struct op *op, const struct sealed_key *sealed,
			      const struct digest *id)
{
	const struct seal_place place = place_of(op, sealed->version);
	struct sealed_key made = *sealed;

	if (!keyring_reseal(&op->arena, op->keys, id, &place,
			    &made.sealed.bytes, &made.sealed.length))
		return op_fail(op, ERR_INTERNAL,
			       "the master key does not open a project");
	return store_project_key_reseal(op, &made);
}
