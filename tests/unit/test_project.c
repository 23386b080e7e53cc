/* core/project, core/principal: who sees which project, and who may what. */
#include "support.h"

#include "core/access_token.h"
#include "core/store.h"

static const char *id_of(struct op *op, const struct project *project)
{
	char text[UUID_TEXT];

	uuid_format(project->id, text);
	return arena_strdup(&op->arena, text);
}

static bool sees(struct op *op, const struct principal *who,
		 const struct project *project)
{
	struct project entered;

	op->principal = who;
	enum error error = project_enter(op, PROJECT_BY_ID,
					 id_of(op, project), &entered);
	op->principal = NULL;
	if (error != OK)
		assert_int_equal(error, ERR_NOT_FOUND);
	return error == OK;
}

static void a_project_is_entered_by_each_of_its_handles(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct principal who = principal_of_project(&s->project, ROLE_VIEWER);
	const char *id = id_of(op, &s->project);
	const struct {
		enum project_handle by;
		const char *handle;
	} handles[] = {
		{PROJECT_BY_ID, id},
		{PROJECT_BY_NAME, "my-project"},
		{PROJECT_BY_NAME, "My-PROJECT"},
		{PROJECT_BY_SHORT_ID, s->project.short_id},
		{PROJECT_BY_ID_OR_NAME, id},
		{PROJECT_BY_ID_OR_NAME, "my-project"},
	};

	op->principal = &who;
	for (size_t i = 0; i < COUNT(handles); i++) {
		struct project entered;

		op->project_id = (struct uuid){{0}};
		must(project_enter(op, handles[i].by, handles[i].handle,
				   &entered));
		assert_uuid_equal(entered.id, s->project.id);
		assert_uuid_equal(op->project_id, s->project.id);
		assert_string_equal(entered.title, "My Project");
	}
}

static void a_handle_of_the_wrong_kind_is_unknown(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct principal who = principal_of_project(&s->project, ROLE_ADMIN);
	struct project entered;

	op->principal = &who;
	must_fail(project_enter(op, PROJECT_BY_ID, "my-project", &entered),
		  ERR_NOT_FOUND);
	must_fail(project_enter(op, PROJECT_BY_NAME, id_of(op, &s->project),
				&entered),
		  ERR_NOT_FOUND);
	must_fail(project_enter(op, PROJECT_BY_SHORT_ID, "my-project",
				&entered),
		  ERR_NOT_FOUND);
	must_fail(project_enter(op, PROJECT_BY_NAME, "", &entered),
		  ERR_NOT_FOUND);
	assert_string_equal(op->detail, "there is no project ");
	assert_non_null(op->remedy);
}

static void nobody_sees_no_project(void **state)
{
	struct store *s = *state;

	assert_false(sees(&s->op, NULL, &s->project));
}

static void a_token_sees_its_own_project_alone(void **state)
{
	struct store *s = *state;
	struct project sister = make_project(&s->op, "acme", "sister");
	struct principal who = principal_of_project(&s->project, ROLE_ADMIN);

	assert_true(sees(&s->op, &who, &s->project));
	assert_false(sees(&s->op, &who, &sister));
}

static void a_builder_sees_all_of_its_organization_and_no_other(void **state)
{
	struct store *s = *state;
	struct project sister = make_project(&s->op, "acme", "sister");
	struct project foreign = make_project(&s->op, "other", "foreign");
	struct principal who = principal_of_project(&s->project, ROLE_VIEWER);

	who.sees_organization = true;
	assert_true(sees(&s->op, &who, &s->project));
	assert_true(sees(&s->op, &who, &sister));
	assert_false(sees(&s->op, &who, &foreign));
}

static void a_maker_sees_what_it_made(void **state)
{
	struct store *s = *state;
	struct project made, sister = make_project(&s->op, "acme", "sister");
	struct principal who = principal_of_project(&s->project, ROLE_ADMIN);
	struct principal other = who;

	who.token_id.bytes[0] = 1;
	who.sees_made_projects = true;
	other.token_id.bytes[0] = 2;
	other.sees_made_projects = true;
	s->op.principal = &who;
	must(project_create(&s->op, "made", "Made", &made));
	assert_true(sees(&s->op, &who, &made));
	assert_false(sees(&s->op, &who, &sister));
	assert_false(sees(&s->op, &other, &made));
}

static void
what_was_made_in_another_organization_is_not_seen(void **state)
{
	struct store *s = *state;
	struct project foreign = make_project(&s->op, "other", "foreign");
	struct principal who = principal_of_project(&s->project, ROLE_ADMIN);

	who.sees_made_projects = true;
	who.token_id.bytes[0] = 1;
	must(store_token_allow(&s->op, who.token_id, foreign.id));
	assert_false(sees(&s->op, &who, &foreign));
}

static void a_list_has_what_can_be_entered_oldest_first(void **state)
{
	struct store *s = *state;
	struct principal who = principal_of_project(&s->project, ROLE_VIEWER);
	struct project_list list;

	make_project(&s->op, "other", "foreign");
	make_project(&s->op, "acme", "sister");
	make_project(&s->op, "acme", "another");
	s->op.principal = &who;
	must(project_list(&s->op, &list));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].name, "my-project");

	who.sees_organization = true;
	must(project_list(&s->op, &list));
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].name, "my-project");
	assert_string_equal(list.items[1].name, "sister");
	assert_string_equal(list.items[2].name, "another");

	s->op.principal = NULL;
	must(project_list_all(&s->op, &list));
	assert_int_equal(list.count, 4);
}

static void names_are_letters_digits_and_inner_dashes(void **state)
{
	char longest[PROJECT_NAME_MAX + 2];
	static const char *const good[] = {"ab", "a1", "1-a", "a--b",
					   "my-project"};
	static const char *const bad[] = {
		"",   "a",    "-a",  "a-",	"--",  "a_b", "A-b",
		"a b", "a.b", "a/b", "\xc3\xa9t\xc3\xa9", "a\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(project_name_is_valid(good[i]));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(project_name_is_valid(bad[i]));
	memset(longest, 'a', sizeof(longest));
	longest[PROJECT_NAME_MAX] = '\0';
	assert_true(project_name_is_valid(longest));
	longest[PROJECT_NAME_MAX] = 'a';
	longest[PROJECT_NAME_MAX + 1] = '\0';
	assert_false(project_name_is_valid(longest));
}

static void a_new_name_is_kept_in_lower_case(void **state)
{
	struct store *s = *state;
	struct principal who = principal_of_project(&s->project, ROLE_ADMIN);
	struct project made;

	who.sees_organization = true;
	s->op.principal = &who;
	must(project_create(&s->op, "New-Name", "New Name", &made));
	assert_string_equal(made.name, "new-name");
	assert_string_equal(made.title, "New Name");
	assert_int_equal(strlen(made.short_id), 13);
	assert_int_equal(made.created_at, START);
	assert_uuid_equal(made.organization_id, s->project.organization_id);
	assert_true(has_event(&s->op, "project.created", made.id));
}

static void a_bad_name_is_refused_with_an_issue(void **state)
{
	struct store *s = *state;
	struct project made;

	must_fail(project_found(&s->op, "acme", "bad name", "x", &made),
		  ERR_INVALID);
	assert_int_equal(s->op.issue_count, 1);
	assert_string_equal(s->op.issues[0].field, "name");
}

static void a_name_is_taken_in_every_organization(void **state)
{
	struct store *s = *state;
	struct project made;

	must_fail(project_found(&s->op, "acme", "my-project", "x", &made),
		  ERR_TAKEN);
	must_fail(project_found(&s->op, "other", "MY-project", "x", &made),
		  ERR_TAKEN);
	assert_int_equal(s->op.issue_count, 2);
	assert_string_equal(s->op.issues[1].why, "is taken");
}

static void an_organization_is_made_once(void **state)
{
	struct store *s = *state;
	struct project one = make_project(&s->op, "new", "one");
	struct project two = make_project(&s->op, "new", "two");

	assert_uuid_equal(one.organization_id, two.organization_id);
	assert_int_equal(
		store_number(s, "SELECT COUNT(*) FROM organization"), 2);
}

static void only_an_admin_makes_projects(void **state)
{
	struct store *s = *state;
	struct principal who = principal_of_project(&s->project, ROLE_VIEWER);
	struct project made;

	must_fail(project_create(&s->op, "made", "Made", &made),
		  ERR_FORBIDDEN);
	s->op.principal = &who;
	must_fail(project_create(&s->op, "made", "Made", &made),
		  ERR_FORBIDDEN);
	who.role = ROLE_FRONTEND;
	must_fail(project_create(&s->op, "made", "Made", &made),
		  ERR_FORBIDDEN);
}

static void each_role_may_what_it_may(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct principal who = principal_of_project(&s->project, ROLE_VIEWER);

	must_fail(access_to_write(op), ERR_FORBIDDEN);
	must_fail(access_to_manage(op), ERR_FORBIDDEN);
	op->principal = &who;
	must_fail(access_to_write(op), ERR_FORBIDDEN);
	must_fail(access_to_manage(op), ERR_FORBIDDEN);
	who.role = ROLE_FRONTEND;
	must(access_to_write(op));
	must_fail(access_to_manage(op), ERR_FORBIDDEN);
	who.role = ROLE_ADMIN;
	must(access_to_write(op));
	must(access_to_manage(op));
}

static void each_project_has_a_key_of_its_own(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct key own, again, others;
	int64_t version;

	must(project_key(&s->op, &own, &version));
	assert_int_equal(version, 1);
	must(project_key(&s->op, &again, &version));
	assert_memory_equal(&own, &again, sizeof(own));
	move_to(&s->op, other);
	must(project_key(&s->op, &others, &version));
	assert_memory_not_equal(&own, &others, sizeof(own));
}

static void another_master_key_does_not_open_it(void **state)
{
	struct store *s = *state;
	struct keyring others;
	struct key key;
	int64_t version;

	key_make(&key);
	keyring_init(&others, &key);
	s->op.keys = &others;
	must_fail(project_key(&s->op, &key, &version), ERR_INTERNAL);
}

static void a_key_of_another_project_does_not_open_here(void **state)
{
	struct store *s = *state;
	struct key key;
	int64_t version;

	make_project(&s->op, "acme", "other");
	store_script(s, "UPDATE project SET sealed_key = (SELECT sealed_key "
			"FROM project WHERE name = 'other') "
			"WHERE name = 'my-project'");
	must_fail(project_key(&s->op, &key, &version), ERR_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_project_is_entered_by_each_of_its_handles),
		STORE_TEST(a_handle_of_the_wrong_kind_is_unknown),
		STORE_TEST(nobody_sees_no_project),
		STORE_TEST(a_token_sees_its_own_project_alone),
		STORE_TEST(a_builder_sees_all_of_its_organization_and_no_other),
		STORE_TEST(a_maker_sees_what_it_made),
		STORE_TEST(what_was_made_in_another_organization_is_not_seen),
		STORE_TEST(a_list_has_what_can_be_entered_oldest_first),
		cmocka_unit_test(names_are_letters_digits_and_inner_dashes),
		STORE_TEST(a_new_name_is_kept_in_lower_case),
		STORE_TEST(a_bad_name_is_refused_with_an_issue),
		STORE_TEST(a_name_is_taken_in_every_organization),
		STORE_TEST(an_organization_is_made_once),
		STORE_TEST(only_an_admin_makes_projects),
		STORE_TEST(each_role_may_what_it_may),
		STORE_TEST(each_project_has_a_key_of_its_own),
		STORE_TEST(another_master_key_does_not_open_it),
		STORE_TEST(a_key_of_another_project_does_not_open_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
