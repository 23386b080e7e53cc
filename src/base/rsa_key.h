/* Public RSA keys in PEM, read by OpenSSL. */
#ifndef CLEAT_BASE_RSA_KEY_H
#define CLEAT_BASE_RSA_KEY_H

#include "base/arena.h"

enum {
	RSA_KEY_BITS_MIN = 2048,
	RSA_KEY_BITS_MAX = 8192,     /* a signature costs time to check */
	RSA_KEY_PEM_MAX = 16 * 1024, /* bytes of the text that is read */
};

/*
 * The key in its one form, `BEGIN PUBLIC KEY` (RFC 7468, section 13), in the
 * arena; `BEGIN RSA PUBLIC KEY` (RFC 8017, A.1.1) is read as well. NULL, with
 * `*ret_why` a sentence without a subject, when it is no key that may be used.
 */
const char *rsa_key_read(struct arena *arena, const char *pem,
			 const char **ret_why);

#endif
