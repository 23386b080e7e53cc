/* Signing as SNMP's user-based security model has it (RFC 3414, 7860). */
#ifndef CLEAT_BASE_USM_H
#define CLEAT_BASE_USM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { USM_KEY_MAX = 64, USM_MAC_MAX = 48, USM_ENGINE_MAX = 32 };

/* One way of signing. */
struct usm_auth {
	const char *name;   /* MD5, SHA, SHA224, SHA256, SHA384, SHA512 */
	const char *digest; /* OpenSSL's name of it */
	size_t mac_length;
};

/* NULL when there is none of this name. */
const struct usm_auth *usm_auth_find(const char *name);

/*
 * The key that a passphrase makes at one engine (RFC 3414, A.2). False when
 * the passphrase is empty or OpenSSL fails; else to be wiped.
 */
MUST_CHECK bool usm_key(const struct usm_auth *auth, const char *passphrase,
			const void *engine, size_t engine_length,
			unsigned char ret[static USM_KEY_MAX],
			size_t *ret_length);

/* The message's signature, of auth->mac_length. */
MUST_CHECK bool usm_sign(const struct usm_auth *auth, const void *key,
			 size_t key_length, const void *message, size_t length,
			 unsigned char ret[static USM_MAC_MAX]);

#endif
