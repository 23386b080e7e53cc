/*
 * JSON Web Tokens (RFC 7519) in the compact form that a stranger signed with
 * RSASSA-PKCS1-v1_5 and SHA-256 (RS256, RFC 7518, section 3.3). No other
 * algorithm is taken, whatever a token says: the key pins it.
 */
#ifndef CLEAT_BASE_RS256_H
#define CLEAT_BASE_RS256_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/uuid.h"

enum { RS256_TEXT_MAX = 8 * 1024 };

/* Two dots part a token of this form from those of our own. */
bool rs256_is_form(const char *text);

/*
 * Which key it says it was signed with. False unless its header is one that
 * may be: alg is RS256, kid a uuid, typ JWT if there is any, and nothing that
 * would bring or choose a key (jwk, jku, x5u, x5c, x5t) or change how the rest
 * is read (crit, b64, zip, enc). Proves nothing yet.
 */
MUST_CHECK bool rs256_kid(struct arena *arena, const char *text,
			  struct uuid *ret);

/* The claims of a token, in the arena that it was opened with. */
struct rs256_claims;

/*
 * NULL unless rs256_kid takes it, the owner of this key, a `BEGIN PUBLIC KEY`,
 * has signed it, and its payload is a JSON object without duplicate members.
 */
const struct rs256_claims *rs256_open(struct arena *arena, const char *text,
				      const char *public_key);

/* NULL unless there is such a claim and it is a string. */
const char *rs256_text(const struct rs256_claims *claims, const char *name);
bool rs256_has(const struct rs256_claims *claims, const char *name);
/* Whole seconds since the epoch; false unless there is such a claim. */
bool rs256_time(const struct rs256_claims *claims, const char *name,
		int64_t *ret);

#endif
