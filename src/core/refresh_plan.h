/* What refreshing.c, refresh_try.c and refreshed.c share. */
#ifndef CLEAT_CORE_REFRESH_PLAN_H
#define CLEAT_CORE_REFRESH_PLAN_H

#include "base/clock.h"
#include "core/refreshing.h"

/* A call that was sent before is over by then, or nobody hears of it. */
#define REFRESH_SENT_MAX_US (INT64_C(120) * CLOCK_SECOND)

/* Is there anything that gets new tokens? */
bool refresh_is_possible(struct op *op, const struct refreshing *r,
			 const struct credential_list *secrets);

/* Whose own credentials get the token: nothing rotates. */
bool refresh_is_of_client(const struct refreshing *r);

/* What was asked for, where nobody agreed to it; NULL: nothing by name. */
const char *refresh_scopes(struct op *op, const struct refreshing *r);

int64_t refresh_keep_alive_us(const struct refreshing *r);

/* Stores it, due when these secrets say, with its job. */
MUST_CHECK enum error refresh_plan(struct op *op, struct refreshing *r,
				   const struct credential_list *secrets);

/* Nothing was sent: it is planned as it should be. */
MUST_CHECK enum error refresh_go_on(struct op *op, const struct job *job);

/* The one that waits is due then. */
MUST_CHECK enum error refresh_set_job(struct op *op, struct uuid id,
				      int64_t due_at);

#endif
