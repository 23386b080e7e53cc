/* base/clock: the injected clock and RFC 3339 text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct {
	int64_t seconds;
	const char *text; /* to the second */
} moments[] = {
	{0, "1970-01-01T00:00:00"},
	{951782399, "2000-02-28T23:59:59"},
	{951782400, "2000-02-29T00:00:00"},
	{951868800, "2000-03-01T00:00:00"},
	{1078012800, "2004-02-29T00:00:00"},
	{1704067199, "2023-12-31T23:59:59"},
	{1704067200, "2024-01-01T00:00:00"},
	{1705314600, "2024-01-15T10:30:00"},
	{1709164800, "2024-02-29T00:00:00"},
	{1740787200, "2025-03-01T00:00:00"},
	{4102444800, "2100-01-01T00:00:00"},
	{4107542400, "2100-03-01T00:00:00"},
	{13574563200, "2400-02-29T00:00:00"},
	{253402300799, "9999-12-31T23:59:59"},
};

static void times_are_written_with_six_decimals_and_z(void **state)
{
	char text[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(moments); i++) {
		clock_format(moments[i].seconds * CLOCK_SECOND + 42, text);
		assert_int_equal(strlen(text), 27);
		assert_memory_equal(text, moments[i].text, 19);
		assert_string_equal(text + 19, ".000042Z");
	}
}

static void what_is_written_reads_back(void **state)
{
	char text[CLOCK_TEXT];
	int64_t read;

	(void)state;
	for (int64_t day = 0; day < 366 * 440; day += 13) {
		int64_t time = day * 86400 * CLOCK_SECOND +
			       day * 7919 % 86400 * CLOCK_SECOND + day;

		clock_format(time, text);
		assert_true(clock_parse(text, &read));
		assert_true(read == time);
	}
}

static void must_read(const char *text, int64_t expected)
{
	int64_t read;

	if (!clock_parse(text, &read))
		fail_msg("%s is not read", text);
	if (read != expected)
		fail_msg("%s reads as %lld", text, (long long)read);
}

static void offsets_are_taken_off(void **state)
{
	const int64_t time = 1705314600 * CLOCK_SECOND;

	(void)state;
	must_read("2024-01-15T10:30:00Z", time);
	must_read("2024-01-15T10:30:00z", time);
	must_read("2024-01-15t10:30:00Z", time);
	must_read("2024-01-15 10:30:00Z", time);
	must_read("2024-01-15T10:30:00+00:00", time);
	must_read("2024-01-15T10:30:00-00:00", time);
	must_read("2024-01-15T12:30:00+02:00", time);
	must_read("2024-01-15T05:00:00-05:30", time);
	must_read("2024-01-16T10:29:00+23:59", time);
	must_read("2023-12-31T23:30:00-01:00", 1704069000 * CLOCK_SECOND);
}

static void fractions_are_kept_to_the_microsecond(void **state)
{
	const int64_t time = 1705314600 * CLOCK_SECOND;

	(void)state;
	must_read("2024-01-15T10:30:00.5Z", time + 500000);
	must_read("2024-01-15T10:30:00.000001Z", time + 1);
	must_read("2024-01-15T10:30:00.1234567891Z", time + 123456);
	must_read("2024-01-15T11:30:00.25+01:00", time + 250000);
}

static void a_leap_second_is_the_next_minute(void **state)
{
	(void)state;
	must_read("2016-12-31T23:59:60Z", 1483228800 * CLOCK_SECOND);
}

static void leap_years_follow_the_gregorian_rule(void **state)
{
	int64_t read;

	(void)state;
	assert_true(clock_parse("2000-02-29T00:00:00Z", &read));
	assert_true(clock_parse("2024-02-29T00:00:00Z", &read));
	assert_false(clock_parse("2023-02-29T00:00:00Z", &read));
	assert_false(clock_parse("2100-02-29T00:00:00Z", &read));
	assert_false(clock_parse("2024-02-30T00:00:00Z", &read));
}

static void what_is_no_timestamp_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"now",
		"9999-12-31T23:59:60Z",
		"9999-12-31T23:59:59-00:01",
		"1705314600",
		"2024-01-15",
		"2024-01-15T10:30:00",
		"2024-01-15T10:30Z",
		"2024-01-15T10:30:00.Z",
		"2024-01-15T10:30:00,5Z",
		"2024-01-15T10:30:00 Z",
		"2024-01-15T10:30:00Zx",
		"2024-01-15T10:30:00ZZ",
		"2024-01-15_10:30:00Z",
		"2024/01/15T10:30:00Z",
		"24-01-15T10:30:00Z",
		"2024-1-15T10:30:00Z",
		"2024-01-5T10:30:00Z",
		"+2024-01-15T10:30:00Z",
		" 2024-01-15T10:30:00Z",
		"2024-00-15T10:30:00Z",
		"2024-13-15T10:30:00Z",
		"2024-01-00T10:30:00Z",
		"2024-01-32T10:30:00Z",
		"2024-04-31T10:30:00Z",
		"2024-01-15T24:00:00Z",
		"2024-01-15T10:60:00Z",
		"2024-01-15T10:30:61Z",
		"2024-01-15T-1:30:00Z",
		"2024-01-15T10:30:00+1:00",
		"2024-01-15T10:30:00+0100",
		"2024-01-15T10:30:00+24:00",
		"2024-01-15T10:30:00+01:60",
		"2024-01-15T10:30:00+01",
		"2024-01-15T10:30:00+",
		"2024-01-15T10:30:00+01:00Z",
		"10000-01-01T00:00:00Z",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:30:00+01:00",
	};
	int64_t read = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (clock_parse(bad[i], &read))
			fail_msg("%s is read", bad[i]);
	assert_int_equal(read, 7);
}

static void the_clock_can_be_moved(void **state)
{
	const int64_t day = 86400 * CLOCK_SECOND;
	int64_t before = clock_now();

	(void)state;
	clock_set_offset(day);
	int64_t moved = clock_now();
	assert_true(moved >= before + day && moved < before + 2 * day);
	clock_set_offset(0);
	assert_true(clock_now() < before + day);
}

static void the_monotonic_clock_is_not_moved(void **state)
{
	int64_t before = clock_monotonic();

	(void)state;
	clock_set_offset(-86400 * CLOCK_SECOND);
	assert_true(clock_monotonic() >= before);
	clock_set_offset(0);
	assert_true(clock_monotonic() < before + 3600 * CLOCK_SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_written_with_six_decimals_and_z),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(offsets_are_taken_off),
		cmocka_unit_test(fractions_are_kept_to_the_microsecond),
		cmocka_unit_test(a_leap_second_is_the_next_minute),
		cmocka_unit_test(leap_years_follow_the_gregorian_rule),
		cmocka_unit_test(what_is_no_timestamp_is_refused),
		cmocka_unit_test(the_clock_can_be_moved),
		cmocka_unit_test(the_monotonic_clock_is_not_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
