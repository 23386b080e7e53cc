/* Percent-encoding. */
#include "base/url_encode.h"

#include <sodium.h>
#include <string.h>

const char *url_encode(struct arena *arena, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~";
	char *encoded = arena_alloc(arena, strlen(text) * 3 + 1);
	char *out = encoded;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (strchr(plain, c)) {
			*out++ = (char)c;
			continue;
		}
		*out++ = '%';
		*out++ = hex[c >> 4];
		*out++ = hex[c & 15];
	}
	return encoded;
}

const char *url_below(struct arena *arena, const char *base, const char *path)
{
	size_t length = strlen(base);

	while (length && base[length - 1] == '/')
		length--;
	return arena_printf(arena, "%.*s%s", (int)length, base, path);
}

const char *url_argument_name(struct arena *arena, const char *argument,
			      size_t length)
{
	const char *equals = memchr(argument, '=', length);
	size_t size = equals ? (size_t)(equals - argument) : length;
	char *name = arena_alloc(arena, size + 1), *out = name;

	for (size_t i = 0; i < size; i++) {
		unsigned char byte[1];

		if (argument[i] == '%' && i + 2 < size &&
		    sodium_hex2bin(byte, 1, argument + i + 1, 2, NULL, NULL,
				   NULL) == 0) {
			*out++ = (char)byte[0];
			i += 2;
		} else {
			*out++ = argument[i];
		}
	}
	*out = '\0';
	return name;
}
