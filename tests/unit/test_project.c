/* core/project, core/principal: handles, names, keys; who may what. */
#include "support.h"

static const char *id_of(struct op *op, const struct project *project)
{
	char text[UUID_TEXT];

	uuid_format(project->id, text);
	return arena_strdup(&op->arena, text);
}

static void a_project_is_entered_by_each_of_its_handles(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct principal *who =
		make_principal(&s->op, &s->project, ROLE_VIEWER);
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

	op->principal = who;
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
	struct principal *who = make_principal(&s->op, &s->project, ROLE_ADMIN);
	struct project entered;

	op->principal = who;
	must_fail(project_enter(op, PROJECT_BY_ID, "my-project", &entered),
		  ERR_NOT_FOUND);
	must_fail(project_enter(op, PROJECT_BY_NAME, id_of(op, &s->project),
				&entered),
		  ERR_NOT_FOUND);
	must_fail(
		project_enter(op, PROJECT_BY_SHORT_ID, "my-project", &entered),
		ERR_NOT_FOUND);
	must_fail(project_enter(op, PROJECT_BY_NAME, "", &entered),
		  ERR_NOT_FOUND);
	assert_string_equal(op->detail, "there is no project ");
	assert_non_null(op->remedy);
}

static void names_are_letters_digits_and_inner_dashes(void **state)
{
	char longest[PROJECT_NAME_MAX + 2];
	static const char *const good[] = {"ab", "a1", "1-a", "a--b",
					   "my-project"};
	static const char *const bad[] = {"",
					  "a",
					  "-a",
					  "a-",
					  "--",
					  "a_b",
					  "A-b",
					  "a b",
					  "a.b",
					  "a/b",
					  "\xc3\xa9t\xc3\xa9",
					  "a\n"};

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
	struct principal *who = make_principal(&s->op, &s->project, ROLE_ADMIN);
	struct project made;

	who->sees_organization = true;
	s->op.principal = who;
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
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM organization"),
			 2);
}

static void only_an_admin_makes_projects(void **state)
{
	struct store *s = *state;
	struct principal *who =
		make_principal(&s->op, &s->project, ROLE_VIEWER);
	struct project made;

	must_fail(project_create(&s->op, "made", "Made", &made), ERR_FORBIDDEN);
	s->op.principal = who;
	must_fail(project_create(&s->op, "made", "Made", &made), ERR_FORBIDDEN);
	who->role = ROLE_FRONTEND;
	must_fail(project_create(&s->op, "made", "Made", &made), ERR_FORBIDDEN);
}

static void each_role_may_what_it_may(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct principal *who =
		make_principal(&s->op, &s->project, ROLE_VIEWER);

	must_fail(access_to_write(op), ERR_FORBIDDEN);
	must_fail(access_to_manage(op), ERR_FORBIDDEN);
	op->principal = who;
	must_fail(access_to_write(op), ERR_FORBIDDEN);
	must_fail(access_to_manage(op), ERR_FORBIDDEN);
	who->role = ROLE_FRONTEND;
	must(access_to_write(op));
	must_fail(access_to_manage(op), ERR_FORBIDDEN);
	who->role = ROLE_ADMIN;
	must(access_to_write(op));
	must(access_to_manage(op));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_project_is_entered_by_each_of_its_handles),
		STORE_TEST(a_handle_of_the_wrong_kind_is_unknown),
		cmocka_unit_test(names_are_letters_digits_and_inner_dashes),
		STORE_TEST(a_new_name_is_kept_in_lower_case),
		STORE_TEST(a_bad_name_is_refused_with_an_issue),
		STORE_TEST(a_name_is_taken_in_every_organization),
		STORE_TEST(an_organization_is_made_once),
		STORE_TEST(only_an_admin_makes_projects),
		STORE_TEST(each_role_may_what_it_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
