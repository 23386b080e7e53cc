/* Identifiers: uuids (RFC 9562) and 13-character base-32 numbers. */
#ifndef CLEAT_BASE_UUID_H
#define CLEAT_BASE_UUID_H

#include <stdbool.h>
#include <stdint.h>

enum { UUID_BYTES = 16, UUID_TEXT = 37, ID13_TEXT = 14 };

struct uuid {
	unsigned char bytes[UUID_BYTES];
};

/*
 * Version 7 (RFC 9562, 5.7): ordered by `now_us` (microseconds since the
 * epoch), and within it by a counter, so that ids of one process sort in the
 * order of their making. Any thread.
 */
struct uuid uuid_make(int64_t now_us);

/* When it was made: milliseconds and a counter. No two of a process, and none
 * after uuid_go_on_from, have the same. */
int64_t uuid_stamp(struct uuid id);

/* The same in microseconds since the epoch, without the counter. */
int64_t uuid_time_us(struct uuid id);

/* The least id that could be made at this time or later. */
struct uuid uuid_first_at(int64_t time_us);

/* The next ones come after this stamp, even when the clock is behind it. */
void uuid_go_on_from(int64_t stamp);

/* Lower-case text with dashes and a NUL. */
void uuid_format(struct uuid id, char ret_text[static UUID_TEXT]);

/* Accepts the dashed form in either case and nothing else. */
bool uuid_parse(const char *text, struct uuid *ret);

bool uuid_equal(struct uuid a, struct uuid b);
bool uuid_is_nil(struct uuid id);

/* 13 characters of a-z and 2-7 (RFC 4648, 6, lower-case) for 64 bits. */
void id13_format(uint64_t number, char ret_text[static ID13_TEXT]);
bool id13_parse(const char *text, uint64_t *ret);

#endif
