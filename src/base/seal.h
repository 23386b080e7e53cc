/* Keys, and sealing secrets so that each opens only where it belongs. */
#ifndef CLEAT_BASE_SEAL_H
#define CLEAT_BASE_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/uuid.h"

enum {
	KEY_BYTES = 32,
	DIGEST_BYTES = 32,
	MARK_BYTES = 16,
	SEAL_OVERHEAD = 1 + 24 + 16
};

struct key {
	unsigned char bytes[KEY_BYTES];
};

struct digest {
	unsigned char bytes[DIGEST_BYTES];
};

/* Bytes to keep out of logs: there is no way to print one. */
struct secret {
	const unsigned char *bytes; /* NUL-terminated; wiped with its arena */
	size_t length;
};

/* A sealed value. */
struct sealed_bytes {
	const unsigned char *bytes;
	size_t length;
};

/* Where a sealed value lives; it opens nowhere else. */
struct seal_place {
	struct uuid project_id;
	const char *table;
	struct uuid row_id;
	const char *column;
	int64_t key_version;
};

/* Once, before any other call here or in random.h. False when it fails. */
MUST_CHECK bool seal_start(void);

/* A key for one purpose of a master key's, by its number. */
void key_derive(struct key *ret, const struct key *master, uint64_t number);
void key_make(struct key *ret);
void key_wipe(struct key *key);

/*
 * XChaCha20-Poly1305 with a random nonce and `place` as associated data.
 * The blob is version 1, nonce, ciphertext and tag: SEAL_OVERHEAD more than
 * the plaintext. In the arena.
 */
void seal(struct arena *arena, const struct key *key,
	  const struct seal_place *place, const void *plain, size_t length,
	  const unsigned char **ret_blob, size_t *ret_length);

/* False when it was not sealed with this key for this place. */
MUST_CHECK bool seal_open(struct arena *arena, const struct key *key,
			  const struct seal_place *place,
			  const unsigned char *blob, size_t length,
			  struct secret *ret);

/* Keyed BLAKE2b. */
struct digest digest_make(const struct key *key, const void *bytes,
			  size_t length);

/* What a cache in memory knows a secret text by; of no use elsewhere. */
struct mark {
	unsigned char bytes[MARK_BYTES];
};

/* SipHash-2-4 of 128 bits, under a key that each process makes. */
struct mark mark_make(const void *bytes, size_t length);

#endif
