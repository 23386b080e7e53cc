/* Making tokens and checking their form. */
#include "base/token.h"

#include <stdint.h>
#include <string.h>

#include "base/random.h"

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz";

/* CRC-32 (ISO 3309), half a byte at a time. */
static uint32_t crc32(const char *bytes, size_t length)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < length; i++) {
		crc ^= (unsigned char)bytes[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

static void put_check(const char *text, char *ret)
{
	uint32_t crc = crc32(text, TOKEN_LENGTH - 6);

	for (int i = 5; i >= 0; i--) {
		ret[i] = base62[crc % 62];
		crc /= 62;
	}
}

/* A digit without bias: bytes from 248 up are thrown again. */
static char random_digit(void)
{
	unsigned char byte;

	do
		random_bytes(&byte, 1);
	while (byte >= 248);
	return base62[byte % 62];
}

void token_make(const char *kind, char ret_text[static TOKEN_TEXT])
{
	memcpy(ret_text, "cleat_", 6);
	memcpy(ret_text + 6, kind, TOKEN_KIND);
	ret_text[TOKEN_PREFIX - 1] = '_';
	for (int i = TOKEN_PREFIX; i < TOKEN_LENGTH - 6; i++)
		ret_text[i] = random_digit();
	put_check(ret_text, ret_text + TOKEN_LENGTH - 6);
	ret_text[TOKEN_LENGTH] = '\0';
}

bool token_is_of_kind(const char *text, const char *kind)
{
	return strlen(text) == TOKEN_LENGTH && memcmp(text, "cleat_", 6) == 0 &&
	       memcmp(text + 6, kind, TOKEN_KIND) == 0 &&
	       text[TOKEN_PREFIX - 1] == '_';
}

bool token_is_well_formed(const char *text, const char *kind)
{
	char check[6];

	if (!token_is_of_kind(text, kind) ||
	    strspn(text + TOKEN_PREFIX, base62) != TOKEN_LENGTH - TOKEN_PREFIX)
		return false;
	put_check(text, check);
	return memcmp(text + TOKEN_LENGTH - 6, check, 6) == 0;
}

void token_handle(const char *text, char ret_text[static TOKEN_HANDLE_TEXT])
{
	memcpy(ret_text, text, TOKEN_HANDLE);
	ret_text[TOKEN_HANDLE] = '\0';
}
