/*
 * Transactions: readers keep their snapshot until a commit makes it old, and
 * the writer moves its log into the file when it has a moment.
 */
#include "db/sqlite.h"

#include "base/log.h"

/*
 * Checkpoints wait for a quiet moment, or until the log is so long that the
 * stall comes to less than one change in a hundred.
 */
enum {
	CHECKPOINT_IDLE_PAGES = 128 * 1024 / SQLITE_PAGE_BYTES,
	CHECKPOINT_BUSY_PAGES = 192 * 1024 * 1024 / SQLITE_PAGE_BYTES,
};

/* A transaction that stays open costs other readers' requests no locks. */
static void drop_snapshot(struct sqlite_session *session)
{
	if (session->has_snapshot)
		sqlite3_exec(session->handle, "ROLLBACK", NULL, NULL, NULL);
	/* it may have failed: then the next one tries again */
	session->has_snapshot = !sqlite3_get_autocommit(session->handle);
}

static enum error begin_read(struct sqlite_session *session)
{
	uint64_t commits = atomic_load(&sqlite_db_of(session)->commits);

	pthread_mutex_lock(&session->lock);
	if (session->has_snapshot && session->snapshot_commits == commits)
		return OK;
	drop_snapshot(session);
	enum error error = sqlite_execute(session, "BEGIN");
	if (error != OK) {
		pthread_mutex_unlock(&session->lock);
		return error;
	}
	session->has_snapshot = true;
	session->snapshot_commits = commits;
	return OK;
}

uint64_t sqlite_snapshot(const struct db_session *base)
{
	const struct sqlite_session *session =
		(const struct sqlite_session *)base;

	return session->access == DB_READ ? session->snapshot_commits + 1
					  : session->rules;
}

/* Of more than rules: a writer remembers nothing. */
uint64_t sqlite_recent(const struct db_session *base)
{
	return ((const struct sqlite_session *)base)->access == DB_READ
		       ? sqlite_snapshot(base)
		       : 0;
}

enum error sqlite_begin(struct db_session *base)
{
	struct sqlite_session *session = sqlite_session_of(base);

	if (session->access == DB_READ)
		return begin_read(session);
	if (!session->handle)
		TRY(sqlite_open_handle(session));
	enum error error = sqlite_execute(session, "BEGIN IMMEDIATE");
	/*
	 * SQLite opens to read what it cannot open to write, and never tries
	 * again: with another handle it does
	 */
	if (error != OK)
		sqlite_close_handle(session);
	return error;
}

enum error sqlite_commit(struct db_session *base)
{
	struct sqlite_session *session = sqlite_session_of(base);

	if (session->access == DB_READ) {
		pthread_mutex_unlock(&session->lock);
		return OK;
	}
	enum error error = sqlite_execute(session, "COMMIT");
	if (error == OK) {
		atomic_fetch_add(&sqlite_db_of(session)->commits, 1);
		return OK;
	}
	/* the outcome is unknown: what the file holds is what counts */
	sqlite_forget(session);
	sqlite_close_handle(session);
	return ERR_STORE;
}

void sqlite_rollback(struct db_session *base)
{
	struct sqlite_session *session = sqlite_session_of(base);

	if (session->access == DB_READ) {
		pthread_mutex_unlock(&session->lock);
		return;
	}
	sqlite_forget(session);
	if (session->handle)
		sqlite3_exec(session->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* Prepared once in a session. */
static enum error run_once_prepared(struct sqlite_session *session,
				    const char *sql, sqlite3_stmt **statement)
{
	if (!*statement && sqlite3_prepare_v3(session->handle, sql, -1,
					      SQLITE_PREPARE_PERSISTENT,
					      statement, NULL) != SQLITE_OK)
		return sqlite_error(session->handle, sql);
	sqlite3_step(*statement);
	return sqlite3_reset(*statement) == SQLITE_OK
		       ? OK
		       : sqlite_error(session->handle, sql);
}

enum error sqlite_savepoint(struct db_session *base)
{
	struct sqlite_session *session = sqlite_session_of(base);

	return run_once_prepared(session, "SAVEPOINT operation",
				 &session->savepoint);
}

enum error sqlite_savepoint_release(struct db_session *base)
{
	struct sqlite_session *session = sqlite_session_of(base);

	return run_once_prepared(session, "RELEASE SAVEPOINT operation",
				 &session->release);
}

void sqlite_savepoint_rollback(struct db_session *session)
{
	sqlite_forget(sqlite_session_of(session));
	/* what was not undone must not be committed with others' changes */
	if (sqlite3_exec(sqlite_session_of(session)->handle,
			 "ROLLBACK TO operation; RELEASE operation", NULL, NULL,
			 NULL) != SQLITE_OK)
		sqlite_close_handle(sqlite_session_of(session));
}

static void drop_idle_snapshots(struct sqlite_db *db)
{
	pthread_mutex_lock(&db->readers_lock);
	for (struct sqlite_session *s = db->readers; s; s = s->next) {
		pthread_mutex_lock(&s->lock);
		drop_snapshot(s);
		pthread_mutex_unlock(&s->lock);
	}
	pthread_mutex_unlock(&db->readers_lock);
}

/*
 * Moves the log into the database file. Readers that began meanwhile would go
 * on looking for each page in the log first: they are made to begin anew, and
 * then read the mapped file.
 */
void sqlite_idle(struct db_session *base, bool is_idle)
{
	struct sqlite_session *session = sqlite_session_of(base);
	int enough = is_idle ? CHECKPOINT_IDLE_PAGES : CHECKPOINT_BUSY_PAGES;

	if (!session->handle || session->wal_pages < enough)
		return;
	drop_idle_snapshots(sqlite_db_of(session));
	if (sqlite3_wal_checkpoint_v2(session->handle, NULL,
				      SQLITE_CHECKPOINT_PASSIVE, NULL,
				      NULL) != SQLITE_OK)
		log_error("checkpoint failed", "why",
			  sqlite3_errmsg(session->handle), NULL);
	session->wal_pages = 0;
	atomic_fetch_add(&sqlite_db_of(session)->commits, 1);
}
