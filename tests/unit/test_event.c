/* core/event: what happened, by whom, in which order. */
#include "support.h"

#include "core/event.h"

static struct event record(struct op *op, const char *type, const char *kind,
			   struct uuid id)
{
	struct event event;

	must(event_record(op, type, kind, id, NULL, 0, &event));
	return event;
}

static struct event_list list(struct op *op, struct event_filter filter)
{
	struct event_list events;

	if (!filter.limit)
		filter.limit = 1000;
	must(event_list(op, &filter, &events));
	return events;
}

static void an_event_is_kept_with_its_facts(void **state)
{
	const struct event_fact facts[] = {
		{"text", "a\"b", false},
		{"none", NULL, false},
		{"json", "{\"x\":[1]}", true},
	};
	struct store *s = *state;
	struct event made, found;

	must(event_record(&s->op, "connection.made", "thing", s->project.id,
			  facts, 3, &made));
	must(event_get(&s->op, made.number, &found));
	assert_int_equal(found.number, made.number);
	assert_string_equal(found.type, "connection.made");
	assert_string_equal(found.subject_kind, "thing");
	assert_uuid_equal(found.subject_id, s->project.id);
	assert_string_equal(found.payload,
			    "{\"text\":\"a\\\"b\",\"json\":{\"x\":[1]}}");
	assert_in_range(found.created_at, START, START + 1000);
	must_fail(event_get(&s->op, made.number + 1, &found), ERR_NOT_FOUND);
}

static void the_actor_is_the_token_or_the_system(void **state)
{
	struct store *s = *state;
	struct principal *who = make_principal(&s->op, &s->project, ROLE_ADMIN);

	assert_string_equal(record(&s->op, "a", "x", s->project.id).actor,
			    "system");
	assert_true(uuid_parse("0123abcd-ef01-7def-8abc-0123456789ff",
			       &who->token_id));
	s->op.principal = who;
	assert_string_equal(record(&s->op, "a", "x", s->project.id).actor,
			    "token:0123abcd-ef01-7def-8abc-0123456789ff");
}

static void numbers_and_times_grow_though_the_clock_goes_back(void **state)
{
	struct store *s = *state;
	struct event last = record(&s->op, "a", "x", s->project.id);

	for (int i = 0; i < 100; i++) {
		s->op.now = START + (i % 2 ? -1 : 1) * SECOND;
		struct event next = record(&s->op, "a", "x", s->project.id);
		assert_true(next.number > last.number);
		assert_true(next.created_at > last.created_at);
		last = next;
	}
}

static void a_list_begins_with_the_newest(void **state)
{
	struct store *s = *state;
	struct event first = record(&s->op, "a", "x", s->project.id);
	struct event last = record(&s->op, "b", "x", s->project.id);
	struct event_list events =
		list(&s->op, (struct event_filter){.limit = 2});

	assert_int_equal(events.count, 2);
	assert_int_equal(events.items[0].number, last.number);
	assert_int_equal(events.items[1].number, first.number);
}

static void a_list_keeps_to_all_its_filters(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct uuid id = {{7}};

	op->now = START + SECOND;
	record(op, "made", "integration", id);
	op->now = START + 2 * SECOND;
	record(op, "changed", "integration", id);
	op->now = START + 3 * SECOND;
	record(op, "changed", "integration", s->project.id);
	const struct {
		struct event_filter filter;
		size_t count;
	} vectors[] = {
		{{.type = "changed"}, 2},
		{{.type = "chang"}, 0},
		{{.limit = 2}, 2},
		{{.before = START + 2 * SECOND, .type = "made"}, 1},
		{{.before = START + 2 * SECOND, .type = "changed"}, 0},
		{{.integration_id = id}, 2},
		{{.integration_id = id, .type = "changed"}, 1},
		{{.integration_id = id, .before = START + 2 * SECOND}, 1},
		{{.integration_id = id, .limit = 1}, 1},
	};
	for (size_t i = 0; i < COUNT(vectors); i++)
		assert_int_equal(list(op, vectors[i].filter).count,
				 vectors[i].count);
}

static void changes_are_all_but_reads_tries_and_what_is_told(void **state)
{
	static const struct {
		const char *type, *kind;
		bool is_change;
	} vectors[] = {
		{"integration.created", "integration", true},
		{"connection.deleted", "connection", true},
		{"connection.refreshed", "connection", false},
		{"connection.refresh.failed", "connection", false},
		{"connection.tested", "target", false},
		{"installation.updated", "installation", true},
		{"connection.credentials.read", "connection", false},
		{"spread", "integration", true},
		{"read", "integration", true},
		{"token.created", "token", true},
		{"group.updated", "group", true},
		{"project.created", "project", true},
		{"policy.updated", "project", true},
		{"destination.created", "destination", true},
		{"destination.replayed", "destination", false},
		{"delivery.replayed", "delivery", false},
		{"deletion.finished", "deletion", false},
		{"warning.raised", "warning", false},
		{"activity.created", "activity", false},
		{"authorization.failed", "authorization", false},
		{"step.retried", "connection", false},
	};
	struct store *s = *state;
	const struct event_filter filter = {.changes_only = true};
	struct event_list changes;
	size_t count = list(&s->op, filter).count;

	for (size_t i = 0; i < COUNT(vectors); i++) {
		struct event event = record(&s->op, vectors[i].type,
					    vectors[i].kind, s->project.id);

		assert_int_equal(event_is_change(&event), vectors[i].is_change);
		count += vectors[i].is_change;
	}
	changes = list(&s->op, filter);
	assert_int_equal(changes.count, count);
	for (size_t i = 0; i < changes.count; i++)
		assert_true(event_is_change(&changes.items[i]));
}

static void each_project_has_its_own(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct event event = record(&s->op, "a", "x", s->project.id), found;

	move_to(&s->op, other);
	must_fail(event_get(&s->op, event.number, &found), ERR_NOT_FOUND);
	assert_int_equal(event_count(&s->op, "a"), 0);
	assert_int_equal(event_count(&s->op, NULL), 1);
}

static void what_is_undone_leaves_no_event(void **state)
{
	struct store *s = *state;

	store_commit(s);
	record(&s->op, "a", "x", s->project.id);
	store_undo(s);
	assert_int_equal(event_count(&s->op, "a"), 0);
}

static void a_payload_that_is_too_long_is_refused(void **state)
{
	const size_t length = 17 * 1024 * 1024;
	struct store *s = *state;
	char *text = arena_alloc(&s->op.arena, length + 1);
	const struct event_fact fact = {"text", text, false};

	memset(text, 'x', length);
	must_fail(event_record(&s->op, "a", "x", s->project.id, &fact, 1, NULL),
		  ERR_TOO_LARGE);
	assert_int_equal(event_count(&s->op, "a"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_payload_that_is_too_long_is_refused),
		STORE_TEST(an_event_is_kept_with_its_facts),
		STORE_TEST(the_actor_is_the_token_or_the_system),
		STORE_TEST(numbers_and_times_grow_though_the_clock_goes_back),
		STORE_TEST(a_list_begins_with_the_newest),
		STORE_TEST(a_list_keeps_to_all_its_filters),
		STORE_TEST(changes_are_all_but_reads_tries_and_what_is_told),
		STORE_TEST(each_project_has_its_own),
		STORE_TEST(what_is_undone_leaves_no_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
