/* What stands in the way of a deletion: what still uses the thing. */
#ifndef CLEAT_CORE_BLOCKER_H
#define CLEAT_CORE_BLOCKER_H

#include <stddef.h>

#include "core/policy.h"
#include "core/thing.h"

struct blocker {
	const char *kind; /* "installation", "connection", "route" */
	struct uuid id;
	const char *does; /* "uses it" */
};

struct blocker_list {
	struct blocker *items;
	size_t count;
	bool yields; /* with force they go as well, or a target's users stay */
};

/* The first of them, at most `limit`. */
MUST_CHECK enum error blocker_list(struct op *op, const struct thing *thing,
				   const struct deletion_terms *terms,
				   size_t limit, struct blocker_list *ret);

/* ERR_IN_USE, with an issue for each of the first, when there are some. */
MUST_CHECK enum error blocker_refuse(struct op *op, const struct thing *thing,
				     const struct deletion_terms *terms);

#endif
