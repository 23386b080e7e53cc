/* Sealing, opening and erasing credentials. */
#include "core/credential.h"

#include <string.h>

#include "core/event.h"
#include "core/project_key.h"
#include "core/store.h"

static struct seal_place place_of(const struct op *op, struct uuid owner_id,
				  const char *name, int64_t key_version)
{
	return (struct seal_place){op->project_id, "secret", owner_id, name,
				   key_version};
}

enum error credential_put(struct op *op, struct uuid owner_id, const char *name,
			  const char *value, int64_t expires_at)
{
	struct sealed sealed = {.name = name, .expires_at = expires_at};
	struct project_key key;

	op->has_secrets = true;
	TRY(project_key_current(op, &key));
	sealed.key_version = key.version;
	struct seal_place place = place_of(op, owner_id, name, key.version);
	seal(&op->arena, &key.key, &place, value, strlen(value), &sealed.blob,
	     &sealed.length);
	key_wipe(&key.key);
	return store_secret_put(op, owner_id, &sealed);
}

enum error credential_put_all(struct op *op, struct uuid owner_id,
			      const struct new_credential *secrets,
			      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct new_credential *s = &secrets[i];

		if (s->value)
			TRY(credential_put(op, owner_id, s->name, s->value,
					   s->expires_at));
		else
			TRY(credential_drop(op, owner_id, s->name));
	}
	return OK;
}

/* `key` is the last that was used, and may be of another version. */
static enum error open_one(struct op *op, struct project_key *key,
			   struct uuid owner_id, const struct sealed *sealed,
			   struct credential *ret)
{
	struct seal_place place =
		place_of(op, owner_id, sealed->name, sealed->key_version);

	op->has_secrets = true;
	ret->name = sealed->name;
	ret->expires_at = sealed->expires_at;
	enum error error = project_key_use(op, sealed->key_version, key);
	if (error == OK && seal_open(&op->arena, &key->key, &place,
				     sealed->blob, sealed->length, &ret->value))
		return OK;
	if (error != OK && error != ERR_NOT_FOUND)
		return error;
	return op_fail(op, ERR_INTERNAL, "a sealed secret does not open");
}

static enum error open_all(struct op *op, struct uuid owner_id,
			   const struct sealed *sealed,
			   const struct credential_list *list)
{
	struct project_key key = {0};
	enum error error = OK;

	for (size_t i = 0; i < list->count && error == OK; i++)
		error = open_one(op, &key, owner_id, &sealed[i],
				 &list->items[i]);
	key_wipe(&key.key);
	return error;
}

/* `type` is of the event; NULL: none is recorded. */
static enum error open_recorded(struct op *op, const char *type,
				const char *owner_kind, struct uuid owner_id,
				struct credential_list *ret)
{
	struct credential_list list;
	struct sealed *sealed;

	TRY(store_secret_list(op, owner_id, &sealed, &list.count));
	list.items =
		arena_alloc(&op->arena, (list.count + 1) * sizeof(*list.items));
	if (list.count && type)
		TRY(event_record(op, type, owner_kind, owner_id, NULL, 0,
				 NULL));
	if (list.count)
		TRY(open_all(op, owner_id, sealed, &list));
	*ret = list;
	return OK;
}

enum error credential_read(struct op *op, const char *owner_kind,
			   struct uuid owner_id, struct credential_list *ret)
{
	const char *type =
		arena_printf(&op->arena, "%s.credentials.read", owner_kind);

	return open_recorded(op, type, owner_kind, owner_id, ret);
}

enum error credential_use(struct op *op, struct uuid owner_id,
			  struct credential_list *ret)
{
	return open_recorded(op, NULL, NULL, owner_id, ret);
}

enum error credential_names(struct op *op, struct uuid owner_id,
			    struct credential_names *ret)
{
	struct credential_names names;
	struct sealed *sealed;

	TRY(store_secret_list(op, owner_id, &sealed, &names.count));
	names.items = arena_alloc(&op->arena,
				  (names.count + 1) * sizeof(*names.items));
	for (size_t i = 0; i < names.count; i++)
		names.items[i] = sealed[i].name;
	*ret = names;
	return OK;
}

static enum error copy_one(struct op *op, struct project_key *key,
			   struct uuid from_owner, struct uuid to_owner,
			   const struct sealed *sealed)
{
	struct credential opened;

	TRY(open_one(op, key, from_owner, sealed, &opened));
	return credential_put(op, to_owner, opened.name,
			      (const char *)opened.value.bytes,
			      opened.expires_at);
}

enum error credential_copy(struct op *op, struct uuid from_owner,
			   struct uuid to_owner)
{
	struct project_key key = {0};
	struct sealed *sealed;
	enum error error = OK;
	size_t count;

	TRY(store_secret_list(op, from_owner, &sealed, &count));
	for (size_t i = 0; i < count && error == OK; i++)
		error = copy_one(op, &key, from_owner, to_owner, &sealed[i]);
	key_wipe(&key.key);
	return error;
}

enum error credential_reseal(struct op *op, struct uuid owner_id,
			     const struct sealed *sealed,
			     struct project_key *older)
{
	return copy_one(op, older, owner_id, owner_id, sealed);
}

const struct credential *credential_find(const struct credential_list *list,
					 const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	return NULL;
}

const char *credential_text(const struct credential_list *list,
			    const char *name)
{
	const struct credential *found = credential_find(list, name);

	return found ? (const char *)found->value.bytes : NULL;
}

enum error credential_drop(struct op *op, struct uuid owner_id,
			   const char *name)
{
	if (name)
		return store_secret_remove(op, owner_id, name);
	return store_secret_remove_all(op, owner_id);
}
