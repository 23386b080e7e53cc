/* Tokens: their form is ours to read, strictly; the signature is libjwt's. */
#include "base/rs256.h"

#include <errno.h>
#include <jwt.h>
#include <openssl/err.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_read.h"

/* NumericDate beyond the year 9999 is no time of ours. */
enum { TIME_MAX_BITS = 38 };

struct rs256_claims {
	const json_t *object;
};

/* The three parts, each of them there. */
struct parts {
	const char *header, *payload, *signature;
	size_t header_length, payload_length, signature_length;
};

static bool split(const char *text, struct parts *ret)
{
	if (strnlen(text, RS256_TEXT_MAX + 1) > RS256_TEXT_MAX)
		return false;
	const char *first = strchr(text, '.');
	const char *second = first ? strchr(first + 1, '.') : NULL;
	if (!second || strchr(second + 1, '.'))
		return false;
	*ret = (struct parts){
		.header = text,
		.header_length = (size_t)(first - text),
		.payload = first + 1,
		.payload_length = (size_t)(second - first - 1),
		.signature = second + 1,
		.signature_length = strlen(second + 1),
	};
	return ret->header_length && ret->payload_length &&
	       ret->signature_length;
}

bool rs256_is_form(const char *text)
{
	const char *first = strchr(text, '.');
	const char *second = first ? strchr(first + 1, '.') : NULL;

	return second && !strchr(second + 1, '.');
}

/* NULL unless it is the one encoding of some bytes (RFC 7515, section 2). */
static char *decode(struct arena *arena, const char *text, size_t length,
		    size_t *ret_length)
{
	char *bytes = arena_alloc(arena, length + 1);

	if (sodium_base642bin((unsigned char *)bytes, length, text, length,
			      NULL, ret_length, NULL,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return NULL;
	return bytes;
}

static const json_t *read_object(struct arena *arena, const char *text,
				 size_t length)
{
	json_t *object;
	const char *why;
	size_t size;
	const char *bytes = decode(arena, text, length, &size);

	if (!bytes || json_read(arena, bytes, size, &object, &why) != OK ||
	    !json_is_object(object))
		return NULL;
	return object;
}

static bool is_header(const json_t *header)
{
	static const char *const refused[] = {"jwk", "jku",	 "x5u",	 "x5c",
					      "x5t", "x5t#S256", "crit", "b64",
					      "zip", "enc"};
	const char *alg = json_string_value(json_object_get(header, "alg"));
	const json_t *type = json_object_get(header, "typ");
	const char *typ = json_string_value(type);

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (json_object_get(header, refused[i]))
			return false;
	if (type && (!typ || strcasecmp(typ, "JWT") != 0))
		return false;
	return alg && strcmp(alg, "RS256") == 0;
}

bool rs256_kid(struct arena *arena, const char *text, struct uuid *ret)
{
	struct parts parts;

	if (!split(text, &parts))
		return false;
	const json_t *header =
		read_object(arena, parts.header, parts.header_length);
	if (!header || !is_header(header))
		return false;
	const char *kid = json_string_value(json_object_get(header, "kid"));
	return kid && uuid_parse(kid, ret);
}

/* libjwt reads base64 leniently, so the form was looked at before. */
static bool is_signed(const char *text, const char *public_key)
{
	jwt_t *jwt = NULL;
	int fault = jwt_decode(&jwt, text, (const unsigned char *)public_key,
			       (int)strlen(public_key));

	ERR_clear_error();
	if (fault == ENOMEM)
		abort();
	bool is_right = fault == 0 && jwt_get_alg(jwt) == JWT_ALG_RS256;
	if (jwt)
		jwt_free(jwt);
	return is_right;
}

const struct rs256_claims *rs256_open(struct arena *arena, const char *text,
				      const char *public_key)
{
	struct rs256_claims *claims = arena_alloc(arena, sizeof(*claims));
	struct parts parts;
	struct uuid kid;
	size_t size;

	if (!rs256_kid(arena, text, &kid) || !split(text, &parts) ||
	    !decode(arena, parts.signature, parts.signature_length, &size))
		return NULL;
	claims->object =
		read_object(arena, parts.payload, parts.payload_length);
	if (!claims->object || !is_signed(text, public_key))
		return NULL;
	return claims;
}

const char *rs256_text(const struct rs256_claims *claims, const char *name)
{
	return json_string_value(json_object_get(claims->object, name));
}

bool rs256_has(const struct rs256_claims *claims, const char *name)
{
	return json_object_get(claims->object, name) != NULL;
}

bool rs256_time(const struct rs256_claims *claims, const char *name,
		int64_t *ret)
{
	const json_t *value = json_object_get(claims->object, name);
	int64_t seconds = json_integer_value(value);

	if (!json_is_integer(value) || seconds < 0 ||
	    seconds >> TIME_MAX_BITS != 0)
		return false;
	*ret = seconds;
	return true;
}
