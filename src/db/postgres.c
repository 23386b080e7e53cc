/* PostgreSQL by libpq: sessions, their transactions and the projects in them.
 */
#include "db/postgres.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

static struct postgres_session *session_of(struct db_session *session)
{
	return (struct postgres_session *)session;
}

/* What is said besides results, as the last words of one that is stopped. */
static void drop_notice(void *context, const char *text)
{
	(void)context;
	(void)text;
}

static void note_warning(void *context, const PGresult *notice)
{
	struct postgres_session *session = context;
	const char *severity =
		PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);

	session->is_warned |= severity && strcmp(severity, "WARNING") == 0;
}

static uint64_t number_of_server(const PGconn *connection)
{
	char text[512];
	uint64_t number;

	(void)snprintf(text, sizeof(text), "%s %s %s", PQhost(connection),
		       PQhostaddr(connection), PQport(connection));
	crypto_generichash((unsigned char *)&number, sizeof(number),
			   (const unsigned char *)text, strlen(text), NULL, 0);
	return number;
}

/*
 * What the URL says goes before what is said here. Behind pgbouncer nothing
 * is known of a server before there is a transaction.
 */
PGconn *postgres_connect(struct postgres_db *db, const char *name,
			 uint64_t *ret_server)
{
	const char *const names[] = {"target_session_attrs", "connect_timeout",
				     "application_name", "dbname", NULL};
	const char *const values[] = {
		db->is_pooled || db->may_be_a_standby ? "any" : "read-write",
		"3", name, db->url, NULL};
	PGconn *connection = PQconnectdbParams(names, values, 1);

	PQsetNoticeProcessor(connection, drop_notice, NULL);
	if (PQstatus(connection) == CONNECTION_OK) {
		*ret_server = number_of_server(connection);
		atomic_store(&db->server, *ret_server);
	}
	return connection;
}

bool postgres_has_moved(struct postgres_db *db, uint64_t server)
{
	return !db->is_pooled && atomic_load(&db->server) != server;
}

static enum error set_up(struct postgres_session *session)
{
	if (!PQenterPipelineMode(session->connection) ||
	    PQsetnonblocking(session->connection, 1) != 0)
		return ERR_BUSY;
	PQsetNoticeReceiver(session->connection, note_warning, session);
	TRY(postgres_come_in(session));
	return postgres_set_up_session(session);
}

static enum error connect_session(struct postgres_session *session)
{
	struct postgres_db *db = (struct postgres_db *)session->base.db;

	if (clock_monotonic() < atomic_load(&db->down_until))
		return ERR_BUSY;
	session->connection = postgres_connect(db, "cleat", &session->server);
	enum error error = ERR_BUSY;
	if (PQstatus(session->connection) == CONNECTION_OK)
		error = set_up(session);
	if (error == OK) {
		postgres_is_over(session, POSTGRES_AWAY);
		return OK;
	}
	if (error != ERR_TAKEN) /* which has been told */
		postgres_is_down(session, "connect");
	postgres_disconnect(session);
	return error;
}

/*
 * A connection that was lost while nobody used it is made anew. So is one to
 * a server that others have left: it may not know yet that it was replaced.
 */
enum error postgres_ensure_connected(struct postgres_session *session)
{
	struct postgres_db *db = (struct postgres_db *)session->base.db;

	if (atomic_load(&db->is_silent))
		return ERR_BUSY;
	if (session->connection && postgres_has_moved(db, session->server))
		postgres_disconnect(session);
	/* twice: its end is behind what the server said last */
	for (int i = 0; i < 2 && session->connection; i++)
		if (!PQconsumeInput(session->connection))
			postgres_disconnect(session);
	return session->connection ? OK : connect_session(session);
}

static void postgres_close(struct db *base)
{
	struct postgres_db *db = (struct postgres_db *)base;

	if (db->wake >= 0)
		close(db->wake);
	free(db->url);
	free(db);
}

static enum error postgres_session_open(struct db *db, enum db_access access,
					struct db_session **ret)
{
	struct postgres_session *session = memory_zalloc(sizeof(*session));

	session->base.db = db;
	session->access = access;
	*ret = &session->base; /* it connects when it is used */
	return OK;
}

static void postgres_session_close(struct db_session *base)
{
	PQfinish(session_of(base)->connection);
	free(base);
}

/* Are our tables there? */
static enum error look(struct postgres_session *session, bool *ret)
{
	PGresult *found;

	TRY(postgres_ensure_connected(session));
	TRY(postgres_post(session, "SELECT to_regclass('schema_migration') "
				   "IS NOT NULL"));
	TRY(postgres_ask(session, "a look", &found));
	*ret = PQgetvalue(found, 0, 0)[0] != 0;
	PQclear(found);
	return OK;
}

static enum error look_once(struct db *db, bool *ret)
{
	struct db_session *session;

	TRY(postgres_session_open(db, DB_READ, &session));
	enum error error = look(session_of(session), ret);
	postgres_session_close(session);
	return error;
}

static enum error postgres_open(const char *url, enum db_use use,
				struct db **ret)
{
	struct postgres_db *db = memory_zalloc(sizeof(*db));
	bool is_there = false;

	db->base.driver = &postgres_driver;
	db->may_be_a_standby = use == DB_BESIDE;
	db->wake = -1;
	db->url = postgres_url_read(url, &db->is_pooled);
	enum error error =
		db->url ? look_once(&db->base, &is_there) : ERR_INVALID;
	if (error == OK && use == DB_NEW && is_there)
		error = ERR_TAKEN;
	if (error == OK && use != DB_NEW && !is_there)
		error = ERR_NOT_FOUND;
	if (error != OK) {
		postgres_close(&db->base);
		return error;
	}
	*ret = &db->base;
	return OK;
}

static enum error postgres_begin(struct db_session *base)
{
	struct postgres_session *session = session_of(base);

	enum error error = postgres_ensure_connected(session);
	if (error != OK) /* who has it to himself ends */
		return error == ERR_TAKEN ? ERR_BUSY : error;
	session->lock_count = 0;
	session->has_told = session->has_savepoint = false;
	session->is_open = true;
	if (session->access == DB_READ) {
		postgres_begin_reading(session);
		return OK;
	}
	postgres_forget(session);
	TRY(postgres_post(session, "BEGIN"));
	return postgres_set_up_transaction(session);
}

/*
 * COMMIT of a transaction that failed is answered ROLLBACK. One that comes
 * with a warning was not waited for by its replica: it may be lost with the
 * primary (PostgreSQL's documentation, 27.2.8: cancelled waits).
 */
static enum error commit_writes(struct postgres_session *session)
{
	PGresult *done;

	session->is_warned = false;
	/* whoever remembers what he read hears of it */
	if (!session->has_told)
		TRY(postgres_tell(&session->base, ""));
	TRY(postgres_post(session, "COMMIT"));
	TRY(postgres_ask(session, "commit", &done));
	bool is_committed = strcmp(PQcmdStatus(done), "COMMIT") == 0;
	PQclear(done);
	if (session->is_warned)
		log_error("postgresql warns of a commit", NULL);
	is_committed = is_committed && !session->is_warned;
	if (is_committed)
		postgres_is_over(session, POSTGRES_REFUSES);
	return is_committed ? OK : ERR_STORE;
}

static enum error postgres_commit(struct db_session *base)
{
	struct postgres_session *session = session_of(base);

	session->is_open = false;
	if (session->access == DB_READ) {
		postgres_end_reading(session, "COMMIT");
		return OK;
	}
	enum error error = commit_writes(session);
	postgres_has_changed((struct postgres_db *)session->base.db);
	if (error == OK)
		return OK;
	/* the outcome is unknown: another connection shows it */
	if (session->connection)
		postgres_disconnect(session);
	return ERR_STORE;
}

static void postgres_rollback(struct db_session *base)
{
	struct postgres_session *session = session_of(base);

	session->is_open = false;
	if (session->access == DB_READ) {
		session->has_setting = false;
		postgres_end_reading(session, "ROLLBACK");
		return;
	}
	if (session->connection && postgres_post(session, "ROLLBACK") == OK)
		postgres_send(session);
}

static bool postgres_in_transaction(struct db_session *base)
{
	const struct postgres_session *session = session_of(base);

	return session->connection && session->is_open;
}

/* Several statements: the simple protocol, outside of pipeline mode. */
enum error postgres_script(struct db_session *base, const char *sql)
{
	struct postgres_session *session = session_of(base);

	if (postgres_ensure_connected(session) != OK)
		return ERR_BUSY;
	postgres_forget(session); /* it may have been anything */
	TRY(postgres_ask(session, "before a script", NULL));
	if (!PQexitPipelineMode(session->connection))
		return ERR_STORE;
	(void)PQsetnonblocking(session->connection, 0);
	PGresult *done = PQexec(session->connection, sql);
	bool is_done = PQresultStatus(done) == PGRES_COMMAND_OK ||
		       PQresultStatus(done) == PGRES_TUPLES_OK;
	if (!is_done)
		log_error("postgresql failed", "doing", "a script", "why",
			  PQresultErrorMessage(done), NULL);
	PQclear(done);
	(void)PQsetnonblocking(session->connection, 1);
	if (!PQenterPipelineMode(session->connection))
		postgres_disconnect(session);
	return is_done && session->connection ? OK : ERR_STORE;
}

/*
 * Two numbers: apart from those of projects, which are one. As in
 * postgres_hold.c it is of a schema: other stores may be beside it.
 */
static enum error postgres_exclude(struct db_session *base, bool is_patient)
{
	static const char lock[] = "SELECT pg_advisory_xact_lock(1668048236, "
				   "hashtext(coalesce(current_schema(), '')))";
	struct postgres_session *session = session_of(base);

	if (is_patient) {
		TRY(postgres_script(base, "SET LOCAL lock_timeout = 0;"
					  "SET LOCAL statement_timeout = 0"));
		return postgres_script(base, lock);
	}
	TRY(postgres_post(session, lock));
	return postgres_ask(session, "exclude", NULL);
}

/* Other processes change it, too. */
static uint64_t postgres_snapshot_of(const struct db_session *session,
				     const struct uuid *project)
{
	(void)session;
	(void)project;
	return 0;
}

const struct db_driver postgres_driver = {
	.scheme = "postgresql:",
	.is_shared = true,
	.open = postgres_open,
	.close = postgres_close,
	.session_open = postgres_session_open,
	.session_close = postgres_session_close,
	.begin = postgres_begin,
	.commit = postgres_commit,
	.rollback = postgres_rollback,
	.exclude = postgres_exclude,
	.savepoint = postgres_savepoint,
	.savepoint_release = postgres_savepoint_release,
	.savepoint_rollback = postgres_savepoint_rollback,
	.enter = postgres_enter,
	.query = postgres_query,
	.post = postgres_post_change,
	.next = postgres_next,
	.finish = postgres_finish,
	.changes = postgres_changes,
	.in_transaction = postgres_in_transaction,
	.script = postgres_script,
	.wall = postgres_wall,
	.hold = postgres_hold,
	.loaded = postgres_loaded,
	.tables = postgres_tables,
	.table_read = postgres_table_read,
	.table_add = postgres_table_add,
	.integer = postgres_integer,
	.blob = postgres_blob,
	.tell = postgres_tell,
	.listen = postgres_listen,
	.listen_stop = postgres_listen_stop,
	.snapshot = postgres_snapshot,
	.recent = postgres_recent,
	.snapshot_of = postgres_snapshot_of,
	.idle = postgres_idle,
};
