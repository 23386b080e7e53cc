/*
 * The store's own keys: Ed25519, to sign what it says of itself. The newest
 * one signs, older ones stay to verify with. They are of no project.
 */
#ifndef CLEAT_CORE_SIGNING_KEY_H
#define CLEAT_CORE_SIGNING_KEY_H

#include <stdbool.h>

#include "base/jws.h"
#include "base/op.h"

struct signing_key {
	struct uuid id;
	const char *kid;
	unsigned char public_key[JWS_PUBLIC_BYTES];
	struct sealed_bytes sealed; /* its seed, by the master key */
	int64_t created_at;
};

struct signing_key_list {
	struct signing_key *items;
	size_t count;
};

/* Makes one that signs from then on. */
MUST_CHECK enum error signing_key_make(struct op *op, struct signing_key *ret);

/* When a store is opened: makes the first one unless there is one. */
MUST_CHECK enum error signing_key_ensure(struct op *op);

/* Seals all of them anew, under the master key of this id. */
MUST_CHECK enum error signing_key_rewrap(struct op *op,
					 const struct digest *id);

/* Oldest first; the first one's id names the store. */
MUST_CHECK enum error signing_key_list(struct op *op,
				       struct signing_key_list *ret);

/* The newest key, opened, and what it needs to sign as this store. */
struct signer {
	struct uuid store;
	const char *kid;      /* in the op's arena */
	struct jws_pair pair; /* wipe: signer_wipe, or with its arena */
};

MUST_CHECK enum error signer_open(struct op *op, struct signer *ret);
void signer_wipe(struct signer *signer);

/* A JWS of this JSON; in the arena. */
const char *signer_sign(struct arena *arena, const struct signer *signer,
			const char *payload_json);

/* False when none of these keys has signed it. */
MUST_CHECK bool signing_key_open(struct arena *arena,
				 const struct signing_key_list *keys,
				 const char *text, const char **ret_payload);

#endif
