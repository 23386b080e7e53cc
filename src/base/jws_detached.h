/*
 * A detached signature over bytes as they are: JWS (RFC 7515, appendix F) with
 * an unencoded payload (RFC 7797) and HMAC-SHA256 as its one algorithm.
 */
#ifndef CLEAT_BASE_JWS_DETACHED_H
#define CLEAT_BASE_JWS_DETACHED_H

#include <stddef.h>

#include "base/arena.h"

/*
 * HEADER..SIGNATURE in the arena. Its protected header is always
 * {"alg":"HS256","b64":false,"crit":["b64"]}.
 */
const char *jws_detached(struct arena *arena, const void *key,
			 size_t key_length, const char *body, size_t length);

/* base64url without padding (RFC 7515, 2), in the arena. */
const char *jws_encode(struct arena *arena, const void *bytes, size_t length);

#endif
