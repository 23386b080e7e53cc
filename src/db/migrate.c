/* Forward-only numbered migrations, each remembered with its checksum. */
#include "db/migrate.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/migrate_names.h"
#include "db/table.h"

enum { CHECKSUM_TEXT = 65 };

static void checksum(const char *text, char ret[static CHECKSUM_TEXT])
{
	unsigned char hash[32];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)text,
			   strlen(text), NULL, 0);
	sodium_bin2hex(ret, CHECKSUM_TEXT, hash, sizeof(hash));
}

static enum error check_applied(const struct db_rows *rows, int position)
{
	char expected[CHECKSUM_TEXT];
	size_t length;

	if (position >= MIGRATION_COUNT) {
		log_error("the store is of a newer version", NULL);
		return ERR_INVALID;
	}
	checksum(migrations[position].text, expected);
	const char *found = db_blob(rows, 1, &length);
	if (db_integer(rows, 0) != migrations[position].number ||
	    length != CHECKSUM_TEXT - 1 ||
	    memcmp(found, expected, length) != 0) {
		log_error("an applied migration is not ours", "name",
			  migrations[position].name, NULL);
		return ERR_INVALID;
	}
	return OK;
}

static enum error count_applied(struct db_session *writer, int *ret)
{
	struct db_rows rows;
	int applied = 0;

	TRY(db_query(writer, QUERY_MIGRATION_LIST, NULL, 0, &rows));
	enum error error = db_next(&rows);
	while (error == OK && rows.has_row) {
		error = check_applied(&rows, applied++);
		if (error == OK)
			error = db_next(&rows);
	}
	db_finish(&rows);
	*ret = applied;
	return error;
}

static enum error apply(struct db_session *writer, const struct migration *m)
{
	char sum[CHECKSUM_TEXT];

	checksum(m->text, sum);
	TRY(db_script(writer, m->text));
	if (m->number == MIGRATE_NAMES)
		TRY(migrate_names(writer));
	const struct db_value values[] = {DB_INT(m->number), DB_STR(m->name),
					  DB_STR(sum), DB_INT(clock_now())};
	return db_run(writer, QUERY_MIGRATION_ADD, values, 4, NULL);
}

/* Where nothing of ours is, there is nothing at all: it may be another's. */
static enum error refuse_foreign(struct db_session *writer)
{
	struct db_table_list tables;
	struct arena arena;
	bool is_foreign;

	arena_init(&arena);
	enum error error = db_tables(writer, &arena, &tables);
	/* of types that ours have not */
	is_foreign = error == ERR_INTERNAL;
	for (size_t i = 0; error == OK && i < tables.count; i++)
		is_foreign |=
			strcmp(tables.items[i].name, "schema_migration") != 0;
	arena_release(&arena);
	if (!is_foreign)
		return error;
	log_error("the database has tables that are no store's: nothing is "
		  "changed",
		  NULL);
	return ERR_INVALID;
}

static enum error apply_missing(struct db_session *writer, bool is_new)
{
	int applied;

	TRY(db_exclude(writer, true));
	TRY(db_script(writer, "CREATE TABLE IF NOT EXISTS schema_migration ("
			      "number BIGINT NOT NULL PRIMARY KEY, "
			      "name TEXT NOT NULL, checksum TEXT NOT NULL, "
			      "applied_at BIGINT NOT NULL)"));
	TRY(count_applied(writer, &applied));
	if (!applied)
		TRY(refuse_foreign(writer));
	if (!applied && !is_new)
		return ERR_NOT_FOUND;
	for (int i = applied; i < MIGRATION_COUNT; i++)
		TRY(apply(writer, &migrations[i]));
	return applied < MIGRATION_COUNT ? db_wall(writer) : OK;
}

enum error migrate_check_tables(struct db_session *session)
{
	int applied;

	TRY(count_applied(session, &applied));
	if (applied == MIGRATION_COUNT)
		return OK;
	log_error("the store is of an older version: serve it once", NULL);
	return ERR_INVALID;
}

static enum error refuse_half_a_copy(struct db_session *session)
{
	struct db_rows rows;

	TRY(db_query(session, QUERY_STORE_COPY_OF, NULL, 0, &rows));
	enum error error = db_next(&rows);
	if (error == OK && rows.has_row) {
		log_error("the store is half a copy: run the same cleat store "
			  "copy again",
			  NULL);
		error = ERR_INVALID;
	}
	db_finish(&rows);
	return error;
}

enum error migrate_check(struct db_session *session)
{
	TRY(migrate_check_tables(session));
	return refuse_half_a_copy(session);
}

enum error migrate(struct db_session *writer, bool is_new)
{
	TRY(db_begin(writer));
	enum error error = apply_missing(writer, is_new);
	if (error == OK)
		error = refuse_half_a_copy(writer);
	if (error != OK) {
		db_rollback(writer);
		return error;
	}
	return db_commit(writer);
}
