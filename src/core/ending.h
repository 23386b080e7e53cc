/*
 * What a deletion and a purge have in common: both end things under terms,
 * heed holds, keep a record, and do so at once or in batches. Inside of
 * core/removal.c, core/deletion.c, core/batch.c and core/purge.c.
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
	struct hold_list holds; /* that count: none where nothing is ended */
	const char *instead;	/* what to do when one does */
	struct record record;
	int64_t began;	  /* monotonic; 0: it is no batch */
	int things_left;  /* that the batch may still end */
	bool is_cut;	  /* it has done enough: another is to go on */
	bool has_emptied; /* of the trash, what others had put there */
};

/* It is a batch: short enough for those who wait for the writer. */
void ending_limit(struct ending *ending);

/* After each thing: true when the batch is to end here. */
MUST_CHECK bool ending_is_enough(struct ending *ending);

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

/* An integration with its secrets, a group or a consumer. */
MUST_CHECK enum error ending_erase_named(struct ending *ending,
					 enum thing_kind kind, struct uuid id);

/* An installation in the trash is erased. Records installation.purged. */
MUST_CHECK enum error ending_purge_installation(struct ending *ending,
						struct uuid id);

/* A connection in the trash is erased. Records connection.purged. */
MUST_CHECK enum error ending_purge_connection(struct ending *ending,
					      const struct parting *connection);

/* So are all installations of this thing that are in the trash, with what was
 * hidden for their sake; until is_cut. */
MUST_CHECK enum error ending_purge_hidden(struct ending *ending,
					  const struct thing *thing);

/* Records KIND.purged. */
MUST_CHECK enum error ending_tell_purged(struct ending *ending,
					 const char *kind, struct uuid id);

#endif
