/* base/buf: the growing buffer and its maximum. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static struct buf buf;

static int begin(void **state)
{
	(void)state;
	buf_init(&buf, 1024);
	return 0;
}

static int end(void **state)
{
	(void)state;
	buf_release(&buf);
	return 0;
}

static void what_is_added_stands_in_its_order(void **state)
{
	(void)state;
	buf_add(&buf, "a\0b", 3);
	buf_char(&buf, 'c');
	buf_text(&buf, "de");
	buf_printf(&buf, "%d%s", 12, "f");
	buf_add(&buf, "", 0);
	assert_int_equal(buf.length, 9);
	assert_memory_equal(buf.bytes, "a\0bcde12f", 9);
}

static void it_grows_up_to_its_maximum(void **state)
{
	(void)state;
	for (int i = 0; i < 1024; i++)
		buf_char(&buf, (char)('a' + i % 26));
	assert_int_equal(buf.length, 1024);
	assert_false(buf.is_overfull);
	for (int i = 0; i < 1024; i++)
		assert_int_equal(buf.bytes[i], 'a' + i % 26);
}

static void nothing_is_taken_past_the_maximum(void **state)
{
	char large[1025];

	(void)state;
	memset(large, 'x', sizeof(large));
	buf_add(&buf, large, sizeof(large));
	assert_true(buf.is_overfull);
	assert_int_equal(buf.length, 0);
	buf_text(&buf, "later");
	assert_int_equal(buf.length, 0);
	buf_printf(&buf, "%d", 1);
	assert_int_equal(buf.length, 0);
}

static void a_formatted_text_that_does_not_fit_is_left_out(void **state)
{
	(void)state;
	buf_text(&buf, "kept");
	buf_printf(&buf, "%1021d", 1);
	assert_true(buf.is_overfull);
	assert_string_equal(buf_cstr(&buf), "kept");
}

static void clearing_makes_it_usable_again(void **state)
{
	(void)state;
	buf_printf(&buf, "%2000d", 1);
	assert_true(buf.is_overfull);
	buf_clear(&buf);
	assert_false(buf.is_overfull);
	buf_text(&buf, "again");
	assert_string_equal(buf_cstr(&buf), "again");
}

static void the_terminator_is_not_counted(void **state)
{
	(void)state;
	assert_string_equal(buf_cstr(&buf), "");
	buf_text(&buf, "abc");
	assert_string_equal(buf_cstr(&buf), "abc");
	assert_int_equal(buf.length, 3);
	buf_text(&buf, "d");
	assert_string_equal(buf_cstr(&buf), "abcd");
}

static void no_room_for_the_terminator_gives_an_empty_text(void **state)
{
	struct buf full;

	(void)state;
	buf_init(&full, 4);
	buf_text(&full, "four");
	assert_int_equal(full.length, 4);
	assert_string_equal(buf_cstr(&full), "");
	assert_true(full.is_overfull);
	buf_release(&full);
}

static void a_released_one_keeps_its_maximum(void **state)
{
	(void)state;
	buf_text(&buf, "text");
	buf_release(&buf);
	assert_int_equal(buf.max, 1024);
	buf_text(&buf, "again");
	assert_string_equal(buf_cstr(&buf), "again");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_added_stands_in_its_order),
		TEST(it_grows_up_to_its_maximum),
		TEST(nothing_is_taken_past_the_maximum),
		TEST(a_formatted_text_that_does_not_fit_is_left_out),
		TEST(clearing_makes_it_usable_again),
		TEST(the_terminator_is_not_counted),
		TEST(no_room_for_the_terminator_gives_an_empty_text),
		TEST(a_released_one_keeps_its_maximum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
