/* Making keys, and signing with the newest. */
#include "core/signing_key.h"

#include <sodium.h>
#include <string.h>

#include "core/store.h"

static struct seal_place place_of(struct uuid id)
{
	return (struct seal_place){{{0}}, "signing_key", id, "sealed", 0};
}

enum error signing_key_make(struct op *op, struct signing_key *ret)
{
	unsigned char seed[JWS_SEED_BYTES];
	struct jws_pair pair;

	*ret = (struct signing_key){
		.id = uuid_make(op->now),
		.created_at = op->now,
	};
	const struct seal_place place = place_of(ret->id);
	randombytes_buf(seed, sizeof(seed));
	jws_pair_init(&pair, seed);
	memcpy(ret->public_key, pair.public_key, JWS_PUBLIC_BYTES);
	ret->kid = jws_thumbprint(&op->arena, ret->public_key);
	seal(&op->arena, &op->keys->wrap, &place, seed, sizeof(seed),
	     &ret->sealed, &ret->sealed_length);
	sodium_memzero(seed, sizeof(seed));
	jws_pair_wipe(&pair);
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

enum error signing_key_sign(struct op *op, const struct signing_key_list *keys,
			    const char *payload_json, const char **ret)
{
	const struct signing_key *newest = &keys->items[keys->count - 1];
	const struct seal_place place = place_of(newest->id);
	struct secret seed;
	struct jws_pair pair;

	if (!seal_open(&op->arena, &op->keys->wrap, &place, newest->sealed,
		       newest->sealed_length, &seed) ||
	    seed.length != JWS_SEED_BYTES)
		return op_fail(op, ERR_INTERNAL,
			       "the master key does not open the store's key");
	jws_pair_init(&pair, seed.bytes);
	*ret = jws_sign(&op->arena, &pair, newest->kid, payload_json);
	jws_pair_wipe(&pair);
	return *ret ? OK : ERR_INTERNAL;
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
