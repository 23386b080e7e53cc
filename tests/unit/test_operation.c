/* Operations: their ends, their logs, and what an installation shows of them.
 */
#include "engine.h"
#include "support.h"

#include "core/deletion.h"
#include "core/operation.h"
#include "core/read_pause.h"

static const struct operation_outcome success = {true, "read 3 records",
						 "[\"a\"]"};
static const struct operation_outcome failure = {false, "refused", NULL};

static struct installation_view installed(struct op *op)
{
	struct integration of = offer(op, "sync", "stripe");

	connect_group(op, "acme", "stripe");
	return install(op, &of, "acme", NULL);
}

static struct operation begin(struct op *op, struct uuid installation_id)
{
	const struct operation_new new = {installation_id, "read",
					  "[\"account\"]"};
	struct operation made;

	must(operation_begin(op, &new, &made));
	op->now += SECOND;
	return made;
}

static void run(struct op *op, struct uuid installation_id,
		const struct operation_outcome *outcome)
{
	struct operation made = begin(op, installation_id);

	must(operation_end(op, made.id, outcome));
}

static struct installation_view shown(struct op *op, struct uuid id)
{
	struct installation_view view;

	must(installation_find(op, id, &view));
	return view;
}

static void what_is_begun_is_found_as_it_ends(void **state)
{
	struct store *s = *state;
	struct installation_view of = installed(&s->op);
	struct uuid id = of.installation.id;
	struct operation made, found;

	assert_null(shown(&s->op, id).operation_status);
	made = begin(&s->op, id);
	assert_string_equal(shown(&s->op, id).operation_status, "in_progress");
	must(operation_end(&s->op, made.id, &success));
	must(operation_get(&s->op, made.id, &found));
	assert_uuid_equal(found.installation_id, id);
	assert_uuid_equal(found.integration_id, of.installation.integration_id);
	assert_uuid_equal(found.config_id, of.config.id);
	assert_string_equal(found.action, "read");
	assert_string_equal(found.status, "success");
	assert_string_equal(found.result, "read 3 records");
	assert_string_equal(found.objects, "[\"account\"]");
	assert_string_equal(found.record_ids, "[\"a\"]");
	assert_int_equal(found.created_at, made.created_at);
	assert_int_equal(found.ended_at, s->op.now);
	assert_string_equal(shown(&s->op, id).operation_status, "success");
}

static void an_operation_ends_once(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	struct operation made = begin(&s->op, id);
	const struct operation_progress progress = {"account", 1, 0};

	must(operation_end(&s->op, made.id, &failure));
	must_fail(operation_end(&s->op, made.id, &success), ERR_NOT_FOUND);
	must_fail(operation_progress(&s->op, made.id, &progress),
		  ERR_NOT_FOUND);
	must_fail(operation_attempt(&s->op, made.id, false), ERR_NOT_FOUND);
	assert_string_equal(shown(&s->op, id).operation_status, "failure");
}

static void three_failures_in_a_row_are_unhealthy(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;

	run(&s->op, id, &failure);
	run(&s->op, id, &failure);
	run(&s->op, id, &success);
	run(&s->op, id, &failure);
	run(&s->op, id, &failure);
	assert_true(shown(&s->op, id).is_healthy);
	run(&s->op, id, &failure);
	assert_false(shown(&s->op, id).is_healthy);
	run(&s->op, id, &failure);
	assert_false(shown(&s->op, id).is_healthy);
	run(&s->op, id, &success);
	assert_true(shown(&s->op, id).is_healthy);
}

static void the_latest_is_what_is_shown(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	struct operation first = begin(&s->op, id);
	struct operation second = begin(&s->op, id);

	must(operation_end(&s->op, second.id, &success));
	must(operation_end(&s->op, first.id, &failure));
	assert_string_equal(shown(&s->op, id).operation_status, "success");
}

static void what_is_over_is_recorded_at_once(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	const struct operation_new new = {id, "proxy", NULL};
	struct operation made, found;

	must(operation_record(&s->op, &new, &failure, &made));
	must(operation_get(&s->op, made.id, &found));
	assert_string_equal(found.status, "failure");
	assert_int_equal(found.ended_at, s->op.now);
	assert_string_equal(shown(&s->op, id).operation_status, "failure");
}

static void records_count_as_those_that_ran(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	const struct operation_new new = {id, "proxy", NULL};
	struct operation running = begin(&s->op, id), made;

	for (int i = 0; i < OPERATION_FAILURES; i++) {
		assert_true(shown(&s->op, id).is_healthy);
		must(operation_record(&s->op, &new, &failure, &made));
	}
	assert_false(shown(&s->op, id).is_healthy);
	must(operation_record(&s->op, &new, &success, &made));
	assert_true(shown(&s->op, id).is_healthy);
	assert_string_equal(shown(&s->op, id).operation_status, "success");
	must(operation_end(&s->op, running.id, &failure)); /* an older one */
	assert_string_equal(shown(&s->op, id).operation_status, "success");
}

static void a_record_is_over_and_keeps_what_it_says(void **state)
{
	struct store *s = *state;
	struct installation_view of = installed(&s->op);
	struct uuid id = of.installation.id;
	const struct operation_new new = {id, "proxy", "[\"account\"]"};
	struct operation made, found;

	must(operation_record(&s->op, &new, &success, &made));
	must(operation_get(&s->op, made.id, &found));
	assert_uuid_equal(found.config_id, of.config.id);
	assert_string_equal(found.action, "proxy");
	assert_string_equal(found.objects, "[\"account\"]");
	assert_string_equal(found.result, "read 3 records");
	assert_string_equal(found.record_ids, "[\"a\"]");
	must_fail(operation_end(&s->op, made.id, &failure), ERR_NOT_FOUND);
	must_fail(operation_attempt(&s->op, made.id, true), ERR_NOT_FOUND);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM job WHERE "
					 "kind = 'operation_sweep'"),
			 1);
}

static void a_long_result_is_cut_between_characters(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	const struct operation_new new = {id, "proxy", NULL};
	char text[OPERATION_TEXT_MAX + 2];
	const struct operation_outcome outcome = {false, text, NULL};
	struct operation made, found;

	/* two bytes each, after the first one */
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? '\xc3' : '\xa9';
	text[0] = 'x';
	text[OPERATION_TEXT_MAX + 1] = '\0';
	must(operation_record(&s->op, &new, &outcome, &made));
	must(operation_get(&s->op, made.id, &found));
	assert_int_equal(strlen(found.result), OPERATION_TEXT_MAX - 1);
	assert_memory_equal(found.result, text, OPERATION_TEXT_MAX - 1);
	text[OPERATION_TEXT_MAX - 1] = '\0';
	must(operation_record(&s->op, &new, &outcome, &made));
	assert_string_equal(made.result, text);
}

static void nothing_is_recorded_where_no_installation_lives(void **state)
{
	struct store *s = *state;
	struct installation_view of = installed(&s->op);
	struct operation_new new = {uuid_make(s->op.now), "proxy", NULL};
	struct operation made = {.attempts = 7};

	must_fail(operation_record(&s->op, &new, &success, &made),
		  ERR_NOT_FOUND);
	new.installation_id = of.installation.id;
	must(delete_installation(&s->op, of.installation.integration_id,
				 new.installation_id));
	must_fail(operation_record(&s->op, &new, &success, &made),
		  ERR_NOT_FOUND);
	assert_int_equal(made.attempts, 7);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM operation"), 0);
}

static void a_log_keeps_its_order_and_its_bounds(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	struct operation made = begin(&s->op, id);
	struct operation_line_list lines;
	const struct operation_detail details[] = {{"status", "404"}};
	char *lengthy = arena_alloc(&s->op.arena, 3 * OPERATION_TEXT_MAX);

	memset(lengthy, 'x', 3 * OPERATION_TEXT_MAX - 1);
	must(operation_log(&s->op, made.id, "INFO", "one \"quoted\"", NULL,
			   details, 1));
	must(operation_log(&s->op, made.id, "ERROR", lengthy, "why", NULL, 0));
	for (int i = 0; i < OPERATION_LOGS_MAX; i++)
		must(operation_log(&s->op, made.id, "DEBUG", "more", NULL, NULL,
				   0));
	must(operation_lines(&s->op, made.id, &lines));
	assert_int_equal(lines.count, OPERATION_LOGS_MAX);
	assert_string_equal(lines.items[0].severity, "INFO");
	assert_non_null(strstr(lines.items[0].message,
			       "{\"msg\":\"one \\\"quoted\\\"\""));
	assert_non_null(strstr(lines.items[0].message,
			       "\"details\":{\"status\":\"404\"}"));
	assert_non_null(strstr(lines.items[1].message, "\"error\":\"why\""));
	assert_in_range(strlen(lines.items[1].message), OPERATION_TEXT_MAX,
			OPERATION_TEXT_MAX + 200);
	must_fail(operation_log(&s->op, id, "INFO", "x", NULL, NULL, 0),
		  ERR_NOT_FOUND);
}

static void a_page_is_of_the_newest(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	struct operation made[3];
	struct operation_list list;

	for (int i = 0; i < 3; i++)
		made[i] = begin(&s->op, id);
	must(operation_list(&s->op, id, (struct uuid){{0}}, 2, &list));
	assert_int_equal(list.count, 2);
	assert_uuid_equal(list.items[0].id, made[2].id);
	must(operation_list(&s->op, id, list.items[1].id, 2, &list));
	assert_int_equal(list.count, 1);
	assert_uuid_equal(list.items[0].id, made[0].id);
}

static void the_latest_backfill_of_an_object_is_found(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	struct operation old = begin(&s->op, id), latest = begin(&s->op, id);
	struct operation_progress progress = {"account", 10, 0};
	struct operation found;

	must_fail(operation_backfill(&s->op, id, "account", &found),
		  ERR_NOT_FOUND);
	must(operation_progress(&s->op, latest.id, &progress));
	must(operation_progress(&s->op, old.id, &progress));
	progress = (struct operation_progress){"account", 20, 40};
	must(operation_progress(&s->op, latest.id, &progress));
	must(operation_attempt(&s->op, latest.id, true));
	must(operation_backfill(&s->op, id, "account", &found));
	assert_uuid_equal(found.id, latest.id);
	assert_int_equal(found.progress.records, 20);
	assert_int_equal(found.progress.estimated, 40);
	assert_int_equal(found.attempts, 1);
	assert_int_equal(found.attempted_at, s->op.now);
	assert_int_equal(found.notified_at, s->op.now);
	must_fail(operation_backfill(&s->op, id, "contact", &found),
		  ERR_NOT_FOUND);
}

static void an_old_one_is_removed_with_its_log(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	struct operation old = begin(&s->op, id), kept, found;
	struct operation_line_list lines;
	int64_t next_at;

	must(operation_log(&s->op, old.id, "INFO", "x", NULL, NULL, 0));
	int64_t made_at = uuid_time_us(old.id); /* may be ahead of the clock */
	s->op.now = made_at + OPERATION_RETENTION_US - 2 * SECOND;
	kept = begin(&s->op, id);
	must(operation_sweep(&s->op, &next_at));
	must(operation_get(&s->op, old.id, &found));
	assert_in_range(next_at, made_at + OPERATION_RETENTION_US,
			made_at + OPERATION_RETENTION_US + SECOND);
	s->op.now = next_at + SECOND;
	must(operation_sweep(&s->op, &next_at));
	must_fail(operation_get(&s->op, old.id, &found), ERR_NOT_FOUND);
	must(operation_lines(&s->op, old.id, &lines));
	assert_int_equal(lines.count, 0);
	must(operation_get(&s->op, kept.id, &found));
	assert_true(next_at > s->op.now);
	s->op.now = next_at + SECOND;
	must(operation_sweep(&s->op, &next_at));
	assert_int_equal(next_at, 0);
}

static void they_go_with_their_installation(void **state)
{
	struct store *s = *state;
	struct installation_view of = installed(&s->op);
	struct uuid id = of.installation.id;
	struct operation made = begin(&s->op, id), found;
	const char *const objects[] = {"account"};
	const struct read_pause_new pause = {objects, 1, PAUSED_BY_REQUEST,
					     NULL};

	must(operation_log(&s->op, made.id, "INFO", "x", NULL, NULL, 0));
	must(read_pause(&s->op, id, &pause));
	must(delete_installation(&s->op, of.installation.integration_id, id));
	must_fail(operation_get(&s->op, made.id, &found), ERR_NOT_FOUND);
	must_fail(operation_end(&s->op, made.id, &success), ERR_NOT_FOUND);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM operation"), 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM operation_log"),
			 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM read_pause"), 0);
}

static void too_many_are_forgotten_by_a_job(void **state)
{
	struct store *s = *state;
	struct installation_view of = installed(&s->op);
	struct uuid id = of.installation.id;
	const struct operation_new new = {id, "proxy", NULL};
	struct operation made;
	bool is_done;

	for (int i = 0; i < 501; i++)
		must(operation_record(&s->op, &new, &success, &made));
	must(delete_installation(&s->op, of.installation.integration_id, id));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM operation"), 1);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM job WHERE "
					 "kind = 'operation_forget'"),
			 1);
	must_fail(operation_get(&s->op, made.id, &made), ERR_NOT_FOUND);
	must(operation_forget_some(&s->op, id, &is_done));
	assert_true(is_done);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM operation"), 0);
}

static void another_projects_are_not_there(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	struct operation made = begin(&s->op, id), found;
	struct operation_list list;

	move_to(&s->op, make_project(&s->op, "acme", "other"));
	must_fail(operation_get(&s->op, made.id, &found), ERR_NOT_FOUND);
	must_fail(operation_end(&s->op, made.id, &success), ERR_NOT_FOUND);
	must(operation_list(&s->op, id, (struct uuid){{0}}, 10, &list));
	assert_int_equal(list.count, 0);
	const struct operation_new new = {id, "read", NULL};
	must_fail(operation_begin(&s->op, &new, &found), ERR_NOT_FOUND);
	must_fail(operation_record(&s->op, &new, &success, &found),
		  ERR_NOT_FOUND);
}

static void errors_that_pause_are_unhealthy_until_unpaused(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	const char *const both[] = {"account", "contact"};
	const struct read_pause_new asked = {both, 1, PAUSED_BY_REQUEST, "x"};
	const struct read_pause_new failed = {both, 2, PAUSED_BY_ERRORS,
					      "refused"};
	struct read_pause_list list;

	must(read_pause(&s->op, id, &asked));
	assert_true(shown(&s->op, id).is_healthy);
	must(read_pause(&s->op, id, &failed));
	assert_false(shown(&s->op, id).is_healthy);
	must(read_pause_list(&s->op, id, &list));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].cause, PAUSED_BY_REQUEST);
	assert_string_equal(list.items[1].note, "refused");
	assert_non_null(strstr(payload_of(&s->op, "read.schedule.paused"),
			       "\"error\":\"refused\""));
	must(read_unpause(&s->op, id, both, 1, NULL));
	assert_false(shown(&s->op, id).is_healthy);
	must(read_unpause(&s->op, id, NULL, 0, NULL));
	assert_true(shown(&s->op, id).is_healthy);
	assert_int_equal(event_count(&s->op, "read.schedule.paused"), 2);
	assert_int_equal(event_count(&s->op, "read.schedule.unpaused"), 2);
}

static void what_is_so_already_is_no_event(void **state)
{
	struct store *s = *state;
	struct uuid id = installed(&s->op).installation.id;
	const char *const twice[] = {"account", "account"};
	const struct read_pause_new new = {twice, 2, PAUSED_BY_REQUEST, NULL};

	must(read_unpause(&s->op, id, NULL, 0, NULL));
	must(read_pause(&s->op, id, &new));
	must(read_pause(&s->op, id, &new));
	assert_int_equal(event_count(&s->op, "read.schedule.paused"), 1);
	assert_int_equal(event_count(&s->op, "read.schedule.unpaused"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_is_begun_is_found_as_it_ends),
		STORE_TEST(an_operation_ends_once),
		STORE_TEST(three_failures_in_a_row_are_unhealthy),
		STORE_TEST(the_latest_is_what_is_shown),
		STORE_TEST(what_is_over_is_recorded_at_once),
		STORE_TEST(records_count_as_those_that_ran),
		STORE_TEST(a_record_is_over_and_keeps_what_it_says),
		STORE_TEST(a_long_result_is_cut_between_characters),
		STORE_TEST(nothing_is_recorded_where_no_installation_lives),
		STORE_TEST(a_log_keeps_its_order_and_its_bounds),
		STORE_TEST(a_page_is_of_the_newest),
		STORE_TEST(the_latest_backfill_of_an_object_is_found),
		STORE_TEST(an_old_one_is_removed_with_its_log),
		STORE_TEST(they_go_with_their_installation),
		STORE_TEST(too_many_are_forgotten_by_a_job),
		STORE_TEST(another_projects_are_not_there),
		STORE_TEST(errors_that_pause_are_unhealthy_until_unpaused),
		STORE_TEST(what_is_so_already_is_no_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
