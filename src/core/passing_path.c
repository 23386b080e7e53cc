/* What paths can be passed on. */
#include <string.h>

#include "core/passing.h"

/* RFC 3986, 3.3 and 3.4, with percent signs: those are looked into. */
#define IN_TARGET                                                              \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"       \
	"-._~!$&'()*+,;=:@/?%"

enum { DECODES_MAX = 4 }; /* of one text; deeper is nobody's path */

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Of a character in more bytes than it needs, which lenient servers decode. */
static bool is_overlong(unsigned char before, unsigned char c)
{
	return c == 0xc0 || c == 0xc1 || (before == 0xe0 && c < 0xa0) ||
	       (before == 0xf0 && c < 0x90);
}

/*
 * In its place. False for a bad escape of the first round, for a control and
 * for what is overlong (RFC 3629, 3).
 */
static bool decode(char *text, bool is_first)
{
	unsigned char before = 0;
	char *out = text;

	for (const char *at = text; *at; at++) {
		int high = *at == '%' ? hex_value(at[1]) : -1;
		int low = high >= 0 ? hex_value(at[2]) : -1;
		unsigned char c = (unsigned char)*at;

		if (*at == '%' && low < 0 && is_first)
			return false;
		if (low >= 0) {
			c = (unsigned char)(high << 4 | low);
			at += 2;
		}
		if (c < 0x20 || c == 0x7f || is_overlong(before, c))
			return false;
		before = c;
		*out++ = (char)c;
	}
	*out = '\0';
	return true;
}

/* What some servers take for a step up: also with a parameter after it. */
static bool is_dots(const char *step, size_t length)
{
	const char *end = memchr(step, ';', length);

	if (end)
		length = (size_t)(end - step);
	return (length == 1 || length == 2) && strspn(step, ".") >= length;
}

static const char *steps_fault(const char *path)
{
	if (strchr(path, '\\'))
		return "must not have a backslash";
	for (const char *at = path; *at == '/';) {
		const char *step = at + 1;
		size_t length = strcspn(step, "/");

		if (is_dots(step, length))
			return "must not have a step of dots";
		at = step + length;
		if (!length && *at)
			return "must not have an empty step";
	}
	return NULL;
}

const char *passing_path_fault(struct arena *arena, const char *target)
{
	size_t length = strcspn(target, "?");
	char *path = arena_strndup(arena, target, length);

	if (target[strspn(target, IN_TARGET)])
		return "must not have characters that URLs can't have";
	if (*path && *path != '/')
		return "must begin with a slash";
	for (int i = 0; i <= DECODES_MAX; i++) {
		const char *fault = steps_fault(path);

		if (fault)
			return fault;
		if (!strchr(path, '%'))
			return NULL;
		size_t before = strlen(path);
		if (!decode(path, i == 0))
			return "can't be decoded";
		if (strlen(path) == before)
			return NULL;
	}
	return "is encoded too often";
}
