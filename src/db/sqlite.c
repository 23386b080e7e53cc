/*
 * SQLite: one writing session, reading sessions that keep their snapshot
 * until a commit makes it old, and a lock beside the file so that one process
 * owns the store (SQLite before 3.51.3 can lose a commit when two connections
 * write and checkpoint at the same time).
 */
#include "db/sqlite.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"

/*
 * Small pages: a deletion touches a page in each of a dozen trees, and whole
 * pages go into the log; but not so small that an installation with its
 * document goes over a page's end. Checkpoints wait for a quiet moment, or
 * until the log is so long that the stall comes to less than one change in a
 * hundred.
 */
#define PAGE_SIZE   2048
#define TEXT_(text) #text
#define TEXT_OF(x)  TEXT_(x)

enum {
	PAGE_BYTES = PAGE_SIZE,
	CHECKPOINT_IDLE_PAGES = 128 * 1024 / PAGE_BYTES,
	CHECKPOINT_BUSY_PAGES = 192 * 1024 * 1024 / PAGE_BYTES,
};

static struct sqlite_db *db_of(struct sqlite_session *session)
{
	return (struct sqlite_db *)session->base.db;
}

static struct sqlite_session *session_of(struct db_session *session)
{
	return (struct sqlite_session *)session;
}

enum error sqlite_error(sqlite3 *handle, const char *doing)
{
	int code = sqlite3_extended_errcode(handle);

	if (code == SQLITE_CONSTRAINT_UNIQUE ||
	    code == SQLITE_CONSTRAINT_PRIMARYKEY)
		return ERR_TAKEN;
	log_error("sqlite failed", "doing", doing, "why",
		  sqlite3_errmsg(handle), NULL);
	return (code & 0xff) == SQLITE_BUSY ? ERR_BUSY : ERR_STORE;
}

enum error sqlite_execute(struct sqlite_session *session, const char *sql)
{
	if (sqlite3_exec(session->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_error(session->handle, "a script");
	return OK;
}

/* Holds FILE-lock for as long as the store is open. */
static enum error take_lock(struct sqlite_db *db)
{
	char *path = sqlite3_mprintf("%s-lock", db->path);

	db->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	sqlite3_free(path);
	if (db->lock_fd < 0) {
		log_error("cannot open the store's lock", "store", db->path,
			  NULL);
		return ERR_STORE;
	}
	return flock(db->lock_fd, LOCK_EX | LOCK_NB) == 0 ? OK : ERR_TAKEN;
}

static void sqlite_close(struct db *base)
{
	struct sqlite_db *db = (struct sqlite_db *)base;

	sqlite_map_close(db->map);
	if (db->lock_fd >= 0)
		close(db->lock_fd);
	pthread_mutex_destroy(&db->readers_lock);
	free(db->path);
	free(db);
}

/* A file that only its owner may read, made before SQLite opens it. */
static enum error make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return access(path, F_OK) == 0 ? ERR_TAKEN : ERR_STORE;
	close(fd);
	return OK;
}

static enum error sqlite_open(const char *url, enum db_use use, struct db **ret)
{
	static atomic_flag is_configured = ATOMIC_FLAG_INIT;

	if (!atomic_flag_test_and_set(&is_configured)) {
		sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
		sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
		TRY(sqlite_vfs_register());
	}

	const char *path = url + strlen(sqlite_driver.scheme);
	if (use == DB_NEW)
		TRY(make_file(path));
	else if (access(path, use == DB_BESIDE ? R_OK : R_OK | W_OK) != 0)
		return ERR_NOT_FOUND;

	struct sqlite_db *db = memory_zalloc(sizeof(*db));
	db->base.driver = &sqlite_driver;
	db->path = memory_strdup(path);
	pthread_mutex_init(&db->readers_lock, NULL);
	db->lock_fd = -1;
	enum error error = use == DB_BESIDE ? OK : take_lock(db);
	if (error != OK) {
		sqlite_close(&db->base);
		return error;
	}
	db->map = sqlite_map_open(path);
	*ret = &db->base;
	return OK;
}

static int remember_wal_pages(void *session, sqlite3 *handle,
			      const char *schema, int pages)
{
	(void)handle;
	(void)schema;
	((struct sqlite_session *)session)->wal_pages = pages;
	return SQLITE_OK;
}

static enum error set_up(struct sqlite_session *session)
{
	/* any size: sqlite_map.c decides */
	TRY(sqlite_execute(session, "PRAGMA mmap_size=1"));
	sqlite_map_use(session->handle, db_of(session)->map);
	if (session->access == DB_READ)
		return sqlite_execute(session, "PRAGMA cache_size=-1024;"
					       "PRAGMA wal_autocheckpoint=0");
	/* the page's size counts for a new file only */
	TRY(sqlite_execute(session,
			   "PRAGMA page_size=" TEXT_OF(
				   PAGE_SIZE) ";"
					      "PRAGMA journal_mode=WAL;"
					      "PRAGMA synchronous=FULL;"
					      "PRAGMA cache_size=-8192;"
					      "PRAGMA temp_store=MEMORY;"
					      "PRAGMA secure_delete=FAST"));
	/* sets a hook of its own, so it goes before ours */
	sqlite3_wal_autocheckpoint(session->handle, 0);
	sqlite3_wal_hook(session->handle, remember_wal_pages, session);
	return OK;
}

static void close_handle(struct sqlite_session *session)
{
	for (int i = 0; i < QUERY_COUNT; i++) {
		sqlite3_finalize(session->statements[i].handle);
		session->statements[i] = (struct statement){0};
	}
	sqlite3_finalize(session->savepoint);
	sqlite3_finalize(session->release);
	session->savepoint = session->release = NULL;
	sqlite3_close(session->handle);
	session->handle = NULL;
}

static enum error prepare_handle(struct sqlite_session *session)
{
	int flags = SQLITE_OPEN_NOMUTEX |
		    (session->access == DB_WRITE ? SQLITE_OPEN_READWRITE
						 : SQLITE_OPEN_READONLY);

	if (sqlite3_open_v2(db_of(session)->path, &session->handle, flags,
			    SQLITE_VFS_NAME) != SQLITE_OK)
		return sqlite_error(session->handle, "open");
	sqlite3_extended_result_codes(session->handle, 1);
	sqlite3_busy_timeout(session->handle, 5000);
	return set_up(session);
}

/* Wholly or not at all: the next transaction tries again. */
static enum error open_handle(struct sqlite_session *session)
{
	enum error error = prepare_handle(session);

	if (error != OK)
		close_handle(session);
	return error;
}

static void add_reader(struct sqlite_session *session)
{
	struct sqlite_db *db = db_of(session);

	pthread_mutex_lock(&db->readers_lock);
	session->next = db->readers;
	db->readers = session;
	pthread_mutex_unlock(&db->readers_lock);
}

static void remove_reader(struct sqlite_session *session)
{
	struct sqlite_db *db = db_of(session);

	pthread_mutex_lock(&db->readers_lock);
	struct sqlite_session **at = &db->readers;
	while (*at && *at != session)
		at = &(*at)->next;
	if (*at)
		*at = session->next;
	pthread_mutex_unlock(&db->readers_lock);
}

static void sqlite_session_close(struct db_session *base)
{
	struct sqlite_session *session = session_of(base);

	if (session->access == DB_READ)
		remove_reader(session);
	close_handle(session);
	pthread_mutex_destroy(&session->lock);
	free(session);
}

static enum error sqlite_session_open(struct db *db, enum db_access access,
				      struct db_session **ret)
{
	struct sqlite_session *session = memory_zalloc(sizeof(*session));

	session->base.db = db;
	session->access = access;
	sqlite_forget(session);
	pthread_mutex_init(&session->lock, NULL);
	enum error error = open_handle(session);
	if (error != OK) {
		pthread_mutex_destroy(&session->lock);
		free(session);
		return error;
	}
	if (access == DB_READ)
		add_reader(session);
	*ret = &session->base;
	return OK;
}

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
	uint64_t commits = atomic_load(&db_of(session)->commits);

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

static uint64_t sqlite_snapshot(const struct db_session *base)
{
	const struct sqlite_session *session =
		(const struct sqlite_session *)base;

	return session->access == DB_READ ? session->snapshot_commits + 1
					  : session->rules;
}

/* Of more than rules: a writer remembers nothing. */
static uint64_t sqlite_recent(const struct db_session *base)
{
	return ((const struct sqlite_session *)base)->access == DB_READ
		       ? sqlite_snapshot(base)
		       : 0;
}

static enum error sqlite_begin(struct db_session *base)
{
	struct sqlite_session *session = session_of(base);

	if (session->access == DB_READ)
		return begin_read(session);
	if (!session->handle)
		TRY(open_handle(session));
	enum error error = sqlite_execute(session, "BEGIN IMMEDIATE");
	/*
	 * SQLite opens to read what it cannot open to write, and never tries
	 * again: with another handle it does
	 */
	if (error != OK)
		close_handle(session);
	return error;
}

static enum error sqlite_commit(struct db_session *base)
{
	struct sqlite_session *session = session_of(base);

	if (session->access == DB_READ) {
		pthread_mutex_unlock(&session->lock);
		return OK;
	}
	enum error error = sqlite_execute(session, "COMMIT");
	if (error == OK) {
		atomic_fetch_add(&db_of(session)->commits, 1);
		return OK;
	}
	/* the outcome is unknown: what the file holds is what counts */
	sqlite_forget(session);
	close_handle(session);
	return ERR_STORE;
}

static void sqlite_rollback(struct db_session *base)
{
	struct sqlite_session *session = session_of(base);

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

static enum error sqlite_savepoint(struct db_session *base)
{
	struct sqlite_session *session = session_of(base);

	return run_once_prepared(session, "SAVEPOINT operation",
				 &session->savepoint);
}

static enum error sqlite_savepoint_release(struct db_session *base)
{
	struct sqlite_session *session = session_of(base);

	return run_once_prepared(session, "RELEASE SAVEPOINT operation",
				 &session->release);
}

static void sqlite_savepoint_rollback(struct db_session *session)
{
	sqlite_forget(session_of(session));
	/* what was not undone must not be committed with others' changes */
	if (sqlite3_exec(session_of(session)->handle,
			 "ROLLBACK TO operation; RELEASE operation", NULL, NULL,
			 NULL) != SQLITE_OK)
		close_handle(session_of(session));
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
static void sqlite_idle(struct db_session *base, bool is_idle)
{
	struct sqlite_session *session = session_of(base);
	int enough = is_idle ? CHECKPOINT_IDLE_PAGES : CHECKPOINT_BUSY_PAGES;

	if (!session->handle || session->wal_pages < enough)
		return;
	drop_idle_snapshots(db_of(session));
	if (sqlite3_wal_checkpoint_v2(session->handle, NULL,
				      SQLITE_CHECKPOINT_PASSIVE, NULL,
				      NULL) != SQLITE_OK)
		log_error("checkpoint failed", "why",
			  sqlite3_errmsg(session->handle), NULL);
	session->wal_pages = 0;
	atomic_fetch_add(&db_of(session)->commits, 1);
}

const struct db_driver sqlite_driver = {
	.scheme = "sqlite:",
	.open = sqlite_open,
	.close = sqlite_close,
	.session_open = sqlite_session_open,
	.session_close = sqlite_session_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.savepoint = sqlite_savepoint,
	.savepoint_release = sqlite_savepoint_release,
	.savepoint_rollback = sqlite_savepoint_rollback,
	.query = sqlite_query,
	.next = sqlite_next,
	.finish = sqlite_finish,
	.changes = sqlite_changes,
	.in_transaction = sqlite_in_transaction,
	.script = sqlite_script,
	.tables = sqlite_tables,
	.table_read = sqlite_table_read,
	.table_add = sqlite_table_add,
	.integer = sqlite_integer,
	.blob = sqlite_blob,
	.snapshot = sqlite_snapshot,
	.recent = sqlite_recent,
	.snapshot_of = sqlite_snapshot_of,
	.idle = sqlite_idle,
};
