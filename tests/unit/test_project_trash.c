/* core/project_trash: hiding a project, its way back, its end. */
#include "support.h"

#include "core/hold.h"
#include "core/project_trash.h"
#include "core/restore.h"
#include "core/store.h"

/* It is the op's, and in the trash; who asks may see it. */
static struct deletion trashed(struct store *s, struct principal **who)
{
	struct deletion deletion;

	*who = make_principal(&s->op, &s->project, ROLE_ADMIN);
	s->op.principal = *who;
	must(project_trash(&s->op, &s->project));
	must(receipt_get(&s->op, s->op.deletion_id, &deletion));
	return deletion;
}

static void a_hidden_project_is_found_in_the_trash_alone(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project_list list;
	struct project found;
	struct principal *who;
	char id[UUID_TEXT];

	struct deletion deletion = trashed(s, &who);
	assert_string_equal(deletion.state, DELETION_HIDDEN);
	assert_string_equal(deletion.target_kind, "project");
	assert_int_equal(deletion.purge_at, op->now + 30 * DAY);
	uuid_format(s->project.id, id);
	must_fail(project_enter(op, PROJECT_BY_ID, id, &found), ERR_NOT_FOUND);
	must(project_trash_list(op, &list));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].name, s->project.name);
	must(project_trash_find(op, s->project.id, &found));
	assert_int_equal(found.deleted_at, op->now);
	must(project_list(op, &list));
	assert_int_equal(list.count, 0);
}

static void a_hidden_project_comes_back_under_a_free_name(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project back;
	struct principal *who;
	struct deletion deletion = trashed(s, &who);

	op->principal = NULL;
	make_project(op, "acme", s->project.name);
	make_project(op, "acme", "my-project-1");
	op->principal = who;
	must(project_trash_restore(op, s->project.id, &back));
	assert_string_equal(back.name, "my-project-2");
	assert_int_equal(back.deleted_at, 0);
	must(receipt_get(op, deletion.id, &deletion));
	assert_string_equal(deletion.state, DELETION_RESTORED);
	must_fail(project_trash_restore(op, s->project.id, &back),
		  ERR_NOT_FOUND);
}

static void who_does_not_see_it_does_not_bring_it_back(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project foreign = make_project(op, "other", "foreign");
	struct project found;
	struct principal *who;

	trashed(s, &who);
	op->principal = make_principal(op, &foreign, ROLE_ADMIN);
	must_fail(project_trash_find(op, s->project.id, &found), ERR_NOT_FOUND);
	must_fail(project_trash_restore(op, s->project.id, &found),
		  ERR_NOT_FOUND);
}

static void a_protected_project_is_not_hidden(void **state)
{
	struct store *s = *state;
	struct project changed = s->project;

	changed.is_protected = true;
	must(project_update(&s->op, &changed, NULL, NULL, &changed));
	must_fail(project_trash(&s->op, &changed), ERR_HELD);
}

static void a_dry_run_hides_nothing(void **state)
{
	struct store *s = *state;
	struct project_list list;

	s->op.principal = make_principal(&s->op, &s->project, ROLE_ADMIN);
	s->op.is_dry_run = true;
	must_fail(project_trash(&s->op, &s->project), ERR_PLANNED);
	assert_non_null(strstr(s->op.plan, "\"hidden\""));
	s->op.is_dry_run = false;
	must(project_list(&s->op, &list));
	assert_int_equal(list.count, 1);
}

static void it_does_not_come_back_when_its_time_is_over(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project_list list;
	struct project back;
	struct principal *who;
	bool is_done = false;

	struct deletion deletion = trashed(s, &who);
	op->now += 30 * DAY;
	must_fail(project_trash_restore(op, s->project.id, &back),
		  ERR_NOT_FOUND);
	must(project_trash_list(op, &list));
	assert_int_equal(list.count, 0);
	op->principal = NULL;
	op->project_id = s->project.id;
	must(purge_go_on(op, deletion.id, &is_done));
	assert_true(is_done);
	must(receipt_get(op, deletion.id, &deletion));
	assert_string_equal(deletion.state, DELETION_DONE);
	must(project_list_all(op, &list));
	assert_int_equal(list.count, 0);
}

static void a_hold_puts_its_end_off(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct principal *who;
	struct project found;
	struct hold hold;
	bool is_done = false;

	must(hold_put(op, "project", s->project.id, "case", &hold));
	struct deletion deletion = trashed(s, &who);
	must_fail(purge_go_on(op, deletion.id, &is_done), ERR_HELD);
	must(project_trash_find(op, s->project.id, &found));
}

static void what_came_back_is_not_purged(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project back;
	struct principal *who;
	bool is_done = false;

	struct deletion deletion = trashed(s, &who);
	must(project_trash_restore(op, s->project.id, &back));
	must(purge_go_on(op, deletion.id, &is_done));
	assert_true(is_done);
	must(project_enter(op, PROJECT_BY_NAME, back.name, &back));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_hidden_project_is_found_in_the_trash_alone),
		STORE_TEST(a_hidden_project_comes_back_under_a_free_name),
		STORE_TEST(who_does_not_see_it_does_not_bring_it_back),
		STORE_TEST(a_protected_project_is_not_hidden),
		STORE_TEST(a_dry_run_hides_nothing),
		STORE_TEST(it_does_not_come_back_when_its_time_is_over),
		STORE_TEST(a_hold_puts_its_end_off),
		STORE_TEST(what_came_back_is_not_purged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
