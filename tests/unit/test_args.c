/* cli/args: a command's words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/args.h"

static const struct arg_spec specs[] = {
	{"--store", "URL", "where it is kept", true},
	{"--label", "TEXT", "what it is for", false},
	{"--force", NULL, "whatever it takes", false},
	{NULL, NULL, NULL, false},
};

static struct buf err;
static struct args args;

static int begin(void **state)
{
	(void)state;
	buf_init(&err, 4096);
	return 0;
}

static int end(void **state)
{
	(void)state;
	buf_release(&err);
	return 0;
}

/* Reads the words of a line; `wanted` names the positional ones. */
static bool reads(const char *wanted, const char *line)
{
	static char text[1024];
	char *words[80], *rest = text;
	int count = 0;

	buf_clear(&err);
	strncpy(text, line, sizeof(text) - 1);
	for (char *w; (w = strtok_r(rest, " ", &rest)); count++)
		words[count] = w;
	return args_read(specs, wanted, count, words, &args, &err);
}

static void must_refuse(const char *wanted, const char *line, const char *why)
{
	assert_false(reads(wanted, line));
	assert_string_equal(buf_cstr(&err), why);
}

static void an_option_may_take_no_value(void **state)
{
	(void)state;
	assert_true(reads("ID", "--force x --store s"));
	assert_string_equal(args_get(&args, "--force"), "");
	assert_string_equal(args.positionals[0], "x");
	must_refuse("", "--store s --force=yes",
		    "cleat: --force takes no value\n");
}

static void both_forms_of_options_are_read(void **state)
{
	(void)state;
	assert_true(reads("", "--store sqlite:x --label=a=b"));
	assert_string_equal(args_get(&args, "--store"), "sqlite:x");
	assert_string_equal(args_get(&args, "--label"), "a=b");
	assert_true(reads("", "--label= --store=s"));
	assert_string_equal(args_get(&args, "--label"), "");
	assert_int_equal(err.length, 0);
}

static void an_option_that_was_not_given_is_null(void **state)
{
	(void)state;
	assert_true(reads("", "--store s"));
	assert_null(args_get(&args, "--label"));
}

static void the_last_of_a_repeated_option_counts(void **state)
{
	(void)state;
	assert_true(reads("", "--store a --store b"));
	assert_string_equal(args_get(&args, "--store"), "b");
}

static void words_may_stand_between_options(void **state)
{
	(void)state;
	assert_true(reads("FROM  TO", "one --store s -"));
	assert_int_equal(args.positional_count, 2);
	assert_string_equal(args.positionals[0], "one");
	assert_string_equal(args.positionals[1], "-");
}

static void a_value_may_look_like_an_option(void **state)
{
	(void)state;
	assert_true(reads("", "--store --label"));
	assert_string_equal(args_get(&args, "--store"), "--label");
}

static void wrong_words_are_told_in_one_line(void **state)
{
	(void)state;
	must_refuse("", "--colour red", "cleat: there is no option --colour\n");
	must_refuse("", "--stor s", "cleat: there is no option --stor\n");
	must_refuse("", "--stores=s", "cleat: there is no option --stores\n");
	must_refuse("", "-s s", "cleat: there is no option -s\n");
	must_refuse("", "--store", "cleat: --store needs a value: URL\n");
	must_refuse("", "--label x", "cleat: --store URL is needed\n");
	must_refuse("", "", "cleat: --store URL is needed\n");
	must_refuse("", "--store s word", "cleat: too many words: word\n");
	must_refuse("NAME", "--store s a b", "cleat: too many words: b\n");
	must_refuse("NAME", "--store s", "cleat: a word is missing: NAME\n");
}

static void very_many_options_are_refused(void **state)
{
	char line[1024] = "--store=s";

	(void)state;
	for (int i = 1; i < ARGS_MAX; i++)
		strcat(line, " --label=x");
	assert_true(reads("", line));
	strcat(line, " --label=x");
	must_refuse("", line, "cleat: too many options\n");
}

static void help_names_each_option(void **state)
{
	(void)state;
	args_help(specs, &err);
	assert_string_equal(
		buf_cstr(&err),
		"  --store URL\n        where it is kept\n"
		"  --label TEXT\n        what it is for "
		"(optional)\n"
		"  --force\n        whatever it takes (optional)\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_option_may_take_no_value),
		TEST(both_forms_of_options_are_read),
		TEST(an_option_that_was_not_given_is_null),
		TEST(the_last_of_a_repeated_option_counts),
		TEST(words_may_stand_between_options),
		TEST(a_value_may_look_like_an_option),
		TEST(wrong_words_are_told_in_one_line),
		TEST(very_many_options_are_refused),
		TEST(help_names_each_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
