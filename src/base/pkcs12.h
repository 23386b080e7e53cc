/* Files of PKCS #12 (RFC 7292): the certificates in them. */
#ifndef CLEAT_BASE_PKCS12_H
#define CLEAT_BASE_PKCS12_H

#include <stddef.h>

#include "base/arena.h"

/*
 * All of its certificates as PEM, in the arena; NULL when it is no such file,
 * has none, or the password (NULL: none) does not open it.
 */
const char *pkcs12_certificates(struct arena *arena, const void *bytes,
				size_t length, const char *password);

#endif
