/* core/batch: large deletions, hidden at once and ended in batches. */
#include "letting_go.h"

#include "core/batch.h"
#include "core/certificate.h"
#include "core/deletion.h"
#include "core/group.h"
#include "core/restore.h"
#include "core/step.h"
#include "core/store.h"

/* Begun, and not gone on with: all that is hidden is so by its scope. */
static struct uuid begin(struct op *op, const struct thing *of,
			 const struct deletion_options *options)
{
	op->batch_over = 0;
	must(deletion_run(op, of, options, NULL));
	op->batch_over = INT64_MAX;
	return op->deletion_id;
}

static void go_on(struct op *op, struct uuid deletion_id)
{
	bool is_done = false;

	while (!is_done)
		must(batch_go_on(op, deletion_id, &is_done));
}

static const char *state_of(struct op *op, struct uuid id)
{
	struct deletion deletion;

	must(receipt_get(op, id, &deletion));
	return deletion.state;
}

static const char *counts_of(struct op *op, struct uuid id)
{
	struct deletion deletion;

	must(receipt_get(op, id, &deletion));
	return deletion.counts;
}

static bool has_connection(struct op *op, struct uuid id)
{
	struct connection_view view;

	return connection_get(op, id, &view) == OK;
}

static bool has_installation(struct op *op, struct uuid id)
{
	struct installation_view view;

	return installation_find(op, id, &view) == OK;
}

/* Two integrations, and a group that has both through one connection. */
struct both {
	struct integration a, b;
	struct connection_view used;
	struct uuid in_a, in_b;
};

static struct both install_both(struct op *op)
{
	struct both both = {
		.a = offer(op, "a", "stripe"),
		.b = offer(op, "b", "stripe"),
		.used = connect_group(op, "acme", "stripe"),
	};

	both.in_a = install(op, &both.a, "acme", NULL).installation.id;
	both.in_b = install(op, &both.b, "acme", NULL).installation.id;
	return both;
}

static void it_is_hidden_by_the_first_commit(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct both both = install_both(op);
	struct connection_view alone = connect_group(op, "lone", "stripe");
	struct uuid in_alone =
		install(op, &both.a, "lone", NULL).installation.id;
	struct thing a = thing(op, THING_INTEGRATION, both.a.id);
	struct uuid id = begin(op, &a, &by_policy);

	assert_string_equal(state_of(op, id), DELETION_RUNNING);
	assert_string_equal(counts_of(op, id), "{}");
	assert_true(has_event(op, "integration.deleted", both.a.id));
	assert_false(has_installation(op, both.in_a));
	assert_false(has_installation(op, in_alone));
	assert_false(has_connection(op, alone.connection.id));
	assert_true(has_connection(op, both.used.connection.id));
	go_on(op, id);
	assert_string_equal(state_of(op, id), DELETION_DONE);
	assert_string_equal(counts_of(op, id),
			    "{\"gone\":{\"installation\":2,\"connection\":1,"
			    "\"integration\":1},\"kept\":{\"connection\":1}}");
	assert_true(has_connection(op, both.used.connection.id));
	assert_true(has_installation(op, both.in_b));
	assert_int_equal(store_number(s, "SELECT count(*) FROM leaving_scope"),
			 0);
}

/* Begun one after the other, whatever comes first then. */
static void they_take_effect_in_their_order(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct both both = install_both(op);
	struct thing a = thing(op, THING_INTEGRATION, both.a.id);
	struct thing b = thing(op, THING_INTEGRATION, both.b.id);
	struct uuid first = begin(op, &a, &by_policy);

	assert_true(has_connection(op, both.used.connection.id));
	struct uuid second = begin(op, &b, &by_policy);
	assert_false(has_connection(op, both.used.connection.id));
	go_on(op, first);
	assert_string_equal(counts_of(op, first),
			    "{\"gone\":{\"installation\":1,\"integration\":1},"
			    "\"kept\":{\"connection\":1}}");
	go_on(op, second);
	assert_string_equal(counts_of(op, second),
			    "{\"gone\":{\"installation\":1,\"connection\":1,"
			    "\"integration\":1}}");
}

/* The last installation outside is let go of while the others leave. */
static void connection_goes_with_whoever_is_last(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct both both = install_both(op);
	struct thing a = thing(op, THING_INTEGRATION, both.a.id);
	struct uuid id = begin(op, &a, &by_policy);

	must(delete_installation(op, both.b.id, both.in_b));
	assert_string_equal(counts_of(op, op->deletion_id),
			    "{\"gone\":{\"installation\":1,\"connection\":1}}");
	go_on(op, id);
	assert_string_equal(counts_of(op, id), "{\"gone\":{\"installation\":1,"
					       "\"integration\":1}}");
}

static void group_is_erased_with_what_is_being_hidden(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct both both = install_both(op);
	struct thing a = thing(op, THING_INTEGRATION, both.a.id);
	struct uuid id = begin(op, &a, &softly);
	struct thing group;

	must(thing_find_party(op, THING_GROUP, "acme", &group));
	must(deletion_run(op, &group, &by_policy, NULL));
	go_on(op, id);
	assert_string_equal(state_of(op, id), DELETION_HIDDEN);
	assert_int_equal(store_number(s, "SELECT count(*) FROM installation"),
			 0);
	assert_int_equal(store_number(s, "SELECT count(*) FROM connection"), 0);
}

static void running_one_is_not_in_the_trash(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct both both = install_both(op);
	struct thing a = thing(op, THING_INTEGRATION, both.a.id);
	struct thing b = thing(op, THING_INTEGRATION, both.b.id);
	struct uuid hidden = begin(op, &a, &softly);
	struct restored restored;

	begin(op, &b, &by_policy);
	must_fail(restore_thing(op, THING_INTEGRATION, a.id, &restored),
		  ERR_IN_USE);
	assert_non_null(strstr(op->detail, "is still hiding it"));
	must_fail(purge_thing(op, THING_INTEGRATION, a.id), ERR_IN_USE);
	assert_non_null(strstr(op->detail, "is still hiding it"));
	must_fail(restore_thing(op, THING_INTEGRATION, b.id, &restored),
		  ERR_NOT_FOUND);
	go_on(op, hidden);
	must_fail(restore_thing(op, THING_INTEGRATION, a.id, &restored),
		  ERR_IN_USE);
	assert_non_null(strstr(op->detail, "its connection is deleted"));
}

/* A consumer's installation keeps its place until its batch. */
static void place_is_free_when_the_batch_has_been(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct both both = install_both(op);
	const struct deletion_options force = {.force = true};
	struct installation_view view;
	struct thing consumer;
	const struct installation_new again = {
		.group_ref = "acme",
		.content = "{}",
		.created_by = "",
	};

	must(thing_find_party(op, THING_CONSUMER, "acme-user", &consumer));
	struct uuid id = begin(op, &consumer, &force);
	assert_false(has_installation(op, both.in_a));
	assert_false(has_connection(op, both.used.connection.id));
	connect_group(op, "acme", "stripe");
	must_fail(installation_create(op, &both.a, &again, &view), ERR_BUSY);
	go_on(op, id);
	must(installation_create(op, &both.a, &again, &view));
}

static void what_is_being_ended_is_not_held(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing group;
	struct hold hold;

	install_both(op);
	must(thing_find_party(op, THING_GROUP, "acme", &group));
	must(hold_put(op, "group", group.id, "case", &hold));
	op->batch_over = 0;
	must_fail(deletion_run(op, &group, &by_policy, NULL), ERR_HELD);
	must(hold_lift(op, "group", group.id));
	begin(op, &group, &by_policy);
	must_fail(hold_put(op, "group", group.id, "case", &hold),
		  ERR_NOT_FOUND);
}

static void what_is_being_hidden_can_be_held(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing group;
	struct hold hold;

	install_both(op);
	must(thing_find_party(op, THING_GROUP, "acme", &group));
	struct uuid id = begin(op, &group, &softly);
	must(hold_put(op, "group", group.id, "case", &hold));
	go_on(op, id);
	assert_string_equal(state_of(op, id), DELETION_HIDDEN);
	must_fail(purge_thing(op, THING_GROUP, group.id), ERR_HELD);
}

/* The link of its own events is found by one of them, whatever is empty. */
static void it_knows_an_event_of_its_own_from_the_start(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct both both = install_both(op);
	struct thing whole = thing(op, THING_INTEGRATION, both.a.id);
	struct uuid id = begin(op, &whole, &by_policy);
	struct deletion first, last;
	const char *text;

	must(receipt_get(op, id, &first));
	assert_true(first.last_event > 0);
	must_fail(certificate_make(op, id, &text), ERR_IN_USE);
	assert_string_equal(op->detail, "this deletion is still running");
	size_t finished = event_count(op, "deletion.finished");
	go_on(op, id);
	must(receipt_get(op, id, &last));
	assert_true(last.last_event > first.last_event);
	assert_int_equal(event_count(op, "deletion.finished"), finished + 1);
}

/* Its grant was to be revoked at once, and something else erased it. */
static void emptied_one_waits_for_its_steps(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct deletion_options now = {.mode = MODE_SOFT,
					     .revoke = REVOKE_NOW};
	struct thing one =
		thing(op, THING_CONNECTION, grant_of(op, "acme", "box", "t"));
	struct thing group;
	struct step_list steps;
	struct step step;

	must(deletion_run(op, &one, &now, NULL));
	struct uuid id = op->deletion_id;
	assert_string_equal(state_of(op, id), DELETION_HIDDEN);
	must(thing_find_party(op, THING_GROUP, "acme", &group));
	must(deletion_run(op, &group, &by_policy, NULL));
	assert_string_equal(state_of(op, id), DELETION_WAITING);
	must(steps_of(op, id, &steps));
	must(step_abandon(op, id, steps.items[0].id, "lost", &step));
	assert_string_equal(state_of(op, id), DELETION_DONE);
}

static void steps_come_in_pages(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct uuid deletion = uuid_make(op->now), last = {{0}}, after;
	struct step_list page;

	for (int i = 0; i < 1001; i++) {
		const struct step step = {
			.id = last = uuid_make(op->now),
			.deletion_id = deletion,
			.kind = "revoke",
			.subject_kind = "connection",
			.facts = "{}",
			.state = STEP_WAITING,
			.created_at = op->now,
		};

		must(store_step_add(op, &step));
	}
	must(receipt_steps(op, deletion, (struct uuid){{0}}, &page, &after));
	assert_int_equal(page.count, 1000);
	assert_uuid_equal(after, page.items[999].id);
	must(receipt_steps(op, deletion, after, &page, &after));
	assert_int_equal(page.count, 1);
	assert_uuid_equal(page.items[0].id, last);
	assert_true(uuid_is_nil(after));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_is_hidden_by_the_first_commit),
		STORE_TEST(they_take_effect_in_their_order),
		STORE_TEST(connection_goes_with_whoever_is_last),
		STORE_TEST(group_is_erased_with_what_is_being_hidden),
		STORE_TEST(running_one_is_not_in_the_trash),
		STORE_TEST(place_is_free_when_the_batch_has_been),
		STORE_TEST(what_is_being_ended_is_not_held),
		STORE_TEST(what_is_being_hidden_can_be_held),
		STORE_TEST(it_knows_an_event_of_its_own_from_the_start),
		STORE_TEST(emptied_one_waits_for_its_steps),
		STORE_TEST(steps_come_in_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
