/* What the parts of the SQLite driver share. */
#ifndef CLEAT_DB_SQLITE_H
#define CLEAT_DB_SQLITE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "db/db.h"
#include "db/sqlite_map.h"
#include "db/sqlite_vfs.h"

/*
 * Small pages: a deletion touches a page in each of a dozen trees, and whole
 * pages go into the log; but not so small that an installation with its
 * document goes over a page's end. A macro, as a pragma's text has it.
 */
#define SQLITE_PAGE_BYTES 2048

enum { SQLITE_PARAMETERS_MAX = 24, SQLITE_PROJECTS = 4096 };

struct sqlite_session;

struct sqlite_db {
	struct db base;
	char *path;
	int lock_fd;
	struct sqlite_map *map;	  /* NULL: pages are read by system calls */
	_Atomic uint64_t commits; /* grows when snapshots become old */
	/*
	 * The newest commit that may have changed a project; those whose ids
	 * are alike share one. `changed_any`: that may have changed any.
	 */
	_Atomic uint64_t changed[SQLITE_PROJECTS], changed_any;
	pthread_mutex_t readers_lock;
	struct sqlite_session *readers; /* guarded by readers_lock */
};

struct statement {
	sqlite3_stmt *handle;
	int position[SQLITE_PARAMETERS_MAX +
		     1]; /* of $n; 0 when it has no such */
};

struct sqlite_session {
	struct db_session base;
	enum db_access access;
	sqlite3 *handle;
	struct statement statements[QUERY_COUNT];
	sqlite3_stmt *savepoint, *release; /* every operation runs them */
	int wal_pages;	/* writer: pages in the log after the last commit */
	uint64_t rules; /* writer: another number when it has changed some */

	/* Readers only; all guarded by lock. */
	pthread_mutex_t lock;
	bool has_snapshot;
	uint64_t snapshot_commits;
	struct sqlite_session *next; /* guarded by readers_lock */
};

static inline struct sqlite_session *
sqlite_session_of(struct db_session *session)
{
	return (struct sqlite_session *)session;
}

static inline struct sqlite_db *sqlite_db_of(struct sqlite_session *session)
{
	return (struct sqlite_db *)session->base.db;
}

/* Wholly or not at all: the next transaction tries again. */
MUST_CHECK enum error sqlite_open_handle(struct sqlite_session *session);
void sqlite_close_handle(struct sqlite_session *session);

/* Logs what failed, and says which error it is for the caller. */
MUST_CHECK enum error sqlite_error(sqlite3 *handle, const char *doing);

/* Runs statements that have no parameters and no rows. */
MUST_CHECK enum error sqlite_execute(struct sqlite_session *session,
				     const char *sql);

/* What the writer remembers of rules (db_snapshot) is not so any more. */
void sqlite_forget(struct sqlite_session *session);
/* What runs next changes the project that was entered. */
void sqlite_mark_changed(struct sqlite_session *session);
uint64_t sqlite_snapshot_of(const struct db_session *base,
			    const struct uuid *project);

/* The driver's slots for transactions, in sqlite_transaction.c. */
enum error sqlite_begin(struct db_session *base);
enum error sqlite_commit(struct db_session *base);
void sqlite_rollback(struct db_session *base);
enum error sqlite_savepoint(struct db_session *base);
enum error sqlite_savepoint_release(struct db_session *base);
void sqlite_savepoint_rollback(struct db_session *session);
uint64_t sqlite_snapshot(const struct db_session *base);
uint64_t sqlite_recent(const struct db_session *base);
void sqlite_idle(struct db_session *base, bool is_idle);

/* The driver's slots for queries, in sqlite_query.c. */
enum error sqlite_query(struct db_session *base, enum query query,
			const struct db_value *values, size_t count,
			struct db_rows *ret);
enum error sqlite_next(struct db_rows *rows);
void sqlite_finish(struct db_rows *rows);
int64_t sqlite_changes(struct db_session *session);
bool sqlite_in_transaction(struct db_session *session);
enum error sqlite_script(struct db_session *session, const char *sql);
int64_t sqlite_integer(const struct db_rows *rows, int column);
const void *sqlite_blob(const struct db_rows *rows, int column,
			size_t *ret_length);

/* The slots for whole tables, in sqlite_table.c. */
enum error sqlite_tables(struct db_session *base, struct arena *arena,
			 struct db_table_list *ret);
enum error sqlite_table_read(struct db_session *base,
			     const struct db_table *table,
			     const struct db_range *range, struct arena *arena,
			     struct db_block *ret);
enum error sqlite_table_add(struct db_session *base,
			    const struct db_table *table,
			    const struct db_block *rows);

#endif
