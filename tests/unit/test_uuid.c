/* base/uuid: uuids of version 7 and 13-character numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/uuid.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* 2024-01-15T10:30:00Z */
static const int64_t now = INT64_C(1705314600000000);

static int compare(struct uuid a, struct uuid b)
{
	return memcmp(a.bytes, b.bytes, UUID_BYTES);
}

static void ids_sort_in_the_order_of_their_making(void **state)
{
	struct uuid last = uuid_make(now);

	(void)state;
	for (int i = 0; i < 10000; i++) {
		struct uuid next = uuid_make(now + i / 100);

		assert_true(compare(last, next) < 0);
		last = next;
	}
}

static void ids_ascend_though_the_clock_goes_back(void **state)
{
	struct uuid before = uuid_make(now + 5000000);

	(void)state;
	assert_true(compare(before, uuid_make(now)) < 0);
}

static void text_sorts_as_the_bytes_do(void **state)
{
	char last[UUID_TEXT] = "", next[UUID_TEXT];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uuid_format(uuid_make(now + i), next);
		assert_true(strcmp(last, next) < 0);
		memcpy(last, next, sizeof(last));
	}
}

static void the_time_stands_in_front(void **state)
{
	const int64_t later = now + INT64_C(86400000000);
	struct uuid id = uuid_make(later);
	uint64_t ms = 0;

	(void)state;
	for (int i = 0; i < 6; i++)
		ms = ms << 8 | id.bytes[i];
	assert_int_equal(ms, later / 1000);
}

static void version_and_variant_are_those_of_rfc_9562(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		struct uuid id = uuid_make(now + i * 37);

		assert_int_equal(id.bytes[6] >> 4, 7);
		assert_int_equal(id.bytes[8] >> 6, 2);
	}
}

static void a_text_reads_back(void **state)
{
	char text[UUID_TEXT];
	struct uuid id = uuid_make(now), read;

	(void)state;
	uuid_format(id, text);
	assert_int_equal(strlen(text), 36);
	assert_true(uuid_parse(text, &read));
	assert_true(uuid_equal(id, read));
	assert_false(uuid_equal(id, uuid_make(now)));
}

static void either_case_is_read_and_lower_case_written(void **state)
{
	char text[UUID_TEXT];
	struct uuid id;

	(void)state;
	assert_true(uuid_parse("0123ABCD-ef01-7DEF-8aBc-0123456789Ff", &id));
	uuid_format(id, text);
	assert_string_equal(text, "0123abcd-ef01-7def-8abc-0123456789ff");
}

static void other_forms_of_uuids_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"0123abcd-ef01-7def-8abc-0123456789f",
		"0123abcd-ef01-7def-8abc-0123456789fff",
		"0123abcdef017def8abc0123456789ff",
		"{0123abcd-ef01-7def-8abc-0123456789ff}",
		"urn:uuid:0123abcd-ef01-7def-8abc-0123456789ff",
		"0123abcd-ef01-7def-8abc-0123456789fg",
		"0123abcd_ef01-7def-8abc-0123456789ff",
		"0123abcde-f01-7def-8abc-0123456789ff",
		"0123abcd-ef01-7def-8abc-0123456789f ",
		" 123abcd-ef01-7def-8abc-0123456789ff",
		"--------------------------------------",
		"0123abcd-ef01-7def-8abc-0123456789\xc3\xa9",
	};
	struct uuid id;

	(void)state;
	memset(&id, 0x5a, sizeof(id));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(uuid_parse(bad[i], &id));
	for (int i = 0; i < UUID_BYTES; i++)
		assert_int_equal(id.bytes[i], 0x5a);
}

static void only_nil_is_nil(void **state)
{
	struct uuid nil, other = {{[15] = 1}};

	(void)state;
	assert_true(uuid_parse("00000000-0000-0000-0000-000000000000", &nil));
	assert_true(uuid_is_nil(nil));
	assert_false(uuid_is_nil(other));
	assert_false(uuid_is_nil(uuid_make(now)));
}

static void thirteen_characters_hold_64_bits(void **state)
{
	static const struct {
		uint64_t number;
		const char *text;
	} vectors[] = {
		{0, "aaaaaaaaaaaaa"},
		{1, "aaaaaaaaaaaab"},
		{31, "aaaaaaaaaaaa7"},
		{32, "aaaaaaaaaaaba"},
		{UINT64_C(1) << 60, "baaaaaaaaaaaa"},
		{UINT64_MAX, "p777777777777"},
	};
	char text[ID13_TEXT];
	uint64_t number;

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		id13_format(vectors[i].number, text);
		assert_string_equal(text, vectors[i].text);
		assert_true(id13_parse(text, &number));
		assert_true(number == vectors[i].number);
	}
}

static void other_forms_of_13_characters_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"aaaaaaaaaaaa",
		"aaaaaaaaaaaaaa",
		"Aaaaaaaaaaaaa",
		"aaaaaaaaaaaa1",
		"aaaaaaaaaaaa8",
		"aaaaaaaaaaaa0",
		"aaaaaa-aaaaaa",
		"aaaaaaaaaaaa ",
		"qaaaaaaaaaaaa", /* 2^64 */
		"7777777777777",
	};
	uint64_t number = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(id13_parse(bad[i], &number));
	assert_int_equal(number, 7);
}

static void stamps_of_one_process_differ_and_ascend(void **state)
{
	int64_t last = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		int64_t stamp = uuid_stamp(uuid_make(1000));

		assert_true(stamp > last);
		last = stamp;
	}
}

static void first_id_of_a_time_parts_those_before_from_those_after(void **state)
{
	int64_t at = INT64_C(1705314600123000);
	struct uuid before = uuid_make(at - 1), after = uuid_make(at);
	struct uuid first = uuid_first_at(at);

	(void)state;
	assert_true(memcmp(before.bytes, first.bytes, UUID_BYTES) < 0);
	assert_true(memcmp(after.bytes, first.bytes, UUID_BYTES) > 0);
	assert_int_equal(uuid_time_us(after), at);
	assert_int_equal(uuid_time_us(before), at - 1000);
	/* a time within a millisecond begins with the next one */
	assert_true(memcmp(uuid_first_at(at + 1).bytes, after.bytes,
			   UUID_BYTES) > 0);
}

/* Goes far ahead, so it is the last test of this process. */
static void ids_go_on_from_a_stamp_that_is_ahead(void **state)
{
	struct uuid id = uuid_make(INT64_C(4000000000000000));
	int64_t ahead = uuid_stamp(id) + 77;

	(void)state;
	uuid_go_on_from(ahead);
	assert_int_equal(uuid_stamp(uuid_make(1000)), ahead + 1);
	uuid_go_on_from(1);
	assert_int_equal(uuid_stamp(uuid_make(1000)), ahead + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* first: ids only go ahead */
		cmocka_unit_test(
			first_id_of_a_time_parts_those_before_from_those_after),
		cmocka_unit_test(ids_sort_in_the_order_of_their_making),
		cmocka_unit_test(ids_ascend_though_the_clock_goes_back),
		cmocka_unit_test(text_sorts_as_the_bytes_do),
		cmocka_unit_test(the_time_stands_in_front),
		cmocka_unit_test(version_and_variant_are_those_of_rfc_9562),
		cmocka_unit_test(a_text_reads_back),
		cmocka_unit_test(either_case_is_read_and_lower_case_written),
		cmocka_unit_test(other_forms_of_uuids_are_refused),
		cmocka_unit_test(only_nil_is_nil),
		cmocka_unit_test(thirteen_characters_hold_64_bits),
		cmocka_unit_test(other_forms_of_13_characters_are_refused),
		cmocka_unit_test(stamps_of_one_process_differ_and_ascend),
		cmocka_unit_test(ids_go_on_from_a_stamp_that_is_ahead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
