/*
 * The writer: one thread that takes what is queued, runs each piece of work
 * in a savepoint of one transaction, commits once, and then tells each how it
 * ended. Nobody is told of success before its commit is on disk.
 */
#ifndef CLEAT_STORE_WRITER_H
#define CLEAT_STORE_WRITER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/op.h"
#include "db/db.h"

struct writer;

/* Embedded in what is to be done; it is the caller's until `done`. */
struct work {
	struct work *next;
	struct op *op;
	/*
	 * On the writer's thread, in a savepoint that an error undoes. After
	 * ERR_ELSEWHERE (db_enter) it is run anew in a later transaction.
	 */
	enum error (*run)(struct work *work);
	/*
	 * On the writer's thread, after the commit. `error` is run's, or
	 * ERR_STORE when the commit failed: the outcome is unknown.
	 */
	void (*done)(struct work *work, enum error error);
	enum error error; /* the writer's */
};

/* What else belongs to each transaction, as who starts the writer says. */
struct writer_hooks {
	/* Last in the transaction; pieces with an error have no part in it.
	 * An error undoes all. */
	enum error (*before_commit)(const struct work *batch);
	/* It is on disk, and nobody has been told yet. */
	void (*after_commit)(void *context, const struct work *batch);
	void *context;
};

/*
 * `session` is a writing one, the writer's from here on until it is stopped.
 * `hooks` are copied; NULL, or one that is NULL, is nothing.
 */
struct writer *writer_start(struct db_session *session,
			    const struct writer_hooks *hooks);
/* Ends after the work that is queued; then nothing more may be given. */
void writer_stop(struct writer *writer);

/* False when too much is queued: answer that it is busy. Any thread. */
MUST_CHECK bool writer_give(struct writer *writer, struct work *work);

/* Commits, their batch sizes and times, and the queue, for /metrics. */
void writer_write_metrics(const struct writer *writer, struct buf *out);

#endif
