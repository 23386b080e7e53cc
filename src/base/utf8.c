/* Counting characters. */
#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

/* Else it goes on with one. */
static bool begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t utf8_count(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += begins_character(*text);
	return count;
}

size_t utf8_head(const char *text, size_t characters)
{
	size_t length = 0;

	for (; text[length]; length++)
		if (begins_character(text[length]) && !characters--)
			break;
	return length;
}

size_t utf8_fit(const char *text, size_t bytes)
{
	size_t length = strnlen(text, bytes);

	while (length > 1 && text[length] && !begins_character(text[length]))
		length--;
	return length;
}
