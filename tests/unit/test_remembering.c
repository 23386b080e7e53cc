/* db_recent, db_snapshot: how long what was read may be remembered. */
#include "engine.h"

#include <poll.h>

#include "base/clock.h"
#include "core/hold.h"
#include "core/policy.h"
#include "core/store.h"

static _Atomic int told;

static void count(void *context, const char *text)
{
	(void)context;
	told += text != NULL;
}

static void pause_ms(int milliseconds)
{
	(void)poll(NULL, 0, milliseconds);
}

static uint64_t recent(struct store *s)
{
	uint64_t number = store_recent(store_read(s));

	store_read_end(s);
	return number;
}

/* A process of its own could do it as well. */
static void commit_elsewhere(const struct store *s)
{
	struct db_session *writer;
	struct db *db;

	must(db_open(s->url, DB_EXISTING, &db));
	must(db_session_open(db, DB_WRITE, &writer));
	must(db_begin(writer));
	must(db_commit(writer));
	db_session_close(writer);
	db_close(db);
}

/* Its connection is made by a thread of its own. */
static struct db_listener *listen_to(struct store *s)
{
	struct db_listener *listener = db_listen(s->db, count, NULL);

	assert_non_null(listener);
	for (int i = 0; i < 500 && !recent(s); i++)
		pause_ms(10);
	return listener;
}

static void postgres_or_skip(void)
{
	if (!engine_is_postgres() || getenv("CLEAT_TEST_PGBOUNCER"))
		skip();
}

static void nothing_is_remembered_while_nobody_listens(void **state)
{
	struct store *s = *state;

	postgres_or_skip();
	store_commit(s);
	assert_int_equal(recent(s), 0);
	db_listen_stop(s->db, listen_to(s));
	assert_int_equal(recent(s), 0);
}

static void a_commit_ends_what_is_remembered(void **state)
{
	struct store *s = *state;

	postgres_or_skip();
	store_commit(s);
	struct db_listener *listener = listen_to(s);
	uint64_t before = recent(s);
	assert_true(before != 0);
	store_commit(s);
	assert_true(recent(s) != before);
	db_listen_stop(s->db, listener);
}

static void so_does_one_of_another_process(void **state)
{
	struct store *s = *state;

	postgres_or_skip();
	store_commit(s);
	struct db_listener *listener = listen_to(s);
	int before_it = told;
	uint64_t before = recent(s);
	commit_elsewhere(s);
	for (int i = 0; i < 500 && told == before_it; i++)
		pause_ms(10);
	assert_true(told > before_it);
	assert_true(recent(s) != before);
	db_listen_stop(s->db, listener);
}

static void so_does_a_second(void **state)
{
	struct store *s = *state;

	postgres_or_skip();
	store_commit(s);
	struct db_listener *listener = listen_to(s);
	int64_t began = clock_monotonic();
	uint64_t before = recent(s);
	while (clock_monotonic() < began + CLOCK_SECOND)
		pause_ms(10);
	assert_true(recent(s) != before);
	db_listen_stop(s->db, listener);
}

/* What another process commits must be seen by who reads next. */
static void rules_are_never_remembered_by_a_reader(void **state)
{
	struct store *s = *state;

	postgres_or_skip();
	store_commit(s);
	struct db_listener *listener = listen_to(s);
	assert_int_equal(store_snapshot(store_read(s)), 0);
	store_read_end(s);
	db_listen_stop(s->db, listener);
}

static enum deletion_mode mode_of_group(struct op *op)
{
	struct deletion_terms terms;
	const struct thing thing = {.kind = THING_GROUP, .policy = "group"};
	const struct deletion_options options = {.mode = MODE_OF_POLICY};

	must(policy_settle(op, &thing, &options, &terms));
	return terms.mode;
}

static size_t hold_count(struct op *op)
{
	struct hold_list holds;

	must(hold_list(op, &holds));
	return holds.count;
}

/* A writer's transaction remembers them, until it changes one. */
static void a_changed_rule_holds_for_what_follows(void **state)
{
	struct store *s = *state;
	const struct policy soft = {"group", MODE_SOFT, 30};
	struct hold hold;

	must(db_savepoint(s->writer));
	assert_int_equal(mode_of_group(&s->op), MODE_HARD);
	assert_int_equal(hold_count(&s->op), 0);
	must(policy_set(&s->op, &soft));
	assert_int_equal(mode_of_group(&s->op), MODE_SOFT);
	must(hold_put(&s->op, "project", s->project.id, "court", &hold));
	assert_int_equal(hold_count(&s->op), 1);
	db_savepoint_rollback(s->writer);
	assert_int_equal(mode_of_group(&s->op), MODE_HARD);
	assert_int_equal(hold_count(&s->op), 0);
}

/* On PostgreSQL another process may have changed them in between. */
static void the_next_transaction_asks_anew_where_others_write(void **state)
{
	struct store *s = *state;

	assert_int_equal(mode_of_group(&s->op), MODE_HARD);
	uint64_t before = store_snapshot(&s->op);
	store_commit(s);
	assert_true((store_snapshot(&s->op) != before) == engine_is_postgres());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(nothing_is_remembered_while_nobody_listens),
		STORE_TEST(a_commit_ends_what_is_remembered),
		STORE_TEST(so_does_one_of_another_process),
		STORE_TEST(so_does_a_second),
		STORE_TEST(rules_are_never_remembered_by_a_reader),
		STORE_TEST(a_changed_rule_holds_for_what_follows),
		STORE_TEST(the_next_transaction_asks_anew_where_others_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
