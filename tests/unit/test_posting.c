/* db_post: changes that go along with what follows, and fail alone. */
#include "engine.h"

#include <stdio.h>

#include "core/group.h"
#include "core/store.h"

static const struct uuid nobody = {{0x77}};

static void add_group(struct store *s, const char *ref)
{
	struct party group;

	must(group_ensure(&s->op, ref, NULL, &group));
}

static int64_t groups(struct store *s)
{
	return store_number(s, "SELECT COUNT(*) FROM customer_group");
}

/* The second of this number is refused, now or later. */
static enum error add_event(struct store *s)
{
	const struct event event = {
		.number = 7,
		.type = "group.created",
		.actor = "system",
		.subject_kind = "group",
		.subject_id = nobody,
		.payload = "{}",
		.created_at = START,
	};

	return store_event_add(&s->op, &event);
}

static enum error end_operation(struct store *s, enum error error)
{
	if (error == OK)
		error = db_savepoint_release(s->writer);
	if (error != OK)
		db_savepoint_rollback(s->writer);
	return error;
}

static void what_fails_later_is_undone_alone(void **state)
{
	struct store *s = *state;

	must(db_savepoint(s->writer));
	add_group(s, "before");
	must(add_event(s));
	must(end_operation(s, OK));

	must(db_savepoint(s->writer));
	add_group(s, "within");
	assert_true(end_operation(s, add_event(s)) != OK);
	assert_true(db_in_transaction(s->writer));

	must(db_savepoint(s->writer));
	add_group(s, "after");
	must(end_operation(s, OK));
	assert_int_equal(groups(s), 2);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM event "
					 "WHERE number = 7"),
			 1);
}

/* It has been refused when the operation ends for another reason. */
static void what_fails_unseen_is_undone_alone(void **state)
{
	struct store *s = *state;
	enum error ignored;

	must(add_event(s));
	must(db_savepoint(s->writer));
	add_group(s, "within");
	ignored = add_event(s);
	(void)ignored;
	db_savepoint_rollback(s->writer);
	assert_true(db_in_transaction(s->writer));
	add_group(s, "after");
	assert_int_equal(groups(s), 1);
}

static void what_must_change_and_does_not_is_undone_alone(void **state)
{
	struct store *s = *state;
	const struct installation none = {.id = nobody};

	must(db_savepoint(s->writer));
	add_group(s, "within");
	must_fail(end_operation(s, store_installation_remove(&s->op, &none)),
		  ERR_INTERNAL);
	assert_true(db_in_transaction(s->writer));
	add_group(s, "after");
	assert_int_equal(groups(s), 1);
}

/* A key that somebody holds is what the asked one comes upon, no other. */
static void an_earlier_failure_is_not_taken_for_the_asked_one(void **state)
{
	struct store *s = *state;
	struct party group;

	must(add_event(s));
	must(db_savepoint(s->writer));
	if (add_event(s) == OK)
		must_fail(group_ensure(&s->op, "acme", NULL, &group),
			  ERR_STORE);
	db_savepoint_rollback(s->writer);
	assert_int_equal(groups(s), 0);
}

static void what_fails_unasked_is_not_committed(void **state)
{
	struct store *s = *state;

	must(add_event(s));
	store_commit(s);
	if (add_event(s) == OK)
		assert_true(db_commit(s->writer) != OK);
	else
		db_rollback(s->writer);
	must(db_begin(s->writer));
	s->writer->has_entered = false;
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM event "
					 "WHERE number = 7"),
			 1);
}

/* Else plans would be those of an empty table, until autovacuum looks. */
static void the_planner_hears_of_tables_that_grow(void **state)
{
	struct store *s = *state;
	char ref[16];

	if (!engine_is_postgres())
		skip();
	store_commit(s); /* others' tests wait for what its making locked */
	for (int i = 0; i < 1500; i++) {
		(void)snprintf(ref, sizeof(ref), "group-%d", i);
		add_group(s, ref);
	}
	must(db_commit(s->writer));
	db_idle(s->writer, false);
	db_idle(s->writer, true);
	must(db_begin(s->writer));
	s->writer->has_entered = false;
	assert_true(store_number(s,
				 "SELECT CAST(reltuples AS BIGINT) FROM "
				 "pg_class WHERE oid = "
				 "CAST('customer_group' AS regclass)") >= 1500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_fails_later_is_undone_alone),
		STORE_TEST(what_fails_unseen_is_undone_alone),
		STORE_TEST(what_must_change_and_does_not_is_undone_alone),
		STORE_TEST(an_earlier_failure_is_not_taken_for_the_asked_one),
		STORE_TEST(what_fails_unasked_is_not_committed),
		STORE_TEST(the_planner_hears_of_tables_that_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
