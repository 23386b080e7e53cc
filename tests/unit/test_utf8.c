/* Characters are counted and kept whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"

/* Of one to four bytes each. */
#define TEXT "a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"

static void characters_are_counted_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(utf8_count(""), 0);
	assert_int_equal(utf8_count("abc"), 3);
	assert_int_equal(utf8_count(TEXT), 4);
}

static void a_head_has_so_many_characters_or_all(void **state)
{
	static const size_t bytes[] = {0, 1, 3, 6, 10, 10};

	(void)state;
	for (size_t i = 0; i < sizeof(bytes) / sizeof(*bytes); i++)
		assert_int_equal(utf8_head(TEXT, i), bytes[i]);
}

static void no_character_is_cut_in_two(void **state)
{
	static const size_t fits[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};

	(void)state;
	for (size_t i = 0; i < sizeof(fits) / sizeof(*fits); i++)
		assert_int_equal(utf8_fit(TEXT, i), fits[i]);
}

static void what_is_no_utf8_is_got_through(void **state)
{
	(void)state;
	assert_int_equal(utf8_fit("\x80\x80\x80", 2), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_counted_not_bytes),
		cmocka_unit_test(a_head_has_so_many_characters_or_all),
		cmocka_unit_test(no_character_is_cut_in_two),
		cmocka_unit_test(what_is_no_utf8_is_got_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
