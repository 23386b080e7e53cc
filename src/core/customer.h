/*
 * Callers who are a customer: a person (consumer) of a group, by a token that
 * the builder signed (base/rs256.h) with a key that the project knows
 * (core/jwt_key.h). They see and touch what is their group's alone; what is
 * another's is unknown to them. Whoever else calls is not confined.
 */
#ifndef CLEAT_CORE_CUSTOMER_H
#define CLEAT_CORE_CUSTOMER_H

#include <stdbool.h>

#include "base/op.h"
#include "core/principal.h"

enum {
	CUSTOMER_TOKEN_MAX_S = 600, /* from iat to exp */
	CUSTOMER_SKEW_S = 60,	    /* between the builder's clock and ours */
};

/* Of a principal: whom it is confined to. In the arena of the op. */
struct customer {
	const char *group_ref;
	const char *consumer_ref;
};

/*
 * Who this token is of. Claims: groupRef and consumerRef, and iat and exp in
 * whole seconds; nbf is heeded. ERR_UNAUTHENTICATED; it says why only to whom
 * the key has signed a token. Needs no project.
 */
MUST_CHECK enum error customer_authenticate(struct op *op, const char *token,
					    struct principal *ret);

/* Who calls; NULL when it is no customer. */
const struct customer *customer_calling(const struct op *op);

/* Whether the op's caller may know of a thing of this group. */
bool customer_sees(const struct op *op, const char *group_ref);

/*
 * The group that a list is of: what the caller asks for, NULL for all; a
 * customer's own instead. False when nothing of it may be seen.
 */
bool customer_narrows(const struct op *op, const char **group_ref);

/*
 * ERR_FORBIDDEN unless the op's caller may make or search something for this
 * group and consumer. A NULL one is not looked at.
 */
MUST_CHECK enum error customer_may_make(struct op *op, const char *group_ref,
					const char *consumer_ref);

/*
 * The same for what says who made it: consumer:REF, builder:ID or api:CALLER.
 * A customer is no other consumer and no builder.
 */
MUST_CHECK enum error customer_may_sign(struct op *op, const char *created_by);

/* ERR_FORBIDDEN for a customer: this tells of things of others as well. */
MUST_CHECK enum error customer_refuse(struct op *op);

#endif
