/* core/project: who sees which project. */
#include "support.h"

#include "core/store.h"

static bool sees(struct op *op, const struct principal *who,
		 const struct project *project)
{
	char id[UUID_TEXT];
	struct project entered;

	uuid_format(project->id, id);
	op->principal = who;
	enum error error = project_enter(op, PROJECT_BY_ID, id, &entered);
	op->principal = NULL;
	if (error != OK)
		assert_int_equal(error, ERR_NOT_FOUND);
	return error == OK;
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
	struct principal *who = make_principal(&s->op, &s->project, ROLE_ADMIN);

	assert_true(sees(&s->op, who, &s->project));
	assert_false(sees(&s->op, who, &sister));
}

static void a_builder_sees_all_of_its_organization_and_no_other(void **state)
{
	struct store *s = *state;
	struct project sister = make_project(&s->op, "acme", "sister");
	struct project foreign = make_project(&s->op, "other", "foreign");
	struct principal *who =
		make_principal(&s->op, &s->project, ROLE_VIEWER);

	who->sees_organization = true;
	assert_true(sees(&s->op, who, &s->project));
	assert_true(sees(&s->op, who, &sister));
	assert_false(sees(&s->op, who, &foreign));
}

static void a_maker_sees_what_it_made(void **state)
{
	struct store *s = *state;
	struct project made, sister = make_project(&s->op, "acme", "sister");
	struct principal *who = make_principal(&s->op, &s->project, ROLE_ADMIN);
	struct principal other = *who;

	who->token_id.bytes[0] = 1;
	who->sees_made_projects = true;
	other.token_id.bytes[0] = 2;
	other.sees_made_projects = true;
	s->op.principal = who;
	must(project_create(&s->op, "made", "Made", &made));
	assert_true(sees(&s->op, who, &made));
	assert_false(sees(&s->op, who, &sister));
	assert_false(sees(&s->op, &other, &made));
}

static void what_was_made_in_another_organization_is_not_seen(void **state)
{
	struct store *s = *state;
	struct project foreign = make_project(&s->op, "other", "foreign");
	struct principal *who = make_principal(&s->op, &s->project, ROLE_ADMIN);

	who->sees_made_projects = true;
	who->token_id.bytes[0] = 1;
	must(store_token_allow(&s->op, who->token_id, foreign.id));
	assert_false(sees(&s->op, who, &foreign));
}

static void a_list_has_what_can_be_entered_oldest_first(void **state)
{
	struct store *s = *state;
	struct principal *who =
		make_principal(&s->op, &s->project, ROLE_VIEWER);
	struct project_list list;

	make_project(&s->op, "other", "foreign");
	make_project(&s->op, "acme", "sister");
	make_project(&s->op, "acme", "another");
	s->op.principal = who;
	must(project_list(&s->op, &list));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].name, "my-project");

	who->sees_organization = true;
	must(project_list(&s->op, &list));
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].name, "my-project");
	assert_string_equal(list.items[1].name, "sister");
	assert_string_equal(list.items[2].name, "another");

	s->op.principal = NULL;
	must(project_list_all(&s->op, &list));
	assert_int_equal(list.count, 4);
}

static void a_remembered_project_is_still_only_its_own_tokens(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other-project");
	struct principal *who = make_principal(&s->op, &other, ROLE_ADMIN);
	struct principal *stranger =
		make_principal(&s->op, &s->project, ROLE_ADMIN);
	struct project entered;
	struct op *op;

	store_commit(s);
	op = store_read(s);
	op->principal = who;
	for (int i = 0; i < 2; i++) {
		must(project_enter(op, PROJECT_BY_NAME, "Other-Project",
				   &entered));
		assert_uuid_equal(entered.id, other.id);
		assert_string_equal(entered.title, "other-project");
		assert_uuid_equal(op->project_id, other.id);
	}
	/* under this very handle: it is a name, not a short id */
	must_fail(project_enter(op, PROJECT_BY_SHORT_ID, "other-project",
				&entered),
		  ERR_NOT_FOUND);
	op->principal = stranger;
	must_fail(project_enter(op, PROJECT_BY_NAME, "other-project", &entered),
		  ERR_NOT_FOUND);
	store_read_end(s);
}

static void a_remembered_project_is_forgotten_with_its_snapshot(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "short-lived");
	struct principal *who = make_principal(&s->op, &other, ROLE_ADMIN);
	struct project entered;
	struct op *op;

	store_commit(s);
	op = store_read(s);
	op->principal = who;
	must(project_enter(op, PROJECT_BY_NAME, "short-lived", &entered));
	store_read_end(s);
	store_script(s, "UPDATE project SET deleted_at = 1 "
			"WHERE name = 'short-lived'");
	store_commit(s);
	op = store_read(s);
	op->principal = who;
	must_fail(project_enter(op, PROJECT_BY_NAME, "short-lived", &entered),
		  ERR_NOT_FOUND);
	store_read_end(s);
}

static void a_project_with_a_long_title_is_entered_every_time(void **state)
{
	struct store *s = *state;
	struct principal *who = make_principal(&s->op, &s->project, ROLE_ADMIN);
	char title[400], handle[400];
	struct project made, entered;
	struct op *op;

	memset(title, 't', sizeof(title));
	title[sizeof(title) - 1] = '\0';
	memcpy(handle, title, sizeof(handle));
	must(project_found(&s->op, "acme", "long-title", title, &made));
	who->project_id = made.id;
	store_commit(s);
	op = store_read(s);
	op->principal = who;
	for (int i = 0; i < 2; i++) {
		must(project_enter(op, PROJECT_BY_NAME, "long-title",
				   &entered));
		assert_string_equal(entered.title, title);
		must_fail(project_enter(op, PROJECT_BY_NAME, handle, &entered),
			  ERR_NOT_FOUND);
	}
	store_read_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(nobody_sees_no_project),
		STORE_TEST(a_token_sees_its_own_project_alone),
		STORE_TEST(a_builder_sees_all_of_its_organization_and_no_other),
		STORE_TEST(a_maker_sees_what_it_made),
		STORE_TEST(what_was_made_in_another_organization_is_not_seen),
		STORE_TEST(a_list_has_what_can_be_entered_oldest_first),
		STORE_TEST(a_remembered_project_is_still_only_its_own_tokens),
		STORE_TEST(a_remembered_project_is_forgotten_with_its_snapshot),
		STORE_TEST(a_project_with_a_long_title_is_entered_every_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
