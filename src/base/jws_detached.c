/* Detached JWS, on libsodium. */
#include "base/jws_detached.h"

#include <sodium.h>
#include <string.h>

#include "base/hmac.h"

const char *jws_encode(struct arena *arena, const void *bytes, size_t length)
{
	const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	size_t size = sodium_base64_encoded_len(length, variant);

	return sodium_bin2base64(arena_alloc(arena, size), size, bytes, length,
				 variant);
}

const char *jws_detached(struct arena *arena, const void *key,
			 size_t key_length, const char *body, size_t length)
{
	static const char protected[] =
		"{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}";
	const char *header = jws_encode(arena, protected, strlen(protected));
	const struct hmac_part parts[] = {
		{header, strlen(header)}, {".", 1}, {body, length}};
	unsigned char code[HMAC_BYTES];

	hmac_sha256(key, key_length, parts, 3, code);
	return arena_printf(arena, "%s..%s", header,
			    jws_encode(arena, code, sizeof(code)));
}
