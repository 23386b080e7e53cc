/*
 * Replacing a project's key. From the commit of key_rotation_begin on what is
 * new is sealed under the new key. What older keys have sealed is sealed anew
 * by a job, in small batches each of which is a transaction: whenever it is
 * killed, each value is sealed under a key that is there. The older keys go in
 * the transaction of the last batch.
 */
#ifndef CLEAT_CORE_KEY_ROTATION_H
#define CLEAT_CORE_KEY_ROTATION_H

#include <stdbool.h>

#include "base/op.h"

/* The kind of job, and its lane. */
#define KEY_ROTATION_JOB "reseal"

enum { KEY_ROTATION_BATCH = 64 };

struct key_status {
	int64_t version;
	int64_t since;	     /* when it was made */
	bool is_settled;     /* nothing is sealed under an older one */
	int64_t settled_at;  /* 0: not yet */
	int64_t resealed;    /* values so far */
	int64_t older_count; /* keys that are still needed */
};

/*
 * A new key for the op's project. One that is under way begins anew, so that
 * all ends under the newest. Records key.rotated.
 */
MUST_CHECK enum error key_rotation_begin(struct op *op);

/* One batch. Records key.settled when it was the last. */
MUST_CHECK enum error key_rotation_go_on(struct op *op, bool *ret_is_settled);

MUST_CHECK enum error key_rotation_status(struct op *op,
					  struct key_status *ret);

#endif
