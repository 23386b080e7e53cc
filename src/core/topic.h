/* Topics, and the routes: from an event's type to a topic to a destination. */
#ifndef CLEAT_CORE_TOPIC_H
#define CLEAT_CORE_TOPIC_H

#include <stddef.h>

#include "base/op.h"

struct topic {
	struct uuid id;
	const char *name; /* unique in the project */
	int64_t created_at;
	int64_t updated_at; /* 0: never */
};

struct topic_list {
	struct topic *items;
	size_t count;
};

struct event_route {
	struct uuid id;
	const char *event_type;
	struct uuid topic_id;
	int64_t created_at;
};

struct event_route_list {
	struct event_route *items;
	size_t count;
};

struct topic_route {
	struct uuid id;
	struct uuid topic_id;
	struct uuid destination_id;
	int64_t created_at;
};

struct topic_route_list {
	struct topic_route *items;
	size_t count;
};

/* Oldest first. */
MUST_CHECK enum error topic_list(struct op *op, struct topic_list *ret);
/* ERR_NOT_FOUND. */
MUST_CHECK enum error topic_get(struct op *op, struct uuid id,
				struct topic *ret);
/* ERR_TAKEN when another has the name; records topic.created. */
MUST_CHECK enum error topic_create(struct op *op, const char *name,
				   struct topic *ret);
/* ERR_NOT_FOUND, ERR_TAKEN; records topic.updated. */
MUST_CHECK enum error topic_rename(struct op *op, struct uuid id,
				   const char *name, struct topic *ret);
/* Its routes are gone already. ERR_NOT_FOUND; records topic.deleted. Inside of
 * core/removal.c, as are those of the routes. */
MUST_CHECK enum error topic_erase(struct op *op, struct uuid id);

/* Oldest first. Filters: nil or NULL for any. */
MUST_CHECK enum error event_route_list(struct op *op, struct uuid topic_id,
				       const char *event_type,
				       struct event_route_list *ret);
/* The topic is there. ERR_TAKEN when they are joined already. */
MUST_CHECK enum error event_route_create(struct op *op, const char *event_type,
					 struct uuid topic_id,
					 struct event_route *ret);
/* ERR_NOT_FOUND; records event_route.deleted. */
MUST_CHECK enum error event_route_erase(struct op *op, struct uuid id);

/* Oldest first. Filters: nil for any. */
MUST_CHECK enum error topic_route_list(struct op *op, struct uuid topic_id,
				       struct uuid destination_id,
				       struct topic_route_list *ret);
/* Both are there. ERR_TAKEN when they are joined already. */
MUST_CHECK enum error topic_route_create(struct op *op, struct uuid topic_id,
					 struct uuid destination_id,
					 struct topic_route *ret);
/* ERR_NOT_FOUND; records topic_route.deleted. */
MUST_CHECK enum error topic_route_erase(struct op *op, struct uuid id);

#endif
