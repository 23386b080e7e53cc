/*
 * A plan's token: says what was planned and what it came to, and is of use in
 * its project alone. It holds no secret; it is signed with the keyring.
 */
#ifndef CLEAT_CORE_PLAN_TOKEN_H
#define CLEAT_CORE_PLAN_TOKEN_H

#include "core/plan.h"

#define PLAN_TOKEN_LIFETIME_US (INT64_C(3600) * 1000000)

/* What a token says. */
struct planned {
	enum thing_kind kind;
	struct uuid id;
	struct deletion_options options;
	int64_t made_at;
	int64_t retention; /* microseconds in the trash; 0: a hard one */
	int64_t total;
	int64_t last_event;
	struct digest digest;
	struct effect_counts counts;
	struct plan_earlier earlier;
};

/* In the arena. */
const char *plan_token_write(struct op *op, const struct plan *plan);

/* ERR_INVALID when it is none of this project's, or has expired. */
MUST_CHECK enum error plan_token_read(struct op *op, const char *token,
				      struct planned *ret);

/*
 * `plan` was made again with planned->earlier. ERR_CHANGED when it is not what
 * was planned: the op's issues are what has changed, of a long plan as far as
 * its token knows it.
 */
MUST_CHECK enum error plan_compare(struct op *op, const struct planned *planned,
				   const struct plan *plan);

/* ERR_CHANGED: what was planned to go is not there any more. */
MUST_CHECK enum error plan_refuse_gone(struct op *op,
				       const struct planned *planned);

#endif
