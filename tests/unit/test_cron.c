/* dialects/ampersand/cron: what is a schedule, and how often it may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dialects/ampersand/manifest.h"

static void must_take(const char *schedule)
{
	const char *why = amp_schedule_fault(schedule);

	if (why)
		fail_msg("%s: %s", schedule, why);
}

static void must_refuse(const char *schedule, const char *why)
{
	const char *found = amp_schedule_fault(schedule);

	if (!found)
		fail_msg("%s is taken", schedule);
	assert_string_equal(found, why);
}

static void schedules_have_five_fields(void **state)
{
	static const char why[] =
		"must be a cron schedule: five fields with blanks between";

	(void)state;
	must_take("0 0 1 1 0");
	must_take("  0\t*  * *   * ");
	must_refuse("", why);
	must_refuse("0 * * *", why);
	must_refuse("0 * * * * *", why);
	must_refuse("0 * * * *\n", "must be a cron schedule: its weekdays are "
				   "wrong");
	must_refuse("@hourly", "must be a cron schedule: its minutes are "
			       "wrong");
}

static void each_field_has_its_range(void **state)
{
	static const struct {
		const char *most, *beyond, *why;
	} fields[] = {
		{"59 0 1 1 0", "60 0 1 1 0",
		 "must be a cron schedule: its minutes are wrong"},
		{"0 23 1 1 0", "0 24 1 1 0",
		 "must be a cron schedule: its hours are wrong"},
		{"0 0 31 1 0", "0 0 32 1 0",
		 "must be a cron schedule: its days are wrong"},
		{"0 0 1 12 0", "0 0 1 13 0",
		 "must be a cron schedule: its months are wrong"},
		{"0 0 1 1 7", "0 0 1 1 8",
		 "must be a cron schedule: its weekdays are wrong"},
	};

	(void)state;
	for (size_t i = 0; i < AMP_COUNT(fields); i++) {
		must_take(fields[i].most);
		must_refuse(fields[i].beyond, fields[i].why);
	}
	must_refuse("0 0 0 1 0", fields[2].why);
	must_refuse("0 0 1 0 0", fields[3].why);
	must_refuse("-1 0 1 1 0", fields[0].why);
	must_refuse("99999999999999999999 0 1 1 0", fields[0].why);
}

static void lists_ranges_steps_and_names_are_read(void **state)
{
	static const char minutes[] =
		"must be a cron schedule: its minutes are wrong";

	(void)state;
	must_take("0,30 9-17 1,15 1-12/3 MON-FRI");
	must_take("0 */6 * jan,Jul sun");
	must_take("5/20 * * * *");
	must_take("0-59/10 * * * *");
	must_refuse("0, * * * *", minutes);
	must_refuse(",0 * * * *", minutes);
	must_refuse("30-0 * * * *", minutes);
	must_refuse("0- * * * *", minutes);
	must_refuse("*/0 * * * *", minutes);
	must_refuse("*/ * * * *", minutes);
	must_refuse("*/10/10 * * * *", minutes);
	must_refuse("**/10 * * * *", minutes);
	must_refuse("MON * * * *", minutes);
	must_refuse("0 0 * * monday", "must be a cron schedule: its weekdays "
				      "are wrong");
}

static void ten_minutes_are_the_least_between_two_times(void **state)
{
	static const char why[] =
		"must not be more often than every 10 minutes";

	(void)state;
	must_take("*/10 * * * *");
	must_take("0,50 * * * *");
	must_refuse("* * * * *", why);
	must_refuse("*/9 * * * *", why);
	must_refuse("0,9 3 * * *", why);
	must_refuse("10-11 * * * *", why);
	must_refuse("* 3 1 1 *", why);
}

static void the_next_hour_counts_too(void **state)
{
	static const char why[] =
		"must not be more often than every 10 minutes";

	(void)state;
	must_refuse("*/11 * * * *", why);
	must_refuse("0,55 * * * *", why);
	must_refuse("0,55 8,9 * * *", why);
	must_refuse("0,55 0,23 * * *", why);
	must_take("0,55 8,10 * * *");
	must_take("0,55 */2 * * *");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schedules_have_five_fields),
		cmocka_unit_test(each_field_has_its_range),
		cmocka_unit_test(lists_ranges_steps_and_names_are_read),
		cmocka_unit_test(ten_minutes_are_the_least_between_two_times),
		cmocka_unit_test(the_next_hour_counts_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
