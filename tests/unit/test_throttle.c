/* server/throttle: who has been told to wait, and who is forgotten first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "server/throttle.h"

#define AT(seconds) (INT64_C(1000) * CLOCK_SECOND + (seconds)*CLOCK_SECOND)

enum { PLACES = 256 };

static struct throttle *throttle;

static int begin(void **state)
{
	(void)state;
	throttle = throttle_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	throttle_free(throttle);
	return 0;
}

static struct uuid id_of(int number)
{
	return (struct uuid){
		{1, (unsigned char)(number >> 8), (unsigned char)number}};
}

static void hold(int number, int64_t at_s, int64_t seconds)
{
	throttle_hold(throttle, id_of(number), AT(at_s), seconds);
}

static int64_t left_s(int number, int64_t at_s)
{
	return throttle_left_s(throttle, id_of(number), AT(at_s));
}

static void who_is_held_waits_so_long(void **state)
{
	(void)state;
	assert_int_equal(left_s(1, 0), 0);
	hold(1, 0, 10);
	assert_int_equal(left_s(1, 0), 10);
	assert_int_equal(left_s(1, 9), 1);
	assert_int_equal(throttle_left_s(throttle, id_of(1), AT(10) - 1), 1);
	assert_int_equal(left_s(1, 10), 0);
	assert_int_equal(left_s(1, 11), 0);
	assert_int_equal(left_s(2, 0), 0);
}

static void what_is_said_last_counts(void **state)
{
	(void)state;
	hold(1, 0, 100);
	hold(1, 5, 1);
	assert_int_equal(left_s(1, 5), 1);
	assert_int_equal(left_s(1, 6), 0);
}

static void who_is_free_soonest_is_forgotten_first(void **state)
{
	(void)state;
	for (int i = 0; i < PLACES; i++)
		hold(i, 0, 100 + i);
	for (int i = 0; i < PLACES; i++)
		assert_int_equal(left_s(i, 0), 100 + i);
	hold(PLACES, 0, 5);
	assert_int_equal(left_s(0, 0), 0);
	assert_int_equal(left_s(PLACES, 0), 5);
	assert_int_equal(left_s(1, 0), 101);
	hold(PLACES + 1, 0, 1000);
	assert_int_equal(left_s(PLACES, 0), 0);
	assert_int_equal(left_s(PLACES - 1, 0), 100 + PLACES - 1);
}

static void none_is_nothing_to_free(void **state)
{
	(void)state;
	throttle_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(who_is_held_waits_so_long),
		TEST(what_is_said_last_counts),
		TEST(who_is_free_soonest_is_forgotten_first),
		TEST(none_is_nothing_to_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
