/* Counts of values by size, for metrics; any thread, without locks. */
#ifndef CLEAT_BASE_HISTOGRAM_H
#define CLEAT_BASE_HISTOGRAM_H

#include <stdint.h>

#include "base/buf.h"

enum { HISTOGRAM_BUCKETS = 12 };

/* Bounds are 1, 2, 5, 10, ... to 5000 units; the last bucket has none. */
struct histogram {
	_Atomic uint64_t buckets[HISTOGRAM_BUCKETS + 1];
	_Atomic uint64_t sum;
};

/* `value` is in the histogram's own measure, `unit` how much of it one is. */
void histogram_add(struct histogram *histogram, uint64_t unit, uint64_t value);

/*
 * Buckets, sum and count in Prometheus' text format. `labels` is empty or
 * a="b",c="d". `scale` makes the value's measure the metric's own (1e-6 from
 * microseconds to seconds).
 */
void histogram_write(const struct histogram *histogram, struct buf *out,
		     const char *name, const char *labels, uint64_t unit,
		     double scale);

#endif
