/* Percent-encoding of text that goes into an address or a form. */
#ifndef CLEAT_BASE_URL_ENCODE_H
#define CLEAT_BASE_URL_ENCODE_H

#include "base/arena.h"

/* Every byte but letters, digits and -._~ as %XX (RFC 3986, 2.3). */
const char *url_encode(struct arena *arena, const char *text);

#endif
