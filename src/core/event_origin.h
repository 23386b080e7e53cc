/*
 * Where an event was asked for: whose token, from which address, with which
 * agent. Kept beside the event and not under its chain, so that what is of
 * people can be erased, and is: after EVENT_ORIGIN_LIFE_US, and with the
 * project.
 */
#ifndef CLEAT_CORE_EVENT_ORIGIN_H
#define CLEAT_CORE_EVENT_ORIGIN_H

#include "base/op.h"

#define EVENT_ORIGIN_LIFE_US (INT64_C(90) * 86400 * 1000000)
#define EVENT_ORIGIN_JOB     "event_origin"

/* Of an op whose API shows them; else nothing is kept. */
struct event_origin {
	struct uuid user_id;
	const char *address; /* NULL: not known, or erased */
	const char *agent;   /* the same */
};

/* Of the event that the op has just recorded; nothing without an origin. */
MUST_CHECK enum error event_origin_keep(struct op *op, int64_t event_number);

/*
 * Erases addresses and agents of the op's project that are too old.
 * `*ret_next_at` is when to come again; 0: there is none. By the claimed job
 * of the kind.
 */
MUST_CHECK enum error event_origin_erase(struct op *op, int64_t *ret_next_at);

#endif
