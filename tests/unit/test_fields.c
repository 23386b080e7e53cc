/* dialects/fields: what is given is read by its table. */
#include "fields_table.h"

static const char *const others[] = {"type", NULL};
static const struct field_policy strict = {.others = others};
static const struct field_policy lenient = {.ignores_unknown = true,
					    .null_is_absent = true};

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
