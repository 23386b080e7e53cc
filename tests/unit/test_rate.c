/* Buckets: what they hold, how they fill, and that each is its own. */
#include "base/rate.h"

#include <sodium.h>
#include <string.h>

#include "support.h"

enum { PER_S = 10, BURST = 20, PERIOD = 100000 };
#define NOW INT64_C(1000000000)

static int64_t take(struct rate *rate, const char *who, int64_t now)
{
	return rate_take(rate, who, strlen(who), now);
}

static void empty(struct rate *rate, const char *who, int64_t now)
{
	for (int i = 0; i < BURST; i++)
		assert_int_equal(take(rate, who, now), 0);
}

static void two_seconds_worth_may_be_taken_at_once(void **state)
{
	struct rate *rate = rate_new(PER_S);

	(void)state;
	empty(rate, "a", NOW);
	assert_int_equal(take(rate, "a", NOW), PERIOD);
	assert_int_equal(take(rate, "a", NOW), PERIOD); /* asking is free */
	assert_int_equal(take(rate, "a", NOW + PERIOD - 1), 1);
	assert_int_equal(take(rate, "a", NOW + PERIOD), 0);
	assert_int_equal(take(rate, "a", NOW + PERIOD), PERIOD);
	rate_free(rate);
}

static void a_bucket_fills_up_and_no_further(void **state)
{
	struct rate *rate = rate_new(PER_S);

	(void)state;
	empty(rate, "a", NOW);
	empty(rate, "a", NOW + INT64_C(3600) * 1000000);
	assert_true(take(rate, "a", NOW + INT64_C(3600) * 1000000) > 0);
	rate_free(rate);
}

static void each_has_a_bucket_of_its_own(void **state)
{
	struct rate *rate = rate_new(PER_S);

	(void)state;
	empty(rate, "a", NOW);
	empty(rate, "b", NOW);
	empty(rate, "", NOW);
	assert_true(take(rate, "a", NOW) > 0);
	assert_true(take(rate, "b", NOW) > 0);
	rate_free(rate);
}

/* More than there are places: those that come back still have theirs. */
static void many_leave_room_for_who_owes(void **state)
{
	struct rate *rate = rate_new(PER_S);

	(void)state;
	empty(rate, "owing", NOW);
	for (int i = 0; i < 200000; i++)
		assert_int_equal(rate_take(rate, &i, sizeof(i), NOW + i / 100),
				 0);
	assert_true(take(rate, "owing", NOW + 2000) > 0);
	rate_free(rate);
}

static void the_slowest_and_the_fastest_are_kept(void **state)
{
	struct rate *slow = rate_new(1), *fast = rate_new(RATE_MAX_PER_S);

	(void)state;
	assert_int_equal(take(slow, "a", NOW), 0);
	assert_int_equal(take(slow, "a", NOW), 0);
	assert_int_equal(take(slow, "a", NOW), 1000000);
	for (int i = 0; i < 2 * RATE_MAX_PER_S; i++)
		assert_int_equal(take(fast, "a", NOW), 0);
	assert_int_equal(take(fast, "a", NOW), 1);
	rate_free(slow);
	rate_free(fast);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_seconds_worth_may_be_taken_at_once),
		cmocka_unit_test(a_bucket_fills_up_and_no_further),
		cmocka_unit_test(each_has_a_bucket_of_its_own),
		cmocka_unit_test(many_leave_room_for_who_owes),
		cmocka_unit_test(the_slowest_and_the_fastest_are_kept),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
