/*
 * What a deletion and a purge have in common: both end things under terms,
 * heed holds, and keep a record. Inside of core/deletion.c and core/purge.c.
 */
#ifndef CLEAT_CORE_ENDING_H
#define CLEAT_CORE_ENDING_H

#include "core/hold.h"
#include "core/leaving.h"
#include "core/policy.h"
#include "core/receipt.h"

struct ending {
	struct op *op;
	struct deletion_terms terms;
	struct hold_list holds; /* that count: none for a soft deletion */
	struct record record;
};

/* Records that it is gone; or hidden, when the terms are soft. */
MUST_CHECK enum error ending_note(struct ending *ending, enum effect_kind kind,
				  struct uuid id, const char *name);

/* ERR_HELD when a hold is on the project, the group or the connection. */
MUST_CHECK enum error ending_refuse_held(struct ending *ending,
					 struct uuid group_id,
					 struct uuid connection_id);

/* It goes from its workers, its grant is let go of as the terms say; it is
 * erased with its secrets. */
MUST_CHECK enum error ending_erase_connection(struct ending *ending,
					      const struct parting *connection);

/* An installation in the trash is erased. Records installation.purged. */
MUST_CHECK enum error ending_purge_installation(struct ending *ending,
						struct uuid id);

/* Records KIND.purged. */
MUST_CHECK enum error ending_tell_purged(struct ending *ending,
					 const char *kind, struct uuid id);

#endif
