/* One operation on a store that this process has to itself. */
#ifndef CLEAT_CLI_OPERATE_H
#define CLEAT_CLI_OPERATE_H

#include "base/op.h"
#include "cli/open.h"

/*
 * Brings the store up to date, checks that the keys are its own, and runs
 * `run` (NULL: nothing more), all but the first in one transaction that
 * commits when it is OK. An error has one line in `err`, run's own if it
 * wrote one.
 */
MUST_CHECK enum error operate(struct opened *opened,
			      enum error (*run)(struct op *op, void *context),
			      void *context, struct buf *err);

#endif
