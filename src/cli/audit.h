/* What the commands that read a store's chains have in common. */
#ifndef CLEAT_CLI_AUDIT_H
#define CLEAT_CLI_AUDIT_H

#include "base/op.h"
#include "cli/open.h"

/*
 * Runs it in a reading transaction of the store of --store; its exit status,
 * with one line in `err` when it could not. ERR_CHANGED is for faults that it
 * has already told.
 */
int audit_run(const struct args *args,
	      enum error (*run)(struct op *op, const struct args *args),
	      struct buf *err);

/* The one of this name or uuid, or all. ERR_NOT_FOUND. */
MUST_CHECK enum error audit_projects(struct op *op, const char *name,
				     struct uuid **ret, size_t *ret_count);

#endif
