/*
 * Deletions that are too large for one transaction: others would wait for the
 * writer. The first commit hides the thing and, by a scope
 * (core/leaving_scope.h), all that goes with it: nobody sees or uses it from
 * then on, and the answer leaves. A job ends it, batch by batch, each in a
 * transaction of its own. Its record's state is running meanwhile; its counts
 * and effects are those so far.
 */
#ifndef CLEAT_CORE_BATCH_H
#define CLEAT_CORE_BATCH_H

#include <stdbool.h>

#include "core/event.h"
#include "core/policy.h"
#include "core/receipt.h"
#include "core/thing.h"

/*
 * The job of the deletion that is its subject. All of a project are in one
 * lane, so that they end in the order in which they were begun.
 */
#define JOB_DELETE	"delete"
#define JOB_DELETE_LANE "delete"

/* True when more than op->batch_over things go with it; always of a project. */
MUST_CHECK enum error batch_is_needed(struct op *op, const struct thing *thing,
				      bool *ret);

/*
 * The first commit; all of it, where op->batch_over says that none is done in
 * batches. ERR_HELD; `ret` is the event of the thing; may be NULL.
 */
MUST_CHECK enum error batch_begin(struct op *op, const struct thing *thing,
				  const struct deletion_terms *terms,
				  struct event *ret);

/* One batch. `*ret_is_done`: it was the last, or there is nothing to do. */
MUST_CHECK enum error batch_go_on(struct op *op, struct uuid deletion_id,
				  bool *ret_is_done);

/*
 * Is it ending things for good: a hard deletion that runs, or a purge? False of
 * one that is still hiding them.
 */
MUST_CHECK enum error
batch_is_ending(struct op *op, const struct deletion *deletion, bool *ret);

#endif
