/* core/credential: values sealed in the store, opened only where they are. */
#include "support.h"

static const struct uuid owner = {{1}}, other_owner = {{2}};

static struct credential_list read_all(struct op *op, struct uuid of)
{
	struct credential_list list;

	must(credential_read(op, "connection", of, &list));
	return list;
}

static const char *value_of(struct op *op, struct uuid of, const char *name)
{
	struct credential_list list = read_all(op, of);
	const struct credential *found = credential_find(&list, name);

	return found ? (const char *)found->value.bytes : NULL;
}

static enum error reading(struct op *op, struct uuid of)
{
	struct credential_list list;

	return credential_read(op, "connection", of, &list);
}

static void what_is_put_is_read(void **state)
{
	struct store *s = *state;
	struct credential_list list;

	must(credential_put(&s->op, owner, "token", "t-1", START + DAY));
	must(credential_put(&s->op, owner, "api_key", "", 0));
	list = read_all(&s->op, owner);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].name, "api_key");
	assert_int_equal(list.items[0].value.length, 0);
	assert_int_equal(list.items[0].expires_at, 0);
	assert_string_equal(list.items[1].name, "token");
	assert_string_equal((const char *)list.items[1].value.bytes, "t-1");
	assert_int_equal(list.items[1].expires_at, START + DAY);
	assert_null(credential_find(&list, "secret"));
}

static void a_newer_value_takes_its_place(void **state)
{
	struct store *s = *state;

	must(credential_put(&s->op, owner, "token", "old", START));
	must(credential_put(&s->op, owner, "token", "new", 0));
	assert_int_equal(read_all(&s->op, owner).count, 1);
	assert_string_equal(value_of(&s->op, owner, "token"), "new");
}

static void a_list_puts_values_and_erases_where_there_is_none(void **state)
{
	const struct new_credential first[] = {
		{"a", "1", 0}, {"b", "2", 0}, {"c", "3", START}};
	const struct new_credential then[] = {
		{"a", NULL, 0}, {"b", "4", 0}, {"unknown", NULL, 0}};
	struct store *s = *state;

	must(credential_put_all(&s->op, owner, first, 3));
	must(credential_put_all(&s->op, owner, then, 3));
	assert_int_equal(read_all(&s->op, owner).count, 2);
	assert_string_equal(value_of(&s->op, owner, "b"), "4");
	assert_string_equal(value_of(&s->op, owner, "c"), "3");
}

static void one_is_dropped_or_all_of_one_owner(void **state)
{
	struct store *s = *state;

	must(credential_put(&s->op, owner, "a", "1", 0));
	must(credential_put(&s->op, owner, "b", "2", 0));
	must(credential_put(&s->op, other_owner, "a", "3", 0));
	must(credential_drop(&s->op, owner, "a"));
	assert_null(value_of(&s->op, owner, "a"));
	assert_string_equal(value_of(&s->op, owner, "b"), "2");
	must(credential_drop(&s->op, owner, NULL));
	assert_int_equal(read_all(&s->op, owner).count, 0);
	assert_string_equal(value_of(&s->op, other_owner, "a"), "3");
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM secret"), 1);
}

static void no_value_stands_in_the_files(void **state)
{
	struct store *s = *state;

	must(credential_put(&s->op, owner, "token", "canary-7f3a91", 0));
	assert_string_equal(value_of(&s->op, owner, "token"), "canary-7f3a91");
	assert_false(store_files_hold(s, "canary-7f3a91"));
	assert_true(store_files_hold(s, "token"));
}

static void reading_is_recorded(void **state)
{
	struct store *s = *state;

	must(credential_put(&s->op, owner, "token", "t", 0));
	assert_false(has_event(&s->op, "connection.credentials.read", owner));
	read_all(&s->op, owner);
	assert_true(has_event(&s->op, "connection.credentials.read", owner));
	assert_string_equal(payload_of(&s->op, "connection.credentials.read"),
			    "{}");
}

static void reading_nothing_is_not_recorded(void **state)
{
	struct store *s = *state;

	assert_int_equal(read_all(&s->op, owner).count, 0);
	assert_int_equal(event_count(&s->op, "connection.credentials.read"), 0);
}

static void names_are_told_without_a_record(void **state)
{
	struct credential_names names;
	struct store *s = *state;

	must(credential_names(&s->op, owner, &names));
	assert_int_equal(names.count, 0);
	must(credential_put(&s->op, owner, "token", "t", 0));
	must(credential_put(&s->op, owner, "key", "k", 0));
	must(credential_put(&s->op, other_owner, "other", "o", 0));
	must(credential_names(&s->op, owner, &names));
	assert_int_equal(names.count, 2);
	assert_string_equal(names.items[0], "key");
	assert_string_equal(names.items[1], "token");
	assert_int_equal(event_count(&s->op, "connection.credentials.read"), 0);
}

static void a_value_does_not_open_for_another_owner(void **state)
{
	struct store *s = *state;

	must(credential_put(&s->op, owner, "token", "t", 0));
	store_script(s, "UPDATE secret SET owner_id = "
			"x'02000000000000000000000000000000'");
	must_fail(reading(&s->op, other_owner), ERR_INTERNAL);
}

static void a_value_does_not_open_under_another_name(void **state)
{
	struct store *s = *state;

	must(credential_put(&s->op, owner, "token", "t", 0));
	store_script(s, "UPDATE secret SET name = 'api_key'");
	must_fail(reading(&s->op, owner), ERR_INTERNAL);
}

static void two_values_cannot_be_swapped(void **state)
{
	struct store *s = *state;

	must(credential_put(&s->op, owner, "a", "1", 0));
	must(credential_put(&s->op, owner, "b", "2", 0));
	store_script(s, "UPDATE secret SET sealed = (SELECT o.sealed FROM "
			"secret o WHERE o.name <> secret.name)");
	must_fail(reading(&s->op, owner), ERR_INTERNAL);
}

static void a_value_does_not_open_in_another_project(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");

	must(credential_put(&s->op, owner, "token", "t", 0));
	store_script(s, "UPDATE secret SET project_id = (SELECT id FROM "
			"project WHERE name = 'other')");
	move_to(&s->op, other);
	must_fail(reading(&s->op, owner), ERR_INTERNAL);
}

static void a_value_does_not_open_for_another_key_version(void **state)
{
	struct store *s = *state;

	must(credential_put(&s->op, owner, "token", "t", 0));
	store_script(s, "UPDATE secret SET key_version = 2");
	must_fail(reading(&s->op, owner), ERR_INTERNAL);
}

static void a_damaged_value_does_not_open(void **state)
{
	struct store *s = *state;

	must(credential_put(&s->op, owner, "token", "t", 0));
	store_script(s, "UPDATE secret SET sealed = x'01'");
	must_fail(reading(&s->op, owner), ERR_INTERNAL);
	assert_string_equal(s->op.detail, "a sealed secret does not open");
}

static void without_the_projects_key_nothing_is_sealed(void **state)
{
	struct store *s = *state;

	s->op.project_id = (struct uuid){{9}};
	must_fail(credential_put(&s->op, owner, "token", "t", 0),
		  ERR_NOT_FOUND);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM secret"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_is_put_is_read),
		STORE_TEST(a_newer_value_takes_its_place),
		STORE_TEST(a_list_puts_values_and_erases_where_there_is_none),
		STORE_TEST(one_is_dropped_or_all_of_one_owner),
		STORE_TEST(no_value_stands_in_the_files),
		STORE_TEST(reading_is_recorded),
		STORE_TEST(reading_nothing_is_not_recorded),
		STORE_TEST(names_are_told_without_a_record),
		STORE_TEST(a_value_does_not_open_for_another_owner),
		STORE_TEST(a_value_does_not_open_under_another_name),
		STORE_TEST(two_values_cannot_be_swapped),
		STORE_TEST(a_value_does_not_open_in_another_project),
		STORE_TEST(a_value_does_not_open_for_another_key_version),
		STORE_TEST(a_damaged_value_does_not_open),
		STORE_TEST(without_the_projects_key_nothing_is_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
