/* Tries at bringing a deployment about: one call to the worker each. */
#ifndef CLEAT_CORE_DEPLOYING_H
#define CLEAT_CORE_DEPLOYING_H

#include "base/outbound_call.h"
#include "core/deployment.h"

struct deploying {
	struct deployment deployment; /* as it was when it was tried */
	struct outbound_call call;    /* holds secrets, in the op's arena */
	const char *lack; /* why there can be no call; NULL: there can */
};

/*
 * What to send: PUT URL/connections/ID with the connection and its secrets,
 * or DELETE. ERR_NOT_FOUND when there is nothing to do (any more).
 */
MUST_CHECK enum error deploying_begin(struct op *op, struct uuid id,
				      struct deploying *ret);

/*
 * Records what came of it: of a removal in the steps that wait for it as
 * well. `attempts` are those before. `*ret_next_at` is when to try again; 0:
 * it is done.
 */
MUST_CHECK enum error deploying_end(struct op *op,
				    const struct deploying *tried,
				    const struct outbound_answer *answer,
				    int64_t attempts, int64_t *ret_next_at);

#endif
