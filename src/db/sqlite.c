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

#define TEXT_(text) #text
#define TEXT_OF(x)  TEXT_(x)

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
	sqlite_map_use(session->handle, sqlite_db_of(session)->map);
	if (session->access == DB_READ)
		return sqlite_execute(session, "PRAGMA cache_size=-1024;"
					       "PRAGMA wal_autocheckpoint=0");
	/* the page's size counts for a new file only */
	TRY(sqlite_execute(session,
			   "PRAGMA page_size=" TEXT_OF(SQLITE_PAGE_BYTES)));
	TRY(sqlite_execute(session, "PRAGMA journal_mode=WAL;"
				    "PRAGMA synchronous=FULL;"
				    "PRAGMA cache_size=-8192;"
				    "PRAGMA temp_store=MEMORY;"
				    "PRAGMA secure_delete=FAST"));
	/* sets a hook of its own, so it goes before ours */
	sqlite3_wal_autocheckpoint(session->handle, 0);
	sqlite3_wal_hook(session->handle, remember_wal_pages, session);
	return OK;
}

void sqlite_close_handle(struct sqlite_session *session)
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

	if (sqlite3_open_v2(sqlite_db_of(session)->path, &session->handle,
			    flags, SQLITE_VFS_NAME) != SQLITE_OK)
		return sqlite_error(session->handle, "open");
	sqlite3_extended_result_codes(session->handle, 1);
	sqlite3_busy_timeout(session->handle, 5000);
	return set_up(session);
}

enum error sqlite_open_handle(struct sqlite_session *session)
{
	enum error error = prepare_handle(session);

	if (error != OK)
		sqlite_close_handle(session);
	return error;
}

static void add_reader(struct sqlite_session *session)
{
	struct sqlite_db *db = sqlite_db_of(session);

	pthread_mutex_lock(&db->readers_lock);
	session->next = db->readers;
	db->readers = session;
	pthread_mutex_unlock(&db->readers_lock);
}

static void remove_reader(struct sqlite_session *session)
{
	struct sqlite_db *db = sqlite_db_of(session);

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
	struct sqlite_session *session = sqlite_session_of(base);

	if (session->access == DB_READ)
		remove_reader(session);
	sqlite_close_handle(session);
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
	enum error error = sqlite_open_handle(session);
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
