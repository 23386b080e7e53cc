/* base/token: the text of a token and its check digits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/seal.h"
#include "base/token.h"

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz";

static char token[TOKEN_TEXT];

static int begin(void **state)
{
	(void)state;
	if (!seal_start())
		return -1;
	token_make("amp", token);
	return 0;
}

static void a_token_names_its_kind(void **state)
{
	(void)state;
	assert_int_equal(strlen(token), 59);
	assert_memory_equal(token, "cleat_amp_", 10);
	assert_int_equal(strspn(token + 10, digits), 49);
	assert_true(token_is_well_formed(token, "amp"));
}

static void another_kind_is_not_well_formed(void **state)
{
	(void)state;
	assert_false(token_is_well_formed(token, "ups"));
	assert_false(token_is_well_formed(token, "AMP"));
}

static void tokens_differ(void **state)
{
	char other[TOKEN_TEXT];

	(void)state;
	token_make("amp", other);
	assert_string_not_equal(token, other);
}

static void check_digits_are_a_crc32_in_base_62(void **state)
{
	/* of the part before: CRC-32 0xd18b7b81, in base 62 3pv0lN */
	static const char known[] =
		"cleat_amp_0123456789012345678901234567890123456789012"
		"3pv0lN";

	(void)state;
	assert_true(token_is_well_formed(known, "amp"));
}

static void every_single_typing_error_is_noticed(void **state)
{
	(void)state;
	for (size_t i = 0; i < TOKEN_LENGTH; i++) {
		const char right = token[i];

		for (int c = 1; c < 256; c++) {
			if ((char)c == right)
				continue;
			token[i] = (char)c;
			if (token_is_well_formed(token, "amp"))
				fail_msg("byte %d at %zu passes", c, i);
		}
		token[i] = right;
	}
	assert_true(token_is_well_formed(token, "amp"));
}

static void neighbours_that_change_places_are_noticed(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < TOKEN_LENGTH; i++) {
		char first = token[i], second = token[i + 1];

		if (first == second)
			continue;
		token[i] = second;
		token[i + 1] = first;
		assert_false(token_is_well_formed(token, "amp"));
		token[i] = first;
		token[i + 1] = second;
	}
}

static void the_length_must_be_right(void **state)
{
	char longer[TOKEN_TEXT + 1];

	(void)state;
	memcpy(longer, token, TOKEN_LENGTH);
	memcpy(longer + TOKEN_LENGTH, "0", 2);
	assert_false(token_is_well_formed(longer, "amp"));
	token[TOKEN_LENGTH - 1] = '\0';
	assert_false(token_is_well_formed(token, "amp"));
	assert_false(token_is_well_formed("", "amp"));
	assert_false(token_is_well_formed("cleat_amp_", "amp"));
}

static void a_handle_is_the_start_of_its_token(void **state)
{
	char handle[TOKEN_HANDLE_TEXT];

	(void)state;
	token_handle(token, handle);
	assert_int_equal(strlen(handle), 18);
	assert_memory_equal(handle, token, 18);
	assert_false(token_is_well_formed(handle, "amp"));
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_token_names_its_kind),
		TEST(another_kind_is_not_well_formed),
		TEST(tokens_differ),
		TEST(check_digits_are_a_crc32_in_base_62),
		TEST(every_single_typing_error_is_noticed),
		TEST(neighbours_that_change_places_are_noticed),
		TEST(the_length_must_be_right),
		TEST(a_handle_is_the_start_of_its_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
