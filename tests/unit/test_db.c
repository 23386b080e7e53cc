/* db: sessions, transactions, savepoints, and all queries of the program. */
#include "engine.h"

#include <stdio.h>
#include <sys/stat.h>

#include "core/environment.h"
#include "core/group.h"
#include "core/store.h"

static bool has_group(struct op *op, const char *ref)
{
	struct party party;
	enum error error = store_group_find(op, ref, &party);

	if (error != OK)
		assert_int_equal(error, ERR_NOT_FOUND);
	return error == OK;
}

static void add_group(struct op *op, const char *ref)
{
	struct party party;

	must(group_ensure(op, ref, NULL, &party));
}

static void every_query_prepares_on_a_migrated_store(void **state)
{
	struct store *s = *state;

	for (int query = 0; query < QUERY_COUNT; query++) {
		const char *how =
			engine_is_postgres()
				? arena_printf(&s->op.arena, "PREPARE a_%s AS",
					       query_names[query])
				: "EXPLAIN";

		must(db_script(s->writer,
			       arena_printf(&s->op.arena, "%s %s", how,
					    query_texts[query])));
	}
}

static void a_reader_sees_a_commit_after_its_begin(void **state)
{
	struct store *s = *state;
	struct op *reader;

	store_commit(s);
	reader = store_read(s);
	assert_false(has_group(reader, "acme"));
	add_group(&s->op, "acme");
	assert_false(has_group(reader, "acme"));
	store_commit(s);
	assert_false(has_group(reader, "acme")); /* its snapshot stays */
	store_read_end(s);
	reader = store_read(s);
	assert_true(has_group(reader, "acme"));
	store_read_end(s);
}

static void a_kept_snapshot_is_renewed_by_each_commit(void **state)
{
	struct store *s = *state;

	store_commit(s);
	for (int i = 0; i < 20; i++) {
		const char *ref = arena_printf(&s->op.arena, "g%d", i);

		assert_false(has_group(store_read(s), ref));
		store_read_end(s);
		add_group(&s->op, ref);
		store_commit(s);
		assert_true(has_group(store_read(s), ref));
		store_read_end(s);
	}
}

static void a_snapshot_has_a_number_of_its_own(void **state)
{
	struct store *s = *state;
	uint64_t before;

	engine_sqlite_or_skip();
	store_commit(s);
	assert_int_equal(store_recent(&s->op), 0);
	before = store_snapshot(store_read(s));
	store_read_end(s);
	assert_true(before != 0);
	assert_true(store_snapshot(store_read(s)) == before);
	add_group(&s->op, "acme");
	store_commit(s);
	assert_true(store_snapshot(&s->reader) == before);
	store_read_end(s);
	assert_true(store_snapshot(store_read(s)) != before);
	store_read_end(s);
}

/* As store_snapshot_of says it in a read of its own. */
static uint64_t snapshot_of(struct store *s, struct uuid project_id)
{
	uint64_t found = store_snapshot_of(store_read(s), project_id);

	store_read_end(s);
	return found;
}

static void a_projects_snapshot_changes_with_what_it_has(void **state)
{
	struct store *s = *state;
	const struct uuid other = {{[15] = 1}};

	engine_sqlite_or_skip();
	add_group(&s->op, "acme");
	store_commit(s);
	uint64_t own = snapshot_of(s, s->op.project_id);
	uint64_t others = snapshot_of(s, other);
	assert_true(own != 0 && others != 0);
	add_group(&s->op, "initech");
	/* what is under way may be committed by the time that it is asked */
	assert_int_equal(snapshot_of(s, s->op.project_id), 0);
	assert_true(snapshot_of(s, other) == others);
	store_commit(s);
	uint64_t later = snapshot_of(s, s->op.project_id);
	assert_true(later != 0 && later != own);
	assert_true(snapshot_of(s, other) == others);
}

static void an_older_snapshot_is_not_the_projects(void **state)
{
	struct store *s = *state;
	struct op *reader;

	engine_sqlite_or_skip();
	store_commit(s);
	reader = store_read(s);
	assert_true(store_snapshot_of(reader, s->op.project_id) != 0);
	add_group(&s->op, "acme");
	store_commit(s);
	assert_int_equal(store_snapshot_of(reader, s->op.project_id), 0);
	store_read_end(s);
}

static void what_changes_the_whole_store_changes_every_project(void **state)
{
	struct store *s = *state;
	const struct uuid other = {{[15] = 1}};

	engine_sqlite_or_skip();
	store_commit(s);
	uint64_t before = snapshot_of(s, other);
	must(db_script(s->writer, "CREATE TABLE made (at INTEGER)"));
	store_commit(s);
	assert_true(snapshot_of(s, other) != before);
}

static void a_reader_cannot_write(void **state)
{
	struct store *s = *state;
	struct party party;
	struct op *reader;

	store_commit(s);
	reader = store_read(s);
	must_fail(group_ensure(reader, "acme", NULL, &party), ERR_STORE);
	db_rollback(s->reading);
	assert_false(has_group(store_read(s), "acme"));
	store_read_end(s);
}

static void a_rollback_undoes_the_transaction(void **state)
{
	struct store *s = *state;

	store_commit(s);
	add_group(&s->op, "acme");
	store_undo(s);
	assert_false(has_group(&s->op, "acme"));
}

static void a_savepoint_is_undone_alone(void **state)
{
	struct store *s = *state;

	add_group(&s->op, "before");
	must(db_savepoint(s->writer));
	add_group(&s->op, "undone");
	db_savepoint_rollback(s->writer);
	assert_false(has_group(&s->op, "undone"));
	must(db_savepoint(s->writer));
	add_group(&s->op, "kept");
	must(db_savepoint_release(s->writer));
	store_commit(s);
	assert_true(has_group(&s->op, "before"));
	assert_false(has_group(&s->op, "undone"));
	assert_true(has_group(&s->op, "kept"));
}

/* There is none, as after a failure: nothing else may be committed either. */
static void a_savepoint_that_cannot_be_undone_ends_the_transaction(void **state)
{
	struct store *s = *state;

	add_group(&s->op, "undone");
	db_savepoint_rollback(s->writer);
	assert_false(db_in_transaction(s->writer));
	store_undo(s);
	assert_false(has_group(&s->op, "undone"));
}

static void a_unique_key_that_is_held_is_taken(void **state)
{
	struct store *s = *state;
	const struct environment twin = {{{1}}, "live", "test", START};
	struct environment made;

	must(environment_create(&s->op, "live", "test", &made));
	must_fail(store_environment_add(&s->op, &twin), ERR_TAKEN);
	/* the transaction goes on */
	add_group(&s->op, "other");
	store_commit(s);
	assert_true(has_group(&s->op, "other"));
}

static void bad_sql_is_the_stores_failure(void **state)
{
	struct store *s = *state;

	must_fail(db_script(s->writer, "INSERT INTO nowhere VALUES (1)"),
		  ERR_STORE);
}

static void too_many_values_are_a_defect(void **state)
{
	struct store *s = *state;
	struct db_value values[30] = {{.type = DB_NULL}};
	struct db_rows rows;

	must_fail(db_query(s->writer, QUERY_GROUP_FIND, values, 30, &rows),
		  ERR_INTERNAL);
	db_finish(&rows);
}

static void a_query_is_not_run_within_itself(void **state)
{
	struct store *s = *state;
	const struct db_value values[] = {DB_STR("acme")};
	struct db_rows outer, inner;

	engine_sqlite_or_skip();
	must(db_query(s->writer, QUERY_ORGANIZATION_FIND, values, 1, &outer));
	must(db_next(&outer));
	assert_true(outer.has_row);
	must_fail(
		db_query(s->writer, QUERY_ORGANIZATION_FIND, values, 1, &inner),
		ERR_INTERNAL);
	db_finish(&inner);
	db_finish(&outer);
	must(db_query(s->writer, QUERY_ORGANIZATION_FIND, values, 1, &outer));
	db_finish(&outer);
}

static void each_type_is_read_as_it_was_written(void **state)
{
	struct store *s = *state;
	const struct party nameless = {{{7}}, "", "", INT64_MAX, 0};
	const struct db_value values[] = {DB_ID(s->op.project_id), DB_STR("")};
	struct db_rows rows;
	size_t length;

	must(store_group_add(&s->op, &nameless));
	must(db_query(s->writer, QUERY_GROUP_FIND, values, 2, &rows));
	must(db_next(&rows));
	assert_uuid_equal(db_uuid(&rows, 0), nameless.id);
	assert_string_equal(db_text(&s->op.arena, &rows, 1), "");
	assert_non_null(db_blob(&rows, 1, &length));
	assert_int_equal(length, 0);
	assert_true(db_integer(&rows, 3) == INT64_MAX);
	assert_true(db_boolean(&rows, 3));
	assert_non_null(db_blob(&rows, 3, &length));
	assert_null(db_blob(&rows, 4, &length));
	assert_int_equal(db_integer(&rows, 4), 0);
	assert_null(db_text(&s->op.arena, &rows, 4));
	assert_true(uuid_is_nil(db_uuid(&rows, 4)));
	must(db_next(&rows));
	assert_false(rows.has_row);
	db_finish(&rows);
}

static void absent_values_are_null(void **state)
{
	const struct uuid nil = {{0}}, some = {{1}};

	(void)state;
	assert_int_equal(DB_STR(NULL).type, DB_NULL);
	assert_int_equal(DB_STR("").type, DB_TEXT);
	assert_int_equal(DB_INT_OR_NULL(0).type, DB_NULL);
	assert_int_equal(DB_INT_OR_NULL(-1).type, DB_INTEGER);
	assert_int_equal(DB_ID_OR_NULL(nil).type, DB_NULL);
	assert_int_equal(DB_ID_OR_NULL(some).type, DB_UUID);
}

static void what_is_committed_is_there_when_opened_again(void **state)
{
	struct store *s = *state;

	add_group(&s->op, "acme");
	store_commit(s);
	db_rollback(s->writer);
	db_session_close(s->writer);
	db_close(s->db);
	must(db_open(s->url, DB_EXISTING, &s->db));
	must(db_session_open(s->db, DB_WRITE, &s->writer));
	must(db_begin(s->writer));
	s->op.session = s->writer;
	assert_true(has_group(&s->op, "acme"));
}

static void a_store_is_opened_by_one_process_at_a_time(void **state)
{
	struct store *s = *state;
	struct db *db = NULL;

	engine_sqlite_or_skip();
	must_fail(db_open(s->url, DB_EXISTING, &db), ERR_TAKEN);
	must_fail(db_open(s->url, DB_NEW, &db), ERR_TAKEN);
	assert_null(db);
	db_close(NULL);
	db_session_close(NULL);
}

static void other_urls_open_nothing(void **state)
{
	struct store *s = *state;
	char url[80];
	struct db *db = NULL;

	must_fail(db_open("mysql:x", DB_EXISTING, &db), ERR_INVALID);
	must_fail(db_open("", DB_NEW, &db), ERR_INVALID);
	(void)snprintf(url, sizeof(url), "sqlite:%s/absent", s->folder);
	must_fail(db_open(url, DB_EXISTING, &db), ERR_NOT_FOUND);
	(void)snprintf(url, sizeof(url), "sqlite:%s/no/where", s->folder);
	must_fail(db_open(url, DB_NEW, &db), ERR_STORE);
	assert_null(db);
}

static void only_the_owner_may_read_the_files(void **state)
{
	static const char *const names[] = {"store", "store-wal", "store-shm",
					    "store-lock"};
	struct store *s = *state;
	char path[80];
	struct stat about;

	engine_sqlite_or_skip();
	store_commit(s);
	for (size_t i = 0; i < COUNT(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", s->folder,
			       names[i]);
		assert_int_equal(stat(path, &about), 0);
		assert_int_equal(about.st_mode & 077, 0);
	}
}

static void a_checkpoint_takes_nothing_from_readers(void **state)
{
	struct store *s = *state;

	engine_sqlite_or_skip();
	for (int i = 0; i < 300; i++)
		add_group(&s->op, arena_printf(&s->op.arena, "g%d", i));
	store_commit(s);
	assert_true(has_group(store_read(s), "g299"));
	store_read_end(s);
	db_rollback(s->writer);
	db_idle(s->writer, false);
	db_idle(s->writer, true);
	must(db_begin(s->writer));
	assert_true(has_group(store_read(s), "g0"));
	assert_true(has_group(&s->reader, "g299"));
	store_read_end(s);
	add_group(&s->op, "later");
	store_commit(s);
	assert_true(has_group(store_read(s), "later"));
	store_read_end(s);
}

/* More than the log gathers at a time, and more than SQLite's cache holds. */
static void a_long_transaction_is_read_whole_and_undone_whole(void **state)
{
	struct store *s = *state;
	char *ref = arena_alloc(&s->op.arena, 4001);

	engine_sqlite_or_skip();
	memset(ref, 'x', 4000);
	for (int i = 0; i < 4000; i++) {
		(void)snprintf(ref, 8, "%07d", i);
		ref[7] = '-';
		add_group(&s->op, ref);
	}
	memcpy(ref, "0000000", 7);
	assert_true(has_group(&s->op, ref)); /* out of the log, uncommitted */
	store_undo(s);
	assert_false(has_group(&s->op, ref));
	for (int i = 0; i < 4000; i++) {
		(void)snprintf(ref, 8, "%07d", i);
		ref[7] = '-';
		add_group(&s->op, ref);
	}
	store_commit(s);
	assert_true(has_group(store_read(s), ref));
	store_read_end(s);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM customer_group"),
			 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(every_query_prepares_on_a_migrated_store),
		STORE_TEST(a_reader_sees_a_commit_after_its_begin),
		STORE_TEST(a_kept_snapshot_is_renewed_by_each_commit),
		STORE_TEST(a_snapshot_has_a_number_of_its_own),
		STORE_TEST(a_projects_snapshot_changes_with_what_it_has),
		STORE_TEST(an_older_snapshot_is_not_the_projects),
		STORE_TEST(what_changes_the_whole_store_changes_every_project),
		STORE_TEST(a_reader_cannot_write),
		STORE_TEST(a_rollback_undoes_the_transaction),
		STORE_TEST(a_savepoint_is_undone_alone),
		STORE_TEST(
			a_savepoint_that_cannot_be_undone_ends_the_transaction),
		STORE_TEST(a_unique_key_that_is_held_is_taken),
		STORE_TEST(bad_sql_is_the_stores_failure),
		STORE_TEST(too_many_values_are_a_defect),
		STORE_TEST(a_query_is_not_run_within_itself),
		STORE_TEST(each_type_is_read_as_it_was_written),
		cmocka_unit_test(absent_values_are_null),
		STORE_TEST(what_is_committed_is_there_when_opened_again),
		STORE_TEST(a_store_is_opened_by_one_process_at_a_time),
		STORE_TEST(other_urls_open_nothing),
		STORE_TEST(only_the_owner_may_read_the_files),
		STORE_TEST(a_checkpoint_takes_nothing_from_readers),
		STORE_TEST(a_long_transaction_is_read_whole_and_undone_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
