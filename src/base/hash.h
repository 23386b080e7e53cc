/* BLAKE2b-256 (RFC 7693, no key) of what comes in pieces. */
#ifndef CLEAT_BASE_HASH_H
#define CLEAT_BASE_HASH_H

#include <sodium.h>
#include <stdint.h>

#include "base/seal.h"

struct hash {
	crypto_generichash_state state;
};

void hash_begin(struct hash *hash);
void hash_add(struct hash *hash, const void *bytes, size_t length);
/* Eight bytes, the highest first (two's complement). */
void hash_add_integer(struct hash *hash, int64_t number);
/* Its length as above, then the bytes: no two lists of texts are alike. */
void hash_add_text(struct hash *hash, const void *bytes, size_t length);
struct digest hash_end(struct hash *hash);

enum { DIGEST_TEXT = 2 * DIGEST_BYTES + 1 };

/* 64 hexadecimal digits. */
void digest_format(const struct digest *digest, char ret[static DIGEST_TEXT]);
/* False when it is not 64 of [0-9a-f]. */
MUST_CHECK bool digest_parse(const char *text, struct digest *ret);

#endif
