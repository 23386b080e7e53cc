/* Folding by Unicode's tables, which utf8proc has, and numbering. */
#include "base/name.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

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
		arena, strlen((const char *)composed) * UTF8_CHARACTER_MAX + 1);
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

char *name_numbered(struct arena *arena, const char *name, int number,
		    size_t characters)
{
	const char *suffix = arena_printf(arena, "-%d", number);

	return arena_printf(arena, "%.*s%s",
			    (int)utf8_head(name, characters - strlen(suffix)),
			    name, suffix);
}
