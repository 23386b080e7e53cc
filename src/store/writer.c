/* Group commit. */
#include "store/writer.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/histogram.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/leaving_scope.h"

enum {
	BATCH_MAX = 256,
	QUEUE_MAX = 8192,
	COMMIT_UNIT_US = 50,
	IDLE_US = 50000
};

struct writer {
	struct db_session *session;
	struct writer_hooks hooks;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct work *first, **end; /* guarded by lock */
	bool is_stopping;	   /* guarded by lock */
	_Atomic uint64_t queued;
	_Atomic uint64_t failed_commits;
	struct histogram batch_size;
	struct histogram commit_us;
};

bool writer_give(struct writer *writer, struct work *work)
{
	pthread_mutex_lock(&writer->lock);
	bool has_room = writer->queued < QUEUE_MAX;
	if (has_room) {
		work->next = NULL;
		*writer->end = work;
		writer->end = &work->next;
		writer->queued++;
		pthread_cond_signal(&writer->wake);
	}
	pthread_mutex_unlock(&writer->lock);
	return has_room;
}

/* Until there is work, or it is idle for IDLE_US; false when idle. */
static bool wait_for_work(struct writer *writer)
{
	int64_t until = clock_monotonic() + IDLE_US;

	while (!writer->first && !writer->is_stopping)
		if (!condition_wait(&writer->wake, &writer->lock, until))
			return false;
	return true;
}

/* Up to BATCH_MAX pieces; NULL when nothing is queued. */
static struct work *unqueue(struct writer *writer)
{
	struct work *batch = writer->first;
	struct work **at = &writer->first;

	for (int i = 0; i < BATCH_MAX && *at; i++) {
		at = &(*at)->next;
		writer->queued--;
	}
	struct work *rest = *at;
	*at = NULL;
	writer->first = rest;
	if (!rest)
		writer->end = &writer->first;
	return batch;
}

/* Lets threads that are about to bring more do so first, as long as they do. */
static void gather(struct writer *writer)
{
	uint64_t before = 0;

	while (writer->queued > before && writer->queued < BATCH_MAX) {
		before = writer->queued;
		pthread_mutex_unlock(&writer->lock);
		sched_yield();
		pthread_mutex_lock(&writer->lock);
	}
}

/* NULL when it is to stop and nothing is left. Looks after the store. */
static struct work *take_batch(struct writer *writer)
{
	struct work *batch = NULL;
	bool is_stopping = false;

	db_idle(writer->session, false);
	while (!batch && !is_stopping) {
		pthread_mutex_lock(&writer->lock);
		bool is_idle = !wait_for_work(writer);
		gather(writer);
		batch = unqueue(writer);
		is_stopping = writer->is_stopping;
		pthread_mutex_unlock(&writer->lock);
		if (is_idle)
			db_idle(writer->session, true);
	}
	return batch;
}

/* Who is in the same transaction waits for its commit. */
static const _Atomic uint64_t somebody = 1;

static enum error run_one(struct writer *writer, const struct work *batch,
			  struct work *work)
{
	struct db_session *session = writer->session;
	const struct op_mark mark = op_mark(work->op);

	work->op->session = session;
	work->op->waiting = batch->next ? &somebody : &writer->queued;
	leaving_see_all(work->op); /* it may have looked before, as a reader */
	TRY(db_savepoint(session));
	enum error error = work->run(work);
	if (error == OK)
		error = db_savepoint_release(session);
	if (error != OK)
		db_savepoint_rollback(session);
	if (error == ERR_ELSEWHERE)
		op_go_back(work->op, &mark);
	return error;
}

/*
 * `*ret_succeeded` are to be committed. An error when the transaction is
 * lost, as a full disk ends one: with it went what ran before, and what ran
 * now would be committed by itself.
 */
static enum error run_batch(struct writer *writer, struct work *batch,
			    uint64_t *ret_succeeded)
{
	uint64_t succeeded = 0;

	for (struct work *w = batch; w; w = w->next) {
		w->error = run_one(writer, batch, w);
		if (!db_in_transaction(writer->session))
			return w->error == ERR_BUSY ? ERR_BUSY : ERR_STORE;
		succeeded += w->error == OK;
	}
	*ret_succeeded = succeeded;
	if (succeeded && writer->hooks.before_commit &&
	    writer->hooks.before_commit(batch) != OK)
		return ERR_STORE;
	return OK;
}

static enum error commit_batch(struct writer *writer, struct work *batch)
{
	int64_t began = clock_monotonic();
	uint64_t succeeded = 0;

	TRY(db_begin(writer->session));
	enum error error = run_batch(writer, batch, &succeeded);
	if (error != OK || !succeeded) {
		db_rollback(writer->session);
		return error;
	}
	TRY(db_commit(writer->session));
	if (writer->hooks.after_commit)
		writer->hooks.after_commit(writer->hooks.context, batch);
	histogram_add(&writer->batch_size, 1, succeeded);
	histogram_add(&writer->commit_us, COMMIT_UNIT_US,
		      (uint64_t)(clock_monotonic() - began));
	return OK;
}

/* First in the next transaction, where the first may wait for its project. */
static void put_back(struct writer *writer, struct work *first,
		     struct work **end, uint64_t count)
{
	pthread_mutex_lock(&writer->lock);
	*end = writer->first;
	if (!writer->first)
		writer->end = end;
	writer->first = first;
	writer->queued += count;
	pthread_mutex_unlock(&writer->lock);
}

static void finish_batch(struct writer *writer, struct work *batch,
			 enum error committed)
{
	struct work *again = NULL, **end = &again;
	uint64_t count = 0;

	for (struct work *next; batch; batch = next) {
		next = batch->next;
		if (batch->error == ERR_ELSEWHERE) {
			*end = batch;
			end = &batch->next;
			count++;
			continue;
		}
		batch->done(batch, committed == OK ? batch->error : committed);
	}
	if (count)
		put_back(writer, again, end, count);
}

static void *write_batches(void *context)
{
	struct writer *writer = context;
	struct work *batch;

	while ((batch = take_batch(writer))) {
		enum error error = commit_batch(writer, batch);

		if (error != OK)
			writer->failed_commits++;
		/* else nothing was begun, and the driver has said why */
		if (error != OK && error != ERR_BUSY)
			log_error("commit failed", "error", error_name(error),
				  NULL);
		finish_batch(writer, batch, error);
	}
	return NULL;
}

struct writer *writer_start(struct db_session *session,
			    const struct writer_hooks *hooks)
{
	struct writer *writer = memory_zalloc(sizeof(*writer));

	writer->session = session;
	if (hooks)
		writer->hooks = *hooks;
	writer->end = &writer->first;
	pthread_mutex_init(&writer->lock, NULL);
	condition_init(&writer->wake);
	if (pthread_create(&writer->thread, NULL, write_batches, writer) != 0) {
		free(writer);
		return NULL;
	}
	return writer;
}

void writer_stop(struct writer *writer)
{
	if (!writer)
		return;
	pthread_mutex_lock(&writer->lock);
	writer->is_stopping = true;
	pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->thread, NULL);
	pthread_mutex_destroy(&writer->lock);
	pthread_cond_destroy(&writer->wake);
	free(writer);
}

void writer_write_metrics(const struct writer *writer, struct buf *out)
{
	buf_text(out, "# TYPE cleat_commit_batch_size histogram\n");
	histogram_write(&writer->batch_size, out, "cleat_commit_batch_size", "",
			1, 1);
	buf_text(out, "# TYPE cleat_commit_seconds histogram\n");
	histogram_write(&writer->commit_us, out, "cleat_commit_seconds", "",
			COMMIT_UNIT_US, 1e-6);
	buf_printf(out,
		   "# TYPE cleat_commit_failures_total counter\n"
		   "cleat_commit_failures_total %" PRIu64 "\n"
		   "# TYPE cleat_writer_queue gauge\n"
		   "cleat_writer_queue %" PRIu64 "\n",
		   atomic_load(&writer->failed_commits),
		   atomic_load(&writer->queued));
}
