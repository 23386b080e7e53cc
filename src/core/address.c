/* What may be in an address with variables. */
#include "core/address.h"

#include <string.h>

enum { LABEL_MAX = 63, HOST_MAX = 253, PORT_DIGITS_MAX = 5 };

#define DIGITS	"0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
/* RFC 3986, 3.3, without percent signs: they are not looked into. */
#define IN_PATH LETTERS DIGITS "-._~!$&'()*+,;=:@/"

bool address_next_hole(const char *text, const char **ret_hole,
		       const char **ret_word, size_t *ret_length,
		       const char **ret_rest)
{
	const char *hole = strstr(text, "{{.");
	const char *end = hole ? strstr(hole, "}}") : NULL;

	if (!end)
		return false;
	*ret_hole = hole;
	*ret_word = hole + 3;
	*ret_length = (size_t)(end - hole - 3);
	*ret_rest = end + 2;
	return true;
}

enum address_place address_place_of(const char *template, const char *hole,
				    const char *rest)
{
	const char *host = strstr(template, "://");

	if (hole == template)
		return ADDRESS_WHOLE;
	if (!host || host > hole)
		return ADDRESS_STEP;
	host += 3;
	if (memchr(host, '/', (size_t)(hole - host)) ||
	    memchr(host, '?', (size_t)(hole - host)))
		return ADDRESS_STEP;
	bool is_alone = hole == host && (!*rest || *rest == '/');
	return is_alone ? ADDRESS_HOST : ADDRESS_LABEL;
}

static bool is_label(const char *text, size_t length)
{
	return length > 0 && length <= LABEL_MAX && text[0] != '-' &&
	       text[length - 1] != '-' &&
	       strspn(text, LETTERS DIGITS "-") >= length;
}

/* Labels with dots between; `length` bytes of it. */
static bool is_host(const char *text, size_t length)
{
	if (length > HOST_MAX)
		return false;
	for (;;) {
		const char *dot = memchr(text, '.', length);
		size_t label = dot ? (size_t)(dot - text) : length;

		if (!is_label(text, label))
			return false;
		if (!dot)
			return true;
		text = dot + 1;
		length -= label + 1;
	}
}

/* HOST or HOST:PORT */
static bool is_authority(const char *text, size_t length)
{
	const char *colon = memchr(text, ':', length);
	size_t host = colon ? (size_t)(colon - text) : length;

	if (!is_host(text, host))
		return false;
	if (!colon)
		return true;
	size_t digits = length - host - 1;
	return digits > 0 && digits <= PORT_DIGITS_MAX &&
	       strspn(colon + 1, DIGITS) >= digits;
}

/* Clients and servers take these two for steps through the path. */
static bool is_dots(const char *text, size_t length)
{
	return (length == 1 || length == 2) && strspn(text, ".") >= length;
}

/* From its first slash on, or nothing. */
static bool is_path(const char *text)
{
	if (text[strspn(text, IN_PATH)])
		return false;
	while (*text == '/') {
		size_t length = strcspn(text + 1, "/");

		if (is_dots(text + 1, length))
			return false;
		text += 1 + length;
	}
	return !*text;
}

/* What follows the scheme; NULL when there is another or none. */
static const char *after_scheme(const char *text)
{
	static const char *const schemes[] = {"https://", "http://"};

	for (size_t i = 0; i < 2; i++)
		if (strncmp(text, schemes[i], strlen(schemes[i])) == 0)
			return text + strlen(schemes[i]);
	return NULL;
}

/* Plain http goes no further than outbound calls let it. */
static bool is_whole(const char *text)
{
	const char *host = after_scheme(text);
	size_t length = host ? strcspn(host, "/") : 0;

	return host && is_authority(host, length) && is_path(host + length);
}

const char *address_value_fault(enum address_place place, const char *value)
{
	size_t length = strlen(value);

	switch (place) {
	case ADDRESS_WHOLE:
		return is_whole(value) ? NULL : "must be an https address";
	case ADDRESS_HOST:
		return is_authority(value, length)
			       ? NULL
			       : "must be a host name, without https:// "
				 "and without a path";
	case ADDRESS_LABEL:
		return is_host(value, length)
			       ? NULL
			       : "must be part of a host name: letters, "
				 "digits and hyphens, with dots between";
	case ADDRESS_STEP:
		break;
	}
	return *value && !is_dots(value, length)
		       ? NULL
		       : "must not be empty, a dot or two";
}

/* Without its variables, each of which counts as a letter. */
static bool is_filled_whole(const char *text)
{
	char filled[HOST_MAX * 4];
	const char *hole, *word, *rest;
	size_t length, at = 0;

	while (address_next_hole(text, &hole, &word, &length, &rest)) {
		size_t before = (size_t)(hole - text);

		if (!length || length != strspn(word, LETTERS DIGITS "_") ||
		    at + before + 2 > sizeof(filled))
			return false;
		memcpy(filled + at, text, before);
		at += before;
		filled[at++] = 'x';
		text = rest;
	}
	if (at + strlen(text) + 1 > sizeof(filled))
		return false;
	memcpy(filled + at, text, strlen(text) + 1);
	filled[strcspn(filled, "?")] = '\0';
	return strncmp(filled, "http://", 7) != 0 && is_whole(filled);
}

const char *address_template_fault(const char *text)
{
	static const char why[] =
		"must be an https address, or begin with a variable";
	const char *hole, *word, *rest;
	size_t length;

	if (address_next_hole(text, &hole, &word, &length, &rest) &&
	    hole == text)
		return length && length == strspn(word, LETTERS DIGITS "_") &&
				       (!*rest || *rest == '/') && is_path(rest)
			       ? NULL
			       : why;
	return is_filled_whole(text) ? NULL : why;
}
