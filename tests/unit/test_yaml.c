/* dialects/ampersand/yaml: YAML to JSON by the core schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "dialects/ampersand/ampersand.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct op op;

static int begin(void **state)
{
	(void)state;
	op_init(&op, NULL, 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	op_release(&op);
	return 0;
}

static void must_read(const char *yaml, const char *json)
{
	json_t *value;

	assert_int_equal(amp_read_yaml(&op, "sourceYaml", yaml, &value), OK);
	assert_string_equal(json_text(&op.arena, value), json);
}

static void must_refuse(const char *yaml, const char *why)
{
	json_t *value;

	op.issue_count = 0;
	assert_int_equal(amp_read_yaml(&op, "sourceYaml", yaml, &value),
			 ERR_INVALID);
	assert_int_equal(op.issue_count, 1);
	assert_string_equal(op.issues[0].in, "body");
	assert_string_equal(op.issues[0].field, "sourceYaml");
	assert_string_equal(op.issues[0].why, op.detail);
	if (why)
		assert_string_equal(op.detail, why);
}

static void block_and_flow_styles_are_read(void **state)
{
	(void)state;
	must_read("a: 1\nb:\n  - x\n  - y: z\n    w: {}\nc: [1, [2], {d: e}]\n",
		  "{\"a\":1,\"b\":[\"x\",{\"y\":\"z\",\"w\":{}}],"
		  "\"c\":[1,[2],{\"d\":\"e\"}]}");
	must_read("{\"a\": [true, null, \"x\"]}", "{\"a\":[true,null,\"x\"]}");
	must_read("---\na: 1\n...\n", "{\"a\":1}");
	must_read("# only\na: b # comment\n", "{\"a\":\"b\"}");
}

static void plain_words_are_read_by_the_core_schema(void **state)
{
	(void)state;
	must_read("[null, Null, NULL, ~, ]", "[null,null,null,null]");
	must_read("a:\nb: ''\n", "{\"a\":null,\"b\":\"\"}");
	must_read("[true, True, TRUE, false, False, FALSE]",
		  "[true,true,true,false,false,false]");
	must_read("[yes, no, on, off, y, n, tRue, nUll]",
		  "[\"yes\",\"no\",\"on\",\"off\",\"y\",\"n\",\"tRue\","
		  "\"nUll\"]");
}

static void numbers_are_read_by_the_core_schema(void **state)
{
	(void)state;
	must_read("[0, 12, -7, +3, 007, 9223372036854775807]",
		  "[0,12,-7,3,7,9223372036854775807]");
	must_read("[1.5, -0.25, 1e3, 2E-1, .5]",
		  "[1.5,-0.25,1000.0,0.20000000000000001,0.5]");
	must_read("[1.0.0, 1-2, 2024-01-15, 1_000, '-', +, e3, ., 10:30]",
		  "[\"1.0.0\",\"1-2\",\"2024-01-15\",\"1_000\",\"-\",\"+\","
		  "\"e3\",\".\",\"10:30\"]");
}

static void quoted_words_are_texts(void **state)
{
	(void)state;
	must_read("['1', \"true\", 'null', \"a\\nb\", 'it''s']",
		  "[\"1\",\"true\",\"null\",\"a\\nb\",\"it's\"]");
	must_read("a: |\n  1\n  2\nb: >\n  3\n  4\n",
		  "{\"a\":\"1\\n2\\n\",\"b\":\"3 4\\n\"}");
}

static void keys_are_always_texts(void **state)
{
	(void)state;
	must_read("1: a\ntrue: b\n'x y': c\n",
		  "{\"1\":\"a\",\"true\":\"b\",\"x y\":\"c\"}");
}

static void a_key_may_stand_once_in_a_mapping(void **state)
{
	(void)state;
	must_refuse("a: 1\nb: 2\na: 3\n", "line 3: a key is there twice");
	must_refuse("a: {b: 1, \"b\": 2}\n", "line 1: a key is there twice");
	must_read("a: {b: 1}\nb: {a: 1}\n",
		  "{\"a\":{\"b\":1},\"b\":{\"a\":1}}");
}

static void a_key_must_be_a_scalar(void **state)
{
	(void)state;
	must_refuse("? [a]\n: b\n", "line 1: a key must be a plain text");
	must_refuse("? {a: b}\n: c\n", "line 1: a key must be a plain text");
}

static void aliases_repeat_what_is_whole(void **state)
{
	(void)state;
	must_read("a: &x [1]\nb: *x\n", "{\"a\":[1],\"b\":[1]}");
	must_read("a: &x {b: &y 1}\nc: [*x, *y]\n",
		  "{\"a\":{\"b\":1},\"c\":[{\"b\":1},1]}");
	must_refuse("a: *x\n", "line 1: an alias of what is not there, or not "
			       "whole yet");
	must_refuse("a: &x [*x]\n", "line 1: an alias of what is not there, or "
				    "not whole yet");
}

static void aliases_make_no_large_text_of_a_short_one(void **state)
{
	(void)state;
	must_refuse("a: &a [1,1,1,1,1,1,1,1,1,1]\n"
		    "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
		    "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
		    "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
		    "e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
		    "line 5: aliases repeat too many values");
}

static void a_byte_order_mark_is_let_be(void **state)
{
	(void)state;
	must_read("\xef\xbb\xbf"
		  "a: 1\n",
		  "{\"a\":1}");
}

static void one_document_is_enough(void **state)
{
	(void)state;
	must_refuse("a: 1\n---\nb: 2\n", "line 2: one document is enough");
	must_refuse("", "line 1: it is empty");
	must_refuse("# nothing\n", "line 2: it is empty");
}

static void broken_yaml_is_refused_with_its_line(void **state)
{
	static const char *const broken[] = {
		"a: [1", "a: 'x",     "a: b: c\n", "a:\n\t- b\n", "- a\nb: c\n",
		"{a",	 "%YAML 9.9", "@x",	   "\"\\q\"",	  "a: \x01"};

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++)
		must_refuse(broken[i], NULL);
	must_refuse("a: 1\nb: [\n", "line 3: did not find expected node "
				    "content");
}

static const char *nested(int depth)
{
	char *yaml = arena_alloc(&op.arena, 2 * (size_t)depth + 1);

	memset(yaml, '[', (size_t)depth);
	memset(yaml + depth, ']', (size_t)depth);
	return yaml;
}

static void sixty_four_levels_are_the_limit(void **state)
{
	json_t *value;

	(void)state;
	assert_int_equal(amp_read_yaml(&op, "sourceYaml", nested(64), &value),
			 OK);
	assert_int_equal(amp_read_yaml(&op, "sourceYaml", nested(65), &value),
			 ERR_INVALID);
	assert_string_equal(op.detail, "line 1: too deep");
	assert_int_equal(amp_read_yaml(&op, "sourceYaml", nested(900), &value),
			 ERR_INVALID);
}

static void a_nul_byte_is_refused(void **state)
{
	(void)state;
	must_refuse("a: \"x\\0y\"\n", "line 1: a NUL byte");
	must_refuse("\"a\\0b\": 1\n", "line 1: a NUL byte");
}

static void text_must_be_utf8(void **state)
{
	(void)state;
	must_refuse("a: \xff\n", NULL);
	must_refuse("\xc3\x28: 1\n", NULL);
	must_read("\xc3\xa9: \xf0\x9f\x98\x80",
		  "{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(block_and_flow_styles_are_read),
		TEST(plain_words_are_read_by_the_core_schema),
		TEST(numbers_are_read_by_the_core_schema),
		TEST(quoted_words_are_texts),
		TEST(keys_are_always_texts),
		TEST(a_key_may_stand_once_in_a_mapping),
		TEST(a_key_must_be_a_scalar),
		TEST(aliases_repeat_what_is_whole),
		TEST(aliases_make_no_large_text_of_a_short_one),
		TEST(a_byte_order_mark_is_let_be),
		TEST(one_document_is_enough),
		TEST(broken_yaml_is_refused_with_its_line),
		TEST(sixty_four_levels_are_the_limit),
		TEST(a_nul_byte_is_refused),
		TEST(text_must_be_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
