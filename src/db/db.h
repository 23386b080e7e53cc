/*
 * A database behind one vtable: sessions, transactions, named queries.
 * Queries are the named blocks of sql/queries, with parameters $1, $2, ...
 * After ERR_TAKEN of one that says `unique` its transaction goes on.
 */
#ifndef CLEAT_DB_DB_H
#define CLEAT_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/uuid.h"
#include "queries.h"

struct db;
struct db_session;

enum db_access {
	DB_READ,  /* sees committed data only; any number of them */
	DB_WRITE, /* SQLite: exactly one */
};

enum db_type {
	DB_NULL,
	DB_INTEGER,
	DB_BOOLEAN,
	DB_TEXT,
	DB_BLOB,
	DB_UUID,
};

struct db_value {
	enum db_type type;
	int64_t integer;
	const void *bytes; /* text, blob or uuid; outlives the call */
	size_t length;	   /* of a blob */
};

#define DB_INT(number)                                                         \
	((struct db_value){.type = DB_INTEGER, .integer = (number)})
#define DB_BOOL(truth)                                                         \
	((struct db_value){.type = DB_BOOLEAN, .integer = (truth)})
#define DB_STR(text) db_text_value(text)
#define DB_ID(uuid)  ((struct db_value){.type = DB_UUID, .bytes = (uuid).bytes})
#define DB_BYTES(start, size)                                                  \
	((struct db_value){.type = DB_BLOB, .bytes = (start), .length = (size)})
/* NULL when the number is 0 or the uuid is nil. */
#define DB_INT_OR_NULL(number) db_integer_or_null(number)
#define DB_ID_OR_NULL(uuid)    db_uuid_or_null(&(uuid))

struct db_value db_text_value(const char *text); /* NULL text: SQL NULL */
struct db_value db_integer_or_null(int64_t number);
struct db_value db_uuid_or_null(const struct uuid *id);

enum db_use {
	DB_EXISTING, /* has it to itself */
	DB_NEW,	     /* the same, and makes it */
	DB_BESIDE,   /* reads alone, whoever else has it */
};

/* NULL: something may have been missed. On the listener's own thread. */
typedef void db_heard(void *context, const char *text);
struct db_listener;

/* Tables as the database has them: db/table.h. */
struct db_table;
struct db_table_list;
struct db_range;
struct db_block;

/* The rows of one query, one at a time. */
struct db_rows {
	struct db_session *session;
	enum query query;
	void *driver; /* the driver's own */
	bool has_row;
};

/*
 * One database engine. Every call's errors: ERR_TAKEN when a unique key is
 * held, ERR_BUSY when it may work later, else ERR_STORE, logged here.
 */
struct db_driver {
	const char *scheme; /* of its URLs, as in "sqlite:" */
	bool is_shared;	    /* other processes may have the same database */

	/* ERR_TAKEN when it must be new and is not, or is locked. */
	enum error (*open)(const char *url, enum db_use use, struct db **ret);
	void (*close)(struct db *db);

	enum error (*session_open)(struct db *db, enum db_access access,
				   struct db_session **ret);
	void (*session_close)(struct db_session *session);

	enum error (*begin)(struct db_session *session);
	enum error (*commit)(struct db_session *session);
	void (*rollback)(struct db_session *session);

	/* As db_exclude; NULL: begin does so. */
	enum error (*exclude)(struct db_session *session, bool is_patient);

	/* One level; within a transaction. */
	enum error (*savepoint)(struct db_session *session);
	enum error (*savepoint_release)(struct db_session *session);
	void (*savepoint_rollback)(struct db_session *session);

	/* As db_enter; NULL: nothing is to be done. */
	enum error (*enter)(struct db_session *session,
			    const struct uuid *project,
			    bool *ret_may_have_changed);

	enum error (*query)(struct db_session *session, enum query query,
			    const struct db_value *values, size_t count,
			    struct db_rows *ret);
	/* As db_post; NULL: it is run at once. */
	enum error (*post)(struct db_session *session, enum query query,
			   const struct db_value *values, size_t count,
			   bool must_change);
	enum error (*next)(struct db_rows *rows);
	void (*finish)(struct db_rows *rows);
	int64_t (*changes)(struct db_session *session);
	/* As db_in_transaction. */
	bool (*in_transaction)(struct db_session *session);
	/* Statements without parameters, for migrations. */
	enum error (*script)(struct db_session *session, const char *sql);

	/* As db_wall; NULL: it has none. */
	enum error (*wall)(struct db_session *session);

	/* As db_hold; NULL: who has it open has it to himself. */
	enum error (*hold)(struct db_session *session);

	/* As db_loaded; NULL: nothing is to be done. */
	enum error (*loaded)(struct db_session *session);

	/* As db_tables, db_table_read and db_table_add. */
	enum error (*tables)(struct db_session *session, struct arena *arena,
			     struct db_table_list *ret);
	enum error (*table_read)(struct db_session *session,
				 const struct db_table *table,
				 const struct db_range *range,
				 struct arena *arena, struct db_block *ret);
	enum error (*table_add)(struct db_session *session,
				const struct db_table *table,
				const struct db_block *rows);

	int64_t (*integer)(const struct db_rows *rows, int column);
	const void *(*blob)(const struct db_rows *rows, int column,
			    size_t *ret_length);

	/* As db_tell and db_listen; NULL: there is nobody else. */
	enum error (*tell)(struct db_session *writer, const char *text);
	struct db_listener *(*listen)(struct db *db, db_heard *heard,
				      void *context);
	void (*listen_stop)(struct db_listener *listener);

	/* As db_snapshot, db_recent and db_snapshot_of. */
	uint64_t (*snapshot)(const struct db_session *session);
	uint64_t (*recent)(const struct db_session *session);
	uint64_t (*snapshot_of)(const struct db_session *session,
				const struct uuid *project);

	/* Upkeep when there is nothing else to do; cheap when not needed. */
	void (*idle)(struct db_session *writer, bool is_idle);
};

/* The parts that every driver's struct begins with. */
struct db {
	const struct db_driver *driver;
};

struct db_session {
	struct db *db;
	bool has_entered;	/* in this transaction */
	struct uuid project_id; /* that it has entered; nil: the whole store */
};

extern const struct db_driver sqlite_driver, postgres_driver;

/* Opens by the URL's scheme. ERR_INVALID when no driver has it. */
MUST_CHECK enum error db_open(const char *url, enum db_use use,
			      struct db **ret);
void db_close(struct db *db);

/* The URL without passwords, for messages; the caller frees it. */
char *db_url_public(const char *url);

/* Other processes may have the same database open. */
bool db_is_shared(const struct db *db);

MUST_CHECK enum error db_session_open(struct db *db, enum db_access access,
				      struct db_session **ret);
void db_session_close(struct db_session *session);

/*
 * A read session's begin takes a snapshot that has every commit made before
 * the call; commit ends it. Sessions belong to one thread at a time.
 */
MUST_CHECK enum error db_begin(struct db_session *session);
MUST_CHECK enum error db_commit(struct db_session *session);
void db_rollback(struct db_session *session);
/*
 * In a writer's transaction: nobody else who asks for it goes on meanwhile.
 * `is_patient` waits for it, and lets what follows last, without end.
 */
MUST_CHECK enum error db_exclude(struct db_session *session, bool is_patient);
MUST_CHECK enum error db_savepoint(struct db_session *session);
MUST_CHECK enum error db_savepoint_release(struct db_session *session);
/* What it cannot undo ends the transaction. */
void db_savepoint_rollback(struct db_session *session);
/* Some failures end a transaction, and undo it. */
bool db_in_transaction(struct db_session *session);
void db_idle(struct db_session *writer, bool is_idle);
/*
 * Nobody else has the database open, or opens it, until this session is
 * closed: ERR_TAKEN when somebody has. Its transactions may be long; when its
 * connection is lost it begins no other one.
 */
MUST_CHECK enum error db_hold(struct db_session *session);
/* After many rows have come at once; outside of a transaction. */
MUST_CHECK enum error db_loaded(struct db_session *writer);
/* After migrations: what the engine itself can keep apart by project. */
MUST_CHECK enum error db_wall(struct db_session *session);
MUST_CHECK enum error db_script(struct db_session *session, const char *sql);

/* All who listen hear the text when the writer's transaction commits. */
MUST_CHECK enum error db_tell(struct db_session *writer, const char *text);

/* NULL where no other process can be, or, logged, when it does not start. */
struct db_listener *db_listen(struct db *db, db_heard *heard, void *context);
/* NULL is nothing. */
void db_listen_stop(struct db *db, struct db_listener *listener);

/*
 * A number that is another one whenever a session sees other rules than before
 * (tools/sql_embed.py has the tables), for caches of what was read. 0: cache
 * nothing.
 */
uint64_t db_snapshot(const struct db_session *session);
/*
 * The same for what may be a second old when another process has changed it:
 * 0 when that could not be kept to.
 */
uint64_t db_recent(const struct db_session *session);

/* The same, of what this project has. */
uint64_t db_snapshot_of(const struct db_session *session,
			struct uuid project_id);

/*
 * What is run from here on is of this project; nil: of the whole store. A
 * writer has the project to itself until its commit: ERR_ELSEWHERE when
 * another process has it and waiting might not end. In a transaction that has
 * nothing yet it is waited for: ERR_BUSY when that takes too long.
 * `*ret_may_have_changed`: others may have written in it since this process
 * did. Cheap when it is the same as before.
 */
MUST_CHECK enum error db_enter(struct db_session *session,
			       struct uuid project_id,
			       bool *ret_may_have_changed);

/* Runs a query for its rows; call db_finish when done, also after errors. */
MUST_CHECK enum error db_query(struct db_session *session, enum query query,
			       const struct db_value *values, size_t count,
			       struct db_rows *ret);
/* Moves to the next row; `rows->has_row` says whether there is one. */
MUST_CHECK enum error db_next(struct db_rows *rows);
void db_finish(struct db_rows *rows);

/* Runs a query that has no rows. `ret_changed` (may be NULL): rows changed. */
MUST_CHECK enum error db_run(struct db_session *session, enum query query,
			     const struct db_value *values, size_t count,
			     int64_t *ret_changed);

/*
 * Runs a change that nobody asks more of; it may go along with what follows.
 * Then its failure is that of a later call, at the latest of the savepoint's
 * release or the commit, and undoes as much. `must_change`: what changes no
 * row has failed, with ERR_INTERNAL.
 */
MUST_CHECK enum error db_post(struct db_session *session, enum query query,
			      const struct db_value *values, size_t count,
			      bool must_change);

/* The current row's columns, from 0. Text and blobs are copied. */
int64_t db_integer(const struct db_rows *rows, int column); /* NULL: 0 */
bool db_boolean(const struct db_rows *rows, int column);
/* NULL when the column is. */
const char *db_text(struct arena *arena, const struct db_rows *rows,
		    int column);
struct uuid db_uuid(const struct db_rows *rows, int column); /* NULL: nil */
/* Valid until the next row; NULL when the column is. */
const void *db_blob(const struct db_rows *rows, int column, size_t *ret_length);

#endif
