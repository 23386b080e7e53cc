/* core/restore, purge, hold: what is hidden, and what may not go. */
#include "letting_go.h"

#include "core/deletion.h"
#include "core/hold.h"
#include "core/restore.h"
#include "core/step.h"
#include "core/store.h"

static void what_is_hidden_comes_back_whole(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct connection_view used = connect_group(op, "acme", "stripe");
	struct uuid id = install(op, &of, "acme", &used).installation.id;
	struct installation_view view;
	struct restored back;
	struct thing group;

	must(thing_find_party(op, THING_GROUP, "acme", &group));
	struct deletion deletion = gone(op, &group, &softly);
	assert_string_equal(deletion.state, DELETION_HIDDEN);
	must_fail(installation_find(op, id, &view), ERR_NOT_FOUND);
	must_fail(restore_thing(op, THING_INSTALLATION, id, &back), ERR_IN_USE);
	connect_group(op, "acme", "stripe");
	must(restore_thing(op, THING_GROUP, group.id, &back));
	assert_int_equal(back.count, 3);
	assert_string_equal(back.name, "acme-1");
	must(installation_find(op, id, &view));
	assert_string_equal(view.group.ref, "acme-1");
	must_fail(restore_thing(op, THING_GROUP, group.id, &back),
		  ERR_NOT_FOUND);
	must_fail(purge_thing(op, THING_GROUP, group.id), ERR_NOT_FOUND);
}

static void what_can_not_come_back_says_why(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct connection_view used = connect_group(op, "acme", "stripe");
	struct uuid id = install(op, &of, "acme", &used).installation.id;
	struct thing one = thing(op, THING_INSTALLATION, id);
	struct restored back;
	struct thing person;

	gone(op, &one, &softly);
	connect_group(op, "acme", "stripe");
	install(op, &of, "acme", NULL);
	store_commit(s);
	must_fail(restore_thing(op, THING_INSTALLATION, id, &back), ERR_IN_USE);
	assert_non_null(strstr(op->detail, "has installed it again"));
	store_undo(s);
	struct thing whole = thing(op, THING_INTEGRATION, of.id);
	gone(op, &whole, &softly);
	store_commit(s);
	must_fail(restore_thing(op, THING_INSTALLATION, id, &back), ERR_IN_USE);
	store_undo(s);
	must(thing_find_party(op, THING_CONSUMER, "acme-user", &person));
	gone(op, &person, &softly);
	must_fail(restore_thing(op, THING_INSTALLATION, id, &back), ERR_IN_USE);
	assert_non_null(strstr(op->detail, "its consumer is deleted"));
}

/* However many batches that takes. */
static enum error purge_now(struct op *op, const struct deletion *deletion)
{
	bool is_done = false;
	enum error error = OK;

	while (!is_done && error == OK)
		error = purge_go_on(op, deletion->id, &is_done);
	return error;
}

static void purge_ends_it_with_its_grants(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct thing group;
	struct step_list steps;

	connect_group(op, "acme", "stripe");
	install(op, &of, "acme", NULL);
	grant_of(op, "acme", "box", "token");
	must(thing_find_party(op, THING_GROUP, "acme", &group));
	struct deletion deletion = gone(op, &group, &softly);
	must(steps_of(op, deletion.id, &steps));
	assert_int_equal(steps.count, 0);
	must(purge_thing(op, THING_GROUP, group.id));
	must(purge_now(op, &deletion)); /* again: nothing to do */
	must(receipt_get(op, deletion.id, &deletion));
	assert_string_equal(deletion.state, DELETION_WAITING);
	must(steps_of(op, deletion.id, &steps));
	assert_int_equal(steps.count, 1);
	const char *part;
	must(receipt_part(op, &deletion, 1, &part));
	assert_non_null(strstr(part, "\"gone\""));
	must(receipt_part(op, &deletion, 2, &part));
	assert_null(part);
	struct step step;
	must(step_retry(op, deletion.id, steps.items[0].id, &step));
	must(step_abandon(op, deletion.id, steps.items[0].id, "no", &step));
	must_fail(step_retry(op, deletion.id, step.id, &step), ERR_IN_USE);
	must_fail(step_get(op, step.id, step.id, &step), ERR_NOT_FOUND);
	must(receipt_get(op, deletion.id, &deletion));
	assert_string_equal(deletion.state, DELETION_DONE);
}

static void offboarding_takes_what_is_in_the_trash(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct thing one, group;
	struct restored back;

	connect_group(op, "acme", "stripe");
	struct uuid id = install(op, &of, "acme", NULL).installation.id;
	one = thing(op, THING_INSTALLATION, id);
	struct deletion hidden = gone(op, &one, &softly);
	must(thing_find_party(op, THING_GROUP, "acme", &group));
	struct plan *plan = planned(op, &group, &by_policy);
	assert_int_equal(plan->total, 3);
	gone(op, &group, &by_policy);
	must_fail(restore_thing(op, THING_INSTALLATION, id, &back),
		  ERR_NOT_FOUND);
	must(receipt_get(op, hidden.id, &hidden));
	assert_string_equal(hidden.state, DELETION_DONE);
}

static void holds_stop_erasing_and_not_hiding(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct connection_view used = connect_group(op, "acme", "stripe");
	struct thing one =
		thing(op, THING_INSTALLATION,
		      install(op, &of, "acme", &used).installation.id);
	struct hold_list holds;
	struct hold hold;

	must(hold_put(op, "connection", used.connection.id, "case", &hold));
	must(hold_list(op, &holds));
	assert_int_equal(holds.count, 1);
	struct plan *plan = planned(op, &one, &by_policy);
	assert_string_equal(plan->held_by->reason, "case");
	assert_non_null(strstr(plan_text(op, plan), "\"reason\":\"case\""));
	store_commit(s);
	must_fail(deletion_run(op, &one, &by_policy, NULL), ERR_HELD);
	store_undo(s);
	struct deletion deletion = gone(op, &one, &softly);
	must_fail(purge_now(op, &deletion), ERR_HELD);
	must(hold_lift(op, "connection", used.connection.id));
	must_fail(hold_lift(op, "connection", used.connection.id),
		  ERR_NOT_FOUND);
	must(purge_now(op, &deletion));
	must(hold_put(op, "project", op->project_id, "all", &hold));
	must_fail(hold_put(op, "moon", op->project_id, "x", &hold),
		  ERR_NOT_FOUND);
	must_fail(hold_put(op, "group", op->project_id, "x", &hold),
		  ERR_NOT_FOUND);
	must_fail(delete_integration(op, INTEGRATION_MANIFEST, of.id, NULL),
		  ERR_HELD);
}

static void what_is_hidden_can_be_held(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing one =
		thing(op, THING_CONNECTION,
		      connect_group(op, "acme", "stripe").connection.id);
	struct deletion deletion = gone(op, &one, &softly);
	struct hold hold;

	must(hold_put(op, "connection", one.id, "case", &hold));
	must_fail(purge_now(op, &deletion), ERR_HELD);
	must(hold_lift(op, "connection", one.id));
	must(purge_now(op, &deletion));
	must_fail(hold_put(op, "connection", one.id, "case", &hold),
		  ERR_NOT_FOUND);
}

static const char *state_of(struct op *op, struct uuid deletion_id)
{
	struct deletion deletion;

	must(receipt_get(op, deletion_id, &deletion));
	return deletion.state;
}

static void what_is_large_is_purged_in_batches(void **state)
{
	enum { EACH = 600 }; /* over what one batch ends */
	struct store *s = *state;
	struct op *op = &s->op;
	struct connection_view first = connect_group(op, "acme", "stripe");
	struct restored back;
	struct thing group;
	bool is_done;
	int batches = 0;

	for (int i = 0; i < EACH; i++) {
		struct integration of = offer(
			op, arena_printf(&op->arena, "sync-%d", i), "stripe");

		connect_group(op, "acme", "stripe");
		install(op, &of, "acme", &first);
	}
	must(thing_find_party(op, THING_GROUP, "acme", &group));
	struct deletion deletion = gone(op, &group, &softly);
	op->batch_over = 2 * EACH;
	must(purge_thing(op, THING_GROUP, group.id));
	op->batch_over = INT64_MAX;
	assert_string_equal(state_of(op, deletion.id), DELETION_RUNNING);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM installation"),
			 EACH);
	must_fail(restore_thing(op, THING_GROUP, group.id, &back),
		  ERR_NOT_FOUND);
	do {
		must(purge_go_on(op, deletion.id, &is_done));
		batches++;
	} while (!is_done);
	assert_true(batches > 1);
	assert_string_equal(state_of(op, deletion.id), DELETION_DONE);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM installation"),
			 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM connection"), 0);
	assert_int_equal(event_count(op, "installation.purged"), EACH);
	assert_int_equal(event_count(op, "connection.purged"), EACH + 1);
	assert_int_equal(event_count(op, "group.purged"), 1);
}

static void a_hold_on_a_part_keeps_the_whole(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct connection_view other = connect_group(op, "other", "stripe");
	struct connection_view last = connect_group(op, "acme", "box");
	struct thing group;
	struct hold hold;

	connect_group(op, "acme", "stripe");
	must(hold_put(op, "connection", other.connection.id, "case", &hold));
	must(thing_find_party(op, THING_GROUP, "acme", &group));
	struct deletion deletion = gone(op, &group, &softly);
	must(hold_put(op, "connection", last.connection.id, "case", &hold));
	must_fail(purge_thing(op, THING_GROUP, group.id), ERR_HELD);
	assert_string_equal(state_of(op, deletion.id), DELETION_HIDDEN);
	assert_int_equal(event_count(op, "connection.purged"), 0);
	must(hold_lift(op, "connection", last.connection.id));
	must(purge_thing(op, THING_GROUP, group.id));
	assert_int_equal(event_count(op, "connection.purged"), 2);
}

static void hold_stops_the_end_of_a_grant(void **state)
{
	const struct deletion_options spoiling = {.mode = MODE_SOFT,
						  .revoke = REVOKE_NOW};
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing one =
		thing(op, THING_CONNECTION, grant_of(op, "a", "box", "token"));
	struct hold hold;

	must(hold_put(op, "connection", one.id, "case", &hold));
	struct plan *plan = planned(op, &one, &spoiling);
	assert_non_null(plan->held_by);
	assert_true(plan_is_blocked(plan));
	store_commit(s);
	must_fail(deletion_run(op, &one, &spoiling, NULL), ERR_HELD);
	assert_non_null(strstr(op->remedy, "revoke purge"));
	store_undo(s);
	assert_false(plan_is_blocked(planned(op, &one, &softly)));
	gone(op, &one, &softly);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM secret"), 1);
}

static void hold_on_a_connection_that_stays_stops_nothing(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct integration other = offer(op, "other", "stripe");
	struct connection_view shared = connect_group(op, "acme", "stripe");
	struct thing one =
		thing(op, THING_INSTALLATION,
		      install(op, &of, "acme", &shared).installation.id);
	struct thing last =
		thing(op, THING_INSTALLATION,
		      install(op, &other, "acme", &shared).installation.id);
	struct hold hold;

	must(hold_put(op, "connection", shared.connection.id, "case", &hold));
	assert_null(planned(op, &one, &by_policy)->held_by);
	gone(op, &one, &by_policy);
	assert_non_null(planned(op, &last, &by_policy)->held_by);
	must_fail(deletion_run(op, &last, &by_policy, NULL), ERR_HELD);
}

/* Of `group`: an installation, with its only connection, is in the trash. */
static struct deletion hide_an_installation(struct op *op,
					    const struct integration *of,
					    const char *group)
{
	struct connection_view view;

	must(connection_get(op, grant_of(op, group, "box", group), &view));
	struct thing one = thing(op, THING_INSTALLATION,
				 install(op, of, group, &view).installation.id);
	return gone(op, &one, &softly);
}

static void nothing_is_left_of_it(struct store *s, struct uuid deletion_id)
{
	struct deletion deletion;

	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM installation"),
			 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM connection"), 0);
	must(receipt_get(&s->op, deletion_id, &deletion));
	assert_string_equal(deletion.state, DELETION_DONE);
}

static void purge_takes_what_was_in_the_trash_before(void **state)
{
	static const enum thing_kind kinds[] = {THING_GROUP, THING_CONSUMER};
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "box");
	struct hold hold;
	struct thing party;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct deletion before = hide_an_installation(op, &of, "acme");

		must(thing_find_party(op, kinds[i],
				      kinds[i] == THING_GROUP ? "acme"
							      : "acme-user",
				      &party));
		struct deletion deletion = gone(op, &party, &softly);
		must(hold_put(op, "project", op->project_id, "case", &hold));
		must_fail(purge_now(op, &deletion), ERR_HELD);
		must(hold_lift(op, "project", op->project_id));
		must(purge_now(op, &deletion));
		must(receipt_get(op, deletion.id, &deletion));
		assert_string_equal(deletion.state, DELETION_WAITING);
		assert_non_null(strstr(deletion.counts, "\"revoked\""));
		assert_non_null(strstr(deletion.counts, "\"installation\":1"));
		nothing_is_left_of_it(s, before.id);
	}
}

static void
an_integration_takes_its_installations_out_of_the_trash(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct deletion_options *const modes[] = {&by_policy, &softly};

	for (size_t i = 0; i < COUNT(modes); i++) {
		struct integration of = offer(
			op, arena_printf(&op->arena, "sync-%zu", i), "box");
		struct deletion before = hide_an_installation(op, &of, "acme");
		struct thing whole = thing(op, THING_INTEGRATION, of.id);
		struct plan *plan = planned(op, &whole, modes[i]);
		const char *text = plan_text(op, plan);
		struct deletion deletion = gone(op, &whole, modes[i]);

		assert_non_null(strstr(text, deletion.effects));
		if (modes[i] == &softly)
			must(purge_now(op, &deletion));
		must(receipt_get(op, deletion.id, &deletion));
		assert_non_null(strstr(deletion.counts,
				       "\"gone\":{\"installation\":1,"
				       "\"connection\":1,"));
		assert_string_equal(deletion.state, DELETION_WAITING);
		nothing_is_left_of_it(s, before.id);
	}
}

static void a_purge_still_counts_what_was_ended_before(void **state)
{
	const struct deletion_options spoiling = {.mode = MODE_SOFT,
						  .revoke = REVOKE_NOW};
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing one =
		thing(op, THING_CONNECTION, grant_of(op, "a", "box", "token"));
	struct plan *plan = planned(op, &one, &spoiling);
	struct deletion deletion = gone(op, &one, &spoiling);

	assert_non_null(strstr(plan_text(op, plan), "\"atOnce\":true"));
	must(purge_now(op, &deletion));
	must(receipt_get(op, deletion.id, &deletion));
	assert_string_equal(deletion.counts, "{\"gone\":{\"connection\":1},"
					     "\"revoked\":{\"grant\":1}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_is_hidden_comes_back_whole),
		STORE_TEST(what_can_not_come_back_says_why),
		STORE_TEST(purge_ends_it_with_its_grants),
		STORE_TEST(offboarding_takes_what_is_in_the_trash),
		STORE_TEST(holds_stop_erasing_and_not_hiding),
		STORE_TEST(what_is_hidden_can_be_held),
		STORE_TEST(what_is_large_is_purged_in_batches),
		STORE_TEST(a_hold_on_a_part_keeps_the_whole),
		STORE_TEST(hold_stops_the_end_of_a_grant),
		STORE_TEST(hold_on_a_connection_that_stays_stops_nothing),
		STORE_TEST(purge_takes_what_was_in_the_trash_before),
		STORE_TEST(
			an_integration_takes_its_installations_out_of_the_trash),
		STORE_TEST(a_purge_still_counts_what_was_ended_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
