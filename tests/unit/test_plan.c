/* core/plan, plan_token: what is said beforehand is what happens. */
#include "letting_go.h"

#include <stdio.h>

#include "core/deletion.h"
#include "core/event.h"
#include "core/hold.h"
#include "core/plan_token.h"
#include "core/store.h"
#include "core/topic.h"

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
	must_fail(deletion_run_planned(op, token), ERR_CHANGED);
	assert_non_null(strstr(op->detail, "is gone"));
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
	op->issue_count = 0;
	must_fail(deletion_run(op, &person, &by_policy, NULL), ERR_IN_USE);
	assert_string_equal(op->issues[0].field, "consumer");
	const struct deletion_options force = {.force = true};
	gone(op, &person, &force);
	must_fail(thing_find_party(op, THING_CONSUMER, "acme-user", &person),
		  ERR_NOT_FOUND);
	must_fail(thing_find(op, THING_CONNECTION, used.connection.id, &one),
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

static void token_does_not_run_when_things_would_go_sooner(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct policy policy = {"connection", MODE_SOFT, 0};
	struct thing one =
		thing(op, THING_CONNECTION,
		      connect_group(op, "acme", "stripe").connection.id);
	const char *token = plan_token_write(op, planned(op, &one, &softly));

	must(policy_set(op, &policy));
	must_fail(deletion_run_planned(op, token), ERR_CHANGED);
	assert_non_null(strstr(op->issues[0].why, "after 0 seconds"));
	op->issue_count = 0;
	policy.retention_days = 30;
	must(policy_set(op, &policy));
	must(deletion_run_planned(op, token));
}

static void long_plans_tell_of_no_effect_that_is_there(void **state)
{
	enum { CONNECTIONS = PLAN_PAGE + 50 };
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing group, first;
	struct uuid ids[CONNECTIONS];

	for (int i = 0; i < CONNECTIONS; i++)
		ids[i] = connect_group(op, "acme", "stripe").connection.id;
	must(thing_find_party(op, THING_GROUP, "acme", &group));
	const char *token =
		plan_token_write(op, planned(op, &group, &by_policy));
	first = thing(op, THING_CONNECTION, ids[0]);
	gone(op, &first, &by_policy);
	op->issue_count = 0;
	must_fail(deletion_run_planned(op, token), ERR_CHANGED);
	assert_int_equal(op->issue_count, 2);
	char id[UUID_TEXT];
	uuid_format(ids[0], id);
	assert_non_null(strstr(op->issues[0].why, id));
	assert_string_equal(op->issues[1].why,
			    "gone connection: 150 in the plan, 149 now");
	connect_group(op, "acme", "stripe");
	op->issue_count = 0;
	must_fail(deletion_run_planned(op, token), ERR_CHANGED);
	assert_int_equal(op->issue_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(plan_has_the_effects_of_the_receipt),
		STORE_TEST(token_carries_its_plan_out_or_tells_the_difference),
		STORE_TEST(token_is_for_its_time_project_and_letters_alone),
		STORE_TEST(dry_run_changes_nothing),
		STORE_TEST(users_of_a_connection_block_its_plan),
		STORE_TEST(all_who_keep_a_connection_are_counted),
		STORE_TEST(token_does_not_run_when_things_would_go_sooner),
		STORE_TEST(long_plans_tell_of_no_effect_that_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
