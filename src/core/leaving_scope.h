/*
 * What is leaving. A large deletion hides what it takes by one row, its scope,
 * and ends it in batches afterwards (core/batch.h). Until then every query of
 * installations and connections treats what is in a scope as gone:
 *
 * - an installation with its integration, its group, or its connection's
 *   consumer;
 * - a connection with its group or consumer, and with the last of its
 *   installations.
 *
 * Deletions take effect in the order in which they were begun. So each batch
 * sees as gone what deletions begun before its own take, and nobody else does
 * more than ask whether anything leaves: that is known for as long as a
 * thread's reads are of the same snapshot.
 */
#ifndef CLEAT_CORE_LEAVING_SCOPE_H
#define CLEAT_CORE_LEAVING_SCOPE_H

#include <stdbool.h>

#include "base/op.h"

struct leaving_scope {
	struct uuid id; /* of an integration, group or consumer */
	struct uuid deletion_id;
	bool is_hard; /* what is in it does not come back */
};

/*
 * From here on the op sees as gone what was begun before this deletion; nil:
 * nothing, but what is.
 */
void leaving_see_before(struct op *op, struct uuid deletion_id);

/* From here on it looks anew whether anything leaves. */
void leaving_see_all(struct op *op);

#endif
