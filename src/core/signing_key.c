/* Making keys, and signing with the newest. */
#include "core/signing_key.h"

#include <string.h>

#include "core/master_key.h"
#include "core/store.h"

_Static_assert((int)JWS_SEED_BYTES == (int)KEY_BYTES, "a seed is a key");

static struct seal_place place_of(struct uuid id)
{
	return (struct seal_place){{{0}}, "signing_key", id, "sealed", 0};
}

enum error signing_key_make(struct op *op, struct signing_key *ret)
{
	struct jws_pair pair;
	struct key seed;

	*ret = (struct signing_key){
		.id = uuid_make(op->now),
		.created_at = op->now,
	};
	const struct seal_place place = place_of(ret->id);
	key_make(&seed);
	jws_pair_init(&pair, seed.bytes);
	memcpy(ret->public_key, pair.public_key, JWS_PUBLIC_BYTES);
	ret->kid = jws_thumbprint(&op->arena, ret->public_key);
	jws_pair_wipe(&pair);
	enum error error = master_key_seal(
		op, &place, &seed, &ret->sealed.bytes, &ret->sealed.length);
	key_wipe(&seed);
	TRY(error);
	return store_signing_key_add(op, ret);
}

enum error signing_key_ensure(struct op *op)
{
	struct signing_key_list keys;
	struct signing_key made;

	TRY(store_signing_key_list(op, &keys));
	return keys.count ? OK : signing_key_make(op, &made);
}

enum error signing_key_list(struct op *op, struct signing_key_list *ret)
{
	TRY(store_signing_key_list(op, ret));
	if (ret->count)
		return OK;
	return op_fail(op, ERR_INTERNAL, "the store has no key to sign with");
}

static enum error does_not_open(struct op *op)
{
	return op_fail(op, ERR_INTERNAL,
		       "the master key does not open the store's key");
}

static enum error rewrap(struct op *op, const struct signing_key *key,
			 const struct digest *id)
{
	const struct seal_place place = place_of(key->id);
	struct signing_key made = *key;

	if (!keyring_reseal(&op->arena, op->keys, id, &place,
			    &made.sealed.bytes, &made.sealed.length))
		return does_not_open(op);
	return store_signing_key_reseal(op, &made);
}

enum error signing_key_rewrap(struct op *op, const struct digest *id)
{
	struct signing_key_list keys;

	TRY(store_signing_key_list(op, &keys));
	for (size_t i = 0; i < keys.count; i++)
		TRY(rewrap(op, &keys.items[i], id));
	return OK;
}

enum error signer_open(struct op *op, struct signer *ret)
{
	struct signing_key_list keys;
	struct key seed;

	TRY(signing_key_list(op, &keys));
	const struct signing_key *newest = &keys.items[keys.count - 1];
	const struct seal_place place = place_of(newest->id);
	if (!keyring_open(&op->arena, op->keys, &place, newest->sealed.bytes,
			  newest->sealed.length, &seed))
		return does_not_open(op);
	ret->store = keys.items[0].id;
	ret->kid = newest->kid;
	jws_pair_init(&ret->pair, seed.bytes);
	key_wipe(&seed);
	return OK;
}

void signer_wipe(struct signer *signer)
{
	jws_pair_wipe(&signer->pair);
}

const char *signer_sign(struct arena *arena, const struct signer *signer,
			const char *payload_json)
{
	return jws_sign(arena, &signer->pair, signer->kid, payload_json);
}

bool signing_key_open(struct arena *arena, const struct signing_key_list *keys,
		      const char *text, const char **ret_payload)
{
	for (size_t i = 0; i < keys->count; i++)
		if (jws_open(arena, text, keys->items[i].kid,
			     keys->items[i].public_key, ret_payload))
			return true;
	return false;
}
