/* dialects/ampersand/cron: which texts are schedules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dialects/ampersand/manifest.h"

static void must_take_each(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (amp_schedule_fault(texts[i]))
			fail_msg("%s: %s", texts[i],
				 amp_schedule_fault(texts[i]));
}

static void must_refuse_each(const char *const *texts, size_t count,
			     const char *why)
{
	for (size_t i = 0; i < count; i++) {
		const char *fault = amp_schedule_fault(texts[i]);

		if (!fault || !strstr(fault, why))
			fail_msg("%s: %s", texts[i], fault ? fault : "taken");
	}
}

static void five_cron_fields_are_a_schedule(void **state)
{
	static const char *const good[] = {
		"0 * * * *",	      "*/10 * * * *",
		"0,15,30,45 * * * *", "5-35/10 1-5 * * *",
		"0 0 1 1 0",	      "0 0 31 12 7",
		"  0\t0 1 jan sun ",  "0 0 1 JAN-Mar MON-FRI",
		"59 23 * * *",	      "7/20 * * * *",
		"00 07 * * *"};

	(void)state;
	must_take_each(good, AMP_COUNT(good));
}

static void other_texts_are_none(void **state)
{
	static const char *const counts[] = {
		"", " ", "0", "0 * * *", "0 * * * * *", "0 * * * * x"};
	static const char *const minutes[] = {
		"60 * * * *",  "-1 * * * *",	      "a * * * *",
		"*/0 * * * *", "5-1 * * * *",	      "1, * * * *",
		",1 * * * *",  "1-2-3 * * * *",	      "*/ * * * *",
		"** * * * *",  "99999999999 * * * *", "@hourly",
		"0;rm * * * *"};
	static const char *const others[] = {
		"0 24 * * *", "0 0 0 * *", "0 0 32 * *",  "0 0 1 0 *",
		"0 0 1 13 *", "0 0 1 1 8", "0 0 1 foo *", "0 0 1 * jan"};

	(void)state;
	must_refuse_each(counts, AMP_COUNT(counts), "five fields");
	must_refuse_each(minutes, AMP_COUNT(minutes), "its minutes are");
	must_refuse_each(others, AMP_COUNT(others), "are wrong");
}

static void ten_minutes_are_the_shortest(void **state)
{
	static const char *const good[] = {"0,10 * * * *", "9,59 0-22/2 * * *",
					   "55 * * * *", "0,55 0 * * *",
					   "0,55 0-22/2 * * *"};
	static const char *const bad[] = {"* * * * *",	    "*/9 * * * *",
					  "0,9 * * * *",    "0-1 * * * *",
					  "0,55 * * * *",   "5,59 0,23 * * *",
					  "0,55 1,2 * * *", "*/7 3 * * *"};

	(void)state;
	must_take_each(good, AMP_COUNT(good));
	must_refuse_each(bad, AMP_COUNT(bad), "every 10 minutes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(five_cron_fields_are_a_schedule),
		cmocka_unit_test(other_texts_are_none),
		cmocka_unit_test(ten_minutes_are_the_shortest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
