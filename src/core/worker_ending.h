/* Workers that end without having said that they hold nothing any more. */
#ifndef CLEAT_CORE_WORKER_ENDING_H
#define CLEAT_CORE_WORKER_ENDING_H

#include "core/worker.h"

/*
 * Nothing is pushed to it any more: its deployments are forgotten, and the
 * removals that wait for it are given up, for this reason.
 */
MUST_CHECK enum error worker_end(struct op *op, const struct worker *worker,
				 const char *reason);

/*
 * One process answers at one URL: the others that registered this one's have
 * made way for it. Records worker.replaced for each.
 */
MUST_CHECK enum error worker_replace_others(struct op *op,
					    const struct worker *by);

#endif
