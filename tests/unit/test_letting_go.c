/* core/plan, plan_token, restore, purge, policy, hold: before and after. */
#include "support.h"

#include <stdio.h>

#include "core/deletion.h"
#include "core/event.h"
#include "core/grant.h"
#include "core/hold.h"
#include "core/plan.h"
#include "core/plan_token.h"
#include "core/receipt.h"
#include "core/restore.h"
#include "core/step.h"
#include "core/store.h"
#include "core/topic.h"

static const struct deletion_options by_policy;
static const struct deletion_options softly = {.mode = MODE_SOFT};

static struct thing thing(struct op *op, enum thing_kind kind, struct uuid id)
{
	struct thing found;

	must(thing_find(op, kind, id, &found));
	return found;
}

static struct plan *planned(struct op *op, const struct thing *of,
			    const struct deletion_options *options)
{
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));
	struct deletion_terms terms;

	must(policy_settle(op, of, options, &terms));
	must(plan_make(op, of, &terms, 0, plan));
	return plan;
}

/* Deletes it, and gives back its record. */
static struct deletion gone(struct op *op, const struct thing *of,
			    const struct deletion_options *options)
{
	struct deletion deletion;

	must(deletion_run(op, of, options, NULL));
	must(receipt_get(op, op->deletion_id, &deletion));
	return deletion;
}

/* An oauth2 connection of the group with this refresh token. */
static struct uuid grant_of(struct op *op, const char *group,
			    const char *provider, const char *token)
{
	const struct new_credential secrets[] = {{"refresh_token", token, 0}};

	return connect_grant(op, group, provider, secrets, 1);
}

static void plan_has_the_effects_of_the_receipt(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct integration other = offer(op, "other", "stripe");
	struct connection_view shared = connect_group(op, "acme", "stripe");
	struct party group;

	install(op, &of, "acme", &shared);
	install(op, &other, "acme", &shared);
	connect_group(op, "globex", "stripe");
	install(op, &of, "globex", NULL);
	grant_of(op, "globex", "box", "token");
	struct thing whole = thing(op, THING_INTEGRATION, of.id);
	struct plan *plan = planned(op, &whole, &by_policy);
	const char *text = plan_text(op, plan);
	struct deletion deletion = gone(op, &whole, &by_policy);

	assert_non_null(strstr(text, deletion.effects));
	assert_non_null(strstr(text, deletion.counts));
	assert_int_equal(plan->counts.of[EFFECT_KEPT][EFFECT_OF_CONNECTION], 1);
	assert_string_equal(deletion.state, DELETION_DONE);

	must(store_group_find(op, "globex", &group));
	whole = thing(op, THING_GROUP, group.id);
	text = plan_text(op, planned(op, &whole, &by_policy));
	deletion = gone(op, &whole, &by_policy);
	assert_non_null(strstr(text, deletion.effects));
	assert_string_equal(deletion.state, DELETION_WAITING);
}

static void token_carries_its_plan_out_or_tells_the_difference(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct integration other = offer(op, "other", "stripe");
	struct connection_view shared = connect_group(op, "acme", "stripe");
	struct thing one =
		thing(op, THING_INSTALLATION,
		      install(op, &of, "acme", &shared).installation.id);
	const char *token = plan_token_write(op, planned(op, &one, &by_policy));
	struct uuid second =
		install(op, &other, "acme", &shared).installation.id;

	must_fail(deletion_run_planned(op, token), ERR_CHANGED);
	assert_int_equal(op->issue_count, 2);
	op->issue_count = 0;
	must(delete_installation(op, other.id, second));
	must(deletion_run_planned(op, token));
	must_fail(deletion_run_planned(op, token), ERR_NOT_FOUND);
}

static void token_is_for_its_time_project_and_letters_alone(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing one =
		thing(op, THING_CONNECTION,
		      connect_group(op, "acme", "stripe").connection.id);
	char *token = arena_strdup(
		&op->arena,
		plan_token_write(op, planned(op, &one, &by_policy)));
	struct planned *read = arena_alloc(&op->arena, sizeof(*read));

	must(plan_token_read(op, token, read));
	assert_uuid_equal(read->id, one.id);
	op->now += PLAN_TOKEN_LIFETIME_US;
	must_fail(plan_token_read(op, token, read), ERR_INVALID);
	op->now -= PLAN_TOKEN_LIFETIME_US;
	must_fail(plan_token_read(op, "AQ", read), ERR_INVALID);
	must_fail(plan_token_read(op, "!", read), ERR_INVALID);
	for (size_t i = 0; i < 40; i++) {
		char before = token[i];

		token[i] = before == 'A' ? 'B' : 'A';
		must_fail(plan_token_read(op, token, read), ERR_INVALID);
		token[i] = before;
	}
	move_to(op, make_project(op, "other", "other"));
	must_fail(plan_token_read(op, token, read), ERR_INVALID);
}

static void dry_run_changes_nothing(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct topic topic;

	connect_group(op, "acme", "stripe");
	struct uuid id = install(op, &of, "acme", NULL).installation.id;
	must(topic_create(op, "orders", &topic));
	size_t events = event_count(op, NULL);
	op->is_dry_run = true;
	must_fail(delete_installation(op, of.id, id), ERR_PLANNED);
	assert_non_null(strstr(op->plan, "\"planToken\":"));
	must_fail(delete_topic(op, topic.id), ERR_PLANNED);
	assert_non_null(strstr(op->plan, "\"kind\":\"topic\""));
	must_fail(access_token_delete(op, id), ERR_PLANNED);
	must_fail(hold_lift(op, "group", id), ERR_INVALID);
	op->is_dry_run = false;
	assert_int_equal(event_count(op, NULL), events);
	must(delete_installation(op, of.id, id));
}

static void users_of_a_connection_block_its_plan(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct connection_view used = connect_group(op, "acme", "stripe");

	install(op, &of, "acme", &used);
	struct thing one = thing(op, THING_CONNECTION, used.connection.id);
	struct plan *plan = planned(op, &one, &by_policy);
	assert_int_equal(plan->blockers.count, 1);
	assert_non_null(strstr(plan_text(op, plan), "\"unless\":\"force\""));
	must_fail(deletion_run(op, &one, &by_policy, NULL), ERR_IN_USE);
	struct thing person;
	must(thing_find_party(op, THING_CONSUMER, "acme-user", &person));
	must_fail(deletion_run(op, &person, &by_policy, NULL), ERR_IN_USE);
	const struct deletion_options force = {.force = true};
	gone(op, &person, &force);
	must_fail(thing_find_party(op, THING_CONSUMER, "acme-user", &person),
		  ERR_NOT_FOUND);
	must_fail(thing_find(op, THING_CONNECTION, used.connection.id, &one),
		  ERR_NOT_FOUND);
}

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
	must(delete_integration(op, INTEGRATION_MANIFEST, of.id, NULL));
	store_commit(s);
	must_fail(restore_thing(op, THING_INSTALLATION, id, &back), ERR_IN_USE);
	store_undo(s);
	must(thing_find_party(op, THING_CONSUMER, "acme-user", &person));
	gone(op, &person, &softly);
	must_fail(restore_thing(op, THING_INSTALLATION, id, &back), ERR_IN_USE);
	assert_non_null(strstr(op->detail, "its consumer is deleted"));
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
	must(receipt_steps(op, deletion.id, &steps));
	assert_int_equal(steps.count, 0);
	must(purge_thing(op, THING_GROUP, group.id));
	must(purge_deletion(op, deletion.id)); /* again: nothing to do */
	must(receipt_get(op, deletion.id, &deletion));
	assert_string_equal(deletion.state, DELETION_WAITING);
	must(receipt_steps(op, deletion.id, &steps));
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

static void grant_goes_with_its_last_connection(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing one =
		thing(op, THING_CONNECTION, grant_of(op, "a", "box", "token"));
	struct thing two =
		thing(op, THING_CONNECTION, grant_of(op, "b", "box", "token"));
	struct thing none = thing(op, THING_CONNECTION,
				  grant_of(op, "c", "bitbucket", "t"));
	const struct deletion_options left = {.revoke = REVOKE_NEVER};
	const struct deletion_options spoiled = {.mode = MODE_SOFT,
						 .revoke = REVOKE_NOW};
	struct restored back;

	assert_non_null(strstr(gone(op, &one, &by_policy).effects, "shared"));
	assert_non_null(strstr(gone(op, &two, &spoiled).effects, "revoked"));
	must(restore_thing(op, THING_CONNECTION, two.id, &back));
	assert_int_equal(back.needs_reauth_count, 1);
	assert_non_null(
		strstr(gone(op, &none, &by_policy).effects, "unsupported"));
	none = thing(op, THING_CONNECTION, grant_of(op, "d", "box", "other"));
	assert_non_null(strstr(gone(op, &none, &left).effects, "left"));

	const struct grant_facts facts = {.provider = "box",
					  .access_token = "t",
					  .workspace = "w",
					  .user = "u"};
	struct grant_marks marks;
	grant_mark(op, &facts, &marks);
	assert_non_null(marks.token);
	assert_non_null(marks.account);
}

static void policies_decide_and_are_checked(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct policy policy = {"installation", MODE_SOFT, 7};
	struct policy_list list;
	struct deletion_terms terms;
	const struct thing one = {.policy = "installation"};
	const struct thing target = {.policy = "target"};
	enum revoke_when when;
	enum deletion_mode mode;

	must(policy_set(op, &policy));
	must(policy_settle(op, &one, &by_policy, &terms));
	assert_int_equal(terms.mode, MODE_SOFT);
	assert_int_equal(terms.revoke, REVOKE_AT_PURGE);
	assert_int_equal(terms.purge_at, op->now + 7 * DAY);
	must(policy_list(op, &list));
	assert_int_equal(list.count, 9);
	policy.kind = "moon";
	must_fail(policy_set(op, &policy), ERR_NOT_FOUND);
	policy.kind = "target";
	must_fail(policy_set(op, &policy), ERR_INVALID);
	must_fail(policy_settle(op, &target, &softly, &terms), ERR_INVALID);
	assert_true(revoke_named("purge", &when));
	assert_false(revoke_named("soon", &when));
	assert_false(mode_named("warm", &mode));
	enum thing_kind kind;
	assert_false(thing_kind_named("moon", &kind));
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
	must_fail(purge_deletion(op, deletion.id), ERR_HELD);
	must(hold_lift(op, "connection", used.connection.id));
	must_fail(hold_lift(op, "connection", used.connection.id),
		  ERR_NOT_FOUND);
	must(purge_deletion(op, deletion.id));
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
	must_fail(purge_deletion(op, deletion.id), ERR_HELD);
	must(hold_lift(op, "connection", one.id));
	must(purge_deletion(op, deletion.id));
	must_fail(hold_put(op, "connection", one.id, "case", &hold),
		  ERR_NOT_FOUND);
}

static void receipts_are_found_by_what_they_are_of(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing one =
		thing(op, THING_CONNECTION,
		      connect_group(op, "a", "stripe").connection.id);
	struct thing two =
		thing(op, THING_CONNECTION,
		      connect_group(op, "b", "stripe").connection.id);
	struct deletion_list list;
	struct uuid after;

	gone(op, &one, &by_policy);
	gone(op, &two, &softly);
	struct deletion_filter filter = {.limit = 1};
	must(receipt_list(op, &filter, &list, &after));
	assert_int_equal(list.count, 1);
	assert_uuid_equal(list.items[0].target_id, one.id);
	filter.after = after;
	must(receipt_list(op, &filter, &list, &after));
	assert_uuid_equal(list.items[0].target_id, two.id);
	const struct deletion_filter none[] = {
		{.limit = 9, .state = DELETION_WAITING},
		{.limit = 9, .target_kind = "group"},
		{.limit = 9, .target_id = op->project_id},
		{.limit = 9, .group_id = op->project_id},
		{.limit = 9, .since = op->now + 1},
		{.limit = 9, .until = op->now},
	};
	for (size_t i = 0; i < COUNT(none); i++) {
		must(receipt_list(op, &none[i], &list, &after));
		assert_int_equal(list.count, 0);
	}
	must_fail(receipt_get(op, op->project_id, &list.items[0]),
		  ERR_NOT_FOUND);
}

static void all_who_keep_a_connection_are_counted(void **state)
{
	enum { USERS = EFFECT_USERS_SHOWN + 2 };
	struct store *s = *state;
	struct op *op = &s->op;
	struct connection_view shared = connect_group(op, "acme", "stripe");
	struct integration of;
	char name[16];

	for (int i = 0; i <= USERS; i++) {
		(void)snprintf(name, sizeof(name), "sync%d", i);
		of = offer(op, name, "stripe");
		install(op, &of, "acme", &shared);
	}
	struct thing last = thing(op, THING_INTEGRATION, of.id);
	const char *text = plan_text(op, planned(op, &last, &by_policy));
	struct deletion deletion = gone(op, &last, &by_policy);
	assert_non_null(strstr(text, "\"usedByCount\":22"));
	assert_non_null(strstr(text, deletion.effects));
}

static void long_records_go_on_in_parts(void **state)
{
	enum { GROUPS = 400 };
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	char group[16];
	const char *part;

	for (int i = 0; i < GROUPS; i++) {
		(void)snprintf(group, sizeof(group), "g%d", i);
		connect_group(op, group, "stripe");
		install(op, &of, group, NULL);
	}
	struct thing whole = thing(op, THING_INTEGRATION, of.id);
	struct plan *plan = planned(op, &whole, &by_policy);
	assert_int_equal(plan->total, 2 * GROUPS + 1);
	assert_int_equal(plan->item_count, PLAN_PAGE);
	assert_non_null(strstr(plan_text(op, plan), "\"nextCursor\":100"));
	struct deletion deletion = gone(op, &whole, &by_policy);
	must(receipt_part(op, &deletion, 1, &part));
	assert_non_null(part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(plan_has_the_effects_of_the_receipt),
		STORE_TEST(token_carries_its_plan_out_or_tells_the_difference),
		STORE_TEST(token_is_for_its_time_project_and_letters_alone),
		STORE_TEST(dry_run_changes_nothing),
		STORE_TEST(users_of_a_connection_block_its_plan),
		STORE_TEST(what_is_hidden_comes_back_whole),
		STORE_TEST(what_can_not_come_back_says_why),
		STORE_TEST(purge_ends_it_with_its_grants),
		STORE_TEST(offboarding_takes_what_is_in_the_trash),
		STORE_TEST(grant_goes_with_its_last_connection),
		STORE_TEST(policies_decide_and_are_checked),
		STORE_TEST(holds_stop_erasing_and_not_hiding),
		STORE_TEST(what_is_hidden_can_be_held),
		STORE_TEST(receipts_are_found_by_what_they_are_of),
		STORE_TEST(all_who_keep_a_connection_are_counted),
		STORE_TEST(long_records_go_on_in_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
