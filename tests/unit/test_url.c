/* http/request: decoding, encoding and splitting URLs; reading arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/request.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct request request;

static int begin(void **state)
{
	(void)state;
	memset(&request, 0, sizeof(request));
	op_init(&request.op, NULL, 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	op_release(&request.op);
	return 0;
}

static const char *decoded(const char *text, bool is_form)
{
	return url_decode(&request.op.arena, text, strlen(text), is_form);
}

static void escapes_are_decoded(void **state)
{
	static const struct {
		const char *text, *decoded;
	} vectors[] = {
		{"", ""},
		{"plain-._~", "plain-._~"},
		{"%41%6a%2F%2f", "Aj//"},
		{"a+b", "a+b"},
		{"%2B%25", "+%"},
		{"%25%34%31", "%41"},
		{"%C3%A9", "\xc3\xa9"},
		{"\xc3\xa9", "\xc3\xa9"},
		{"%E2%82%AC", "\xe2\x82\xac"},
		{"%F0%9F%98%80", "\xf0\x9f\x98\x80"},
		{"%F4%8F%BF%BF", "\xf4\x8f\xbf\xbf"},
		{"%ED%9F%BF", "\xed\x9f\xbf"},
		{"!$&'()*,;=:@", "!$&'()*,;=:@"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const char *text = decoded(vectors[i].text, false);

		assert_non_null(text);
		assert_string_equal(text, vectors[i].decoded);
	}
}

static void a_plus_is_a_blank_in_forms_only(void **state)
{
	(void)state;
	assert_string_equal(decoded("a+b%2B", true), "a b+");
	assert_string_equal(decoded("a+b%2B", false), "a+b+");
}

static void what_cannot_be_decoded_is_refused(void **state)
{
	static const char *const bad[] = {"%",
					  "%4",
					  "a%",
					  "%zz",
					  "%4g",
					  "%g4",
					  "% 41",
					  "%-1",
					  "%u0041",
					  "%00",
					  "a%00b",
					  "%0A",
					  "%0d",
					  "%1F",
					  "%7f",
					  "\t",
					  "%ff",
					  "%c3",
					  "%c3%28",
					  "%80",
					  "%c0%af",
					  "%e0%80%af",
					  "%e2%82",
					  "%ed%a0%80",
					  "%f0%80%80%80",
					  "%f4%90%80%80",
					  "%f5%80%80%80",
					  "%fe",
					  "\xff"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (decoded(bad[i], false))
			fail_msg("%s is decoded", bad[i]);
}

static void an_escape_must_end_within_the_length(void **state)
{
	(void)state;
	assert_null(url_decode(&request.op.arena, "%41", 2, false));
	assert_string_equal(url_decode(&request.op.arena, "a%41", 1, false),
			    "a");
}

static void unreserved_characters_stay_plain(void **state)
{
	(void)state;
	assert_string_equal(url_encode(&request.op.arena, "azAZ09-._~"),
			    "azAZ09-._~");
	assert_string_equal(url_encode(&request.op.arena, "a b/c?d&e=f%g+"),
			    "a%20b%2Fc%3Fd%26e%3Df%25g%2B");
	assert_string_equal(url_encode(&request.op.arena, "\xc3\xa9"),
			    "%C3%A9");
	assert_string_equal(url_encode(&request.op.arena, ""), "");
}

static void what_is_encoded_decodes_again(void **state)
{
	char text[2] = "";

	(void)state;
	for (int c = 0x20; c < 0x7f; c++) {
		text[0] = (char)c;
		const char *encoded = url_encode(&request.op.arena, text);
		assert_string_equal(decoded(encoded, false), text);
		assert_string_equal(decoded(encoded, true), text);
	}
}

static void arguments_are_split_and_decoded(void **state)
{
	struct argument args[8];
	size_t count;

	(void)state;
	assert_true(url_split_args(&request.op.arena,
				   "a=1&b=x%26y+z&&c&d=&=e&f=g=h&", args, 8,
				   &count));
	assert_int_equal(count, 6);
	assert_string_equal(args[0].name, "a");
	assert_string_equal(args[0].value, "1");
	assert_string_equal(args[1].value, "x&y z");
	assert_string_equal(args[2].name, "c");
	assert_string_equal(args[2].value, "");
	assert_string_equal(args[3].name, "d");
	assert_string_equal(args[3].value, "");
	assert_string_equal(args[4].name, "");
	assert_string_equal(args[4].value, "e");
	assert_string_equal(args[5].name, "f");
	assert_string_equal(args[5].value, "g=h");
}

static void nothing_has_no_arguments(void **state)
{
	struct argument args[1];
	size_t count = 9;

	(void)state;
	assert_true(url_split_args(&request.op.arena, "", args, 1, &count));
	assert_int_equal(count, 0);
	assert_true(url_split_args(&request.op.arena, "&&", args, 1, &count));
	assert_int_equal(count, 0);
}

static void arguments_that_cannot_be_read_are_refused(void **state)
{
	struct argument args[2];
	size_t count = 9;

	(void)state;
	assert_false(url_split_args(&request.op.arena, "a=%", args, 2, &count));
	assert_false(
		url_split_args(&request.op.arena, "%00=a", args, 2, &count));
	assert_false(
		url_split_args(&request.op.arena, "a&b&c", args, 2, &count));
	assert_int_equal(count, 9);
}

static void give(const char *name, const char *value)
{
	request.args[request.arg_count++] = (struct argument){name, value};
}

static void a_flag_is_true_or_false(void **state)
{
	bool flag = true;

	(void)state;
	assert_int_equal(request_flag(&request, "absent", &flag), OK);
	assert_true(flag);
	give("no", "false");
	give("zero", "0");
	give("yes", "true");
	give("one", "1");
	give("odd", "yes");
	assert_int_equal(request_flag(&request, "no", &flag), OK);
	assert_false(flag);
	assert_int_equal(request_flag(&request, "yes", &flag), OK);
	assert_true(flag);
	assert_int_equal(request_flag(&request, "zero", &flag), OK);
	assert_false(flag);
	assert_int_equal(request_flag(&request, "one", &flag), OK);
	assert_true(flag);
	assert_int_equal(request_flag(&request, "odd", &flag), ERR_MISSHAPEN);
	assert_string_equal(request.op.issues[0].in, "query");
	assert_string_equal(request.op.issues[0].field, "odd");
}

static void a_number_is_within_its_bounds(void **state)
{
	static const char *const bad[] = {"",
					  "0",
					  "101",
					  "-1",
					  "+1",
					  " 1",
					  "1 ",
					  "1.0",
					  "0x1",
					  "one",
					  "99999999999999999999999"};
	int64_t number = 42;

	(void)state;
	assert_int_equal(request_number(&request, "n", 1, 100, &number), OK);
	assert_int_equal(number, 42);
	give("n", "100");
	assert_int_equal(request_number(&request, "n", 1, 100, &number), OK);
	assert_int_equal(number, 100);
	for (size_t i = 0; i < COUNT(bad); i++) {
		request.args[0].value = bad[i];
		assert_int_equal(request_number(&request, "n", 1, 100, &number),
				 ERR_MISSHAPEN);
	}
	assert_int_equal(number, 100);
	assert_int_equal(request.op.issue_count, 1); /* said once */
}

static void response_headers_stand_in_their_order(void **state)
{
	(void)state;
	response_header(&request, "Allow", "GET");
	response_header(&request, "Link", "<x>");
	assert_int_equal(request.response.header_count, 2);
	assert_string_equal(request.response.headers[1].name, "Link");
	assert_string_equal(request.response.headers[1].value, "<x>");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(escapes_are_decoded),
		TEST(a_plus_is_a_blank_in_forms_only),
		TEST(what_cannot_be_decoded_is_refused),
		TEST(an_escape_must_end_within_the_length),
		TEST(unreserved_characters_stay_plain),
		TEST(what_is_encoded_decodes_again),
		TEST(arguments_are_split_and_decoded),
		TEST(nothing_has_no_arguments),
		TEST(arguments_that_cannot_be_read_are_refused),
		TEST(a_flag_is_true_or_false),
		TEST(a_number_is_within_its_bounds),
		TEST(response_headers_stand_in_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
