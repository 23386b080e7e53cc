/*
 * What became of deployments that a change asked for, as far as it is known:
 * for who waits for it, and does so for a time alone.
 */
#ifndef CLEAT_CORE_AWAITING_H
#define CLEAT_CORE_AWAITING_H

#include "core/deployment.h"

/* More are not looked at time and again: it is said at once how they stand. */
enum { AWAITING_MAX = 64 };

struct awaiting {
	struct deployment_list at; /* as they were when it began */
	int64_t began_at;
	int64_t *gone_at; /* when each was first seen so; 0: it is there */
};

enum deployment_state {
	DEPLOYMENT_PENDING,
	DEPLOYMENT_DONE,   /* the worker has confirmed it */
	DEPLOYMENT_FAILED, /* the last try did, and it is tried again */
};

struct outcome {
	const struct deployment *of; /* as it was */
	enum deployment_state state;
	const char *why; /* of what failed */
	int64_t took_us; /* from the change to what is known */
};

struct outcome_list {
	struct outcome *items;
	size_t count;
	bool is_over; /* none is pending */
	bool is_done; /* all are done */
	int64_t took_us;
};

/* Of a connection, living or gone. */
MUST_CHECK enum error awaiting_connection(struct op *op, struct uuid id,
					  struct awaiting *ret);

/* And of another one. */
MUST_CHECK enum error awaiting_add(struct op *op, struct awaiting *to,
				   struct uuid id);

MUST_CHECK enum error awaiting_look(struct op *op, struct awaiting *awaiting,
				    struct outcome_list *ret);

#endif
