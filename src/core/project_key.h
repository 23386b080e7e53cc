/*
 * A project's keys: each seals this project's secrets alone, and lies in the
 * store sealed under the master key. There is one for each version that a
 * sealed value may still be under; the current one seals what is new.
 */
#ifndef CLEAT_CORE_PROJECT_KEY_H
#define CLEAT_CORE_PROJECT_KEY_H

#include "base/op.h"

struct project_key {
	int64_t version; /* 0: none */
	struct key key;
};

/* The op's project's current key. The caller wipes it. */
MUST_CHECK enum error project_key_current(struct op *op,
					  struct project_key *ret);

/*
 * Makes *key the one of this version, unless it is; so one that was zero
 * serves for many values. ERR_NOT_FOUND when it is gone.
 */
MUST_CHECK enum error project_key_use(struct op *op, int64_t version,
				      struct project_key *key);

/*
 * Makes a fresh key of this version for the op's project. `is_first`: nothing
 * is sealed under an older one.
 */
MUST_CHECK enum error project_key_make(struct op *op, int64_t version,
				       bool is_first);

struct sealed_key; /* core/store.h */

/* Seals it anew under the master key of this id; its project is the op's. */
MUST_CHECK enum error project_key_rewrap(struct op *op,
					 const struct sealed_key *key,
					 const struct digest *id);

/* How far what older keys have sealed is sealed anew under this one. */
#define KEY_STAGE_SECRETS "secret"
#define KEY_STAGE_ANSWERS "idempotency"
#define KEY_STAGE_SETTLED "settled"

#endif
