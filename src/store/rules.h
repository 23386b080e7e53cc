/*
 * Whether a project has any rules beside the defaults. Most have none: that is
 * asked once a snapshot, or on PostgreSQL once a writer's transaction, instead
 * of for each of them in each operation.
 */
#ifndef CLEAT_STORE_RULES_H
#define CLEAT_STORE_RULES_H

#include "store/rows.h"

struct rules {
	bool is_known; /* else all may be there: look */
	bool has_policies, has_holds, has_routes;
	bool has_leaving;	/* something leaves (core/leaving_scope.h) */
	bool has_third_parties; /* integrations that may be told */
};

MUST_CHECK enum error rules_of(struct op *op, struct rules *ret);

#endif
