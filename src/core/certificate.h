/* What a finished deletion did, to be signed: docs/proof.md has its form. */
#ifndef CLEAT_CORE_CERTIFICATE_H
#define CLEAT_CORE_CERTIFICATE_H

#include "base/op.h"

/*
 * A JWS, in the arena. ERR_NOT_FOUND; ERR_IN_USE, saying why, when the
 * deletion is not done.
 */
MUST_CHECK enum error certificate_make(struct op *op, struct uuid deletion_id,
				       const char **ret);

#endif
