/* core/personal_token: what tokens reach, may, and how long. */
#include "support.h"

#include "core/organization.h"
#include "core/personal_token.h"
#include "core/store.h"

/* Who asks: by a token of the project's that may do everything. */
static struct principal *ask(struct store *s, const char *text)
{
	struct principal *who = arena_alloc(&s->op.arena, sizeof(*who));

	s->op.principal = NULL;
	must(access_token_authenticate(&s->op, TOKEN_GORULES, text, who));
	s->op.principal = who;
	return who;
}

static struct principal *ask_as_owner(struct store *s)
{
	const struct access_token_new new = {.kind = TOKEN_GORULES,
					     .label = "first",
					     .scopes = "full",
					     .role = ROLE_ADMIN};
	char text[TOKEN_TEXT];
	struct access_token made;

	s->op.project_id = s->project.id;
	must(access_token_create(&s->op, &new, &made, text));
	return ask(s, text);
}

static struct uuid service_user(struct store *s)
{
	char id[UUID_TEXT];
	struct uuid user;

	uuid_format(s->project.organization_id, id);
	must(personal_token_user(&s->op, id, &user));
	return user;
}

static void a_user_is_the_organizations_or_a_member(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder_list members;
	struct uuid user;
	char id[UUID_TEXT];

	ask_as_owner(s);
	assert_uuid_equal(service_user(s), s->project.organization_id);
	must(organization_builders(op, s->project.organization_id, &members));
	uuid_format(members.items[0].id, id);
	must(personal_token_user(op, id, &user));
	assert_uuid_equal(user, members.items[0].id);
	uuid_format(s->project.id, id);
	must_fail(personal_token_user(op, id, &user), ERR_NOT_FOUND);
	must_fail(personal_token_user(op, "nobody", &user), ERR_NOT_FOUND);
	op->principal = make_principal(op, &s->project, ROLE_VIEWER);
	must_fail(personal_token_user(op, id, &user), ERR_FORBIDDEN);
}

static void a_token_may_what_it_says(void **state)
{
	struct store *s = *state;
	struct personal_token made;
	char text[TOKEN_TEXT];

	ask_as_owner(s);
	const struct personal_token_new new = {
		.note = "one",
		.projects = &s->project.id,
		.project_count = 1,
		.scopes = "execute,project",
		.lifetime_us = DAY,
	};
	must(personal_token_create(&s->op, service_user(s), &new, &made, text));
	struct principal *who = ask(s, text);
	assert_true(principal_may(who, PERMISSION_EXECUTE));
	assert_true(principal_may(who, PERMISSION_PROJECT));
	assert_false(principal_may(who, PERMISSION_INTEGRATIONS));
	must(access_to(&s->op, PERMISSION_PROJECT));
	must_fail(access_to(&s->op, PERMISSION_INTEGRATIONS), ERR_FORBIDDEN);
	assert_non_null(strstr(s->op.detail, "manage integrations"));
	must_fail(access_to_write(&s->op), ERR_FORBIDDEN);
	store_commit(s);
	s->op.now += DAY;
	must_fail(access_token_authenticate(&s->op, TOKEN_GORULES, text, who),
		  ERR_UNAUTHENTICATED);
}

static void scopes_are_whole_words(void **state)
{
	(void)state;
	assert_int_equal(permissions_of(""), 0);
	assert_int_equal(permissions_of("full"), 0);
	assert_int_equal(permissions_of("execut,executed,,"), 0);
	assert_int_equal(permissions_of("integrations"),
			 PERMISSION_INTEGRATIONS | PERMISSION_EXECUTE);
	assert_false(principal_may(NULL, PERMISSION_EXECUTE));
}

static void a_token_for_all_reaches_what_its_maker_does(void **state)
{
	struct store *s = *state;
	struct personal_token made;
	struct project later, entered;
	char text[TOKEN_TEXT];

	struct principal *maker = ask_as_owner(s);
	const struct personal_token_new new = {
		.note = "all", .is_for_all = true, .is_owner = true};
	must(personal_token_create(&s->op, service_user(s), &new, &made, text));
	assert_true(made.is_for_all);
	assert_int_equal(made.project_count, 0);
	must(project_create(&s->op, "later", "Later", &later));
	store_commit(s);
	ask(s, text);
	must(project_enter(&s->op, PROJECT_BY_NAME, "later", &entered));
	must(project_create(&s->op, "latest", "Latest", &later));
	s->op.principal = maker;
	must(project_enter(&s->op, PROJECT_BY_NAME, "latest", &entered));
}

static void a_project_that_is_not_seen_is_none(void **state)
{
	struct store *s = *state;
	struct project foreign = make_project(&s->op, "other", "foreign");
	const struct uuid ids[] = {s->project.id, foreign.id};
	const struct personal_token_new new = {
		.note = "x", .projects = ids, .project_count = 2, .scopes = ""};
	struct personal_token made;
	char text[TOKEN_TEXT];

	ask_as_owner(s);
	must_fail(personal_token_create(&s->op, service_user(s), &new, &made,
					text),
		  ERR_MISSHAPEN);
	assert_string_equal(s->op.issues[0].field, "projects[1]");
}

static void a_value_is_given_to_who_reaches_as_far(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project second;
	struct personal_token both, narrow, again;
	char text[TOKEN_TEXT], id[UUID_TEXT];

	struct principal *owner = ask_as_owner(s);
	must(project_create(op, "second", "Second", &second));
	const struct uuid ids[] = {s->project.id, second.id, second.id};
	const struct personal_token_new two = {.note = "both",
					       .projects = ids,
					       .project_count = 3,
					       .scopes = ""};
	const struct personal_token_new one = {.note = "one",
					       .projects = ids,
					       .project_count = 1,
					       .is_owner = true};
	struct uuid user = service_user(s);
	must(personal_token_create(op, user, &two, &both, text));
	assert_int_equal(both.project_count, 2);
	must(personal_token_create(op, user, &one, &narrow, text));
	store_commit(s);
	uuid_format(both.token.id, id);
	ask(s, text);
	must_fail(personal_token_regenerate(op, user, id, &again, text),
		  ERR_FORBIDDEN);
	op->principal = owner;
	must(personal_token_regenerate(op, user, id, &again, text));
	must(personal_token_delete(op, user, id));
	must_fail(personal_token_delete(op, user, id), ERR_NOT_FOUND);
	must_fail(personal_token_delete(op, user, "x"), ERR_NOT_FOUND);
}

static void a_members_token_ends_when_the_member_leaves(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder_list members;
	struct personal_token made;
	struct personal_token_list list;
	char text[TOKEN_TEXT];

	ask_as_owner(s);
	must(organization_builders(op, s->project.organization_id, &members));
	struct uuid user = members.items[0].id;
	const struct personal_token_new new = {.note = "member's",
					       .projects = &s->project.id,
					       .project_count = 1,
					       .scopes = ""};
	must(personal_token_create(op, user, &new, &made, text));
	must(personal_token_list(op, user, &list));
	assert_int_equal(list.count, 1);
	assert_uuid_equal(list.items[0].user_id, user);
	store_commit(s);
	assert_uuid_equal(ask(s, text)->user_id, user);
	must(store_membership_remove(op, s->project.organization_id, user));
	store_commit(s);
	struct principal who;
	must_fail(access_token_authenticate(op, TOKEN_GORULES, text, &who),
		  ERR_UNAUTHENTICATED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_user_is_the_organizations_or_a_member),
		STORE_TEST(a_token_may_what_it_says),
		cmocka_unit_test(scopes_are_whole_words),
		STORE_TEST(a_token_for_all_reaches_what_its_maker_does),
		STORE_TEST(a_project_that_is_not_seen_is_none),
		STORE_TEST(a_value_is_given_to_who_reaches_as_far),
		STORE_TEST(a_members_token_ends_when_the_member_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
