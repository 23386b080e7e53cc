/* base/arena: memory with one end of life. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static bool is_zero(const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i])
			return false;
	return true;
}

static void memory_is_aligned_and_zeroed(void **state)
{
	(void)state;
	for (size_t size = 0; size < 200; size++) {
		unsigned char *at = arena_alloc(&arena, size);

		assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
		assert_true(is_zero(at, size));
		memset(at, 0xff, size);
	}
}

static void memory_is_zeroed_again_after_a_reset(void **state)
{
	unsigned char *at = arena_alloc(&arena, 4000);

	(void)state;
	memset(at, 0xff, 4000);
	arena_reset(&arena);
	assert_true(is_zero(arena_alloc(&arena, 4000), 4000));
}

static void pieces_do_not_overlap(void **state)
{
	enum { PIECES = 3000, SIZE = 24 };
	unsigned char *pieces[PIECES];

	(void)state;
	for (int i = 0; i < PIECES; i++) {
		pieces[i] = arena_alloc(&arena, SIZE);
		memset(pieces[i], i & 0xff, SIZE);
	}
	for (int i = 0; i < PIECES; i++)
		for (int j = 0; j < SIZE; j++)
			assert_int_equal(pieces[i][j], i & 0xff);
}

static void a_piece_may_be_larger_than_a_block(void **state)
{
	const size_t size = 1024 * 1024;
	char *small = arena_strdup(&arena, "small");
	unsigned char *large = arena_alloc(&arena, size);

	(void)state;
	memset(large, 'x', size);
	assert_string_equal(small, "small");
	assert_string_equal(arena_strdup(&arena, "after"), "after");
}

static void a_reset_keeps_no_large_block(void **state)
{
	(void)state;
	arena_alloc(&arena, 1024 * 1024);
	arena_reset(&arena);
	assert_null(arena.blocks);

	arena_alloc(&arena, 10);
	arena_alloc(&arena, 16 * 1024);
	arena_reset(&arena);
	assert_non_null(arena.blocks);
	assert_string_equal(arena_strdup(&arena, "usable"), "usable");
}

static void texts_are_copies(void **state)
{
	char text[] = "abcdef";
	char *whole = arena_strdup(&arena, text);
	char *part = arena_strndup(&arena, text, 3);
	char *nothing = arena_strndup(&arena, text, 0);

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	assert_string_equal(whole, "abcdef");
	assert_string_equal(part, "abc");
	assert_string_equal(nothing, "");
}

static void texts_are_formatted_whole(void **state)
{
	char *words = arena_alloc(&arena, 40001);

	(void)state;
	memset(words, 'w', 40000);
	assert_string_equal(arena_printf(&arena, "%s-%d", "a", 7), "a-7");
	assert_int_equal(strlen(arena_printf(&arena, "<%s>", words)), 40002);
}

static char order[8];

static void note(void *what)
{
	strcat(order, what);
}

static void cleanups_run_once_and_newest_first(void **state)
{
	static char a[] = "a", b[] = "b", c[] = "c";

	(void)state;
	order[0] = '\0';
	arena_on_reset(&arena, note, a);
	arena_on_reset(&arena, note, b);
	arena_reset(&arena);
	assert_string_equal(order, "ba");

	arena_on_reset(&arena, note, c);
	arena_release(&arena);
	assert_string_equal(order, "bac");
	arena_release(&arena);
	assert_string_equal(order, "bac");
}

static void an_empty_arena_may_be_reset_and_released(void **state)
{
	(void)state;
	arena_reset(&arena);
	arena_release(&arena);
	arena_release(&arena);
	assert_null(arena.blocks);
}

static void texts_are_joined(void **state)
{
	const char *const three[] = {"a", "", "bc"};

	(void)state;
	assert_string_equal(arena_join(&arena, three, 3), "abc");
	assert_string_equal(arena_join(&arena, three, 0), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(memory_is_aligned_and_zeroed),
		TEST(memory_is_zeroed_again_after_a_reset),
		TEST(pieces_do_not_overlap),
		TEST(a_piece_may_be_larger_than_a_block),
		TEST(a_reset_keeps_no_large_block),
		TEST(texts_are_copies),
		TEST(texts_are_formatted_whole),
		TEST(texts_are_joined),
		TEST(cleanups_run_once_and_newest_first),
		TEST(an_empty_arena_may_be_reset_and_released),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
