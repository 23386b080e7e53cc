/* dialects/gorules: expressions, and templates with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "dialects/gorules/execution.h"
#include "dialects/gorules/expression.h"
#include "dialects/gorules/template.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct op op;
static json_t *root;

static int begin(void **state)
{
	static const char text[] =
		"{\"a\": {\"b\": [1, {\"c\": \"x\"}], \"d e\": null},"
		" \"t\": true, \"s\": \"x y\", \"n\": -1.5, \"line\": "
		"\"a\\r\\nb\","
		" \"none\": \"\", \"long\": \"\"}";
	const char *why;

	(void)state;
	op_init(&op, NULL, 1);
	assert_int_equal(json_read(&op.arena, text, strlen(text), &root, &why),
			 OK);
	return 0;
}

static int end(void **state)
{
	(void)state;
	op_release(&op);
	return 0;
}

static void an_expression_says_where_a_value_is(void **state)
{
	static const struct {
		const char *text, *value; /* as JSON; NULL: nothing is there */
	} rows[] = {
		{"s", "\"x y\""},
		{" a.b[0] ", "1"},
		{"a.b[ 1 ].c", "\"x\""},
		{"a['b'][1][\"c\"]", "\"x\""},
		{"$.t", "true"},
		{"$['a']['d e']", "null"},
		{"a[\"d e\"]", "null"},
		{"a.b[2]", NULL},
		{"a.b.c", NULL},
		{"a[0]", NULL},
		{"s.x", NULL},
		{"nothing", NULL},
		{"nothing.at.all[3]", NULL},
		{"nothing ?? a['d e'] ?? 's'", "\"s\""},
		{"s ?? 1", "\"x y\""},
		{"nothing ?? nothing", NULL},
		{"'it'", "\"it\""},
		{"\"it's\"", "\"it's\""},
		{"-12", "-12"},
		{"0.5e1", "5.0"},
		{"false", "false"},
		{"null", "null"},
		{"trueish", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const json_t *value;

		assert_null(
			expression_of(&op.arena, rows[i].text, root, &value));
		if (rows[i].value)
			assert_string_equal(json_text(&op.arena, value),
					    rows[i].value);
		else
			assert_null(value);
		assert_null(
			expression_of(&op.arena, rows[i].text, NULL, &value));
	}
}

static void what_is_no_expression_says_why(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "no name"},
		{"a b", "more than"},
		{"a + 1", "more than"},
		{"a.", "dot"},
		{"a.1", "dot"},
		{"a[", "index"},
		{"a[b]", "index"},
		{"a[-1]", "index"},
		{"a[1", "without"},
		{"a['x", "does not end"},
		{"'x", "does not end"},
		{"a[1234567890]", "index"},
		{"len(a)", "function"},
		{"not a", "operator"},
		{"a ?? ", "no name"},
		{"a ?? in", "operator"},
		{"1.2.3", "number"},
		{"--1", "number"},
		{"#a", "no name"},
		{"`a`", "no name"},
		{"[1]", "no name"},
		{"(a)", "no name"},
		{"11111111111111111111111111111111111111111", "number"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const json_t *value;
		const char *why =
			expression_of(&op.arena, rows[i].text, root, &value);

		assert_non_null(why);
		assert_non_null(strstr(why, rows[i].why));
	}
}

static void a_value_is_written_as_its_place_asks(void **state)
{
	static const struct {
		enum template_place place;
		const char *text, *rendered;
	} rows[] = {
		{TEMPLATE_TEXT, "none", "none"},
		{TEMPLATE_TEXT, "{{s}}/{{ t }}{{n}}", "x y/true-1.5"},
		{TEMPLATE_TEXT, "{{ '}}' }}}", "}}}"},
		{TEMPLATE_TEXT, "{{ line }}", "a\r\nb"},
		{TEMPLATE_TEXT, "{ {a} }", "{ {a} }"},
		{TEMPLATE_URL, "https://h/{{ s }}?q={{ s }}#{{ s }}",
		 "https://h/x%20y?q=x%20y#x%20y"},
		{TEMPLATE_URL, "https://h/?q={{ none }}", "https://h/?q="},
		{TEMPLATE_URL, "https://{{ a.b[1].c }}.h:{{ 80 }}/",
		 "https://x.h:80/"},
		{TEMPLATE_URL, "{{ 'http://h' }}/{{ '/' }}", "http://h/%2F"},
		{TEMPLATE_HEADER, "Bearer {{ s }}", "Bearer x y"},
		{TEMPLATE_COOKIE, "{{ s }}-{{ line }}-{{ '%\",;\\' }}",
		 "x%20y-a%0D%0Ab-%25%22%2C%3B%5C"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *rendered;

		assert_null(template_fault(&op.arena, rows[i].text));
		assert_null(template_render(&op.arena, rows[i].place,
					    rows[i].text, root, &rendered));
		assert_string_equal(rendered, rows[i].rendered);
	}
}

static void what_has_no_place_there_is_refused(void **state)
{
	static const struct {
		enum template_place place;
		const char *text, *why;
	} rows[] = {
		{TEMPLATE_TEXT, "{{ nothing }}",
		 "{{ nothing }}, which is null"},
		{TEMPLATE_TEXT, "{{ a }}", "an object or a list"},
		{TEMPLATE_TEXT, "{{ a.b }}", "an object or a list"},
		{TEMPLATE_TEXT, "{{ s", "more between"},
		{TEMPLATE_TEXT, "{{ s } }", "more between"},
		{TEMPLATE_TEXT, "{{}}", "no name"},
		{TEMPLATE_HEADER, "{{ line }}", "line break"},
		{TEMPLATE_URL, "https://h/{{ none }}", "empty"},
		{TEMPLATE_URL, "https://{{ s }}/", "in the host"},
		{TEMPLATE_URL, "https://h{{ none }}/", "in the host"},
		{TEMPLATE_URL, "https://h:{{ '@x' }}/", "in the host"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *rendered = NULL;
		const char *why =
			template_render(&op.arena, rows[i].place, rows[i].text,
					root, &rendered);

		assert_non_null(why);
		assert_non_null(strstr(why, rows[i].why));
		assert_null(rendered);
	}
}

static void what_becomes_too_long_is_refused(void **state)
{
	const char *rendered;
	char *text = arena_alloc(&op.arena, 70001);

	(void)state;
	memset(text, 'x', 70000);
	assert_non_null(strstr(template_render(&op.arena, TEMPLATE_TEXT, text,
					       root, &rendered),
			       "too long"));
}

static void a_url_tells_whether_a_template_chooses_its_host(void **state)
{
	(void)state;
	assert_false(template_chooses_host("https://h/{{ a }}"));
	assert_false(template_chooses_host("https://h?{{ a }}"));
	assert_false(template_chooses_host("https://h/"));
	assert_true(template_chooses_host("{{ a }}/x"));
	assert_true(template_chooses_host("http{{ a }}://h/"));
	assert_true(template_chooses_host("https://{{ a }}/"));
	assert_true(template_chooses_host("https://h:{{ a }}/"));
	assert_true(template_chooses_host("https://h{{ '/' }}x"));
}

static void numbers_are_as_short_as_they_may_be(void **state)
{
	static const char *const texts[] = {
		"[0.1,4.35,1e21,17,2.0]",
		"[0.30000000000000004]",
		"1.7976931348623157e308",
		"\"0.1\"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		const char *why;
		json_t *value;

		assert_int_equal(json_read(&op.arena, texts[i],
					   strlen(texts[i]), &value, &why),
				 OK);
		assert_string_equal(json_text_short(&op.arena, value),
				    texts[i]);
	}
}

static void a_duration_is_told_in_its_unit(void **state)
{
	(void)state;
	assert_string_equal(gorules_performance(&op.arena, 7), "7µs");
	assert_string_equal(gorules_performance(&op.arena, 12345), "12.3ms");
	assert_string_equal(gorules_performance(&op.arena, 1250000), "1.2s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
		TEST(an_expression_says_where_a_value_is),
		TEST(what_is_no_expression_says_why),
		TEST(a_value_is_written_as_its_place_asks),
		TEST(what_has_no_place_there_is_refused),
		TEST(what_becomes_too_long_is_refused),
		TEST(a_url_tells_whether_a_template_chooses_its_host),
		TEST(numbers_are_as_short_as_they_may_be),
		TEST(a_duration_is_told_in_its_unit),
	};

	json_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
