/* Finding out whether the master key fits, and loading what it seals. */
#include "core/master_key.h"

#include <string.h>

#include "core/project.h"
#include "core/project_key.h"
#include "core/signing_key.h"
#include "core/store.h"

enum { PROJECTS_AT_ONCE = 256 };

static struct seal_place place_of(const char *column)
{
	return (struct seal_place){.table = "master_key", .column = column};
}

static enum error seal_own(struct op *op, const struct digest *id,
			   const char *column, const struct key *key,
			   struct sealed_bytes *ret)
{
	const struct seal_place place = place_of(column);

	if (keyring_seal(&op->arena, op->keys, id, &place, key, &ret->bytes,
			 &ret->length))
		return OK;
	return op_fail(op, ERR_INTERNAL, "the store's master key is not here");
}

static enum error seal_both(struct op *op, const struct keyring *ring,
			    struct master_key_row *row)
{
	TRY(seal_own(op, &row->id, "sealed_token", &ring->token, &row->token));
	return seal_own(op, &row->id, "sealed_sign", &ring->sign, &row->sign);
}

static enum error not_ours(struct op *op)
{
	return op_fail(op, ERR_FORBIDDEN, "the master key is not this store's");
}

/* The oldest project's key tells, in a store that does not say itself. */
static enum error try_on_oldest(struct op *op, const struct project *oldest)
{
	struct project_key key = {0};

	op->project_id = oldest->id;
	enum error error = project_key_current(op, &key);
	op->project_id = (struct uuid){{0}};
	key_wipe(&key.key);
	return error == ERR_INTERNAL ? not_ours(op) : error;
}

static enum error adopt(struct op *op, struct keyring *ring)
{
	struct master_key_row row = {
		.id = keyring_newest(ring),
		.since = op->now,
	};
	struct project_list all;

	TRY(project_list_all(op, &all));
	if (all.count) {
		TRY(try_on_oldest(op, &all.items[0]));
	} else {
		key_make(&ring->token);
		key_make(&ring->sign);
	}
	TRY(seal_both(op, ring, &row));
	return store_master_key_add(op, &row);
}

static bool open_own(struct op *op, const char *column,
		     const struct sealed_bytes *sealed, struct key *ret)
{
	const struct seal_place place = place_of(column);

	return keyring_open(&op->arena, op->keys, &place, sealed->bytes,
			    sealed->length, ret);
}

enum error master_key_load(struct op *op, struct keyring *ring)
{
	struct master_key_row row;

	enum error error = store_master_key_get(op, &row);
	if (error == ERR_NOT_FOUND)
		return adopt(op, ring);
	TRY(error);
	if (!keyring_has(ring, &row.id))
		return not_ours(op);
	if (open_own(op, "sealed_token", &row.token, &ring->token) &&
	    open_own(op, "sealed_sign", &row.sign, &ring->sign))
		return OK;
	return op_fail(op, ERR_INTERNAL, "the store's own keys do not open");
}

enum error master_key_seal(struct op *op, const struct seal_place *place,
			   const struct key *key,
			   const unsigned char **ret_blob, size_t *ret_length)
{
	struct master_key_row row;

	TRY(store_exclude(op)); /* or it is replaced at this moment */
	TRY(store_master_key_get(op, &row));
	if (keyring_seal(&op->arena, op->keys, &row.id, place, key, ret_blob,
			 ret_length))
		return OK;
	return op_fail(op, ERR_INTERNAL, "the store's master key is not here");
}

static enum error rewrap_some(struct op *op, const struct digest *id,
			      const struct sealed_key_list *some)
{
	for (size_t i = 0; i < some->count; i++) {
		op->project_id = some->items[i].project_id;
		TRY(project_key_rewrap(op, &some->items[i], id));
	}
	return OK;
}

static enum error rewrap_projects(struct op *op, const struct digest *id)
{
	struct sealed_key last = {.version = 0};
	struct sealed_key_list some;
	enum error error;

	do {
		TRY(store_project_key_walk(op, last.project_id, last.version,
					   PROJECTS_AT_ONCE, &some));
		error = rewrap_some(op, id, &some);
		op->project_id = (struct uuid){{0}};
		if (some.count)
			last = some.items[some.count - 1];
	} while (error == OK && some.count == PROJECTS_AT_ONCE);
	return error;
}

enum error master_key_rotate(struct op *op)
{
	struct master_key_row was, to = {
					   .id = keyring_newest(op->keys),
					   .since = op->now,
				   };

	TRY(store_exclude(op));
	TRY(store_master_key_get(op, &was));
	if (memcmp(&was.id, &to.id, sizeof(to.id)) == 0)
		return OK;
	TRY(rewrap_projects(op, &to.id));
	TRY(signing_key_rewrap(op, &to.id));
	TRY(seal_both(op, op->keys, &to));
	return store_master_key_replace(op, &was.id, &to);
}

enum error master_key_status(struct op *op, struct master_key_status *ret)
{
	struct master_key_row row;

	TRY(store_master_key_get(op, &row));
	*ret = (struct master_key_status){row.rotations, row.since};
	return OK;
}
