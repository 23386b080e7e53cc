/* Letting go: what goes with a thing that is deleted, and what stays. */
#ifndef CLEAT_CORE_DELETION_H
#define CLEAT_CORE_DELETION_H

#include <stdbool.h>

#include "base/op.h"
#include "core/event.h"
#include "core/integration.h"

/* GoRules' integrations stay restorable for so long. */
#define RETENTION_US (INT64_C(30) * 86400 * 1000000)

/*
 * The installation goes, with its configurations; its connection goes too
 * when no other installation uses it. ERR_NOT_FOUND.
 */
MUST_CHECK enum error
delete_installation(struct op *op, struct uuid integration_id, struct uuid id);

/*
 * The integration goes, with its revisions, secrets and, each as above, its
 * installations. `ret` (may be NULL) is the event. ERR_NOT_FOUND.
 */
MUST_CHECK enum error delete_integration(struct op *op,
					 enum integration_family family,
					 struct uuid id, struct event *ret);

/* Hidden until restored, or purged after RETENTION_US. ERR_NOT_FOUND. */
MUST_CHECK enum error
hide_integration(struct op *op, enum integration_family family, struct uuid id);

/*
 * ERR_IN_USE while an installation uses it, with an issue for each, unless
 * `force`: then those go as well. ERR_NOT_FOUND.
 */
MUST_CHECK enum error delete_connection(struct op *op, struct uuid id,
					bool force);

/* The named target goes. ERR_NOT_FOUND. */
MUST_CHECK enum error delete_target(struct op *op, const char *name);

#endif
