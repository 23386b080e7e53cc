/* A plain SQLite loop: deletes installations with the connection that nothing
 * else uses and writes their events, one durable commit each. Prints how many
 * a second. */

#define _POSIX_C_SOURCE 200809L
#include <err.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char schema[] =
	"pragma journal_mode = wal;"
	"pragma synchronous = full;"
	"create table connection (id blob unique, project_id, group_id,"
	"  consumer_id, provider, status, credential, created_at);"
	"create table config (id blob unique, project_id, revision_id,"
	"  content, created_by, created_at);"
	"create table installation (id blob unique, project_id,"
	"  integration_id, group_id, connection_id, config_id, created_by,"
	"  created_at);"
	"create index installation_connection on installation (connection_id);"
	"create unique index installation_group"
	"  on installation (integration_id, group_id);"
	"create table event (id integer primary key, project_id, type,"
	"  subject_id, payload, created_at);";

/* So many installations, each with a connection and a config of its own. */
static const char fill[] =
	"begin;"
	"with recursive n (n) as"
	"  (select 1 union all select n + 1 from n limit %d)"
	" insert into installation select randomblob(16), zeroblob(16),"
	"  n %% 100, randomblob(16), randomblob(16), randomblob(16),"
	"  'api:create-installation', n from n;"
	"insert into connection select connection_id, project_id, group_id,"
	"  randomblob(16), 'stripe', 'created', randomblob(72), created_at"
	"  from installation;"
	"insert into config select config_id, project_id, randomblob(16),"
	"  hex(randomblob(120)), created_by, created_at from installation;"
	"commit;"
	"pragma wal_checkpoint(truncate);";

enum query { BEGIN, READ, DELETE, DELETE_CONFIG, CUT, EVENT, COMMIT, QUERIES };

static const char *const texts[QUERIES] = {
	[BEGIN] = "begin immediate",
	[READ] = "select i.connection_id, i.config_id, f.content"
		 " from installation i join config f on f.id = i.config_id"
		 " where i.id = ?1",
	[DELETE] = "delete from installation where id = ?1",
	[DELETE_CONFIG] = "delete from config where id = ?1",
	[CUT] = "delete from connection where id = ?1 and not exists"
		" (select 1 from installation where connection_id = ?1)",
	[EVENT] = "insert into event"
		  " (project_id, type, subject_id, payload, created_at)"
		  " values (zeroblob(16), ?2, ?1, ?3, 1)",
	[COMMIT] = "commit",
};

struct loop {
	sqlite3 *db;
	sqlite3_stmt *queries[QUERIES];
};

struct id {
	unsigned char bytes[16];
};

static void check(struct loop *loop, int code)
{
	if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
		errx(1, "%s", sqlite3_errmsg(loop->db));
}

static void loop_open(struct loop *loop, const char *path, int count)
{
	char text[2 * sizeof(fill)];

	check(loop, sqlite3_open(path, &loop->db));
	check(loop, sqlite3_exec(loop->db, schema, NULL, NULL, NULL));
	snprintf(text, sizeof(text), fill, count);
	check(loop, sqlite3_exec(loop->db, text, NULL, NULL, NULL));
	for (int i = 0; i < QUERIES; i++)
		check(loop, sqlite3_prepare_v2(loop->db, texts[i], -1,
					       &loop->queries[i], NULL));
}

/* The ids of count installations in random order; the caller frees. */
static struct id *loop_ids(struct loop *loop, int count)
{
	struct id *ids = calloc((size_t)count, sizeof(*ids));
	sqlite3_stmt *query;
	int n = 0;

	if (!ids)
		err(1, "calloc");
	check(loop,
	      sqlite3_prepare_v2(
		      loop->db, "select id from installation order by random()",
		      -1, &query, NULL));
	for (; n < count && sqlite3_step(query) == SQLITE_ROW; n++)
		ids[n] = *(const struct id *)sqlite3_column_blob(query, 0);
	sqlite3_finalize(query);
	return ids;
}

static void run(struct loop *loop, enum query query, const struct id *id)
{
	sqlite3_stmt *statement = loop->queries[query];

	if (id)
		sqlite3_bind_blob(statement, 1, id, sizeof(*id), SQLITE_STATIC);
	check(loop, sqlite3_step(statement));
	if (query != READ)
		check(loop, sqlite3_reset(statement));
}

static void write_event(struct loop *loop, const char *type,
			const struct id *subject, const char *payload)
{
	sqlite3_bind_text(loop->queries[EVENT], 2, type, -1, SQLITE_STATIC);
	sqlite3_bind_text(loop->queries[EVENT], 3, payload, -1, SQLITE_STATIC);
	run(loop, EVENT, subject);
}

static void delete_one(struct loop *loop, const struct id *id)
{
	sqlite3_stmt *found = loop->queries[READ];
	struct id connection, config;

	run(loop, BEGIN, NULL);
	run(loop, READ, id);
	connection = *(const struct id *)sqlite3_column_blob(found, 0);
	config = *(const struct id *)sqlite3_column_blob(found, 1);
	write_event(loop, "installation.deleted", id,
		    (const char *)sqlite3_column_text(found, 2));
	check(loop, sqlite3_reset(found));

	run(loop, DELETE, id);
	run(loop, DELETE_CONFIG, &config);
	run(loop, CUT, &connection);
	if (sqlite3_changes(loop->db))
		write_event(loop, "connection.deleted", &connection, "{}");
	run(loop, COMMIT, NULL);
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct loop loop = {.db = NULL};
	struct id *ids;
	double start, seconds;
	int count;

	if (argc != 4)
		errx(2, "usage: one_commit NEW-FILE INSTALLATIONS DELETES");
	count = atoi(argv[3]);
	loop_open(&loop, argv[1], atoi(argv[2]));
	ids = loop_ids(&loop, count);

	start = now_s();
	for (int i = 0; i < count; i++)
		delete_one(&loop, &ids[i]);
	seconds = now_s() - start;
	printf("{\"requests\":%d,\"seconds\":%.3f,\"per_s\":%.1f}\n", count,
	       seconds, count / seconds);

	free(ids);
	for (int i = 0; i < QUERIES; i++)
		sqlite3_finalize(loop.queries[i]);
	sqlite3_close(loop.db);
	return 0;
}
