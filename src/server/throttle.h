/*
 * Which connections a provider has told to wait: 256 of them, of more those
 * that are to wait longest. In memory alone; any thread.
 */
#ifndef CLEAT_SERVER_THROTTLE_H
#define CLEAT_SERVER_THROTTLE_H

#include <stdint.h>

#include "base/uuid.h"

struct throttle;

struct throttle *throttle_new(void);
void throttle_free(struct throttle *throttle);

/* From `now` on, by the monotonic clock, in place of what was said before. */
void throttle_hold(struct throttle *throttle, struct uuid connection_id,
		   int64_t now, int64_t seconds);

/* Seconds that are left of it, rounded up; 0: it need not wait. */
int64_t throttle_left_s(struct throttle *throttle, struct uuid connection_id,
			int64_t now);

#endif
