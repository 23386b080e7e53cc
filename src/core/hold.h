/*
 * Legal holds: what is held is not erased, nor its grant ended, whoever asks,
 * until the hold is lifted. It can be hidden by a soft deletion that ends
 * nothing; its purge waits.
 */
#ifndef CLEAT_CORE_HOLD_H
#define CLEAT_CORE_HOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"

enum { HOLDS_MAX = 10000, HOLD_REASON_MAX = 1024 };

struct hold {
	const char *kind; /* project, group or connection */
	struct uuid id;
	const char *reason;
	const char *actor;
	int64_t created_at;
};

struct hold_list {
	struct hold *items;
	size_t count;
};

MUST_CHECK enum error hold_list(struct op *op, struct hold_list *ret);

/*
 * ERR_NOT_FOUND when there is no such thing, and for other kinds; ERR_INVALID
 * beyond HOLDS_MAX of them.
 */
MUST_CHECK enum error hold_put(struct op *op, const char *kind, struct uuid id,
			       const char *reason, struct hold *ret);
/* ERR_NOT_FOUND. */
MUST_CHECK enum error hold_lift(struct op *op, const char *kind,
				struct uuid id);

/* The hold on the project, this group or this connection; NULL: none. */
const struct hold *hold_on(const struct op *op, const struct hold_list *holds,
			   struct uuid group_id, struct uuid connection_id);

#define HOLD_WAIT "Wait until the hold is lifted."

/* OK without a hold, else ERR_HELD with the sentence that names it. `instead`
 * says what to do. */
MUST_CHECK enum error hold_refuse(struct op *op, const struct hold *hold,
				  const char *instead);

#endif
