/* http/retry_after: both forms of the field, and what is neither. */
#include "http/retry_after.h"
#include "support.h"

static const struct {
	const char *text;
	int64_t seconds; /* from START on */
} cases[] = {
	{"0", 0},
	{"1", 1},
	{"120", 120},
	{"007", 7},
	{"86400", 86400},
	{"86401", 86400},
	{"99999999999999999999999999", 86400},
	{"Mon, 15 Jan 2024 10:31:00 GMT", 60},
	{"Monday, 15-Jan-24 10:31:00 GMT", 60},
	{"Mon Jan 15 10:31:00 2024", 60},
	{"Mon, 15 Jan 2024 10:30:00 GMT", 0},
	{"Mon, 15 Jan 2024 10:29:00 GMT", 0},
	{"Thu, 01 Jan 1970 00:00:00 GMT", 0},
	{"Fri, 31 Dec 9999 23:59:59 GMT", 86400},
	{"", 0},
	{"-1", 0},
	{"+5", 0},
	{"1.5", 0},
	{"5 s", 0},
	{"0x10", 0},
	{"soon", 0},
	{"20300101", 86400}, /* seconds, and many */
	{"Tue, 16 Jan 2024", 0},
	{"12:00:00", 0},
};

static void both_forms_are_read_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t read = retry_after_us(cases[i].text, START);

		if (read != cases[i].seconds * SECOND)
			fail_msg("\"%s\" is %lld us", cases[i].text,
				 (long long)read);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_are_read_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
