/* What core needs of a store: the audit log. See store.h. */
#ifndef CLEAT_CORE_STORE_AUDIT_H
#define CLEAT_CORE_STORE_AUDIT_H

#include "core/audit_log.h"

/* Numbers of events, both inclusive; both 0: there is none. */
struct audit_range {
	int64_t first, last;
};

/* The newest of those from..until-1, `limit` at most. */
MUST_CHECK enum error store_audit_bounds(struct op *op, int64_t from,
					 int64_t until, int64_t limit,
					 struct audit_range *ret);
/* Of the op's project, in this range; event and origin alone are filled in. */
MUST_CHECK enum error store_audit_page(struct op *op,
				       const struct audit_filter *filter,
				       const struct audit_range *range,
				       struct audit_list *ret);
MUST_CHECK enum error store_audit_get(struct op *op, int64_t number,
				      struct audit_entry *ret);

MUST_CHECK enum error store_event_origin_add(struct op *op, int64_t number,
					     const struct event_origin *new);
/* Of events before this one: addresses and agents. */
MUST_CHECK enum error store_event_origin_erase(struct op *op, int64_t before);
/* The first that has any. ERR_NOT_FOUND. */
MUST_CHECK enum error store_event_origin_oldest(struct op *op, int64_t *ret);

#endif
