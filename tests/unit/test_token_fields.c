/* core/token_fields: what token answers say besides tokens. */
#include "support.h"

#include "core/token_fields.h"

static const struct catalog_field fields[] = {
	{"shard", "Shard", "a.b", NULL},
	{"host", "Host", "url", "^https://([^/.]+)\\.acme\\.example"},
	{"tail", "Tail", "url", "[0-9]+$"},
	{"count", "Count", "count", NULL},
	{"is_big", "Is big", "is_big", NULL},
	{"maybe", "Maybe", "text", "(x)?a"},
	{"cut", "Cut", "wide", "^."},
};
static const struct provider own = {.name = "own",
				    .token_fields = {fields, COUNT(fields)}};
static const struct provider none = {.name = "none"};

static void reads(struct op *op, const char *answer, const char *expected)
{
	const char *got = token_fields_read(op, &own, answer);

	if (!expected) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_string_equal(got, expected);
}

#define FACT(name, value, shown)                                               \
	"\"" name "\":{\"value\":\"" value                                     \
	"\",\"source\":\"token\",\"displayName\":\"" shown "\"}"

static void fields_that_are_named_are_facts(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	reads(op, "{\"a\":{\"b\":\"eu-1\"},\"c\":1}",
	      "{" FACT("shard", "eu-1", "Shard") "}");
	reads(op, "{\"count\":12,\"is_big\":true}",
	      "{" FACT("count", "12", "Count") "," FACT("is_big", "true",
							"Is big") "}");
	reads(op, "{\"is_big\":false}",
	      "{" FACT("is_big", "false", "Is big") "}");
}

static void what_is_no_value_is_no_fact(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const char *longest = arena_printf(&op->arena, "{\"count\":\"%0*d\"}",
					   TOKEN_FIELD_MAX, 1);
	const char *longer = arena_printf(&op->arena, "{\"count\":\"%0*d\"}",
					  TOKEN_FIELD_MAX + 1, 1);

	reads(op, "{\"a\":\"eu\",\"count\":{},\"is_big\":null}", NULL);
	reads(op, "{\"count\":[1],\"a\":{\"b\":\"\"}}", NULL);
	reads(op, "no JSON", NULL);
	assert_non_null(token_fields_read(op, &own, longest));
	reads(op, longer, NULL);
	assert_null(token_fields_read(op, &none, "{\"a\":{\"b\":\"x\"}}"));
}

static void capture_takes_its_group_or_all_that_matches(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	reads(op, "{\"url\":\"https://eu.acme.example/x/17\"}",
	      "{" FACT("host", "eu", "Host") "," FACT("tail", "17",
						      "Tail") "}");
	reads(op, "{\"url\":\"https://evil.example\"}", NULL);
	/* the group takes no part in the match */
	reads(op, "{\"text\":\"a\"}", NULL);
	reads(op, "{\"text\":\"xa\"}", "{" FACT("maybe", "x", "Maybe") "}");
}

static void a_character_is_not_cut(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const char *got =
		token_fields_read(op, &own, "{\"wide\":\"\xc3\xa9\"}");

	assert_true(!got || strstr(got, "\xc3\xa9"));
}

static void facts_of_the_answer_go_over_the_others(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	assert_string_equal(
		token_fields_over(op, "{\"a\":{\"value\":\"1\"},\"b\":2}",
				  "{\"a\":{\"value\":\"3\"}}"),
		"{\"a\":{\"value\":\"3\"},\"b\":2}");
	assert_string_equal(token_fields_over(op, "{\"b\":2}", NULL),
			    "{\"b\":2}");
	assert_string_equal(token_fields_over(op, NULL, "{\"b\":2}"),
			    "{\"b\":2}");
	assert_string_equal(token_fields_over(op, "{", "{\"b\":2}"), "{");
	assert_null(token_fields_over(op, NULL, NULL));
}

static void a_field_that_cannot_be_is_told(void **state)
{
	(void)state;
	assert_null(token_fields_capture_fault("^a(b)c$"));
	assert_string_equal(token_fields_capture_fault("(a"),
			    "is no POSIX extended regular expression");
	assert_string_equal(token_fields_capture_fault("(a)(b)"),
			    "has more than one group");
	assert_null(token_fields_path_fault("instance.url"));
	assert_string_equal(token_fields_path_fault("refresh_token"),
			    "would show a token");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(fields_that_are_named_are_facts),
		STORE_TEST(what_is_no_value_is_no_fact),
		STORE_TEST(capture_takes_its_group_or_all_that_matches),
		STORE_TEST(a_character_is_not_cut),
		STORE_TEST(facts_of_the_answer_go_over_the_others),
		cmocka_unit_test(a_field_that_cannot_be_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
