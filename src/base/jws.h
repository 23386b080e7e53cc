/*
 * Signed JSON: the compact serialization of JWS (RFC 7515, section 3.1) with
 * Ed25519 as its one algorithm (RFC 8037, section 3.1).
 */
#ifndef CLEAT_BASE_JWS_H
#define CLEAT_BASE_JWS_H

#include <stdbool.h>

#include "base/arena.h"

enum {
	JWS_SEED_BYTES = 32,
	JWS_PUBLIC_BYTES = 32,
	JWS_SECRET_BYTES = 64,
	JWS_KID_MAX = 64,	    /* characters A-Z a-z 0-9 - _ */
	JWS_TEXT_MAX = 1024 * 1024, /* characters that jws_open looks at */
};

struct jws_pair {
	unsigned char public_key[JWS_PUBLIC_BYTES];
	unsigned char secret_key[JWS_SECRET_BYTES]; /* wipe: jws_pair_wipe */
};

/* The pair that these JWS_SEED_BYTES make (RFC 8032, section 5.1.5). */
void jws_pair_init(struct jws_pair *ret, const unsigned char *seed);
void jws_pair_wipe(struct jws_pair *pair);

/* The public key as a JWK's `x` (RFC 8037, section 2); in the arena. */
const char *jws_x(struct arena *arena, const unsigned char *public_key);

/* Its thumbprint (RFC 7638, RFC 8037 appendix A.3), fit for a kid. */
const char *jws_thumbprint(struct arena *arena,
			   const unsigned char *public_key);

/* HEADER.PAYLOAD.SIGNATURE in the arena; NULL when `kid` can be none. */
const char *jws_sign(struct arena *arena, const struct jws_pair *pair,
		     const char *kid, const char *payload_json);

/*
 * True, and the payload in the arena, when this is what jws_sign makes with
 * this `kid` and the secret of this key. Its header must be that one to the
 * byte: what a text says of its own algorithm decides nothing. Refuses
 * signatures with s >= L and keys of small order.
 */
MUST_CHECK bool jws_open(struct arena *arena, const char *text, const char *kid,
			 const unsigned char *public_key,
			 const char **ret_payload);

#endif
