/* What core needs of a store: webhooks of ours at providers. See store.h. */
#ifndef CLEAT_CORE_STORE_REGISTRATION_H
#define CLEAT_CORE_STORE_REGISTRATION_H

#include "core/receipt.h"
#include "core/registration.h"

MUST_CHECK enum error store_registration_add(struct op *op,
					     const struct registration *new);
/* Place, hook_id, state and sent_at. ERR_NOT_FOUND. */
MUST_CHECK enum error store_registration_change(struct op *op,
						const struct registration *to);
MUST_CHECK enum error store_registration_remove(struct op *op, struct uuid id);
MUST_CHECK enum error store_registration_get(struct op *op, struct uuid id,
					     struct registration *ret);
/* All of an integration, oldest first. */
MUST_CHECK enum error store_registration_of(struct op *op,
					    struct uuid integration_id,
					    struct registration_list *ret);
/* The first `limit` of the project. */
MUST_CHECK enum error store_registration_list(struct op *op, int64_t limit,
					      struct registration_list *ret);
/* The waiting steps that deregister what this integration had. */
MUST_CHECK enum error store_steps_deregister(struct op *op,
					     struct uuid integration_id,
					     struct step_list *ret);

#endif
