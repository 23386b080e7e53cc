/* JWS with Ed25519, on libsodium. */
#include "base/jws.h"

#include <sodium.h>
#include <string.h>

#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

void jws_pair_init(struct jws_pair *ret, const unsigned char *seed)
{
	crypto_sign_seed_keypair(ret->public_key, ret->secret_key, seed);
}

void jws_pair_wipe(struct jws_pair *pair)
{
	sodium_memzero(pair, sizeof(*pair));
}

static const char *encode(struct arena *arena, const void *bytes, size_t length)
{
	size_t size = sodium_base64_encoded_len(length, URLSAFE);

	return sodium_bin2base64(arena_alloc(arena, size), size, bytes, length,
				 URLSAFE);
}

/* NULL unless it is the one encoding of some bytes; they end with a NUL. */
static unsigned char *decode(struct arena *arena, const char *text,
			     size_t length, size_t *ret_length)
{
	unsigned char *bytes = arena_alloc(arena, length + 1);

	if (sodium_base642bin(bytes, length, text, length, NULL, ret_length,
			      NULL, URLSAFE) != 0)
		return NULL;
	bytes[*ret_length] = '\0';
	return bytes;
}

const char *jws_x(struct arena *arena, const unsigned char *public_key)
{
	return encode(arena, public_key, JWS_PUBLIC_BYTES);
}

const char *jws_thumbprint(struct arena *arena, const unsigned char *public_key)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	const char *json = arena_printf(
		arena, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}",
		jws_x(arena, public_key));

	crypto_hash_sha256(hash, (const unsigned char *)json, strlen(json));
	return encode(arena, hash, sizeof(hash));
}

static bool is_kid(const char *kid)
{
	size_t length = strlen(kid);

	return length > 0 && length <= JWS_KID_MAX &&
	       strspn(kid, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz"
			   "0123456789-_") == length;
}

/* HEADER and a dot, for this key. */
static const char *header_of(struct arena *arena, const char *kid)
{
	const char *json =
		arena_printf(arena, "{\"alg\":\"EdDSA\",\"kid\":\"%s\"}", kid);

	return arena_printf(arena, "%s.", encode(arena, json, strlen(json)));
}

const char *jws_sign(struct arena *arena, const struct jws_pair *pair,
		     const char *kid, const char *payload_json)
{
	unsigned char signature[crypto_sign_BYTES];

	if (!is_kid(kid))
		return NULL;
	const char *const input[] = {
		header_of(arena, kid),
		encode(arena, payload_json, strlen(payload_json))};
	const char *text = arena_join(arena, input, 2);
	crypto_sign_detached(signature, NULL, (const unsigned char *)text,
			     strlen(text), pair->secret_key);
	return arena_printf(arena, "%s.%s", text,
			    encode(arena, signature, sizeof(signature)));
}

static bool is_signed(struct arena *arena, const char *text, const char *end,
		      const unsigned char *public_key)
{
	size_t length = 0;
	const unsigned char *signature =
		decode(arena, end + 1, strlen(end + 1), &length);

	return signature && length == crypto_sign_BYTES &&
	       crypto_sign_verify_detached(
		       signature, (const unsigned char *)text,
		       (size_t)(end - text), public_key) == 0;
}

bool jws_open(struct arena *arena, const char *text, const char *kid,
	      const unsigned char *public_key, const char **ret_payload)
{
	size_t length = 0;

	if (!is_kid(kid) || strnlen(text, JWS_TEXT_MAX + 1) > JWS_TEXT_MAX)
		return false;
	const char *header = header_of(arena, kid);
	if (strncmp(text, header, strlen(header)) != 0)
		return false;
	const char *payload = text + strlen(header);
	const char *end = strchr(payload, '.');
	if (!end || !is_signed(arena, text, end, public_key))
		return false;
	const unsigned char *bytes =
		decode(arena, payload, (size_t)(end - payload), &length);
	if (!bytes || memchr(bytes, '\0', length))
		return false;
	*ret_payload = (const char *)bytes;
	return true;
}
