/* dialects/fields: typed settings read and written by their table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "dialects/fields.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *no_blank(const json_t *value)
{
	return strchr(json_string_value(value), ' ') ? "has a blank" : NULL;
}

static void keep_order(struct op *op, json_t *given, json_t *settings)
{
	const json_t *low = json_object_get(settings, "low");
	const json_t *high = json_object_get(settings, "high");

	if (low && high && json_integer_value(low) > json_integer_value(high))
		op_issue(op, "body", "high", "must not be below low");
	if (json_object_get(given, "color"))
		(void)json_object_set_new(settings, "seen", json_true());
}

static const char *const colors[] = {"RED", "BLUE", NULL};

/* clang-format off */
static const struct field login_fields[] = {
	{.name = "key", .type = FIELD_STRING, .flags = FIELD_REQUIRED},
	{.name = "secret", .type = FIELD_STRING,
	 .flags = FIELD_REQUIRED | FIELD_SECRET},
};
static const struct field_table login = {
	.fields = login_fields, .count = COUNT(login_fields)};

static const struct field host_fields[] = {
	{.name = "host", .type = FIELD_STRING, .flags = FIELD_REQUIRED},
	{.name = "port", .type = FIELD_INTEGER, .initial = "9200", .least = 1,
	 .most = 65535},
};
static const struct field_table hosts = {
	.fields = host_fields, .count = COUNT(host_fields)};

static const struct field fields[] = {
	{.name = "title", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .check = no_blank},
	{.name = "note", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .initial = "null", .most = 10},
	{.name = "color", .type = FIELD_STRING, .flags = FIELD_FOLDED,
	 .initial = "\"RED\"", .values = colors},
	{.name = "shades", .type = FIELD_STRING_LIST, .flags = FIELD_FOLDED,
	 .initial = "[]", .values = colors},
	{.name = "low", .type = FIELD_INTEGER, .initial = "1"},
	{.name = "high", .type = FIELD_INTEGER, .initial = "9", .least = -9,
	 .most = 99},
	{.name = "is_on", .type = FIELD_BOOLEAN, .initial = "true"},
	{.name = "extra", .type = FIELD_STRING_MAP, .initial = "{}"},
	{.name = "any", .type = FIELD_OBJECT},
	{.name = "hosts", .type = FIELD_LIST, .initial = "[]",
	 .members = &hosts},
	{.name = "login", .type = FIELD_OBJECT, .flags = FIELD_NULLABLE,
	 .initial = "null", .members = &login},
	{.name = "token", .type = FIELD_STRING,
	 .flags = FIELD_REQUIRED | FIELD_SECRET},
	{.name = "shared", .type = FIELD_STRING,
	 .flags = FIELD_SECRET | FIELD_SHOWN | FIELD_NULLABLE},
	{.name = "headers", .type = FIELD_STRING_MAP,
	 .flags = FIELD_SECRET | FIELD_SHOWN},
	{.name = "mode", .type = FIELD_STRING, .flags = FIELD_HIDDEN,
	 .initial = "\"prefix\""},
	{.name = "seen", .type = FIELD_BOOLEAN, .flags = FIELD_READ_ONLY,
	 .initial = "false"},
};
/* clang-format on */

static const struct field_table table = {"thing", fields, COUNT(fields),
					 keep_order};
static const char *const others[] = {"type", NULL};
static const struct field_policy strict = {.others = others};
static const struct field_policy lenient = {.ignores_unknown = true,
					    .null_is_absent = true};

#define DEFAULTS                                                               \
	"\"note\":null,\"color\":\"RED\",\"shades\":[],\"low\":1,"             \
	"\"high\":9,\"is_on\":true,\"extra\":{},\"hosts\":[],"                 \
	"\"login\":null,\"mode\":\"prefix\",\"seen\":false}"

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

static enum error read_as(const char *json, const char *stored,
			  const struct field_policy *policy,
			  struct field_values *ret)
{
	const char *why;
	json_t *given;

	assert_int_equal(json_read(&op.arena, json, strlen(json), &given, &why),
			 OK);
	return fields_read(&op, &table, given, stored, policy, ret);
}

static struct field_values must_read(const char *json, const char *stored)
{
	struct field_values values;

	assert_int_equal(read_as(json, stored, &strict, &values), OK);
	assert_int_equal(op.issue_count, 0);
	return values;
}

static void must_refuse(const char *json, const char *stored, const char *field,
			const char *why)
{
	struct field_values values;

	op.issue_count = 0;
	assert_int_equal(read_as(json, stored, &strict, &values),
			 ERR_MISSHAPEN);
	assert_int_equal(op.issue_count, 1);
	assert_string_equal(op.issues[0].in, "body");
	assert_string_equal(op.issues[0].field, field);
	assert_string_equal(op.issues[0].why, why);
}

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

static void defaults_are_filled_in_and_secrets_left_out(void **state)
{
	struct field_values values =
		must_read("{\"token\":\"t\",\"title\":\"a\"}", NULL);

	(void)state;
	assert_string_equal(values.settings, "{\"title\":\"a\"," DEFAULTS);
	assert_int_equal(values.secret_count, 1);
	assert_string_equal(values.secrets[0].name, "token");
	assert_string_equal(values.secrets[0].value, "t");
}

static void values_are_kept_in_the_order_of_the_table(void **state)
{
	struct field_values values = must_read(
		"{\"any\":{\"x\":[1]},\"hosts\":[{\"port\":1,\"host\":\"h\"},"
		"{\"host\":\"i\"}],\"extra\":{\"a\":\"b\"},\"is_on\":false,"
		"\"high\":-9,\"low\":-20,\"shades\":[\"blue\"],"
		"\"color\":\"Blue\",\"note\":\"n\",\"token\":\"t\","
		"\"title\":\"a\",\"mode\":\"m\",\"type\":\"thing\"}",
		NULL);

	(void)state;
	assert_string_equal(
		values.settings,
		"{\"title\":\"a\",\"note\":\"n\",\"color\":\"BLUE\","
		"\"shades\":[\"BLUE\"],\"low\":-20,\"high\":-9,"
		"\"is_on\":false,\"extra\":{\"a\":\"b\"},\"any\":{\"x\":[1]},"
		"\"hosts\":[{\"host\":\"h\",\"port\":1},"
		"{\"host\":\"i\",\"port\":9200}],\"login\":null,"
		"\"mode\":\"m\",\"seen\":true}");
}

static void members_may_hold_secrets(void **state)
{
	struct field_values values =
		must_read("{\"token\":\"t\",\"title\":\"a\",\"login\":"
			  "{\"key\":\"k\",\"secret\":\"s\"},"
			  "\"headers\":{\"X\":\"y\"}}",
			  NULL);

	(void)state;
	assert_non_null(strstr(values.settings, "\"login\":{\"key\":\"k\"}"));
	assert_int_equal(values.secret_count, 3);
	assert_string_equal(values.secrets[0].name, "login.secret");
	assert_string_equal(values.secrets[0].value, "s");
	assert_string_equal(values.secrets[2].name, "headers");
	assert_string_equal(values.secrets[2].value, "{\"X\":\"y\"}");
}

static void each_fault_is_explained(void **state)
{
#define WITH(more) "{\"token\":\"t\",\"title\":\"a\"," more "}"
	static const struct {
		const char *json, *field, *why;
	} faults[] = {
		{"{\"token\":\"t\"}", "title", "is required"},
		{"{\"title\":\"a\"}", "token", "is required"},
		{"{\"token\":\"\",\"title\":\"a\"}", "token",
		 "must not be empty"},
		{"{\"token\":\"t\",\"title\":\"\"}", "title",
		 "must not be empty"},
		{"{\"token\":\"t\",\"title\":\"a b\"}", "title", "has a blank"},
		{"{\"token\":5,\"title\":\"a\"}", "token", "must be a string"},
		{"{\"token\":\"t\",\"title\":null}", "title",
		 "must not be null"},
		{WITH("\"note\":\"12345678901\""), "note",
		 "must have at most 10 bytes"},
		{WITH("\"color\":\"green\""), "color",
		 "must be one of: RED, BLUE"},
		{WITH("\"color\":[]"), "color", "must be a string"},
		{WITH("\"shades\":\"RED\""), "shades",
		 "must be a list of strings"},
		{WITH("\"shades\":[\"RED\",1]"), "shades",
		 "item 2 must be a string"},
		{WITH("\"shades\":[\"x\"]"), "shades",
		 "item 1 must be one of: RED, BLUE"},
		{WITH("\"low\":1.5"), "low", "must be an integer"},
		{WITH("\"low\":\"1\""), "low", "must be an integer"},
		{WITH("\"high\":100"), "high", "must be from -9 to 99"},
		{WITH("\"low\":50"), "high", "must not be below low"},
		{WITH("\"is_on\":1"), "is_on", "must be true or false"},
		{WITH("\"is_on\":null"), "is_on", "must not be null"},
		{WITH("\"extra\":{\"a\":1}"), "extra",
		 "member a must be a string"},
		{WITH("\"any\":[]"), "any", "must be an object"},
		{WITH("\"hosts\":{}"), "hosts", "must be a list"},
		{WITH("\"hosts\":[1]"), "hosts[0]", "must be an object"},
		{WITH("\"hosts\":[{\"host\":\"h\",\"port\":0}]"),
		 "hosts[0].port", "must be from 1 to 65535"},
		{WITH("\"login\":{\"key\":\"k\"}"), "login.secret",
		 "is required"},
		{WITH("\"login\":{\"key\":\"k\",\"secret\":\"s\",\"x\":1}"),
		 "login.x", "is not a known field"},
		{WITH("\"seen\":true"), "seen", "is read-only"},
		{WITH("\"colour\":1"), "colour", "is not a known field"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++)
		must_refuse(faults[i].json, NULL, faults[i].field,
			    faults[i].why);
}

static void all_faults_are_told_at_once(void **state)
{
	struct field_values values;

	(void)state;
	assert_int_equal(read_as("{\"x\":1,\"low\":\"a\",\"is_on\":2}", NULL,
				 &strict, &values),
			 ERR_MISSHAPEN);
	assert_int_equal(op.issue_count, 5);
	assert_non_null(op.detail);
}

static void what_is_no_object_is_refused(void **state)
{
	static const char *const bodies[] = {"[]", "null", "1", "\"x\""};
	struct field_values values;

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++)
		assert_int_equal(read_as(bodies[i], NULL, &strict, &values),
				 ERR_MISSHAPEN);
}

static void lenient_policy_ignores_what_it_does_not_know(void **state)
{
	struct field_values values;

	(void)state;
	assert_int_equal(read_as("{\"token\":\"t\",\"title\":\"a\",\"x\":1,"
				 "\"seen\":true,\"is_on\":null,"
				 "\"color\":null}",
				 NULL, &lenient, &values),
			 OK);
	assert_string_equal(values.settings,
			    "{\"title\":\"a\","
			    "\"note\":null,\"color\":\"RED\",\"shades\":[],"
			    "\"low\":1,\"high\":9,\"is_on\":true,\"extra\":{},"
			    "\"hosts\":[],\"login\":null,"
			    "\"mode\":\"prefix\",\"seen\":true}");
}

static void patch_changes_what_it_names(void **state)
{
	const char *stored = "{\"title\":\"a\"," DEFAULTS;
	struct field_values values =
		must_read("{\"low\":3,\"note\":\"n\"}", stored);

	(void)state;
	assert_string_equal(values.settings,
			    "{\"title\":\"a\",\"note\":\"n\",\"color\":\"RED\","
			    "\"shades\":[],\"low\":3,\"high\":9,\"is_on\":true,"
			    "\"extra\":{},\"hosts\":[],\"login\":null,"
			    "\"mode\":\"prefix\",\"seen\":false}");
	assert_int_equal(values.secret_count, 0);
}

static void patch_is_checked_with_what_is_stored(void **state)
{
	const char *stored = "{\"title\":\"a\"," DEFAULTS;

	(void)state;
	must_refuse("{\"low\":10}", stored, "high", "must not be below low");
	must_refuse("{\"title\":\"\"}", stored, "title", "must not be empty");
	must_refuse("{\"token\":null}", stored, "token", "must not be null");
	must_refuse("{\"login\":{\"key\":\"k\"}}", stored, "login.secret",
		    "is required");
}

static void patch_with_null_erases_a_secret(void **state)
{
	const char *stored =
		"{\"title\":\"a\",\"login\":{\"key\":\"k\"},\"low\":1}";
	struct field_values values = must_read(
		"{\"shared\":null,\"headers\":{},\"login\":null}", stored);

	(void)state;
	assert_int_equal(values.secret_count, 3);
	assert_string_equal(values.secrets[0].name, "login.secret");
	assert_null(values.secrets[0].value);
	assert_string_equal(values.secrets[1].name, "shared");
	assert_null(values.secrets[1].value);
	assert_string_equal(values.secrets[2].value, "{}");

	values = must_read("{\"shared\":\"\"}", stored);
	assert_int_equal(values.secret_count, 1);
	assert_null(values.secrets[0].value);
}

static void stored_fields_of_an_older_table_get_defaults(void **state)
{
	struct field_values values = must_read("{}", "{\"title\":\"a\"}");

	(void)state;
	assert_string_equal(values.settings, "{\"title\":\"a\"," DEFAULTS);
}

static void long_values_are_refused(void **state)
{
	char *text = arena_alloc(&op.arena, FIELD_TEXT_MAX + 2);
	struct field_values values;

	(void)state;
	memset(text, 'x', FIELD_TEXT_MAX + 1);
	must_refuse(arena_printf(&op.arena,
				 "{\"token\":\"t\",\"title\":\"%s\"}", text),
		    NULL, "title", "must have at most 8192 bytes");
	must_refuse(arena_printf(&op.arena,
				 "{\"token\":\"t\",\"title\":\"a\","
				 "\"extra\":{\"a\":\"%s\"}}",
				 text),
		    NULL, "extra", "member a must have at most 8192 bytes");
	op.issue_count = 0;
	assert_int_equal(read_as(arena_printf(&op.arena,
					      "{\"token\":\"%s\","
					      "\"title\":\"a\"}",
					      text),
				 NULL, &strict, &values),
			 OK);

	char *list = arena_alloc(&op.arena, 2 * FIELD_ITEMS_MAX + 3);
	for (int i = 0; i < FIELD_ITEMS_MAX; i++)
		memcpy(list + 2 * i, "1,", 2);
	memcpy(list + 2 * FIELD_ITEMS_MAX, "1", 2);
	must_refuse(arena_printf(&op.arena,
				 "{\"token\":\"t\",\"title\":\"a\","
				 "\"hosts\":[%s]}",
				 list),
		    NULL, "hosts", "must have at most 256 items");
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
		"\"headers\":null,\"seen\":false}");
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

static void tables_are_found_by_their_type(void **state)
{
	(void)state;
	assert_ptr_equal(field_table_find(&table, 1, "thing", false), &table);
	assert_null(field_table_find(&table, 1, "Thing", false));
	assert_ptr_equal(field_table_find(&table, 1, "Thing", true), &table);
	assert_null(field_table_find(&table, 1, "", true));
	assert_true(field_table_shows_secrets(&table));
	assert_false(field_table_shows_secrets(&login));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(defaults_are_filled_in_and_secrets_left_out),
		TEST(values_are_kept_in_the_order_of_the_table),
		TEST(members_may_hold_secrets),
		TEST(each_fault_is_explained),
		TEST(all_faults_are_told_at_once),
		TEST(what_is_no_object_is_refused),
		TEST(lenient_policy_ignores_what_it_does_not_know),
		TEST(patch_changes_what_it_names),
		TEST(patch_is_checked_with_what_is_stored),
		TEST(patch_with_null_erases_a_secret),
		TEST(stored_fields_of_an_older_table_get_defaults),
		TEST(long_values_are_refused),
		TEST(hidden_fields_and_secrets_are_not_written),
		TEST(shown_secrets_are_written_when_given),
		TEST(damaged_settings_are_our_own_defect),
		TEST(tables_are_found_by_their_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
