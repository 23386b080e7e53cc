/* db/migrate: each migration once, and only ours. */
#include "engine.h"

#include <stdio.h>

#include "core/access_token.h"
#include "db/migrate.h"
#include "db/migrate_names.h"

/* The store without the fixture's transaction, committed. */
static struct store *settle(void **state)
{
	struct store *s = *state;

	must(db_commit(s->writer));
	engine_spoil();
	return s;
}

/* The fixture's teardown rolls a transaction back. */
static enum error migrate_again(struct store *s)
{
	enum error error = migrate(s->writer, true);

	must(db_begin(s->writer));
	return error;
}

static void what_is_applied_is_remembered(void **state)
{
	struct store *s = *state;

	assert_int_equal(
		store_number(s, "SELECT COUNT(*) FROM schema_migration"),
		MIGRATION_COUNT);
	assert_int_equal(store_number(s, "SELECT MIN(LENGTH(checksum)) "
					 "FROM schema_migration"),
			 64);
}

static void migrating_twice_changes_nothing(void **state)
{
	struct store *s = settle(state);

	must(migrate_again(s));
	assert_int_equal(
		store_number(s, "SELECT COUNT(*) FROM schema_migration"),
		MIGRATION_COUNT);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM project"), 1);
}

static void an_altered_checksum_is_refused(void **state)
{
	struct store *s = settle(state);

	must(db_script(s->writer, "UPDATE schema_migration SET checksum = "
				  "'0' || SUBSTR(checksum, 2) || 'x'"));
	must_fail(migrate_again(s), ERR_INVALID);
}

static void a_single_altered_digit_is_refused(void **state)
{
	struct store *s = settle(state);

	must(db_script(s->writer,
		       "UPDATE schema_migration SET checksum = "
		       "SUBSTR(checksum, 1, 63) || CASE SUBSTR(checksum, 64) "
		       "WHEN '0' THEN '1' ELSE '0' END"));
	must_fail(migrate_again(s), ERR_INVALID);
}

static void a_gap_in_the_numbers_is_refused(void **state)
{
	struct store *s = settle(state);

	must(db_script(s->writer,
		       "UPDATE schema_migration SET number = number + 1 "
		       "WHERE number = (SELECT MAX(number) "
		       "FROM schema_migration)"));
	must_fail(migrate_again(s), ERR_INVALID);
}

static void a_store_of_a_newer_version_is_refused(void **state)
{
	struct store *s = settle(state);

	must(db_script(s->writer, "INSERT INTO schema_migration VALUES "
				  "(9999, 'later', 'x', 1)"));
	must_fail(migrate_again(s), ERR_INVALID);
}

static void a_migration_that_fails_leaves_nothing(void **state)
{
	struct store *s = settle(state);

	must(db_script(s->writer, "DROP TABLE step;"
				  "DELETE FROM schema_migration "
				  "WHERE number > 1"));
	must_fail(migrate_again(s), ERR_STORE);
	assert_int_equal(
		store_number(s, "SELECT COUNT(*) FROM schema_migration"), 1);
	must_fail(db_script(s->writer, "SELECT 1 FROM step"), ERR_STORE);
}

static void nobody_elses_tables_become_a_store(void **state)
{
	struct store *s = settle(state);

	must(db_script(s->writer, "DELETE FROM schema_migration"));
	must_fail(migrate_again(s), ERR_INVALID);
	assert_int_equal(
		store_number(s, "SELECT COUNT(*) FROM schema_migration"), 0);
}

static const char *text_of(int number)
{
	int i = 0;

	while (migrations[i].number != number)
		i++;
	return migrations[i].text;
}

/* What this store would be as one of the version before builders. */
static const char without_people[] =
	"DROP TABLE builder; DROP TABLE membership; DROP TABLE invite;"
	"DROP TABLE claimed_domain; DROP INDEX token_builder;"
	"ALTER TABLE token DROP COLUMN builder_id;"
	"ALTER TABLE organization DROP COLUMN label;"
	"ALTER TABLE organization DROP COLUMN updated_at;";

static void an_older_stores_organizations_get_their_owners(void **state)
{
	static const char *const kinds[] = {TOKEN_UPSUN, TOKEN_AMPERSAND};
	struct store *s = *state;
	struct access_token token;
	char text[TOKEN_TEXT];

	for (size_t i = 0; i < COUNT(kinds); i++) {
		const struct access_token_new new = {
			.kind = kinds[i], .label = "", .scopes = ""};

		must(access_token_create(&s->op, &new, &token, text));
	}
	store_script(s, without_people);
	store_commit(s); /* and nothing is entered, as when it is migrated */
	must(db_script(s->writer, text_of(14)));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM membership m, "
					 "organization o WHERE m.is_owner "
					 "AND m.organization_id = o.id "
					 "AND o.label = o.name"),
			 1);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM token "
					 "WHERE kind = 'ups' "
					 "AND builder_id = organization_id"),
			 1);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM token "
					 "WHERE builder_id IS NULL"),
			 1);
}

/* A target as a version before Unicode's letters kept it. */
static void add_target(struct store *s, int number, const char *name,
		       const char *handle)
{
	char sql[512];

	(void)snprintf(sql, sizeof(sql),
		       "INSERT INTO connection (project_id, id, family, kind, "
		       "handle, name, auth_scheme, status, metadata, settings, "
		       "is_deployed, is_enabled, created_at) SELECT id, "
		       "x'0000000000007000800000000000000%d', 'target', "
		       "'email', '%s', '%s', '', 'created', '{}', '{}', FALSE, "
		       "TRUE, 1 FROM project",
		       number, handle, name);
	store_script(s, engine_sql(sql));
}

static int64_t count_named(struct store *s, const char *name,
			   const char *handle)
{
	char sql[256];

	(void)snprintf(sql, sizeof(sql),
		       "SELECT COUNT(*) FROM connection "
		       "WHERE name = '%s' AND handle = '%s'",
		       name, handle);
	return store_number(s, sql);
}

static void an_older_stores_names_are_folded(void **state)
{
	struct store *s = *state;

	add_target(s, 1, "ÖDEME", "Ödeme");
	add_target(s, 2, "MÜŞTERİ", "mÜŞterİ");
	add_target(s, 3, "Müşteri", "müşteri");
	add_target(s, 4, "Mail", "mail");
	must(migrate_names(s->writer));
	assert_int_equal(count_named(s, "ÖDEME", "ödeme"), 1);
	assert_int_equal(count_named(s, "MÜŞTERİ-1", "müşteri-1"), 1);
	assert_int_equal(count_named(s, "Müşteri", "müşteri"), 1);
	assert_int_equal(count_named(s, "Mail", "mail"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_is_applied_is_remembered),
		STORE_TEST(migrating_twice_changes_nothing),
		STORE_TEST(an_altered_checksum_is_refused),
		STORE_TEST(a_single_altered_digit_is_refused),
		STORE_TEST(a_gap_in_the_numbers_is_refused),
		STORE_TEST(a_store_of_a_newer_version_is_refused),
		STORE_TEST(a_migration_that_fails_leaves_nothing),
		STORE_TEST(nobody_elses_tables_become_a_store),
		STORE_TEST(an_older_stores_organizations_get_their_owners),
		STORE_TEST(an_older_stores_names_are_folded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
