/*
 * How often each of many may do something: a token bucket for each, that holds
 * as much as comes in two seconds. Kept as the time at which the bucket will be
 * full again (the generic cell rate algorithm of ITU-T I.371, annex A). In
 * memory alone, of a fixed size: where it is full, the fullest bucket of a few
 * is forgotten, which is the one that least is owed by. Any thread.
 */
#ifndef CLEAT_BASE_RATE_H
#define CLEAT_BASE_RATE_H

#include <stddef.h>
#include <stdint.h>

enum { RATE_MAX_PER_S = 1000000 };

struct rate;

/* `per_s` is 1 to RATE_MAX_PER_S. */
struct rate *rate_new(int64_t per_s);
void rate_free(struct rate *rate);

/*
 * Once more by who these bytes name. 0, or, when the bucket is empty and
 * nothing was taken, the microseconds until there is one again. `now` is of
 * the monotonic clock.
 */
int64_t rate_take(struct rate *rate, const void *who, size_t length,
		  int64_t now);

#endif
