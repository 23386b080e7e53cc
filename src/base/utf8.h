/* Texts in UTF-8. */
#ifndef CLEAT_BASE_UTF8_H
#define CLEAT_BASE_UTF8_H

#include <stddef.h>

enum { UTF8_CHARACTER_MAX = 4 }; /* bytes of one character */

/* Its characters (code points), as JSON Schema's maxLength counts them. */
size_t utf8_count(const char *text);

/* The bytes of its first characters, so many or all. */
size_t utf8_head(const char *text, size_t characters);

/* The bytes of its whole characters that fit into so many; one at least of what
 * is no UTF-8, so that whoever goes on behind them gets to the end. */
size_t utf8_fit(const char *text, size_t bytes);

#endif
