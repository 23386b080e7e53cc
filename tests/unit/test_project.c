/* core/project, core/principal: handles, names, keys; who may what. */
#include "support.h"

#include "core/deletion.h"
#include "core/organization.h"

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
	assert_int_equal(s->op.issue_count, 1); /* said once */
	assert_string_equal(s->op.issues[0].why, "is taken");
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

/* Ann of "other", who asks by a token of the store's own project. */
static struct principal *ask_as_ann(struct store *s,
				    const struct project *theirs)
{
	struct principal *who = make_principal(&s->op, &s->project, ROLE_ADMIN);
	struct builder ann;

	must(builder_ensure(&s->op, "ann@b.cd", &ann));
	must(organization_join(&s->op, theirs->organization_id, ann.id));
	who->builder_id = ann.id;
	s->op.principal = who;
	return who;
}

static void a_builder_sees_what_its_organizations_have(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project theirs = make_project(op, "other", "theirs");
	struct principal *who = ask_as_ann(s, &theirs);
	struct project_list list;
	struct project entered;

	must(project_enter(op, PROJECT_BY_NAME, "theirs", &entered));
	must_fail(project_enter(op, PROJECT_BY_NAME, "my-project", &entered),
		  ERR_NOT_FOUND);
	must(project_list(op, &list));
	assert_int_equal(list.count, 1);
	assert_uuid_equal(list.items[0].id, theirs.id);
	must(organization_join(op, s->project.organization_id,
			       who->builder_id));
	must(project_list(op, &list));
	assert_int_equal(list.count, 2);
	assert_uuid_equal(list.items[0].id, s->project.id);
	who->sees_organization = true;
	must(project_enter(op, PROJECT_BY_NAME, "my-project", &entered));
}

static void a_builder_makes_projects_where_it_is_a_member(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project theirs = make_project(op, "other", "theirs"), made;
	struct project_list list;

	(void)ask_as_ann(s, &theirs);
	must(project_create_in(op, theirs.organization_id, "New", "New",
			       &made));
	assert_uuid_equal(made.organization_id, theirs.organization_id);
	must_fail(project_create_in(op, s->project.organization_id, "newer",
				    "Newer", &made),
		  ERR_NOT_FOUND);
	must_fail(project_create(op, "newer", "Newer", &made), ERR_NOT_FOUND);
	must(project_list(op, &list));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[1].name, "new");
}

static void a_change_is_kept_and_recorded(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project changed, entered;

	op->principal = make_principal(op, &s->project, ROLE_ADMIN);
	op->now += SECOND;
	must(project_update(op, &s->project, "New-Name", NULL, &changed));
	must(project_update(op, &changed, NULL, "New Title", &changed));
	must(project_enter(op, PROJECT_BY_NAME, "new-name", &entered));
	assert_uuid_equal(entered.id, s->project.id);
	assert_string_equal(entered.title, "New Title");
	assert_string_equal(changed.name, "new-name");
	assert_int_equal(changed.updated_at, START + SECOND);
	assert_int_equal(entered.updated_at, START + SECOND);
	assert_int_equal(event_count(op, "project.updated"), 2);
	assert_string_equal(payload_of(op, "project.updated"),
			    "{\"name\":\"new-name\"}");
	must_fail(project_enter(op, PROJECT_BY_NAME, "my-project", &entered),
		  ERR_NOT_FOUND);
}

static void a_bad_or_a_taken_new_name_is_refused(void **state)
{
	struct store *s = *state;
	struct project ignored;

	(void)make_project(&s->op, "acme", "other");
	must_fail(
		project_update(&s->op, &s->project, "bad name", NULL, &ignored),
		ERR_INVALID);
	must_fail(project_update(&s->op, &s->project, "Other", NULL, &ignored),
		  ERR_TAKEN);
	assert_int_equal(s->op.issue_count, 2);
	assert_string_equal(s->op.issues[1].field, "name");
	assert_string_equal(s->op.issues[1].why, "is taken");
	assert_int_equal(event_count(&s->op, "project.updated"), 0);
}

static void what_was_let_go_of_is_found_by_its_id_alone(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project other = make_project(op, "acme", "other");
	const char *id = id_of(op, &other);
	struct project_list list;
	struct uuid found;

	must(project_find_kept(op, "other", &found));
	assert_uuid_equal(found, other.id);
	must(project_find_kept(op, id, &found));
	assert_uuid_equal(found, other.id);
	move_to(op, other);
	must(delete_project(op));
	move_to(op, s->project);
	must(project_find_kept(op, id, &found));
	assert_uuid_equal(found, other.id);
	must_fail(project_find_kept(op, "other", &found), ERR_NOT_FOUND);
	assert_string_equal(op->detail, "there is no project other");
	must(project_list_all(op, &list));
	assert_int_equal(list.count, 1);
	must(project_list_kept(op, &list));
	assert_int_equal(list.count, 2);
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
		STORE_TEST(a_builder_sees_what_its_organizations_have),
		STORE_TEST(a_builder_makes_projects_where_it_is_a_member),
		STORE_TEST(a_change_is_kept_and_recorded),
		STORE_TEST(a_bad_or_a_taken_new_name_is_refused),
		STORE_TEST(what_was_let_go_of_is_found_by_its_id_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
