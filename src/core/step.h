/* Steps of a deletion: what is left to do outside, tried until it is done. */
#ifndef CLEAT_CORE_STEP_H
#define CLEAT_CORE_STEP_H

#include "base/outbound_call.h"
#include "core/leaving.h"
#include "core/receipt.h"
#include "core/revocation.h"

/* The kind of step and of job: ends the grant that the step holds. */
#define STEP_REVOKE "revoke"

enum { STEP_REASON_MAX = 1024 };

/* Adds it with copies of what it needs: the connection may go. */
MUST_CHECK enum error step_add_revocation(struct op *op,
					  struct uuid deletion_id,
					  const struct parting *connection);

/* A try at ending a grant. */
struct revoking {
	struct step step;
	const struct revocation *way;
	struct outbound_call call;
	const char *lack; /* what is missing for the call; NULL: nothing */
};

/* What to send. ERR_NOT_FOUND when the step is not waiting (any more). */
MUST_CHECK enum error step_begin_revoking(struct op *op, struct uuid step_id,
					  struct revoking *ret);

/* What came back; `status` is 0 when nothing did, then `failure` says why. */
struct revoking_answer {
	int status;
	const char *failure;
	const char *body;
	size_t length;
	int64_t retry_after_us;
};

/*
 * Records what came of it. `*ret_next_at` is when to try again, 0 when the
 * step is done: then its credentials are erased.
 */
MUST_CHECK enum error step_end_revoking(struct op *op,
					const struct revoking *revoking,
					const struct revoking_answer *answer,
					int64_t *ret_next_at);

/* Of this deletion. ERR_NOT_FOUND. */
MUST_CHECK enum error step_get(struct op *op, struct uuid deletion_id,
			       struct uuid step_id, struct step *ret);

/* Tries a waiting one at once. ERR_IN_USE when it is not waiting. */
MUST_CHECK enum error step_retry(struct op *op, struct uuid deletion_id,
				 struct uuid step_id, struct step *ret);

/*
 * Gives a waiting one up for good, for a reason that stays in the receipt;
 * its credentials are erased. ERR_IN_USE when it is not waiting.
 */
MUST_CHECK enum error step_abandon(struct op *op, struct uuid deletion_id,
				   struct uuid step_id, const char *reason,
				   struct step *ret);

#endif
