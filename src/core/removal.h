/*
 * Ending a thing and what goes with it, in the order of core/plan.c: at once
 * (core/deletion.c), or one batch of it (core/batch.h). Inside of those two.
 */
#ifndef CLEAT_CORE_REMOVAL_H
#define CLEAT_CORE_REMOVAL_H

#include "core/ending.h"
#include "core/event.h"

struct removal {
	struct op *op;
	const struct thing *thing;
	const struct departure *departure; /* of its installation, if known */
	bool is_batch; /* the thing is hidden, and its event is recorded */
	struct ending ending;
};

/* Until all is done, or ending.is_cut. `ret` (may be NULL): the thing's. */
MUST_CHECK enum error removal_run(struct removal *removal, struct event *ret);

/* The thing itself, an integration, group, consumer or project, is hidden. */
MUST_CHECK enum error removal_hide_itself(struct removal *removal);

/* Records its event, KIND.deleted. */
MUST_CHECK enum error removal_tell(struct removal *removal, struct event *ret);

#endif
