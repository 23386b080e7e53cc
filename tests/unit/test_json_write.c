/* base/json_write: JSON straight into a buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "base/json_write.h"

static struct buf out;
static struct json_writer w;

static int begin(void **state)
{
	(void)state;
	buf_init(&out, 64 * 1024);
	w = json_writer_on(&out);
	return 0;
}

static int end(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

static void commas_come_by_themselves(void **state)
{
	(void)state;
	json_begin_object(&w, NULL);
	json_begin_object(&w, "empty");
	json_end_object(&w);
	json_begin_array(&w, "list");
	json_put_integer(&w, NULL, 1);
	json_begin_array(&w, NULL);
	json_end_array(&w);
	json_begin_object(&w, NULL);
	json_put_bool(&w, "yes", true);
	json_put_bool(&w, "no", false);
	json_end_object(&w);
	json_put_null(&w, NULL);
	json_end_array(&w);
	json_put_long(&w, "long", INT64_MIN);
	json_put_null(&w, "nothing");
	json_put_raw(&w, "raw", "{\"x\":[]}");
	json_end_object(&w);
	assert_string_equal(
		buf_cstr(&out),
		"{\"empty\":{},\"list\":[1,[],{\"yes\":true,"
		"\"no\":false},null],"
		"\"long\":\"-9223372036854775808\",\"nothing\":null,"
		"\"raw\":{\"x\":[]}}");
}

static void a_value_may_stand_alone(void **state)
{
	(void)state;
	json_put_string(&w, NULL, "a");
	assert_string_equal(buf_cstr(&out), "\"a\"");
}

static void what_json_forbids_in_strings_is_escaped(void **state)
{
	(void)state;
	json_put_string(&w, NULL, "\"\\/\n\r\t\b\f\x01\x1f\x7f");
	assert_string_equal(buf_cstr(&out), "\"\\\"\\\\/\\n\\r\\t\\u0008"
					    "\\u000c\\u0001\\u001f\x7f\"");
}

static void keys_are_escaped_too(void **state)
{
	(void)state;
	json_begin_object(&w, NULL);
	json_put_integer(&w, "a\"b", 1);
	json_end_object(&w);
	assert_string_equal(buf_cstr(&out), "{\"a\\\"b\":1}");
}

static void other_text_stays_as_it_is(void **state)
{
	(void)state;
	json_put_string(&w, NULL, "\xc3\xa9 \xf0\x9f\x98\x80 <&>'");
	assert_string_equal(buf_cstr(&out),
			    "\"\xc3\xa9 \xf0\x9f\x98\x80 <&>'\"");
}

static void a_reader_gets_back_every_character(void **state)
{
	char text[128] = "\"\\";
	struct arena arena;
	const char *why;
	json_t *value;

	(void)state;
	for (int c = 1; c < 0x80; c++)
		text[c - 1] = (char)c;
	json_put_string(&w, NULL, text);
	arena_init(&arena);
	assert_int_equal(json_read(&arena, out.bytes, out.length, &value, &why),
			 OK);
	assert_string_equal(json_string_value(value), text);
	arena_release(&arena);
}

static void absent_text_is_null_or_left_out(void **state)
{
	(void)state;
	json_begin_object(&w, NULL);
	json_put_string(&w, "a", NULL);
	json_put_optional(&w, "b", NULL);
	json_put_optional(&w, "c", "");
	json_put_optional(&w, "d", "x");
	json_put_string(&w, "e", "");
	json_end_object(&w);
	assert_string_equal(buf_cstr(&out),
			    "{\"a\":null,\"d\":\"x\",\"e\":\"\"}");
}

static void integers_keep_all_their_digits(void **state)
{
	(void)state;
	json_begin_array(&w, NULL);
	json_put_integer(&w, NULL, 0);
	json_put_integer(&w, NULL, INT64_MAX);
	json_put_integer(&w, NULL, INT64_MIN);
	json_end_array(&w);
	assert_string_equal(buf_cstr(&out),
			    "[0,9223372036854775807,-9223372036854775808]");
}

static void ids_and_times_are_texts(void **state)
{
	const struct uuid id = {{0x01, 0x8d, 0x0c, 0x8e, 0x4f, 0x40, 0x7a, 0xbc,
				 0x8d, 0xef, 0x00, 0x11, 0x22, 0x33, 0x44,
				 0x55}};

	(void)state;
	json_begin_object(&w, NULL);
	json_put_uuid(&w, "id", id);
	json_put_time(&w, "at", INT64_C(1705314600000001));
	json_put_time(&w, "never", 0);
	json_end_object(&w);
	assert_string_equal(buf_cstr(&out),
			    "{\"id\":\"018d0c8e-4f40-7abc-8def-001122334455\","
			    "\"at\":\"2024-01-15T10:30:00.000001Z\","
			    "\"never\":null}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(commas_come_by_themselves),
		TEST(a_value_may_stand_alone),
		TEST(what_json_forbids_in_strings_is_escaped),
		TEST(keys_are_escaped_too),
		TEST(other_text_stays_as_it_is),
		TEST(a_reader_gets_back_every_character),
		TEST(absent_text_is_null_or_left_out),
		TEST(integers_keep_all_their_digits),
		TEST(ids_and_times_are_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
