/* Steps of a deletion: what is left to do outside, tried until it is done. */
#ifndef CLEAT_CORE_STEP_H
#define CLEAT_CORE_STEP_H

#include "base/outbound_call.h"
#include "core/leaving.h"
#include "core/provider_app.h"
#include "core/receipt.h"
#include "core/revocation.h"

/* The kind of step and of job: ends the grant that the step holds. */
#define STEP_REVOKE "revoke"

enum { STEP_REASON_MAX = 1024 };

/* There while a refresh is under way, or its answer was lost. */
#define REFRESH_SENT "refresh_sent"

/*
 * Adds it with copies of what it needs: the connection may go. While its
 * tokens are refreshed, it waits for what that brings (step_take_tokens).
 */
MUST_CHECK enum error step_add_revocation(struct op *op,
					  struct uuid deletion_id,
					  const struct parting *connection);

struct refreshed; /* core/refresh.h */

/* The steps that are to end this connection's grant have these, and go on. */
MUST_CHECK enum error step_take_tokens(struct op *op, struct uuid connection_id,
				       const struct refreshed *got);

/*
 * A try at ending a grant: one call. Where that wants a live access token and
 * there may be none, the first try gets one and the next one ends the grant.
 */
struct revoking {
	struct step step;
	const struct revocation *way;
	struct grant_credentials grant;
	bool is_refresh;
	bool is_shared; /* a connection made since lives by it: no call */
	bool is_unsure; /* an earlier refresh was sent, its answer lost */
	struct outbound_call call;
	const char *lack; /* what is missing for the call; NULL: nothing */
};

/* What to send. ERR_NOT_FOUND when the step is not waiting (any more). */
MUST_CHECK enum error step_begin_revoking(struct op *op, struct uuid step_id,
					  struct revoking *ret);

/*
 * Records what came of it, and new tokens if it brought some; nothing when the
 * step was given up meanwhile. `*ret_next_at` is
 * when to try again, 0 when the step is done: then its credentials are erased.
 */
MUST_CHECK enum error step_end_revoking(struct op *op,
					const struct revoking *revoking,
					const struct outbound_answer *answer,
					int64_t *ret_next_at);

/* It is done, for this reason; its credentials are erased. Records the event.
 */
MUST_CHECK enum error step_finish(struct op *op, struct step *step,
				  const char *event_type, const char *reason);

/* A member of its facts, NULL when there is none. */
const char *step_fact(struct op *op, const struct step *step, const char *name);

/*
 * The app that the connection was made through; without one, the project's
 * first for its provider. False when there is none.
 */
MUST_CHECK enum error step_find_app(struct op *op, struct uuid id,
				    const char *provider,
				    struct provider_app *ret, bool *ret_found);

/* Addresses in an app's metadata that are called in place of ours. */
#define STEP_REVOCATION_URL "providerParams.revocationUrl"
#define STEP_TOKEN_URL	    "providerParams.tokenUrl"
/* Those and what else calls to the provider need to know of the app. */
#define STEP_PARAMS "providerParams"

/* NULL when the app has none. */
const char *step_param(struct op *op, const struct provider_app *app,
		       const char *path);

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
