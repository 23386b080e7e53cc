/*
 * Signing as somebody else: the compact form of JWS (RFC 7515, 3.1) with a
 * private key in PEM. By RSA RS256, RS384, RS512, PS256, PS384 and PS512, by
 * an elliptic curve the one algorithm that is its own: ES256 for P-256, ES384
 * for P-384, ES512 for P-521 (RFC 7518, 3.3 to 3.5).
 */
#ifndef CLEAT_BASE_JWT_SIGN_H
#define CLEAT_BASE_JWT_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum {
	JWT_SIGN_BITS_MIN = 2048, /* of RSA */
	JWT_SIGN_BITS_MAX = 4096, /* a signature costs time */
	JWT_SIGN_PEM_MAX = 16 * 1024,
};

/* Is it a name of one of these. */
bool jwt_sign_knows(const char *algorithm);

/*
 * The first of the algorithms that this key can sign by: PKCS#8, or the older
 * `RSA PRIVATE KEY` and `EC PRIVATE KEY` (RFC 7468, 10; RFC 8017, A.1.2; RFC
 * 5915). NULL, with `*ret_why` a sentence without a subject, when the text is
 * no such key, wants a passphrase, fits none of them, or its parts are not of
 * one key. What lies behind the key is not looked at.
 */
const char *jwt_sign_algorithm(struct arena *arena, const char *pem,
			       const char *const *algorithms, size_t count,
			       const char **ret_why);

/*
 * HEADER.PAYLOAD.SIGNATURE in the arena, by an algorithm that
 * jwt_sign_algorithm has said of this key. Its header is alg, typ JWT and,
 * unless it is NULL, `kid`. NULL when the key can't.
 */
const char *jwt_sign(struct arena *arena, const char *pem,
		     const char *algorithm, const char *kid,
		     const char *payload_json);

#endif
