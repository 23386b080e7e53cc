/* Counting requests without locks. */
#include "http/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/histogram.h"
#include "base/memory.h"

static const int statuses[] = {200, 201, 204, 400, 401, 403, 404, 405, 409,
			       412, 413, 414, 422, 429, 431, 500, 501, 503};
enum { STATUSES = sizeof(statuses) / sizeof(*statuses) };

struct route_metrics {
	_Atomic uint64_t by_status[STATUSES + 1]; /* the last: any other */
	struct histogram latency;
};

struct metrics {
	const struct router *router;
	metrics_owner_name *owner_name;
	struct route_metrics *routes; /* one more than there are */
};

struct metrics *metrics_new(const struct router *router,
			    metrics_owner_name *owner_name)
{
	struct metrics *metrics = memory_zalloc(sizeof(*metrics));

	metrics->router = router;
	metrics->owner_name = owner_name;
	metrics->routes = memory_zalloc((router_count(router) + 1) *
					sizeof(*metrics->routes));
	return metrics;
}

void metrics_free(struct metrics *metrics)
{
	if (!metrics)
		return;
	free(metrics->routes);
	free(metrics);
}

static int status_index(int status)
{
	int i = 0;

	while (i < STATUSES && statuses[i] != status)
		i++;
	return i;
}

/* Latency buckets start at 50 microseconds. */
enum { LATENCY_UNIT_US = 50 };

void metrics_count(struct metrics *metrics, size_t route, int status,
		   int64_t took_us)
{
	struct route_metrics *counts = &metrics->routes[route];

	atomic_fetch_add_explicit(&counts->by_status[status_index(status)], 1,
				  memory_order_relaxed);
	histogram_add(&counts->latency, LATENCY_UNIT_US, (uint64_t)took_us);
}

static void route_labels(const struct metrics *metrics, size_t route,
			 struct buf *out)
{
	if (route < router_count(metrics->router))
		buf_printf(out, "dialect=\"%s\",route=\"%s\"",
			   metrics->owner_name(
				   router_owner_at(metrics->router, route)),
			   router_at(metrics->router, route)->operation);
	else
		buf_text(out, "dialect=\"none\",route=\"none\"");
}

static void write_counts(const struct metrics *metrics, size_t route,
			 struct buf *out, struct buf *labels)
{
	const struct route_metrics *counts = &metrics->routes[route];

	for (int i = 0; i <= STATUSES; i++) {
		if (!counts->by_status[i])
			continue;
		buf_printf(out,
			   "cleat_requests_total{%s,status=\"%d\"} %" PRIu64
			   "\n",
			   buf_cstr(labels), i < STATUSES ? statuses[i] : 0,
			   counts->by_status[i]);
	}
}

static bool was_used(const struct route_metrics *counts)
{
	for (int i = 0; i <= STATUSES; i++)
		if (counts->by_status[i])
			return true;
	return false;
}

static void write_latency(const struct metrics *metrics, size_t route,
			  struct buf *out, struct buf *labels)
{
	const struct route_metrics *counts = &metrics->routes[route];
	const char *text = buf_cstr(labels);

	histogram_write(&counts->latency, out, "cleat_request_seconds", text,
			LATENCY_UNIT_US, 1e-6);
}

void metrics_write(const struct metrics *metrics, struct buf *out)
{
	struct buf labels;

	buf_init(&labels, 1024);
	buf_text(out, "# TYPE cleat_requests_total counter\n");
	for (size_t i = 0; i <= router_count(metrics->router); i++) {
		buf_clear(&labels);
		route_labels(metrics, i, &labels);
		write_counts(metrics, i, out, &labels);
	}
	buf_text(out, "# TYPE cleat_request_seconds histogram\n");
	for (size_t i = 0; i <= router_count(metrics->router); i++) {
		if (!was_used(&metrics->routes[i]))
			continue;
		buf_clear(&labels);
		route_labels(metrics, i, &labels);
		write_latency(metrics, i, out, &labels);
	}
	buf_release(&labels);
}
