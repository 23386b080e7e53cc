/* core/activity: what goes on, from its beginning to its end. */
#include "support.h"

#include "core/activity.h"
#include "core/event.h"

static const struct activity_new open_push = {.type = "environment.push",
					      .state = ACTIVITY_IN_PROGRESS,
					      .percent = -1};

static struct activity begin(struct store *s, const struct activity_new *new)
{
	struct activity made;

	must(activity_begin(&s->op, new, &made));
	return made;
}

static struct activity_list list(struct store *s, struct activity_filter filter)
{
	struct activity_list found;

	if (!filter.limit)
		filter.limit = 100;
	must(activity_list(&s->op, &filter, &found));
	return found;
}

static void assert_refused(struct store *s, enum error error,
			   enum error expected, const char *field)
{
	must_fail(error, expected);
	assert_int_equal(s->op.issue_count, 1);
	assert_string_equal(s->op.issues[0].field, field);
	s->op.issue_count = 0;
}

static void one_is_over_unless_it_says_so(void **state)
{
	const struct activity_new new = {.type = "environment.push",
					 .percent = -1};
	struct store *s = *state;
	struct activity made = begin(s, &new), found;

	assert_true(activity_is_over(&made));
	assert_false(activity_is_change(&made));
	assert_string_equal(made.result, ACTIVITY_SUCCESS);
	assert_int_equal(made.percent, 100);
	assert_int_equal(made.started_at, made.created_at);
	assert_int_equal(made.completed_at, made.created_at);
	assert_string_equal(made.environments, "[]");
	must(activity_get(&s->op, made.number, &found));
	assert_uuid_equal(found.id, made.id);
	assert_string_equal(found.type, "environment.push");
	assert_string_equal(found.document, "{}");
	assert_null(found.integration);
	assert_int_equal(found.cancelled_at, 0);
}

static void it_goes_on_and_ends(void **state)
{
	struct activity_new to = {.percent = 40,
				  .environments = "[\"main\"]",
				  .document = "{\"a\":1}",
				  .started_at = START - SECOND};
	struct store *s = *state;
	struct activity made = begin(s, &open_push), found;

	assert_int_equal(made.started_at, made.created_at);
	assert_int_equal(made.percent, 0);
	assert_null(made.result);
	s->op.now += SECOND;
	must(activity_go_on(&s->op, &made, &to, &made));
	assert_int_equal(made.updated_at, START + SECOND);
	assert_int_equal(made.percent, 40);
	to = (struct activity_new){.state = ACTIVITY_COMPLETE,
				   .result = ACTIVITY_FAILURE,
				   .failure_reason = "error",
				   .percent = -1};
	must(activity_go_on(&s->op, &made, &to, &made));
	must(activity_get(&s->op, made.number, &found));
	assert_string_equal(found.state, ACTIVITY_COMPLETE);
	assert_string_equal(found.result, ACTIVITY_FAILURE);
	assert_string_equal(found.failure_reason, "error");
	assert_string_equal(found.environments, "[\"main\"]");
	assert_string_equal(found.document, "{\"a\":1}");
	assert_int_equal(found.percent, 100);
	assert_int_equal(found.started_at, START - SECOND);
	assert_int_equal(found.completed_at, START + SECOND);
	assert_int_equal(event_count(&s->op, "activity.created"), 1);
	assert_int_equal(event_count(&s->op, "activity.updated"), 2);
	assert_true(has_event(&s->op, "activity.updated", made.id));
}

static void a_state_never_goes_back(void **state)
{
	static const char *const order[] = {
		ACTIVITY_STAGED, ACTIVITY_SCHEDULED, ACTIVITY_PENDING,
		ACTIVITY_IN_PROGRESS, ACTIVITY_COMPLETE};
	struct activity_new new = open_push, to = {.percent = -1};
	struct store *s = *state;
	struct activity made, after;

	for (size_t from = 0; from + 1 < COUNT(order); from++)
		for (size_t at = 0; at < COUNT(order); at++) {
			new.state = order[from];
			to.state = order[at];
			made = begin(s, &new);
			enum error error =
				activity_go_on(&s->op, &made, &to, &after);
			if (at >= from)
				must(error);
			else
				assert_refused(s, error, ERR_INVALID, "state");
		}
}

static void what_is_over_stays(void **state)
{
	const struct activity_new to = {.percent = -1};
	struct activity_new new = open_push;
	struct store *s = *state;
	struct activity over, after;

	new.state = ACTIVITY_COMPLETE;
	over = begin(s, &new);
	assert_refused(s, activity_go_on(&s->op, &over, &to, &after),
		       ERR_CHANGED, "state");
	assert_refused(s, activity_cancel(&s->op, &over, &after), ERR_CHANGED,
		       "state");
	offer(&s->op, "sync", "salesforce");
	over = list(s, (struct activity_filter){.limit = 1}).items[0];
	assert_true(activity_is_change(&over));
	assert_refused(s, activity_cancel(&s->op, &over, &after), ERR_CHANGED,
		       "state");
}

static void cancelling_is_a_failure(void **state)
{
	struct activity_new to = {.state = ACTIVITY_CANCELLED, .percent = -1};
	struct store *s = *state;
	struct activity made = begin(s, &open_push), other;

	must(activity_cancel(&s->op, &made, &made));
	assert_string_equal(made.result, ACTIVITY_FAILURE);
	assert_int_equal(made.cancelled_at, made.created_at);
	assert_int_equal(made.percent, 100);
	other = begin(s, &open_push);
	must(activity_go_on(&s->op, &other, &to, &other));
	assert_int_equal(event_count(&s->op, "activity.cancelled"), 2);
	to = (struct activity_new){.type = "environment.push",
				   .state = ACTIVITY_CANCELLED,
				   .percent = -1};
	other = begin(s, &to);
	assert_int_equal(other.started_at, 0);
}

struct misfit {
	const char *field;
	struct activity_new new;
};

static void what_does_not_fit_is_refused(void **state)
{
	static const struct misfit misfits[] = {
		{"result",
		 {.state = ACTIVITY_PENDING, .result = ACTIVITY_SUCCESS}},
		{"result",
		 {.state = ACTIVITY_CANCELLED, .result = ACTIVITY_SUCCESS}},
		{"failure_reason",
		 {.state = ACTIVITY_PENDING, .failure_reason = "error"}},
		{"failure_reason", {.failure_reason = "error"}},
		{"completed_at",
		 {.state = ACTIVITY_PENDING, .completed_at = START}},
		{"completed_at",
		 {.started_at = START, .completed_at = START - 1}},
		{"completion_percent",
		 {.state = ACTIVITY_IN_PROGRESS, .percent = 100}},
		{"completion_percent", {.percent = 40}},
	};
	struct store *s = *state;
	size_t before = list(s, (struct activity_filter){0}).count;
	struct activity made;

	for (size_t i = 0; i < COUNT(misfits); i++) {
		struct activity_new new = misfits[i].new;

		new.type = "environment.push";
		new.percent = new.percent ? new.percent : -1;
		assert_refused(s, activity_begin(&s->op, &new, &made),
			       ERR_INVALID, misfits[i].field);
	}
	assert_int_equal(list(s, (struct activity_filter){0}).count, before);
}

static void a_log_is_kept_in_parts_up_to_its_limit(void **state)
{
	struct activity_new new = open_push, to = {.percent = -1};
	struct store *s = *state;
	struct activity_part_list parts;
	struct activity made;
	char *text = arena_alloc(&s->op.arena, ACTIVITY_LOG_MAX);

	new.log = "one\n";
	made = begin(s, &new);
	to.log = "";
	must(activity_go_on(&s->op, &made, &to, &made));
	to.log = "two";
	s->op.now += SECOND;
	must(activity_go_on(&s->op, &made, &to, &made));
	must(activity_log(&s->op, &made, &parts));
	assert_int_equal(parts.count, 2);
	assert_string_equal(parts.items[0].text, "one\n");
	assert_string_equal(parts.items[1].text, "two");
	assert_int_equal(parts.items[1].created_at, START + SECOND);
	memset(text, 'x', ACTIVITY_LOG_MAX - 1);
	text[ACTIVITY_LOG_MAX - 1] = '\0';
	to.log = text;
	assert_refused(s, activity_go_on(&s->op, &made, &to, &made),
		       ERR_INVALID, "log");
	made.log_bytes = 0;
	made.log_parts = ACTIVITY_LOG_PARTS_MAX;
	to.log = "x";
	assert_refused(s, activity_go_on(&s->op, &made, &to, &made),
		       ERR_INVALID, "log");
}

static void lists_hold_changes_and_others_newest_first(void **state)
{
	struct activity_new new = open_push;
	struct store *s = *state;
	struct activity first = begin(s, &new);
	struct integration offered = offer(&s->op, "sync", "salesforce");
	struct activity_list found;

	new.state = ACTIVITY_COMPLETE;
	new.result = ACTIVITY_FAILURE;
	new.integration_id = offered.id;
	new.integration = offered.handle;
	struct activity last = begin(s, &new);

	found = list(s, (struct activity_filter){0});
	assert_true(found.count >= 3);
	assert_int_equal(found.items[0].number, last.number);
	assert_string_equal(found.items[0].integration, "sync");
	assert_true(activity_is_change(&found.items[1]));
	assert_int_equal(found.items[found.count - 2].number, first.number);
	assert_string_equal(found.items[found.count - 1].type,
			    "project.created");
	for (size_t i = 1; i < found.count; i++)
		assert_true(found.items[i - 1].number > found.items[i].number);
	found = list(s, (struct activity_filter){.limit = 2});
	assert_int_equal(found.count, 2);
	found = list(s, (struct activity_filter){.states = ",in_progress,"});
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].number, first.number);
	found = list(s, (struct activity_filter){.results = ",failure,"});
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].number, last.number);
	found = list(s, (struct activity_filter){.integration_id = offered.id});
	assert_int_equal(found.items[0].number, last.number);
	assert_true(found.count >= 2);
	found = list(s,
		     (struct activity_filter){.type = "integration.created"});
	assert_int_equal(found.count, 1);
	assert_uuid_equal(found.items[0].integration_id, offered.id);
	found = list(s, (struct activity_filter){.before = START});
	assert_int_equal(found.count, 0);
}

static void an_event_leads_to_its_activity(void **state)
{
	struct store *s = *state;
	struct activity made = begin(s, &open_push), found;
	struct event event;

	must(event_record(&s->op, "connection.made", "connection",
			  s->project.id, NULL, 0, &event));
	must(activity_of_event(&s->op, &event, &found));
	assert_true(activity_is_change(&found));
	assert_int_equal(found.number, event.number);
	must(activity_get(&s->op, event.number, &found));
	event.subject_kind = ACTIVITY_SUBJECT;
	event.subject_id = made.id;
	must(activity_of_event(&s->op, &event, &found));
	assert_int_equal(found.number, made.number);
	event.subject_id = s->project.id;
	must_fail(activity_of_event(&s->op, &event, &found), ERR_NOT_FOUND);
	must(event_record(&s->op, "connection.read", "connection",
			  s->project.id, NULL, 0, &event));
	must_fail(activity_of_event(&s->op, &event, &found), ERR_NOT_FOUND);
	must_fail(activity_get(&s->op, event.number, &found), ERR_NOT_FOUND);
	must_fail(activity_get(&s->op, 1, &found), ERR_NOT_FOUND);
}

static void a_change_has_no_log_of_its_own(void **state)
{
	struct activity_part_list parts;
	struct store *s = *state;

	offer(&s->op, "sync", "salesforce");
	struct activity change =
		list(s, (struct activity_filter){.limit = 1}).items[0];
	must(activity_log(&s->op, &change, &parts));
	assert_int_equal(parts.count, 0);
}

static void another_projects_activities_are_unknown(void **state)
{
	struct store *s = *state;
	struct activity made = begin(s, &open_push), found;
	struct project other = make_project(&s->op, "other", "other");
	struct activity_part_list parts;

	move_to(&s->op, other);
	must_fail(activity_get(&s->op, made.number, &found), ERR_NOT_FOUND);
	must(activity_log(&s->op, &made, &parts));
	assert_int_equal(parts.count, 0);
	struct activity_list all = list(s, (struct activity_filter){0});
	for (size_t i = 0; i < all.count; i++)
		assert_true(activity_is_change(&all.items[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(one_is_over_unless_it_says_so),
		STORE_TEST(it_goes_on_and_ends),
		STORE_TEST(a_state_never_goes_back),
		STORE_TEST(what_is_over_stays),
		STORE_TEST(cancelling_is_a_failure),
		STORE_TEST(what_does_not_fit_is_refused),
		STORE_TEST(a_log_is_kept_in_parts_up_to_its_limit),
		STORE_TEST(lists_hold_changes_and_others_newest_first),
		STORE_TEST(an_event_leads_to_its_activity),
		STORE_TEST(a_change_has_no_log_of_its_own),
		STORE_TEST(another_projects_activities_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
