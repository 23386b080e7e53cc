/*
 * What processes that share a store tell each other with their commits:
 * "jobs" when some were added, else a project's id when it has new events.
 */
#ifndef CLEAT_STORE_TELLING_H
#define CLEAT_STORE_TELLING_H

#include "base/op.h"

/* In the op's transaction, of what it has done. */
MUST_CHECK enum error tell_jobs(struct op *op);
MUST_CHECK enum error tell_events(struct op *op, struct uuid project_id);

struct told {
	bool is_jobs;
	struct uuid project_id; /* nil when it is of jobs */
};

/* False for what nobody of us tells. */
MUST_CHECK bool told_read(const char *text, struct told *ret);

#endif
