/* Each commit seals what it recorded, and tells other processes of it. */
#ifndef CLEAT_SERVER_SEALING_H
#define CLEAT_SERVER_SEALING_H

#include "store/writer.h"

/*
 * A link for each project in which pieces of the batch recorded events, and
 * messages to those that share the store. As writer_hooks.before_commit.
 */
MUST_CHECK enum error seal_batch(const struct work *batch);

/* Calls `visit` with each of those projects, once. */
MUST_CHECK enum error
batch_projects(const struct work *batch,
	       enum error (*visit)(void *context, struct op *op,
				   struct uuid project_id),
	       void *context);

#endif
