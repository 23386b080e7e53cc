/* Classes of the bytes that a request is made of. */
#ifndef CLEAT_HTTP_CHARS_H
#define CLEAT_HTTP_CHARS_H

#include <stdbool.h>
#include <stddef.h>

enum char_class {
	CHARS_TOKEN = 1,     /* of a header's name (RFC 9110, 5.6.2) */
	CHARS_FIELD = 2,     /* of its value: no control but the tab (5.5) */
	CHARS_UNESCAPED = 4, /* of a URL: printable ASCII, neither % nor + */
};

bool chars_are(const char *text, size_t length, enum char_class class);

#endif
