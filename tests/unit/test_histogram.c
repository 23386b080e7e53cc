/* base/histogram: buckets, and Prometheus' text of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/histogram.h"

static struct buf out;

static int begin(void **state)
{
	(void)state;
	buf_init(&out, 64 * 1024);
	return 0;
}

static int end(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

static void a_value_on_a_bound_is_within_it(void **state)
{
	static const uint64_t bounds[HISTOGRAM_BUCKETS] = {
		1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000};
	struct histogram h = {.sum = 0};

	(void)state;
	for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
		histogram_add(&h, 10, bounds[i] * 10);
		histogram_add(&h, 10, bounds[i] * 10 + 1);
	}
	histogram_add(&h, 10, 0);
	assert_int_equal(atomic_load(&h.buckets[0]), 2);
	for (int i = 1; i < HISTOGRAM_BUCKETS; i++)
		assert_int_equal(atomic_load(&h.buckets[i]), 2);
	assert_int_equal(atomic_load(&h.buckets[HISTOGRAM_BUCKETS]), 1);
	assert_int_equal(atomic_load(&h.sum), 2 * 88880 + 12);
}

static void buckets_are_written_cumulatively(void **state)
{
	struct histogram h = {.sum = 0};

	(void)state;
	histogram_add(&h, 1, 1);
	histogram_add(&h, 1, 4);
	histogram_add(&h, 1, 6000);
	histogram_write(&h, &out, "size", "", 1, 1);
	assert_string_equal(buf_cstr(&out), "size_bucket{le=\"1\"} 1\n"
					    "size_bucket{le=\"2\"} 1\n"
					    "size_bucket{le=\"5\"} 2\n"
					    "size_bucket{le=\"10\"} 2\n"
					    "size_bucket{le=\"20\"} 2\n"
					    "size_bucket{le=\"50\"} 2\n"
					    "size_bucket{le=\"100\"} 2\n"
					    "size_bucket{le=\"200\"} 2\n"
					    "size_bucket{le=\"500\"} 2\n"
					    "size_bucket{le=\"1000\"} 2\n"
					    "size_bucket{le=\"2000\"} 2\n"
					    "size_bucket{le=\"5000\"} 2\n"
					    "size_bucket{le=\"+Inf\"} 3\n"
					    "size_sum 6005\n"
					    "size_count 3\n");
}

static void labels_and_scale_are_applied(void **state)
{
	struct histogram h = {.sum = 0};

	(void)state;
	histogram_add(&h, 50, 75);
	histogram_write(&h, &out, "t_seconds", "route=\"a\"", 50, 1e-6);
	const char *text = buf_cstr(&out);
	assert_non_null(
		strstr(text, "t_seconds_bucket{route=\"a\",le=\"5e-05\"} 0\n"));
	assert_non_null(strstr(
		text, "t_seconds_bucket{route=\"a\",le=\"0.0001\"} 1\n"));
	assert_non_null(
		strstr(text, "t_seconds_bucket{route=\"a\",le=\"0.25\"} 1\n"));
	assert_non_null(strstr(text, "t_seconds_sum{route=\"a\"} 7.5e-05\n"));
	assert_non_null(strstr(text, "t_seconds_count{route=\"a\"} 1\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_value_on_a_bound_is_within_it),
		TEST(buckets_are_written_cumulatively),
		TEST(labels_and_scale_are_applied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
