/* Folding by Unicode's tables, which utf8proc has, and numbering. */
#include "base/name.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { CHARACTER_MAX = 4 }; /* bytes of one in UTF-8 */

static utf8proc_int32_t fold(utf8proc_int32_t letter)
{
	return utf8proc_tolower(utf8proc_toupper(letter));
}

char *name_fold(struct arena *arena, const char *name)
{
	utf8proc_uint8_t *composed =
		utf8proc_NFC((const utf8proc_uint8_t *)name);
	const utf8proc_uint8_t *from = composed;
	utf8proc_int32_t letter;

	if (!composed)
		return arena_lower(arena, name);
	char *folded = arena_alloc(
		arena, strlen((const char *)composed) * CHARACTER_MAX + 1);
	char *to = folded;
	while (*from) {
		from += utf8proc_iterate(from, -1, &letter);
		to += utf8proc_encode_char(fold(letter),
					   (utf8proc_uint8_t *)to);
	}
	*to = '\0';
	free(composed);
	return folded;
}

static bool is_within_character(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

char *name_numbered(struct arena *arena, const char *name, int number,
		    struct name_limit limit)
{
	const char *suffix = arena_printf(arena, "-%d", number);
	size_t room = limit.max - strlen(suffix);
	size_t length = 0;

	for (; name[length]; length++)
		if ((!limit.counts_characters ||
		     !is_within_character(name[length])) &&
		    !room--)
			break;
	while (length && is_within_character(name[length]))
		length--;
	return arena_printf(arena, "%.*s%s", (int)length, name, suffix);
}
