/* http/chars: the classes of each of the 256 bytes. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/chars.h"

static void each_byte_is_of_its_classes(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		bool is_ascii = c < 128;
		bool is_token = is_ascii && c &&
				(isalnum(c) || strchr("!#$%&'*+-.^_`|~", c));

		assert_int_equal(chars_are(&byte, 1, CHARS_TOKEN), is_token);
		assert_int_equal(chars_are(&byte, 1, CHARS_FIELD),
				 c == 9 || (c >= 32 && c != 127));
		assert_int_equal(chars_are(&byte, 1, CHARS_UNESCAPED),
				 c >= 32 && c < 127 && c != '%' && c != '+');
	}
}

static void every_byte_of_a_text_counts(void **state)
{
	(void)state;
	assert_true(chars_are("Content-Type", 12, CHARS_TOKEN));
	assert_false(chars_are("Content Type", 12, CHARS_TOKEN));
	assert_false(chars_are(":Content", 8, CHARS_TOKEN));
	assert_false(chars_are("Content:", 8, CHARS_TOKEN));
	assert_true(chars_are("Content:", 7, CHARS_TOKEN));
	assert_true(chars_are("", 0, CHARS_TOKEN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_byte_is_of_its_classes),
		cmocka_unit_test(every_byte_of_a_text_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
