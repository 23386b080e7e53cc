/* Stores of unit tests on either engine. */
#include "engine.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/migrate.h"

static const char *const suffixes[] = {"", "-wal", "-shm", "-lock"};

bool engine_is_postgres(void)
{
	return getenv("CLEAT_TEST_POSTGRES") != NULL;
}

void engine_sqlite_or_skip(void)
{
	if (engine_is_postgres())
		skip();
}

static const char *file_of(const struct store *store, int i)
{
	static char path[64];

	(void)snprintf(path, sizeof(path), "%s/store%s", store->folder,
		       suffixes[i]);
	return path;
}

static void make_file(struct store *store)
{
	(void)snprintf(store->url, sizeof(store->url), "sqlite:%s",
		       file_of(store, 0));
	must(db_open(store->url, DB_NEW, &store->db));
	must(db_session_open(store->db, DB_WRITE, &store->writer));
	/* these tests are of rules, not of what a power cut leaves */
	must(db_script(store->writer, "PRAGMA synchronous=OFF"));
	must(migrate(store->writer, true));
}

static bool is_made; /* the schema */
static int schema_number;
static char looked_at[256]; /* URL of the store, past pgbouncer */

void engine_spoil(void)
{
	is_made = false;
	schema_number++;
}

static void must_exec(const char *url, const char *sql)
{
	PGconn *connection = PQconnectdb(url);
	PGresult *done = PQexec(connection, sql);

	assert_int_equal(PQresultStatus(done), PGRES_COMMAND_OK);
	PQclear(done);
	PQfinish(connection);
}

/* The cluster's URL with another database. */
static void name_database(const char *cluster, const char *name,
			  char ret[static 256])
{
	const char *options = strchr(cluster, '?');

	(void)snprintf(ret, 256, "postgresql:///%s%s", name, options);
}

/* A schema for each process; behind pgbouncer, a database. */
static void make_schema(struct store *store, const char *cluster,
			const char *pgbouncer)
{
	char name[32], script[64];

	(void)snprintf(name, sizeof(name), "unit_%d_%d", (int)getpid(),
		       schema_number);
	(void)snprintf(script, sizeof(script), "CREATE %s %s",
		       pgbouncer ? "DATABASE" : "SCHEMA", name);
	if (!is_made)
		must_exec(cluster, script);
	if (pgbouncer) {
		name_database(cluster, name, looked_at);
		name_database(pgbouncer, name, store->url);
		return;
	}
	(void)snprintf(looked_at, sizeof(looked_at),
		       "%s&options=-csearch_path%%3D%s", cluster, name);
	memcpy(store->url, looked_at, sizeof(looked_at));
}

/* Emptied for each test. */
static void make_tables(struct store *store)
{
	make_schema(store, getenv("CLEAT_TEST_POSTGRES"),
		    getenv("CLEAT_TEST_PGBOUNCER"));
	must(db_open(store->url, is_made ? DB_EXISTING : DB_NEW, &store->db));
	must(db_session_open(store->db, DB_WRITE, &store->writer));
	if (!is_made) {
		must(migrate(store->writer, true));
		is_made = true;
	}
	must(db_script(
		store->writer,
		"SET LOCAL cleat.project = 'store'; "
		"DO $$ DECLARE name text; BEGIN FOR name IN "
		"SELECT tablename FROM pg_tables "
		"WHERE schemaname = current_schema() "
		"AND tablename <> 'schema_migration' "
		"LOOP EXECUTE 'DELETE FROM ' || name; END LOOP; END $$"));
}

void engine_make(struct store *store)
{
	(void)snprintf(store->folder, sizeof(store->folder),
		       "/tmp/cleat-unit-XXXXXX");
	assert_non_null(mkdtemp(store->folder));
	if (engine_is_postgres())
		make_tables(store);
	else
		make_file(store);
}

void engine_drop(struct store *store)
{
	for (int i = 0; i < (int)COUNT(suffixes); i++)
		(void)unlink(file_of(store, i));
	(void)rmdir(store->folder);
}

/* For all rows. PostgreSQL takes a uuid's digits as a text, and bytes behind
 * \x. */
const char *engine_sql(const char *sql)
{
	static const char as_store[] = "SET LOCAL cleat.project = 'store'; ";
	static char text[4096];
	size_t length = sizeof(as_store) - 1;

	if (!engine_is_postgres())
		return sql;
	memcpy(text, as_store, length);
	while (*sql && length < sizeof(text) - 4) {
		if (strncmp(sql, "x'", 2) != 0 || sql[-1] == '\'') {
			text[length++] = *sql++;
			continue;
		}
		text[length++] = '\'';
		sql += 2;
		if (strcspn(sql, "'") != 2 * (size_t)UUID_BYTES) {
			text[length++] = '\\';
			text[length++] = 'x';
		}
	}
	text[length] = '\0';
	return text;
}

static int64_t number_of_file(struct store *store, const char *sql)
{
	sqlite3 *file;
	sqlite3_stmt *statement;

	assert_int_equal(sqlite3_open_v2(file_of(store, 0), &file,
					 SQLITE_OPEN_READONLY, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(file, sql, -1, &statement, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int64_t number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(file);
	return number;
}

static int64_t number_of_schema(const char *sql)
{
	PGconn *connection = PQconnectdb(looked_at);
	PGresult *result = PQexec(connection, sql);

	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	const char *text = PQgetvalue(result, 0, 0);
	int64_t number = *text == 't' ? 1 : strtoll(text, NULL, 10);
	PQclear(result);
	PQfinish(connection);
	return number;
}

int64_t engine_number(struct store *store, const char *sql)
{
	return engine_is_postgres() ? number_of_schema(engine_sql(sql))
				    : number_of_file(store, sql);
}

static bool file_holds(const char *path, const char *bytes)
{
	const size_t length = strlen(bytes);
	FILE *file = fopen(path, "rb");
	char window[256] = {0};
	bool found = false;
	int c;

	if (!file)
		return false;
	assert_true(length < sizeof(window));
	while (!found && (c = getc(file)) != EOF) {
		memmove(window, window + 1, length - 1);
		window[length - 1] = (char)c;
		found = memcmp(window, bytes, length) == 0;
	}
	(void)fclose(file);
	return found;
}

/* As text, or as the hexadecimal digits that bytes are shown as. */
static bool schema_holds(const char *bytes)
{
	char sql[1024];

	(void)snprintf(
		sql, sizeof(sql),
		"SET cleat.project = 'store'; SET xmlbinary TO hex; "
		"WITH all_rows AS (SELECT schema_to_xml("
		"current_schema(), true, false, '')::text "
		"AS text) SELECT position('%s' IN text) + position("
		"upper(encode(convert_to('%s', 'UTF8'), 'hex')) IN text) "
		"FROM all_rows",
		bytes, bytes);
	return number_of_schema(sql) != 0;
}

bool engine_holds(struct store *store, const char *bytes)
{
	if (engine_is_postgres())
		return schema_holds(bytes);
	for (int i = 0; i < (int)COUNT(suffixes); i++)
		if (file_holds(file_of(store, i), bytes))
			return true;
	return false;
}
