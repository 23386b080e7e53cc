/* What refreshing.c and refreshed.c share. */
#ifndef CLEAT_CORE_REFRESH_PLAN_H
#define CLEAT_CORE_REFRESH_PLAN_H

#include "core/refreshing.h"

/* Is there anything that gets new tokens? */
bool refresh_is_possible(const struct refreshing *r,
			 const struct credential_list *secrets);

int64_t refresh_keep_alive_us(const struct refreshing *r);

/* Stores it, due when these secrets say, with its job. */
MUST_CHECK enum error refresh_plan(struct op *op, struct refreshing *r,
				   const struct credential_list *secrets);

/* The one that waits is due then. */
MUST_CHECK enum error refresh_set_job(struct op *op, struct uuid id,
				      int64_t due_at);

#endif
