/*
 * Which master key the store wants, and the store's own keys: those of tokens'
 * digests, and of marks and page tokens. They lie in it sealed under the
 * master key, and stay the same when that is replaced: digests of what nobody
 * has kept can't be made again.
 */
#ifndef CLEAT_CORE_MASTER_KEY_H
#define CLEAT_CORE_MASTER_KEY_H

#include "base/op.h"

/*
 * Puts the store's own keys into `ring`, which is the op's. A store that has
 * none yet gets some: one without projects random ones, any other those that
 * were made of its master key until now. ERR_FORBIDDEN when the ring has not
 * the master key that the store wants.
 */
MUST_CHECK enum error master_key_load(struct op *op, struct keyring *ring);

/* Seals a key under the master key that the store wants. */
MUST_CHECK enum error master_key_seal(struct op *op,
				      const struct seal_place *place,
				      const struct key *key,
				      const unsigned char **ret_blob,
				      size_t *ret_length);

/*
 * Seals all that the store's master key seals under the newest of the op's
 * keys, which the store wants from this commit on; nothing when it does. All
 * of it in the op's transaction: a thousand projects are some ten milliseconds.
 */
MUST_CHECK enum error master_key_rotate(struct op *op);

struct master_key_status {
	int64_t rotations;
	int64_t since;
};

MUST_CHECK enum error master_key_status(struct op *op,
					struct master_key_status *ret);

#endif
