/* What core needs of a store: events and the chains over them. See store.h. */
#ifndef CLEAT_CORE_STORE_EVENT_H
#define CLEAT_CORE_STORE_EVENT_H

#include "core/chain.h"
#include "core/checkpoint.h"
#include "core/event.h"

/* Events. */
MUST_CHECK enum error store_event_add(struct op *op, const struct event *new);
MUST_CHECK enum error store_event_get(struct op *op, int64_t number,
				      struct event *ret);
/* The number of the project's last one; 0 when there is none. */
MUST_CHECK enum error store_event_newest(struct op *op, int64_t *ret);
MUST_CHECK enum error store_event_list(struct op *op,
				       const struct event_filter *filter,
				       struct event_list *ret);

/* Of those after this one, `limit` at most: the last, and how many. */
MUST_CHECK enum error store_event_window(struct op *op, int64_t after,
					 int64_t limit, int64_t *ret_last,
					 int64_t *ret_count);
/* Up to this number; `*ret_is_full` when there may be more up to it. */
MUST_CHECK enum error store_event_page(struct op *op,
				       const struct event_page_filter *filter,
				       int64_t up_to, struct event_list *ret,
				       bool *ret_is_full);

/* Links, and the events under them, oldest first. */
MUST_CHECK enum error store_link_add(struct op *op, const struct link *new);
MUST_CHECK enum error store_link_last(struct op *op, struct link *ret);
/* The first one whose last event is this or a later one. */
MUST_CHECK enum error store_link_covering(struct op *op, int64_t event_number,
					  struct link *ret);
/* Until the visit fails; what it is shown is good during the call alone. */
typedef enum error link_visit(void *context, const struct link *link);
typedef enum error event_visit(void *context, const struct event_row *event);
MUST_CHECK enum error store_link_each(struct op *op, link_visit *visit,
				      void *context);
/* `up_to` INT64_MAX: to the last one, whatever is there. */
MUST_CHECK enum error store_event_rows(struct op *op, int64_t from,
				       int64_t up_to, event_visit *visit,
				       void *context);

/* Chains longer than what this target knows; looks in the whole store. */
MUST_CHECK enum error store_checkpoint_due(struct op *op, struct uuid target_id,
					   int64_t limit,
					   struct checkpoint_list *ret);
MUST_CHECK enum error store_checkpoint_put(struct op *op, struct uuid target_id,
					   int64_t number);

/* Of the whole store. */
struct chain_end {
	struct uuid project_id;
	int64_t last_event, last_sealed; /* 0: none */
};
MUST_CHECK enum error store_chain_ends(struct op *op, struct chain_end **ret,
				       size_t *ret_count);
/* Also those that are no project any more. */
MUST_CHECK enum error store_chain_projects(struct op *op, struct uuid **ret,
					   size_t *ret_count);

#endif
