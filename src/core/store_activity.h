/* What core needs of a store: activities that were told of. See store.h. */
#ifndef CLEAT_CORE_STORE_ACTIVITY_H
#define CLEAT_CORE_STORE_ACTIVITY_H

#include "core/activity.h"

MUST_CHECK enum error store_activity_add(struct op *op,
					 const struct activity *new);
/* All but its type, its integration and when it began. */
MUST_CHECK enum error store_activity_change(struct op *op,
					    const struct activity *to);
MUST_CHECK enum error store_activity_get(struct op *op, int64_t number,
					 struct activity *ret);
MUST_CHECK enum error store_activity_find(struct op *op, struct uuid id,
					  struct activity *ret);
MUST_CHECK enum error store_activity_list(struct op *op,
					  const struct activity_filter *filter,
					  struct activity_list *ret);
MUST_CHECK enum error store_activity_log_add(struct op *op, int64_t number,
					     int64_t part,
					     const struct activity_part *new);
MUST_CHECK enum error store_activity_log_list(struct op *op, int64_t number,
					      struct activity_part_list *ret);

#endif
