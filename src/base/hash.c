/* Hashing in pieces, on libsodium. */
#include "base/hash.h"

#include <endian.h>

#include <string.h>

void hash_begin(struct hash *hash)
{
	crypto_generichash_init(&hash->state, NULL, 0, DIGEST_BYTES);
}

void hash_add(struct hash *hash, const void *bytes, size_t length)
{
	if (length)
		crypto_generichash_update(&hash->state, bytes, length);
}

void hash_add_integer(struct hash *hash, int64_t number)
{
	const uint64_t bytes = htobe64((uint64_t)number);

	hash_add(hash, &bytes, sizeof(bytes));
}

void hash_add_text(struct hash *hash, const void *bytes, size_t length)
{
	hash_add_integer(hash, (int64_t)length);
	hash_add(hash, bytes, length);
}

struct digest hash_end(struct hash *hash)
{
	struct digest digest;

	crypto_generichash_final(&hash->state, digest.bytes, DIGEST_BYTES);
	return digest;
}

void digest_format(const struct digest *digest, char ret[static DIGEST_TEXT])
{
	sodium_bin2hex(ret, DIGEST_TEXT, digest->bytes, DIGEST_BYTES);
}

bool digest_parse(const char *text, struct digest *ret)
{
	size_t length;

	return strlen(text) == DIGEST_TEXT - 1 &&
	       strspn(text, "0123456789abcdef") == DIGEST_TEXT - 1 &&
	       sodium_hex2bin(ret->bytes, DIGEST_BYTES, text, DIGEST_TEXT - 1,
			      NULL, &length, NULL) == 0;
}
