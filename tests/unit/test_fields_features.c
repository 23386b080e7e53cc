/* dialects/fields: features and what they need, maps, and a table told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "dialects/fields.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *const ways[] = {"KEY", "FILE", NULL};

/* clang-format off */
static const struct field value_fields[] = {
	{.name = "value", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .about = "Its value."},
	{.name = "size", .type = FIELD_INTEGER, .initial = "1", .most = 9},
};
static const struct field_table value = {
	.fields = value_fields, .count = COUNT(value_fields)};

static const struct field fields[] = {
	{.name = "secure", .type = FIELD_BOOLEAN, .initial = "false"},
	{.name = "way", .type = FIELD_STRING, .flags = FIELD_FOLDED,
	 .values = ways, .feature = "secure"},
	{.name = "key", .type = FIELD_STRING,
	 .flags = FIELD_SECRET | FIELD_SHOWN, .feature = "way",
	 .choice = "KEY"},
	{.name = "files", .type = FIELD_STRING_LIST, .feature = "way",
	 .choice = "FILE"},
	{.name = "values", .type = FIELD_MAP, .members = &value},
	{.name = "seen", .type = FIELD_OBJECT,
	 .flags = FIELD_READ_ONLY | FIELD_NULLABLE},
};
/* clang-format on */

static const struct field_table table = {"thing", fields, COUNT(fields), NULL};
static const struct field_policy policy = {.null_is_absent = true};
static const struct credential_names none = {NULL, 0};

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

static enum error read_json(const char *json, const char *stored,
			    struct field_values *ret)
{
	const char *why;
	json_t *given;

	op.issue_count = 0;
	assert_int_equal(json_read(&op.arena, json, strlen(json), &given, &why),
			 OK);
	return fields_read(&op, &table, given, stored, &policy, ret);
}

static enum error needed(const char *json, const char *stored,
			 const struct credential_names *secrets)
{
	struct field_values values;

	assert_int_equal(read_json(json, stored, &values), OK);
	return fields_needed(&op, &table, &values, secrets);
}

static void must_need(const char *json, const char *stored,
		      const struct credential_names *secrets, const char *field,
		      const char *why)
{
	assert_int_equal(needed(json, stored, secrets), ERR_MISSHAPEN);
	assert_int_equal(op.issue_count, 1);
	assert_string_equal(op.issues[0].field, field);
	assert_string_equal(op.issues[0].why, why);
}

static void what_belongs_to_a_feature_is_needed_when_it_is_on(void **state)
{
	(void)state;
	assert_int_equal(needed("{}", NULL, &none), OK);
	must_need("{\"secure\":true}", NULL, &none, "way",
		  "is required with secure");
	must_need("{\"secure\":true,\"way\":\"key\"}", NULL, &none, "key",
		  "is required when way is KEY");
	must_need("{\"secure\":true,\"way\":\"FILE\",\"files\":[]}", NULL,
		  &none, "files", "is required when way is FILE");
	assert_int_equal(needed("{\"secure\":true,\"way\":\"FILE\","
				"\"files\":[\"a\"]}",
				NULL, &none),
			 OK);
	assert_int_equal(
		needed("{\"secure\":true,\"way\":\"KEY\",\"key\":\"k\"}", NULL,
		       &none),
		OK);
}

static void a_choice_of_what_is_off_needs_nothing(void **state)
{
	(void)state;
	assert_int_equal(needed("{\"way\":\"KEY\"}", NULL, &none), OK);
	assert_int_equal(
		needed("{\"secure\":false}",
		       "{\"secure\":true,\"way\":\"FILE\",\"files\":[\"a\"]}",
		       &none),
		OK);
}

static void a_stored_secret_counts_until_it_is_erased(void **state)
{
	const char *names[] = {"key"};
	const struct credential_names stored = {names, 1};
	const char *settings = "{\"secure\":true,\"way\":\"KEY\"}";

	(void)state;
	assert_int_equal(needed("{}", settings, &stored), OK);
	assert_int_equal(needed("{\"key\":\"new\"}", settings, &none), OK);
	must_need("{}", settings, &none, "key", "is required when way is KEY");
	must_need("{\"key\":\"\"}", settings, &stored, "key",
		  "is required when way is KEY");
}

static void damaged_settings_are_our_own_defect(void **state)
{
	const struct field_values values = {.settings = "{"};

	(void)state;
	assert_int_equal(fields_needed(&op, &table, &values, &none),
			 ERR_INTERNAL);
}

static void a_map_s_values_are_read_by_their_members(void **state)
{
	struct field_values values;

	(void)state;
	assert_int_equal(read_json("{\"values\":{\"b\":{\"value\":\"x\"},"
				   "\"a\":{\"value\":\"y\",\"size\":2}}}",
				   NULL, &values),
			 OK);
	assert_string_equal(values.settings,
			    "{\"secure\":false,\"values\":{"
			    "\"b\":{\"value\":\"x\",\"size\":1},"
			    "\"a\":{\"value\":\"y\",\"size\":2}}}");
}

static void a_map_s_faults_are_told_by_its_names(void **state)
{
	static const char *const faults[][3] = {
		{"{\"values\":[]}", "values", "must be an object"},
		{"{\"values\":{\"a\":1}}", "values.a", "must be an object"},
		{"{\"values\":{\"a\":{}}}", "values.a.value", "is required"},
		{"{\"values\":{\"a\":{\"value\":\"x\",\"size\":10}}}",
		 "values.a.size", "must be from 0 to 9"},
	};
	struct field_values values;

	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++) {
		assert_int_equal(read_json(faults[i][0], NULL, &values),
				 ERR_MISSHAPEN);
		assert_int_equal(op.issue_count, 1);
		assert_string_equal(op.issues[0].field, faults[i][1]);
		assert_string_equal(op.issues[0].why, faults[i][2]);
	}
}

static const char *told(struct buf *out)
{
	return arena_strdup(&op.arena, buf_cstr(out));
}

static void a_map_is_written_with_its_defaults(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	struct json_writer w = json_writer_on(&out);
	json_begin_object(&w, NULL);
	assert_int_equal(fields_write(&op, &w, &table,
				      "{\"values\":{\"a\":{\"value\":\"x\"}}}",
				      NULL),
			 OK);
	json_end_object(&w);
	assert_string_equal(told(&out),
			    "{\"secure\":false,\"way\":null,\"key\":null,"
			    "\"files\":null,\"values\":{\"a\":{\"value\":\"x\","
			    "\"size\":1}},\"seen\":null}");
	buf_release(&out);
}

static void a_table_tells_all_of_its_fields(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	struct json_writer w = json_writer_on(&out);
	fields_describe(&w, &table);
	assert_string_equal(
		told(&out),
		"{\"type\":\"thing\",\"fields\":["
		"{\"name\":\"secure\",\"type\":\"boolean\",\"default\":false},"
		"{\"name\":\"way\",\"type\":\"string\","
		"\"values\":[\"KEY\",\"FILE\"],\"feature\":\"secure\"},"
		"{\"name\":\"key\",\"type\":\"string\",\"secret\":true,"
		"\"feature\":\"way\",\"choice\":\"KEY\"},"
		"{\"name\":\"files\",\"type\":\"list of strings\","
		"\"feature\":\"way\",\"choice\":\"FILE\"},"
		"{\"name\":\"values\",\"type\":\"map\",\"fields\":["
		"{\"name\":\"value\",\"type\":\"string\",\"required\":true,"
		"\"about\":\"Its value.\"},"
		"{\"name\":\"size\",\"type\":\"integer\",\"default\":1,"
		"\"least\":0,\"most\":9}]},"
		"{\"name\":\"seen\",\"type\":\"object\",\"readOnly\":true,"
		"\"nullable\":true}]}");
	buf_release(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_belongs_to_a_feature_is_needed_when_it_is_on),
		TEST(a_choice_of_what_is_off_needs_nothing),
		TEST(a_stored_secret_counts_until_it_is_erased),
		TEST(damaged_settings_are_our_own_defect),
		TEST(a_map_s_values_are_read_by_their_members),
		TEST(a_map_s_faults_are_told_by_its_names),
		TEST(a_map_is_written_with_its_defaults),
		TEST(a_table_tells_all_of_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
