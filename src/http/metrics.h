/* Counters for /metrics, in Prometheus' text format. */
#ifndef CLEAT_HTTP_METRICS_H
#define CLEAT_HTTP_METRICS_H

#include <stdint.h>

#include "base/buf.h"
#include "http/router.h"

struct metrics;

/* The name of a route's owner, for the label "dialect". */
typedef const char *metrics_owner_name(const void *owner);

struct metrics *metrics_new(const struct router *router,
			    metrics_owner_name *owner_name);
void metrics_free(struct metrics *metrics);

/* `route` is the route's number, or router_count for none. Any thread. */
void metrics_count(struct metrics *metrics, size_t route, int status,
		   int64_t took_us);

void metrics_write(const struct metrics *metrics, struct buf *out);

#endif
