/* dialects/fields: what is stored is written by its table. */
#include "fields_table.h"

static const char *written(const char *settings,
			   const struct credential_list *secrets)
{
	struct buf out;

	buf_init(&out, 64 * 1024);
	struct json_writer w = json_writer_on(&out);
	json_begin_object(&w, NULL);
	assert_int_equal(fields_write(&op, &w, &table, settings, secrets), OK);
	json_end_object(&w);
	const char *text = arena_strdup(&op.arena, buf_cstr(&out));
	buf_release(&out);
	return text;
}

static void hidden_fields_and_secrets_are_not_written(void **state)
{
	(void)state;
	assert_string_equal(
		written("{\"title\":\"a\",\"login\":{\"key\":\"k\"},"
			"\"hosts\":[{\"host\":\"h\"}],\"mode\":\"x\"}",
			NULL),
		"{\"title\":\"a\",\"note\":null,\"color\":\"RED\","
		"\"shades\":[],\"low\":1,\"high\":9,\"is_on\":true,"
		"\"extra\":{},\"any\":null,"
		"\"hosts\":[{\"host\":\"h\",\"port\":9200}],"
		"\"login\":{\"key\":\"k\"},\"shared\":null,"
		"\"headers\":{},\"seen\":false}");
}

static void shown_secrets_are_written_when_given(void **state)
{
	struct credential items[] = {
		{.name = "token", .value = {(const unsigned char *)"t", 1}},
		{.name = "shared", .value = {(const unsigned char *)"\"s", 2}},
		{.name = "headers",
		 .value = {(const unsigned char *)"{\"X\":\"y\"}", 9}},
	};
	const struct credential_list list = {items, COUNT(items)};
	const char *text = written("{\"title\":\"a\"}", &list);

	(void)state;
	assert_non_null(strstr(text, "\"shared\":\"\\\"s\","
				     "\"headers\":{\"X\":\"y\"}"));
	assert_null(strstr(text, "token"));
}

static void damaged_settings_are_our_own_defect(void **state)
{
	static const char *const damaged[] = {"", "{", "[]"};
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	struct json_writer w = json_writer_on(&out);
	for (size_t i = 0; i < COUNT(damaged); i++)
		assert_int_equal(
			fields_write(&op, &w, &table, damaged[i], NULL),
			ERR_INTERNAL);
	buf_release(&out);
}

static void table_says_whether_it_shows_secrets(void **state)
{
	(void)state;
	assert_true(field_table_shows_secrets(&table));
	assert_false(field_table_shows_secrets(&login));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hidden_fields_and_secrets_are_not_written),
		TEST(shown_secrets_are_written_when_given),
		TEST(damaged_settings_are_our_own_defect),
		TEST(table_says_whether_it_shows_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
