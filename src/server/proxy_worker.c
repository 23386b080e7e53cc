/* Threads, each with one call after the other. */
#include "server/proxy_worker.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/memory.h"

#define IDLE_US (INT64_C(5) * CLOCK_SECOND)

struct proxy_worker {
	struct proxy *proxy;
	struct proxy_worker *next; /* that waits too; guarded by proxy's lock */
	struct proxy_call *call;   /* NULL: it waits; so */
	struct uuid connection_id; /* whose its link is; so */
	pthread_cond_t given;	   /* with that lock */
	struct client_link *link;  /* the thread's alone */
};

/* Out of those that wait: one of this connection, or whichever. */
static struct proxy_worker *take_idle(struct proxy *proxy,
				      struct uuid connection_id)
{
	struct proxy_worker **at = &proxy->idle, *taken;

	while (*at && (*at)->next &&
	       !uuid_equal((*at)->connection_id, connection_id))
		at = &(*at)->next;
	taken = *at;
	if (taken)
		*at = taken->next;
	return taken;
}

static void drop_idle(struct proxy *proxy, const struct proxy_worker *worker)
{
	struct proxy_worker **at = &proxy->idle;

	while (*at && *at != worker)
		at = &(*at)->next;
	if (*at)
		*at = worker->next;
}

/* False when none comes in time, or the server ends. */
static bool wait_for_call(struct proxy_worker *worker)
{
	struct proxy *proxy = worker->proxy;
	int64_t until = clock_monotonic() + IDLE_US;
	bool is_in_time = true;

	pthread_mutex_lock(&proxy->lock);
	worker->call = NULL;
	worker->next = proxy->idle;
	proxy->idle = worker;
	while (!worker->call && is_in_time && !atomic_load(&proxy->ends_at))
		is_in_time =
			condition_wait(&worker->given, &proxy->lock, until);
	if (!worker->call)
		drop_idle(proxy, worker);
	pthread_mutex_unlock(&proxy->lock);
	return worker->call != NULL;
}

static void run(struct proxy_worker *worker)
{
	struct proxy_call *call = worker->call;
	struct uuid connection_id = call->passing.connection_id;

	if (!uuid_equal(worker->connection_id, connection_id))
		client_link_drop(worker->link);
	call->link = worker->link;
	proxy_call_run(call);
	op_release(&call->op);
	pthread_mutex_lock(&worker->proxy->lock);
	worker->connection_id = connection_id;
	pthread_mutex_unlock(&worker->proxy->lock);
	proxy_leave(call);
}

static void leave(struct proxy_worker *worker)
{
	struct proxy *proxy = worker->proxy;

	client_link_free(worker->link);
	pthread_cond_destroy(&worker->given);
	free(worker);
	pthread_mutex_lock(&proxy->lock);
	if (--proxy->workers == 0)
		pthread_cond_broadcast(&proxy->is_empty);
	pthread_mutex_unlock(&proxy->lock);
}

static void *work(void *context)
{
	struct proxy_worker *worker = context;

	do {
		run(worker);
	} while (wait_for_call(worker));
	leave(worker);
	return NULL;
}

static bool begin_thread(struct proxy_call *call)
{
	struct proxy_worker *worker = memory_zalloc(sizeof(*worker));
	struct proxy *proxy = call->proxy;
	pthread_t thread;

	worker->proxy = proxy;
	worker->call = call;
	worker->link = client_link_new();
	condition_init(&worker->given);
	pthread_mutex_lock(&proxy->lock);
	proxy->workers++;
	pthread_mutex_unlock(&proxy->lock);
	if (pthread_create(&thread, NULL, work, worker) == 0) {
		pthread_detach(thread);
		return true;
	}
	leave(worker);
	return false;
}

bool proxy_worker_begin(struct proxy_call *call)
{
	struct proxy *proxy = call->proxy;

	pthread_mutex_lock(&proxy->lock);
	struct proxy_worker *idle =
		take_idle(proxy, call->passing.connection_id);
	if (idle) {
		idle->call = call;
		pthread_cond_signal(&idle->given);
	}
	pthread_mutex_unlock(&proxy->lock);
	return idle || begin_thread(call);
}

void proxy_worker_end_idle(struct proxy *proxy)
{
	pthread_mutex_lock(&proxy->lock);
	for (struct proxy_worker *idle = proxy->idle; idle; idle = idle->next)
		pthread_cond_signal(&idle->given);
	pthread_mutex_unlock(&proxy->lock);
}
