/* base/json_read: what is JSON to us, and what is not (RFC 8259). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

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

static enum error read_bytes(const char *bytes, size_t length, json_t **ret)
{
	const char *why = NULL;
	enum error error = json_read(&arena, bytes, length, ret, &why);

	if (error != OK) {
		assert_int_equal(error, ERR_MALFORMED);
		assert_non_null(why);
		assert_true(strlen(why) > 0);
	}
	return error;
}

static bool is_json(const char *text)
{
	json_t *value;

	return read_bytes(text, strlen(text), &value) == OK;
}

/* `depth` brackets around nothing. */
static const char *nested(int depth, const char *open, const char *close)
{
	char *text = arena_alloc(&arena, (size_t)depth * 8 + 1);

	for (int i = 0; i < depth; i++)
		strcat(text, open);
	if (*open == '{')
		strcat(text, "1");
	for (int i = 0; i < depth; i++)
		strcat(text, close);
	return text;
}

static void any_value_may_stand_at_the_top(void **state)
{
	static const char *const texts[] = {
		"{}",	  "[]",	   "null",
		"true",	  "false", "0",
		"-1.5e3", "\"\"",  " {\"a\" : [1, {\"b\": null}]}\r\n\t"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_true(is_json(texts[i]));
}

static void what_is_not_json_is_refused(void **state)
{
	static const char *const texts[] = {
		"",	    " ",	  "{",	       "}",
		"[1,]",	    "[1 2]",	  "{\"a\"}",   "{a:1}",
		"{'a':1}",  "{\"a\":1,}", "01",	       "+1",
		".5",	    "1.",	  "1e",	       "0x1",
		"NaN",	    "-",	  "Infinity",  "tru",
		"True",	    "\"",	  "\"\\x\"",   "\"\\u12\"",
		"\"a\nb\"", "\"\t\"",	  "// c\n1",   "/**/1",
		"]",	    "nul",	  "{\"a\":1]", "[1}",
		",",	    ":",	  "1e400",     "99999999999999999999"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_false(is_json(texts[i]));
}

static void junk_after_the_value_is_refused(void **state)
{
	static const char *const texts[] = {"{} x",  "1 2", "[][]",
					    "null,", "{}}", "\"a\" \"b\""};
	json_t *value;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_false(is_json(texts[i]));
	assert_int_equal(read_bytes("{}\0", 3, &value), ERR_MALFORMED);
}

static void duplicate_keys_are_refused_at_any_level(void **state)
{
	(void)state;
	assert_false(is_json("{\"a\":1,\"a\":1}"));
	assert_false(is_json("{\"a\":1,\"\\u0061\":2}"));
	assert_false(is_json("[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]"));
	assert_true(is_json("{\"a\":{\"a\":1},\"A\":2}"));
}

static void a_nul_is_refused_in_values_and_keys(void **state)
{
	json_t *value;

	(void)state;
	assert_false(is_json("\"a\\u0000b\""));
	assert_false(is_json("{\"a\\u0000\":1}"));
	assert_int_equal(read_bytes("\"a\0b\"", 5, &value), ERR_MALFORMED);
}

static void sixty_four_levels_are_the_limit(void **state)
{
	(void)state;
	assert_true(is_json(nested(64, "[", "]")));
	assert_false(is_json(nested(65, "[", "]")));
	assert_true(is_json(nested(64, "{\"a\":", "}")));
	assert_false(is_json(nested(65, "{\"a\":", "}")));
	assert_false(is_json(nested(4000, "[", "")));
	assert_true(is_json("[[],[],{},[[]]]"));
}

static void the_depth_is_told_as_the_reason(void **state)
{
	const char *text = nested(65, "[", "]"), *why;
	json_t *value;

	(void)state;
	assert_int_equal(json_read(&arena, text, strlen(text), &value, &why),
			 ERR_MALFORMED);
	assert_string_equal(why, "JSON nested over 64 levels");
}

static void brackets_in_strings_are_no_levels(void **state)
{
	const char *brackets = nested(200, "[", "");
	const char *text =
		arena_printf(&arena, "{\"a\":\"\\\"%s\\\\\"}", brackets);
	json_t *value;

	(void)state;
	assert_int_equal(read_bytes(text, strlen(text), &value), OK);
	assert_int_equal(strlen(json_string_value(json_object_get(value, "a"))),
			 202);
}

static void text_must_be_utf8(void **state)
{
	static const char *const bad[] = {
		"\"\xff\"",
		"\"\xc0\xaf\"",
		"\"\xc3\"",
		"\"\xe0\x80\x80\"",
		"\"\xed\xa0\x80\"",
		"\"\x80\"",
		"\"\xf4\x90\x80\x80\"",
		"{\"\xfe\":1}",
		"\xef\xbb\xbf{}", /* a byte order mark */
		"\"\\ud800\"",
		"\"\\udc00\"",
		"\"\\ud800x\"",
		"\"\\ud800\\u0041\""};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(is_json(bad[i]));
	assert_true(is_json("\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""));
}

static void other_encodings_are_refused(void **state)
{
	static const char utf16[] = {'{', 0, '}', 0};
	static const char utf16_mark[] = {'\xff', '\xfe', '{', 0, '}', 0};
	static const char utf32[] = {0, 0, 0, '{', 0, 0, 0, '}'};
	json_t *value;

	(void)state;
	assert_int_equal(read_bytes(utf16, sizeof(utf16), &value),
			 ERR_MALFORMED);
	assert_int_equal(read_bytes(utf16_mark, sizeof(utf16_mark), &value),
			 ERR_MALFORMED);
	assert_int_equal(read_bytes(utf32, sizeof(utf32), &value),
			 ERR_MALFORMED);
}

static void escapes_are_decoded(void **state)
{
	const char *text = "\"\\u00e9\\ud83d\\ude00\\n\\/\\\"\"";
	json_t *value;

	(void)state;
	assert_int_equal(read_bytes(text, strlen(text), &value), OK);
	assert_string_equal(json_string_value(value),
			    "\xc3\xa9\xf0\x9f\x98\x80\n/\"");
}

static void the_reason_says_where(void **state)
{
	const char *text = "{\n \"a\": x}", *why;
	json_t *value;

	(void)state;
	assert_int_equal(json_read(&arena, text, strlen(text), &value, &why),
			 ERR_MALFORMED);
	assert_non_null(strstr(why, "line 2"));
}

static void text_is_compact_and_keeps_the_order_of_keys(void **state)
{
	const char *text = "{ \"z\": [1, true], \"a\": {\"m\": null}, "
			   "\"b\": \"\xc3\xa9\" }";
	json_t *value;

	(void)state;
	assert_int_equal(read_bytes(text, strlen(text), &value), OK);
	assert_string_equal(json_text(&arena, value),
			    "{\"z\":[1,true],\"a\":{\"m\":null},"
			    "\"b\":\"\xc3\xa9\"}");
	assert_string_equal(json_text(&arena, json_keep(&arena, json_true())),
			    "true");
}

static void new_values_live_as_long_as_the_arena(void **state)
{
	json_t *object = json_new_object(&arena);
	json_t *list = json_new_array(&arena);

	(void)state;
	assert_int_equal(json_object_set(object, "list", list), 0);
	assert_int_equal(json_array_append_new(list, json_integer(1)), 0);
	assert_string_equal(json_text(&arena, object), "{\"list\":[1]}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_value_may_stand_at_the_top),
		TEST(what_is_not_json_is_refused),
		TEST(junk_after_the_value_is_refused),
		TEST(duplicate_keys_are_refused_at_any_level),
		TEST(a_nul_is_refused_in_values_and_keys),
		TEST(sixty_four_levels_are_the_limit),
		TEST(the_depth_is_told_as_the_reason),
		TEST(brackets_in_strings_are_no_levels),
		TEST(text_must_be_utf8),
		TEST(other_encodings_are_refused),
		TEST(escapes_are_decoded),
		TEST(the_reason_says_where),
		TEST(text_is_compact_and_keeps_the_order_of_keys),
		TEST(new_values_live_as_long_as_the_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
