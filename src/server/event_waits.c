/* Who waits, and the thread that looks for them. */
#include "server/event_waits.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/log.h"
#include "base/memory.h"
#include "http/server.h"

enum { WAITS_MAX = 1024, WAITS_OF_PROJECT_MAX = 256 };
/* Between two looks for one request: its project may record all the time, and
 * what a look takes of memory is kept until the answer. */
#define LOOK_GAP_US INT64_C(1000000)
/* Of what was begun outside: a small look, and somebody waits at a screen. */
#define LOOK_OUTSIDE_US INT64_C(50000)

/* Between two looks for those who have hung up: their places are others'. */
#define LEFT_GAP_US INT64_C(1000000)

/* In the request's arena. */
struct waiting {
	struct waiting *next;
	struct request *request;
	const struct dialect *dialect;
	struct uuid project_id;
	int64_t ends_at; /* monotonic, as are these */
	int64_t look_from;
	bool is_woken;
	bool is_left; /* by its caller */
};

struct event_waits {
	struct db_session *session;
	event_look *look;
	event_go_on *go_on;
	void *context;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct waiting *first; /* guarded by lock */
	int64_t left_at; /* of the next look for those; the thread's own */
	bool is_ending, is_freed;  /* guarded by lock */
	_Atomic uint64_t notified; /* how often anybody was */
	_Atomic int count; /* of those that wait; changed with the lock */
};

uint64_t event_waits_mark(const struct event_waits *waits)
{
	return atomic_load(&waits->notified);
}

/* With the lock held. What was recorded since the mark may be its own. */
static void insert(struct event_waits *waits, struct waiting *waiting,
		   uint64_t mark)
{
	waiting->next = waits->first;
	waits->first = waiting;
	atomic_fetch_add(&waits->count, 1);
	waiting->is_woken = atomic_load(&waits->notified) != mark;
}

static bool has_room(const struct event_waits *waits, struct uuid project_id)
{
	int of_project = 0;

	for (const struct waiting *w = waits->first; w; w = w->next)
		of_project += uuid_equal(w->project_id, project_id);
	return waits->count < WAITS_MAX && of_project < WAITS_OF_PROJECT_MAX;
}

enum error event_waits_add(struct event_waits *waits, struct request *request,
			   const struct dialect *dialect, uint64_t mark)
{
	struct waiting *waiting =
		arena_alloc(&request->op.arena, sizeof(*waiting));

	*waiting = (struct waiting){
		.request = request,
		.dialect = dialect,
		.project_id = request->op.project_id,
		.ends_at = clock_monotonic() + request->waits_us,
	};
	pthread_mutex_lock(&waits->lock);
	bool is_added = has_room(waits, waiting->project_id);
	if (is_added)
		insert(waits, waiting, mark);
	pthread_cond_signal(&waits->wake);
	pthread_mutex_unlock(&waits->lock);
	return is_added ? OK : ERR_BUSY;
}

void event_waits_notify(struct event_waits *waits, struct uuid project_id)
{
	/* counted before it is looked who waits: who comes now sees it */
	atomic_fetch_add(&waits->notified, 1);
	if (!atomic_load(&waits->count))
		return;
	pthread_mutex_lock(&waits->lock);
	for (struct waiting *w = waits->first; w; w = w->next)
		w->is_woken |= uuid_is_nil(project_id) ||
			       uuid_equal(w->project_id, project_id);
	pthread_cond_signal(&waits->wake);
	pthread_mutex_unlock(&waits->lock);
}

/* When there is something to do for it. */
static int64_t due_at(const struct event_waits *waits,
		      const struct waiting *waiting)
{
	if (waits->is_ending || waiting->is_left)
		return 0;
	if (waiting->is_woken && waiting->look_from < waiting->ends_at)
		return waiting->look_from;
	return waiting->ends_at;
}

/*
 * Finds who has hung up, now and then; what was begun outside is waited for
 * all the same. With the lock held.
 */
static void find_left(struct event_waits *waits, int64_t now)
{
	if (now < waits->left_at)
		return;
	waits->left_at = now + LEFT_GAP_US;
	for (struct waiting *w = waits->first; w; w = w->next)
		w->is_left = !w->request->is_over && http_is_left(w->request);
}

/* Takes out what is due; says when the next is. With the lock held. */
static struct waiting *take_due(struct event_waits *waits, int64_t now,
				int64_t *ret_next)
{
	struct waiting *taken = NULL, **at = &waits->first;

	*ret_next = waits->first ? waits->left_at : INT64_MAX;
	while (*at) {
		struct waiting *waiting = *at;
		int64_t due = due_at(waits, waiting);

		if (due > now) {
			*ret_next = due < *ret_next ? due : *ret_next;
			at = &waiting->next;
			continue;
		}
		*at = waiting->next;
		waiting->next = taken;
		taken = waiting;
	}
	return taken;
}

/* True when it is to wait on. */
static bool look(struct event_waits *waits, struct waiting *waiting)
{
	struct request *request = waiting->request;

	if (waiting->ends_at <= clock_monotonic())
		return false;
	if (db_begin(waits->session) != OK)
		return request->is_over != NULL;
	waits->look(request, waiting->dialect, waits->session);
	if (db_commit(waits->session) != OK)
		return false;
	return request->waits_us > 0;
}

/* Without the lock: handlers run here. */
static void serve(struct event_waits *waits, struct waiting *waiting,
		  bool is_ending)
{
	uint64_t mark = event_waits_mark(waits);

	const struct request *request = waiting->request;

	if (!is_ending && !waiting->is_left && waiting->is_woken &&
	    look(waits, waiting)) {
		waiting->look_from =
			clock_monotonic() +
			(request->is_over ? LOOK_OUTSIDE_US : LOOK_GAP_US);
		pthread_mutex_lock(&waits->lock);
		atomic_fetch_sub(&waits->count, 1); /* insert adds it again */
		insert(waits, waiting, mark);
		pthread_mutex_unlock(&waits->lock);
		return;
	}
	atomic_fetch_sub(&waits->count, 1);
	if (request->is_over)
		waits->go_on(waits->context, waiting->request,
			     waiting->dialect);
	else
		http_resume(waiting->request);
}

static void *work(void *context)
{
	struct event_waits *waits = context;

	pthread_mutex_lock(&waits->lock);
	while (!waits->is_freed || waits->first) {
		int64_t next, now = clock_monotonic();

		find_left(waits, now);
		struct waiting *due = take_due(waits, now, &next);
		bool is_ending = waits->is_ending;

		if (!due) {
			condition_wait(&waits->wake, &waits->lock, next);
			continue;
		}
		pthread_mutex_unlock(&waits->lock);
		for (struct waiting *rest; due; due = rest) {
			rest = due->next;
			serve(waits, due, is_ending);
		}
		pthread_mutex_lock(&waits->lock);
	}
	pthread_mutex_unlock(&waits->lock);
	return NULL;
}

struct event_waits *event_waits_start(struct db *db, event_look *look_again,
				      event_go_on *go_on, void *context)
{
	struct event_waits *waits = memory_zalloc(sizeof(*waits));

	waits->look = look_again;
	waits->go_on = go_on;
	waits->context = context;
	pthread_mutex_init(&waits->lock, NULL);
	condition_init(&waits->wake);
	if (db_session_open(db, DB_READ, &waits->session) == OK &&
	    pthread_create(&waits->thread, NULL, work, waits) == 0)
		return waits;
	log_error("the thread for waiting requests does not start", NULL);
	db_session_close(waits->session);
	free(waits);
	return NULL;
}

void event_waits_end(struct event_waits *waits)
{
	if (!waits)
		return;
	pthread_mutex_lock(&waits->lock);
	waits->is_ending = true;
	pthread_cond_signal(&waits->wake);
	pthread_mutex_unlock(&waits->lock);
}

void event_waits_free(struct event_waits *waits)
{
	if (!waits)
		return;
	pthread_mutex_lock(&waits->lock);
	waits->is_freed = true;
	pthread_cond_signal(&waits->wake);
	pthread_mutex_unlock(&waits->lock);
	pthread_join(waits->thread, NULL);
	db_session_close(waits->session);
	pthread_cond_destroy(&waits->wake);
	pthread_mutex_destroy(&waits->lock);
	free(waits);
}

void event_waits_write_metrics(const struct event_waits *waits, struct buf *out)
{
	buf_printf(out,
		   "# TYPE cleat_event_waits gauge\n"
		   "cleat_event_waits %d\n",
		   atomic_load(&waits->count));
}
