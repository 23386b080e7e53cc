/*
 * What an installation shows of its operations and pauses, kept with it.
 * Inside of core/operation.c and core/read_pause.c.
 */
#ifndef CLEAT_CORE_INSTALLATION_STATE_H
#define CLEAT_CORE_INSTALLATION_STATE_H

#include "base/op.h"

struct installation_state {
	struct uuid integration_id, config_id;
	const char *operation_status; /* of the latest; NULL: there is none */
	int64_t failures;	      /* in a row; OPERATION_FAILURES at most */
	bool is_paused_by_errors;
	bool is_living; /* neither hidden nor leaving */
};

/* Troubled by its operations or pauses, whatever its connection is. */
bool installation_is_troubled(int64_t failures, bool is_paused_by_errors);

/* Of one that lives. ERR_NOT_FOUND. */
MUST_CHECK enum error installation_state_get(struct op *op, struct uuid id,
					     struct installation_state *ret);

/* Of one that may be in the trash; nothing happens when it is erased. */
MUST_CHECK enum error installation_state_ended(struct op *op, struct uuid id,
					       bool is_success, bool is_latest);

/* Keeps it, where it differs, and the answer that shows it. */
MUST_CHECK enum error
installation_state_change(struct op *op, struct uuid id,
			  const struct installation_state *was,
			  const struct installation_state *to);

#endif
