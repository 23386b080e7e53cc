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
