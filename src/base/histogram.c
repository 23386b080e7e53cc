/* Histograms. */
#include "base/histogram.h"

#include <inttypes.h>
#include <stdatomic.h>

static const uint64_t bounds[HISTOGRAM_BUCKETS] = {
	1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000};

void histogram_add(struct histogram *histogram, uint64_t unit, uint64_t value)
{
	int i = 0;

	while (i < HISTOGRAM_BUCKETS && value > bounds[i] * unit)
		i++;
	atomic_fetch_add_explicit(&histogram->buckets[i], 1,
				  memory_order_relaxed);
	atomic_fetch_add_explicit(&histogram->sum, value, memory_order_relaxed);
}

static void write_one(struct buf *out, const char *name, const char *suffix,
		      const char *labels)
{
	buf_printf(out, *labels ? "%s%s{%s} " : "%s%s%s ", name, suffix,
		   labels);
}

void histogram_write(const struct histogram *histogram, struct buf *out,
		     const char *name, const char *labels, uint64_t unit,
		     double scale)
{
	const char *comma = *labels ? "," : "";
	uint64_t count = 0;

	for (int i = 0; i <= HISTOGRAM_BUCKETS; i++) {
		count += atomic_load(&histogram->buckets[i]);
		buf_printf(out, "%s_bucket{%s%sle=\"", name, labels, comma);
		if (i < HISTOGRAM_BUCKETS)
			buf_printf(out, "%g",
				   (double)(bounds[i] * unit) * scale);
		else
			buf_text(out, "+Inf");
		buf_printf(out, "\"} %" PRIu64 "\n", count);
	}
	write_one(out, name, "_sum", labels);
	buf_printf(out, "%.15g\n",
		   (double)atomic_load(&histogram->sum) * scale);
	write_one(out, name, "_count", labels);
	buf_printf(out, "%" PRIu64 "\n", count);
}
