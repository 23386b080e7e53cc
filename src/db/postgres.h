/* What the parts of the PostgreSQL driver share. */
#ifndef CLEAT_DB_POSTGRES_H
#define CLEAT_DB_POSTGRES_H

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

#include "db/db.h"

enum {
	POSTGRES_PARAMETERS_MAX = 32,
	POSTGRES_LOCKS_MAX = 1024, /* of one transaction */
	POSTGRES_POSTED_MAX = 64,  /* then they are waited for */
};

/* What may last: it is logged once, and now and then, and when it is over. */
enum postgres_trouble {
	POSTGRES_AWAY,	  /* over when somebody connects */
	POSTGRES_REFUSES, /* to write, as on a full disk; over with a commit */
	POSTGRES_TROUBLES,
};

/* A `down_until`. */
#define POSTGRES_UNTIL_SEEN INT64_MAX

struct postgres_db {
	struct db base;
	char *url;	/* as libpq reads it */
	bool is_pooled; /* postgres_pooled.c */
	bool may_be_a_standby;
	_Atomic uint64_t server; /* that somebody connected to last */
	/* monotonic, as what follows: nobody tries before; POSTGRES_UNTIL_SEEN
	 */
	_Atomic int64_t down_until;
	_Atomic bool is_silent;	 /* who is connected does not ask, either */
	_Atomic bool is_watched; /* by a listener, which `wake` wakes */
	int wake;		 /* an eventfd */
	_Atomic int64_t told_at[POSTGRES_TROUBLES]; /* 0: there is none */
	/* postgres_read.c */
	_Atomic bool is_heard;	    /* what others commit */
	_Atomic uint64_t reading;   /* grows with each commit, and in time */
	_Atomic int64_t read_since; /* that it grew, monotonic */
};

/* A statement as the server has it: what type it takes each parameter for. */
struct postgres_statement {
	bool is_prepared;
	int parameter_count;
	Oid parameters[POSTGRES_PARAMETERS_MAX];
};

struct postgres_session {
	struct db_session base;
	enum db_access access;
	PGconn *connection; /* NULL once lost: the next begin makes another */
	uint64_t server;    /* that it leads to */
	int posted;	    /* sent, and their results not asked for yet */
	int syncs_owed;	    /* whose results nobody waits for */
	bool is_open;	    /* a transaction is */
	bool is_holding;    /* nobody else is here; stays when it is lost */
	bool is_warned;	    /* by the server, since somebody cleared it */
	bool is_demoted;    /* the server takes no changes any more */
	int64_t changes;    /* rows that the last change touched */
	bool has_told, has_savepoint; /* a writer, in its transaction */
	/* Of a reader: postgres_read.c. */
	bool has_begun, has_entering, has_setting;
	struct uuid entering, setting; /* to be, and as the server has it */
	uint64_t snapshot;	       /* a writer's, too */
	int written; /* changes of a writer, for postgres_upkeep.c */
	/* Of what is posted, the last: that it changes no row is a failure. */
	bool must_change[POSTGRES_POSTED_MAX];
	struct uuid locks[POSTGRES_LOCKS_MAX]; /* projects, of a writer */
	size_t lock_count, saved_lock_count;
	struct postgres_statement statements[QUERY_COUNT];
};

/*
 * postgres_wire.c: statements in libpq's pipeline mode. What is posted goes
 * along with the next that is asked for, in one round trip.
 */

/* SQL without parameters. */
MUST_CHECK enum error postgres_post(struct postgres_session *session,
				    const char *sql);

/* One that was sent by libpq's own calls is posted. */
MUST_CHECK enum error postgres_posted(struct postgres_session *session,
				      int is_sent);

/*
 * Waits for all that is posted: OK with the last result, which the caller
 * clears; `ret` may be NULL. The first that failed decides: logged, but for
 * ERR_TAKEN. A connection that is lost, or silent for too long, is dropped.
 */
MUST_CHECK enum error postgres_ask(struct postgres_session *session,
				   const char *doing, PGresult **ret);

/* Sends what is posted, and leaves the results to the next that asks. */
void postgres_send(struct postgres_session *session);

/*
 * The caller finishes it, whatever its status. pg_stat_activity shows it by
 * that name. `*ret_server` is another number for each address and port.
 */
PGconn *postgres_connect(struct postgres_db *db, const char *name,
			 uint64_t *ret_server);
/* Somebody found another server since: what this one says may be old. */
bool postgres_has_moved(struct postgres_db *db, uint64_t server);
void postgres_disconnect(struct postgres_session *session);

/* ERR_TAKEN when another session has the database to itself. */
MUST_CHECK enum error
postgres_ensure_connected(struct postgres_session *session);

/*
 * Nobody tries to connect, since each would wait as long: until a listener,
 * which has a thread for it, has found the server; without one, for a moment.
 */
void postgres_is_down(struct postgres_session *session, const char *doing);
/* It answered the listener. */
void postgres_is_there(struct postgres_db *db);
bool postgres_is_looked_for(struct postgres_db *db);

void postgres_is_over(struct postgres_session *session,
		      enum postgres_trouble trouble);

/*
 * postgres_url.c: a copy as libpq reads it, without our `pgbouncer=true`; the
 * caller frees it. NULL when libpq would not read it.
 */
char *postgres_url_read(const char *url, bool *ret_is_pooled);

/*
 * postgres_pooled.c: what is kept by the server's session, or else done in
 * each transaction. The settings are made by one of the two.
 */
bool postgres_is_pooled(const struct postgres_session *session);
MUST_CHECK enum error postgres_set_up_session(struct postgres_session *session);
MUST_CHECK enum error
postgres_set_up_transaction(struct postgres_session *session);
/* The next result says what parameters it has. */
MUST_CHECK enum error
postgres_post_preparation(struct postgres_session *session, enum query query);
/* Once its parameters are known. */
MUST_CHECK enum error postgres_post_prepared(struct postgres_session *session,
					     enum query query,
					     const char *const *values,
					     const int *lengths,
					     const int *formats);

/* postgres_enter.c: db_enter's. */
MUST_CHECK enum error postgres_enter(struct db_session *base,
				     const struct uuid *project,
				     bool *ret_may_have_changed);

/* NULL: none. `is_local`: until the end of the transaction. */
MUST_CHECK enum error postgres_post_setting(struct postgres_session *session,
					    const struct uuid *project,
					    bool is_local);

/* postgres_read.c: between begin and commit. */
void postgres_begin_reading(struct postgres_session *session);
/* `how`: COMMIT or ROLLBACK. */
void postgres_end_reading(struct postgres_session *session, const char *how);
/*
 * Posts what a reader's statement needs before it; `is_alone`: that may be
 * without a transaction. Nothing for a writer.
 */
MUST_CHECK enum error postgres_lead_in(struct postgres_session *session,
				       bool is_alone);
/* The slots of db_snapshot and db_recent. */
uint64_t postgres_snapshot(const struct db_session *base);
uint64_t postgres_recent(const struct db_session *base);
/* A writer's transaction may see others' changes, or others of its own. */
void postgres_forget(struct postgres_session *session);
/* From here on nothing that was read before is remembered. */
void postgres_has_changed(struct postgres_db *db);
/* Whether others' commits are heard of from here on. */
void postgres_hears(struct postgres_db *db, bool is_heard);

MUST_CHECK enum error postgres_script(struct db_session *base, const char *sql);

/* postgres_upkeep.c: the slots of db_idle and db_loaded. */
void postgres_idle(struct db_session *base, bool is_idle);
MUST_CHECK enum error postgres_loaded(struct db_session *base);

/* postgres_savepoint.c: the driver's slots for savepoints. */
enum error postgres_savepoint(struct db_session *base);
enum error postgres_savepoint_release(struct db_session *base);
void postgres_savepoint_rollback(struct db_session *base);

/* postgres_listen.c: the slots of db_tell and db_listen. */
enum error postgres_tell(struct db_session *base, const char *text);
struct db_listener *postgres_listen(struct db *db, db_heard *heard,
				    void *context);
void postgres_listen_stop(struct db_listener *listener);

/* postgres_hold.c: the slot of db_hold, and what each session does for it. */
enum error postgres_hold(struct db_session *base);
/* ERR_TAKEN when another session holds all. */
MUST_CHECK enum error postgres_come_in(struct postgres_session *session);
/* Behind pgbouncer, in each transaction. */
MUST_CHECK enum error postgres_post_share(struct postgres_session *session);

/* postgres_table.c: the slots for whole tables. */
enum error postgres_tables(struct db_session *base, struct arena *arena,
			   struct db_table_list *ret);
enum error postgres_table_read(struct db_session *base,
			       const struct db_table *table,
			       const struct db_range *range,
			       struct arena *arena, struct db_block *ret);
enum error postgres_table_add(struct db_session *base,
			      const struct db_table *table,
			      const struct db_block *rows);

/* postgres_wall.c: the slot of db_wall. */
enum error postgres_wall(struct db_session *base);

/* postgres_query.c: the driver's slots for queries. */
enum error postgres_query(struct db_session *base, enum query query,
			  const struct db_value *values, size_t count,
			  struct db_rows *ret);
enum error postgres_post_change(struct db_session *base, enum query query,
				const struct db_value *values, size_t count,
				bool must_change);
enum error postgres_next(struct db_rows *rows);
void postgres_finish(struct db_rows *rows);
int64_t postgres_changes(struct db_session *base);
int64_t postgres_integer(const struct db_rows *rows, int column);
const void *postgres_blob(const struct db_rows *rows, int column,
			  size_t *ret_length);

#endif
