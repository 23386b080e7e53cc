/* http/etag: RFC 9110, 8.8.3 and 13.1. */
#include "support.h"

#include "http/etag.h"

#define X "\"x\""

static void tags_are_compared_as_each_field_asks(void **state)
{
	/* RFC 9110, 8.8.3.2: If-Match strongly, If-None-Match weakly */
	static const struct {
		const char *field, *etag;
		bool strongly, weakly;
	} cases[] = {
		{X, X, true, true},
		{"W/" X, X, false, true},
		{"\"y\"", X, false, false},
		{"W/\"y\"", X, false, false},
		{"\"X\"", X, false, false},
		{"\"xy\"", X, false, false},
		{"\"\"", X, false, false},
		{"\"\"", "\"\"", true, true},
		{"\"y\", " X, X, true, true},
		{"\"y\"," X ",\"z\"", X, true, true},
		{"\"y\"\t ,\t" X, X, true, true},
		{", ," X ", ,", X, true, true},
		{"W/" X ", \"y\"", X, false, true},
		{"\"a,\", " X, X, true, true},
		{"\"a" X, "\"a\"", false, false}, /* no comma: unreadable */
		{"*", X, true, true},
		{" * ", X, true, true},
		{"*", NULL, false, false},
		{X, NULL, false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum precondition match = etag_judge(
			METHOD_PATCH, cases[i].field, NULL, cases[i].etag);
		enum precondition none = etag_judge(
			METHOD_PATCH, NULL, cases[i].field, cases[i].etag);

		assert_int_equal(match == PRECONDITION_HOLDS,
				 cases[i].strongly);
		if (none != PRECONDITION_UNREADABLE)
			assert_int_equal(none == PRECONDITION_FAILED,
					 cases[i].weakly);
	}
}

static void what_is_no_list_of_tags_is_unreadable(void **state)
{
	static const char *const bad[] = {
		"",    "x",	    ",",       " , ,",	   "x, " X,
		"\"x", "x\"",	    "W/x",     "w/" X,	   "W /" X,
		"**",  "*, " X,	    X ", *",   X " \"y\"", X X,
		"W/",  "\"a\x01\"", "\"a b\"", X "; q=1",  "\"\x7f\"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(etag_judge(METHOD_PATCH, bad[i], NULL, X),
				 PRECONDITION_UNREADABLE);
		assert_int_equal(etag_judge(METHOD_GET, NULL, bad[i], X),
				 PRECONDITION_UNREADABLE);
	}
}

static void a_get_of_what_the_caller_has_is_not_modified(void **state)
{
	(void)state;
	assert_int_equal(etag_judge(METHOD_GET, NULL, X, X),
			 PRECONDITION_NOT_MODIFIED);
	assert_int_equal(etag_judge(METHOD_GET, NULL, "*", X),
			 PRECONDITION_NOT_MODIFIED);
	assert_int_equal(etag_judge(METHOD_GET, NULL, "\"y\"", X),
			 PRECONDITION_HOLDS);
	assert_int_equal(etag_judge(METHOD_PUT, NULL, "*", X),
			 PRECONDITION_FAILED);
	assert_int_equal(etag_judge(METHOD_PUT, NULL, "*", NULL),
			 PRECONDITION_HOLDS);
	assert_int_equal(etag_judge(METHOD_GET, NULL, NULL, X),
			 PRECONDITION_HOLDS);
}

static void if_match_comes_before_if_none_match(void **state)
{
	(void)state;
	assert_int_equal(etag_judge(METHOD_GET, "\"y\"", X, X),
			 PRECONDITION_FAILED);
	assert_int_equal(etag_judge(METHOD_GET, X, X, X),
			 PRECONDITION_NOT_MODIFIED);
	assert_int_equal(etag_judge(METHOD_GET, X, "\"y\"", X),
			 PRECONDITION_HOLDS);
}

static void a_tag_is_of_every_byte(void **state)
{
	struct store *s = *state;
	const char *one = etag_make(&s->op, "{\"a\":1}", 7);

	assert_int_equal(etag_judge(METHOD_PATCH, one, NULL, one),
			 PRECONDITION_HOLDS);
	assert_string_equal(one, etag_make(&s->op, "{\"a\":1}", 7));
	assert_string_not_equal(one, etag_make(&s->op, "{\"a\":2}", 7));
	assert_string_not_equal(one, etag_make(&s->op, "{\"a\":1} ", 8));
	assert_string_not_equal(one, etag_make(&s->op, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_compared_as_each_field_asks),
		cmocka_unit_test(what_is_no_list_of_tags_is_unreadable),
		cmocka_unit_test(a_get_of_what_the_caller_has_is_not_modified),
		cmocka_unit_test(if_match_comes_before_if_none_match),
		STORE_TEST(a_tag_is_of_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
