/* Percent-encoding of text that goes into an address or a form. */
#ifndef CLEAT_BASE_URL_ENCODE_H
#define CLEAT_BASE_URL_ENCODE_H

#include <stddef.h>

#include "base/arena.h"

/* Every byte but letters, digits and -._~ as %XX (RFC 3986, 2.3). */
const char *url_encode(struct arena *arena, const char *text);

/* A path, which begins with a slash, below a base, which may end with some. */
const char *url_below(struct arena *arena, const char *base, const char *path);

/*
 * The name of an argument of a query, up to its '=' if it has one, decoded;
 * what is no escape stays as it is. A NUL that is escaped ends it.
 */
const char *url_argument_name(struct arena *arena, const char *argument,
			      size_t length);

#endif
