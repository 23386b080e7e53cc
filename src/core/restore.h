/* The way back of what a soft deletion hid, and the end of it. */
#ifndef CLEAT_CORE_RESTORE_H
#define CLEAT_CORE_RESTORE_H

#include "core/receipt.h"
#include "core/thing.h"

struct restored {
	struct uuid deletion_id;
	const char *name;	   /* as it is now: a taken one got a suffix */
	int64_t count;		   /* things that are back */
	struct uuid *needs_reauth; /* connections whose grant is gone */
	size_t needs_reauth_count;
};

/*
 * Brings back the thing and what was hidden with it: same ids, bindings,
 * configuration and credentials. ERR_NOT_FOUND when it is not in the trash;
 * ERR_IN_USE when something else's deletion hid it, when what it needs is not
 * there any more, or when the group has installed the integration again.
 */
MUST_CHECK enum error restore_thing(struct op *op, enum thing_kind kind,
				    struct uuid id, struct restored *ret);

/*
 * The same for an integration of one family, as its API names it.
 * ERR_NOT_FOUND when it is of another.
 */
MUST_CHECK enum error restore_integration(struct op *op,
					  enum integration_family family,
					  struct uuid id,
					  struct integration *ret);

/*
 * Ends what this deletion hid, with the steps that are due then: ERR_HELD
 * while a legal hold is on any of it, and nothing is changed. In batches, by
 * the job, when that is more than op->batch_over things.
 */
#define JOB_PURGE "purge" /* of the deletion that is its subject */

MUST_CHECK enum error purge_deletion(struct op *op,
				     const struct deletion *deletion);

/* The same for the thing that was deleted. ERR_NOT_FOUND. */
MUST_CHECK enum error purge_thing(struct op *op, enum thing_kind kind,
				  struct uuid id);

/*
 * One batch of it. `*ret_is_done`: it was the last, or there is nothing to
 * do. ERR_HELD as above, before the first.
 */
MUST_CHECK enum error purge_go_on(struct op *op, struct uuid deletion_id,
				  bool *ret_is_done);

#endif
