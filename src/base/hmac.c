/* HMAC-SHA256 by libsodium. */
#include "base/hmac.h"

#include <sodium.h>
#include <string.h>

bool hmac_key_read(const char *text, struct hmac_key *ret)
{
	static const char prefix[] = "whsec_";
	const size_t skipped = sizeof(prefix) - 1;

	if (strncmp(text, prefix, skipped) == 0)
		text += skipped;
	if (sodium_base642bin(ret->bytes, sizeof(ret->bytes), text,
			      strlen(text), NULL, &ret->length, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	return ret->length > 0;
}

void hmac_key_wipe(struct hmac_key *key)
{
	sodium_memzero(key, sizeof(*key));
}

void hmac_base64(const struct hmac_key *key, const char *const *texts,
		 size_t count, char ret_text[static HMAC_TEXT])
{
	crypto_auth_hmacsha256_state state;
	unsigned char code[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, key->bytes, key->length);
	for (size_t i = 0; i < count; i++)
		crypto_auth_hmacsha256_update(&state,
					      (const unsigned char *)texts[i],
					      strlen(texts[i]));
	crypto_auth_hmacsha256_final(&state, code);
	sodium_memzero(&state, sizeof(state));
	sodium_bin2base64(ret_text, HMAC_TEXT, code, sizeof(code),
			  sodium_base64_VARIANT_ORIGINAL);
}

void hmac_sha256(const void *key, size_t key_length,
		 const struct hmac_part *parts, size_t count,
		 unsigned char ret[static HMAC_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_length);
	for (size_t i = 0; i < count; i++)
		crypto_auth_hmacsha256_update(&state, parts[i].bytes,
					      parts[i].length);
	crypto_auth_hmacsha256_final(&state, ret);
	sodium_memzero(&state, sizeof(state));
}

bool hmac_hex_fits(const char *hex, const void *key, size_t key_length,
		   const void *bytes, size_t length)
{
	const struct hmac_part part = {bytes, length};
	unsigned char code[HMAC_BYTES], given[HMAC_BYTES];
	size_t given_length;

	if (sodium_hex2bin(given, sizeof(given), hex, strlen(hex), NULL,
			   &given_length, NULL) != 0 ||
	    given_length != HMAC_BYTES)
		return false;
	hmac_sha256(key, key_length, &part, 1, code);
	return sodium_memcmp(code, given, HMAC_BYTES) == 0;
}

bool hmac_same_text(const char *one, size_t one_length, const char *other,
		    size_t other_length)
{
	return one_length == other_length &&
	       sodium_memcmp(one, other, one_length) == 0;
}
