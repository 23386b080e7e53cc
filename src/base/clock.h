/* The one source of time, so that tests can move it. */
#ifndef CLEAT_BASE_CLOCK_H
#define CLEAT_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_TEXT = 28 };
#define CLOCK_SECOND INT64_C(1000000)

/* Microseconds since the epoch, UTC, plus the offset. Any thread. */
int64_t clock_now(void);

/* Shifts clock_now by this many microseconds from here on. */
void clock_set_offset(int64_t offset_us);

/* Microseconds that only grow, for measuring how long something took. */
int64_t clock_monotonic(void);

/* Whole seconds from `now` on, rounded up; 0 when it is past. */
int64_t clock_seconds_until(int64_t now_us, int64_t at_us);

/* RFC 3339 with six decimals and Z: 2024-01-15T10:30:00.000000Z. */
void clock_format(int64_t time_us, char ret_text[static CLOCK_TEXT]);

/*
 * Reads an RFC 3339 timestamp with Z or a numeric offset. False when it is
 * none, or before 1970 or after 9999.
 */
bool clock_parse(const char *text, int64_t *ret_us);

#endif
