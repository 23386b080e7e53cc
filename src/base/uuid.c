/* Making, reading and writing identifiers. */
#include "base/uuid.h"

#include <pthread.h>
#include <string.h>

#include "base/random.h"

/* The last stamp given out: milliseconds << 12 | counter. */
static pthread_mutex_t stamp_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t last_stamp; /* guarded by stamp_lock */

static uint64_t next_stamp(int64_t now_us)
{
	uint64_t ms = (uint64_t)now_us / 1000;
	uint64_t sub_ms = (uint64_t)now_us % 1000 * 4; /* below 4096 */
	uint64_t stamp = ms << 12 | sub_ms;

	pthread_mutex_lock(&stamp_lock);
	if (stamp <= last_stamp)
		stamp = last_stamp + 1;
	last_stamp = stamp;
	pthread_mutex_unlock(&stamp_lock);
	return stamp;
}

void uuid_go_on_from(int64_t stamp)
{
	pthread_mutex_lock(&stamp_lock);
	if ((uint64_t)stamp > last_stamp)
		last_stamp = (uint64_t)stamp;
	pthread_mutex_unlock(&stamp_lock);
}

int64_t uuid_stamp(struct uuid id)
{
	uint64_t ms = 0;

	for (int i = 0; i < 6; i++)
		ms = ms << 8 | id.bytes[i];
	return (int64_t)(ms << 12 | (id.bytes[6] & 0x0fu) << 8 | id.bytes[7]);
}

int64_t uuid_time_us(struct uuid id)
{
	return (uuid_stamp(id) >> 12) * 1000;
}

struct uuid uuid_first_at(int64_t time_us)
{
	struct uuid id = {{0}};
	int64_t ms = (time_us + 999) / 1000;

	for (int i = 0; i < 6; i++)
		id.bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
	return id;
}

/* Eight random bytes out of a thread's store: a system call is dear. */
static void some_random_bytes(unsigned char ret[static 8])
{
	static _Thread_local unsigned char stored[512];
	static _Thread_local size_t left;

	if (!left) {
		random_bytes(stored, sizeof(stored));
		left = sizeof(stored);
	}
	left -= 8;
	memcpy(ret, stored + left, 8);
}

struct uuid uuid_make(int64_t now_us)
{
	struct uuid id;
	uint64_t stamp = next_stamp(now_us);
	uint64_t ms = stamp >> 12;

	some_random_bytes(id.bytes + 8);
	for (int i = 0; i < 6; i++)
		id.bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
	id.bytes[6] = (unsigned char)(0x70 | (stamp >> 8 & 0x0f));
	id.bytes[7] = (unsigned char)stamp;
	id.bytes[8] = (unsigned char)(0x80 | (id.bytes[8] & 0x3f));
	return id;
}

/* Where in the text each byte stands. */
static const unsigned char byte_at[UUID_BYTES] = {
	0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

void uuid_format(struct uuid id, char ret_text[static UUID_TEXT])
{
	static const char hex[] = "0123456789abcdef";

	memcpy(ret_text, "........-....-....-....-............", UUID_TEXT);
	for (int i = 0; i < UUID_BYTES; i++) {
		ret_text[byte_at[i]] = hex[id.bytes[i] >> 4];
		ret_text[byte_at[i] + 1] = hex[id.bytes[i] & 15];
	}
}

/* A digit's value and 16; 0 for what is no digit. */
static const unsigned char hex_digits[256] = {
	['0'] = 16, ['1'] = 17, ['2'] = 18, ['3'] = 19, ['4'] = 20, ['5'] = 21,
	['6'] = 22, ['7'] = 23, ['8'] = 24, ['9'] = 25, ['a'] = 26, ['b'] = 27,
	['c'] = 28, ['d'] = 29, ['e'] = 30, ['f'] = 31, ['A'] = 26, ['B'] = 27,
	['C'] = 28, ['D'] = 29, ['E'] = 30, ['F'] = 31,
};

bool uuid_parse(const char *text, struct uuid *ret)
{
	struct uuid id;
	unsigned all = 16;

	if (strlen(text) != UUID_TEXT - 1 || text[8] != '-' ||
	    text[13] != '-' || text[18] != '-' || text[23] != '-')
		return false;
	for (int i = 0; i < UUID_BYTES; i++) {
		unsigned high = hex_digits[(unsigned char)text[byte_at[i]]];
		unsigned low = hex_digits[(unsigned char)text[byte_at[i] + 1]];

		all &= high & low;
		id.bytes[i] = (unsigned char)(high << 4 | (low & 15));
	}
	if (!all)
		return false;
	*ret = id;
	return true;
}

bool uuid_equal(struct uuid a, struct uuid b)
{
	return memcmp(a.bytes, b.bytes, UUID_BYTES) == 0;
}

bool uuid_is_nil(struct uuid id)
{
	return uuid_equal(id, (struct uuid){{0}});
}

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

void id13_format(uint64_t number, char ret_text[static ID13_TEXT])
{
	for (int i = 12; i >= 0; i--) {
		ret_text[i] = base32[number & 31];
		number >>= 5;
	}
	ret_text[13] = '\0';
}

bool id13_parse(const char *text, uint64_t *ret)
{
	uint64_t number = 0;

	if (strlen(text) != ID13_TEXT - 1)
		return false;
	for (int i = 0; i < ID13_TEXT - 1; i++) {
		const char *at = text[i] ? strchr(base32, text[i]) : NULL;

		/* 13 * 5 is 65 bits: the first character has one to spare */
		if (!at || (i == 0 && at - base32 > 15))
			return false;
		number = number << 5 | (uint64_t)(at - base32);
	}
	*ret = number;
	return true;
}
