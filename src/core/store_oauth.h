/* What core needs of a store: tokens that are obtained and refreshed. See
 * store.h. */
#ifndef CLEAT_CORE_STORE_OAUTH_H
#define CLEAT_CORE_STORE_OAUTH_H

#include "core/obtaining.h"
#include "core/refreshing.h"

MUST_CHECK enum error store_obtaining_get(struct op *op, struct uuid id,
					  struct obtaining *ret);
MUST_CHECK enum error store_obtaining_by_ticket(struct op *op,
						const struct digest *ticket,
						struct obtaining *ret);
/* `ticket` NULL: no browser takes one along. */
MUST_CHECK enum error store_obtaining_add(struct op *op,
					  const struct obtaining *new,
					  const struct digest *ticket);
/* Stage, connection, facts, failure and end. */
MUST_CHECK enum error store_obtaining_change(struct op *op,
					     const struct obtaining *to);
MUST_CHECK enum error store_obtaining_remove(struct op *op, struct uuid id);

MUST_CHECK enum error store_refreshing_get(struct op *op, struct uuid id,
					   struct refreshing *ret);
/* Hidden or not. */
MUST_CHECK enum error store_refreshing_is_there(struct op *op, struct uuid id,
						bool *ret);
/* All that a struct refreshing has but whose it is. */
MUST_CHECK enum error store_refreshing_change(struct op *op,
					      const struct refreshing *to);
MUST_CHECK enum error store_refreshing_keep_app(struct op *op, struct uuid id,
						struct uuid app_id);
/* Another one with the same grant has sent a call since. */
MUST_CHECK enum error store_refreshing_sharer(struct op *op, struct uuid id,
					      int64_t since, bool *ret);
MUST_CHECK enum error store_refreshing_sharers(struct op *op, struct uuid id,
					       struct uuid **ret,
					       size_t *ret_count);
/* Steps that wait to end its grant. */
MUST_CHECK enum error store_refreshing_steps(struct op *op, struct uuid id,
					     struct uuid **ret,
					     size_t *ret_count);
/* App, status, workspace, facts, settings and time of change. */
MUST_CHECK enum error store_connection_renew(struct op *op,
					     const struct connection *to,
					     struct uuid provider_app_id);
/* Of the installations of this group that use it. */
MUST_CHECK enum error store_documents_of_connection(struct op *op,
						    struct uuid group_id,
						    struct uuid id);

#endif
