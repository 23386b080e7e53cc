/* base/json_patch: changes at pointers (RFC 6902, RFC 6901). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_patch.h"
#include "base/json_read.h"

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

static json_t *parse(const char *text)
{
	const char *why;
	json_t *value;

	assert_int_equal(json_read(&arena, text, strlen(text), &value, &why),
			 OK);
	return value;
}

struct example {
	const char *before, *op, *pointer, *value;
	const char *after; /* NULL: it can't be made */
};

static void check(const struct example *e)
{
	json_t *root = parse(e->before);
	enum json_patch_op op;

	assert_true(json_patch_named(e->op, &op));
	const char *why = json_patch_apply(&arena, &root, op, e->pointer,
					   e->value ? parse(e->value) : NULL);
	if (!e->after)
		assert_non_null(why);
	else
		assert_null(why);
	assert_string_equal(json_text(&arena, root),
			    e->after ? e->after : e->before);
}

static void changes_are_made_where_they_can_be(void **state)
{
	static const struct example examples[] = {
		/* RFC 6902, A.1 to A.5, A.10, A.14, A.16 */
		{"{\"foo\":\"bar\"}", "add", "/baz", "\"qux\"",
		 "{\"foo\":\"bar\",\"baz\":\"qux\"}"},
		{"{\"foo\":[\"bar\",\"baz\"]}", "add", "/foo/1", "\"qux\"",
		 "{\"foo\":[\"bar\",\"qux\",\"baz\"]}"},
		{"{\"baz\":\"qux\",\"foo\":\"bar\"}", "remove", "/baz", NULL,
		 "{\"foo\":\"bar\"}"},
		{"{\"foo\":[\"bar\",\"qux\",\"baz\"]}", "remove", "/foo/1",
		 NULL, "{\"foo\":[\"bar\",\"baz\"]}"},
		{"{\"baz\":\"qux\",\"foo\":\"bar\"}", "replace", "/baz",
		 "\"boo\"", "{\"baz\":\"boo\",\"foo\":\"bar\"}"},
		{"{\"foo\":\"bar\"}", "add", "/child", "{\"grand\":{}}",
		 "{\"foo\":\"bar\",\"child\":{\"grand\":{}}}"},
		{"{\"foo\":\"bar\"}", "add", "/baz/bat", "\"qux\"", NULL},
		{"{\"/\":9,\"~1\":10}", "replace", "/~01", "1",
		 "{\"/\":9,\"~1\":1}"},
		{"{\"foo\":[\"bar\"]}", "add", "/foo/-", "[\"abc\"]",
		 "{\"foo\":[\"bar\",[\"abc\"]]}"},
		/* RFC 6901, 5 */
		{"{\"\":0}", "replace", "/", "1", "{\"\":1}"},
		{"{\"a/b\":1}", "remove", "/a~1b", NULL, "{}"},
		{"{\"m~n\":8}", "remove", "/m~0n", NULL, "{}"},
		{"{\" \":7}", "remove", "/ ", NULL, "{}"},
		{"{\"a\":{\"\":[0]}}", "remove", "/a//0", NULL,
		 "{\"a\":{\"\":[]}}"},
		/* what is there is replaced, null is a value */
		{"{\"a\":1}", "add", "/a", "null", "{\"a\":null}"},
		{"{\"a\":null}", "replace", "/a", "2", "{\"a\":2}"},
		{"[1,2]", "replace", "/1", "3", "[1,3]"},
		{"[1,2]", "add", "/2", "3", "[1,2,3]"},
		{"1", "replace", "", "[]", "[]"},
		{"1", "add", "", "2", "2"},
		/* nothing there, or no index */
		{"[1,2]", "add", "/3", "3", NULL},
		{"[1,2]", "replace", "/2", "3", NULL},
		{"[1,2]", "replace", "/-", "3", NULL},
		{"[1,2]", "remove", "/00", NULL, NULL},
		{"[1,2]", "remove", "/1x", NULL, NULL},
		{"[1,2]", "remove", "/+1", NULL, NULL},
		{"[1,2]", "remove", "/", NULL, NULL},
		{"[1,2]", "remove", "/18446744073709551617", NULL, NULL},
		{"[[1],2]", "remove", "/-/0", NULL, NULL},
		{"{\"a\":1}", "remove", "/b", NULL, NULL},
		{"{\"a\":1}", "replace", "/b", "1", NULL},
		{"{\"a\":1}", "remove", "/a/b", NULL, NULL},
		{"5", "add", "/a", "1", NULL},
		/* no pointer */
		{"{\"a\":1}", "remove", "a", NULL, NULL},
		{"{\"a~\":1}", "remove", "/a~", NULL, NULL},
		{"{\"a~2\":1}", "remove", "/a~2", NULL, NULL},
		{"{\"a~\":{\"b\":1}}", "remove", "/a~/b", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		check(&examples[i]);
}

static void a_root_that_is_gone_can_only_be_added(void **state)
{
	json_t *root = parse("{\"a\":1}");

	(void)state;
	assert_null(
		json_patch_apply(&arena, &root, JSON_PATCH_REMOVE, "", NULL));
	assert_null(root);
	assert_non_null(
		json_patch_apply(&arena, &root, JSON_PATCH_REMOVE, "", NULL));
	assert_non_null(json_patch_apply(&arena, &root, JSON_PATCH_REPLACE, "",
					 parse("1")));
	assert_non_null(json_patch_apply(&arena, &root, JSON_PATCH_ADD, "/a",
					 parse("1")));
	assert_null(json_patch_apply(&arena, &root, JSON_PATCH_ADD, "",
				     parse("[1]")));
	assert_string_equal(json_text(&arena, root), "[1]");
}

static void three_operations_have_names(void **state)
{
	static const char *const others[] = {"test", "move", "copy", "Add", ""};
	enum json_patch_op op;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_false(json_patch_named(others[i], &op));
	assert_true(json_patch_named("remove", &op));
	assert_int_equal(op, JSON_PATCH_REMOVE);
}

static void a_text_is_patched_where_it_has_the_place(void **state)
{
	static const char patch[] =
		"[{\"op\":\"add\",\"path\":\"/a/x\",\"value\":true},"
		"{\"op\":\"add\",\"path\":\"/b/x\",\"value\":true}]";
	static const char neither[] = "{\"c\":{}}", already[] = "{\"b\":{\"x\":"
								"true}}";

	(void)state;
	assert_string_equal(
		json_patch_text(&arena, "{\"a\":{},\"c\":1}", patch),
		"{\"a\":{\"x\":true},\"c\":1}");
	assert_string_equal(
		json_patch_text(&arena, "{\"b\":{\"x\":false}}", patch),
		"{\"b\":{\"x\":true}}");
	assert_ptr_equal(json_patch_text(&arena, neither, patch), neither);
	assert_ptr_equal(json_patch_text(&arena, already, patch), already);
}

static void levels_are_counted_from_the_outside(void **state)
{
	(void)state;
	assert_int_equal(json_levels(parse("1")), 0);
	assert_int_equal(json_levels(parse("[]")), 1);
	assert_int_equal(json_levels(parse("{\"a\":[1],\"b\":[[{}]]}")), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			changes_are_made_where_they_can_be, begin, end),
		cmocka_unit_test_setup_teardown(
			a_root_that_is_gone_can_only_be_added, begin, end),
		cmocka_unit_test_setup_teardown(three_operations_have_names,
						begin, end),
		cmocka_unit_test_setup_teardown(
			a_text_is_patched_where_it_has_the_place, begin, end),
		cmocka_unit_test_setup_teardown(
			levels_are_counted_from_the_outside, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
