/* The calls under way. */
#include "server/calls.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/memory.h"
#include "http/outside.h"
#include "http/server.h"
#include "server/serve.h"

enum { CALLS_MAX = 128, CALLS_OF_PROJECT_MAX = 32 };
/* For calls that run when the server ends. */
#define DRAIN_US (INT64_C(20) * CLOCK_SECOND)

/* In the request's arena. */
struct call {
	struct call *next, *previous; /* guarded by the calls' lock */
	struct calls *calls;
	struct request *request;
	const struct dialect *dialect;
	struct uuid project_id;
};

struct calls {
	struct client *client;
	pthread_t stopper;
	bool has_stopper;
	pthread_mutex_t lock;
	pthread_cond_t is_empty; /* with lock */
	struct call *first;	 /* guarded by lock */
	int count;		 /* guarded by lock */
};

struct calls *calls_new(const struct outbound_rule *rules, size_t rule_count)
{
	struct client *client = client_new(rules, rule_count);

	if (!client)
		return NULL;
	struct calls *calls = memory_zalloc(sizeof(*calls));
	calls->client = client;
	pthread_mutex_init(&calls->lock, NULL);
	condition_init(&calls->is_empty);
	return calls;
}

void calls_free(struct calls *calls)
{
	if (!calls)
		return;
	client_free(calls->client);
	pthread_cond_destroy(&calls->is_empty);
	pthread_mutex_destroy(&calls->lock);
	free(calls);
}

/* With the lock held. */
static bool has_room(const struct calls *calls, struct uuid project_id)
{
	int of_project = 0;

	for (const struct call *call = calls->first; call; call = call->next)
		of_project += uuid_equal(call->project_id, project_id);
	return calls->count < CALLS_MAX && of_project < CALLS_OF_PROJECT_MAX;
}

static bool enter(struct calls *calls, struct call *call)
{
	pthread_mutex_lock(&calls->lock);
	bool is_in = has_room(calls, call->project_id);
	if (is_in) {
		call->next = calls->first;
		if (call->next)
			call->next->previous = call;
		calls->first = call;
		calls->count++;
	}
	pthread_mutex_unlock(&calls->lock);
	return is_in;
}

/* Before its request is resumed, whose arena it is in. */
static void leave(struct calls *calls, struct call *call)
{
	pthread_mutex_lock(&calls->lock);
	if (call->next)
		call->next->previous = call->previous;
	if (call->previous)
		call->previous->next = call->next;
	else
		calls->first = call->next;
	pthread_mutex_unlock(&calls->lock);
}

/* The last that a thread does here. */
static void count_out(struct calls *calls)
{
	pthread_mutex_lock(&calls->lock);
	if (--calls->count == 0)
		pthread_cond_broadcast(&calls->is_empty);
	pthread_mutex_unlock(&calls->lock);
}

static void *work(void *context)
{
	struct call *call = context;
	struct calls *calls = call->calls;
	struct request *request = call->request;
	const struct outside *outside = request->outside;
	struct client_answer came;
	int status = 0;

	client_send(calls->client, &request->op.arena, outside->call,
		    outside->timeout_us, &came);
	enum error error = outside->then(request, &came, &status);
	if (error != OK)
		serve_answer_error(request, call->dialect, error, status);
	leave(calls, call);
	http_resume(request);
	count_out(calls);
	return NULL;
}

static enum error begin(struct calls *calls, struct request *request,
			const struct dialect *dialect)
{
	struct call *call = arena_alloc(&request->op.arena, sizeof(*call));
	pthread_t thread;

	*call = (struct call){
		.calls = calls,
		.request = request,
		.dialect = dialect,
		.project_id = request->op.project_id,
	};
	if (!enter(calls, call))
		return op_fail(&request->op, ERR_BUSY,
			       "too many calls are under way");
	if (pthread_create(&thread, NULL, work, call) == 0) {
		pthread_detach(thread);
		return OK;
	}
	leave(calls, call);
	count_out(calls);
	return op_fail(&request->op, ERR_BUSY, "there is no thread for it");
}

void calls_wait(struct calls *calls, struct request *request,
		const struct dialect *dialect)
{
	request->op.session = NULL; /* the network thread's */
	http_suspend(request);
	if (begin(calls, request, dialect) == OK)
		return;
	serve_answer_error(request, dialect, ERR_BUSY, 503);
	http_resume(request);
}

/* Until none is under way, or it is time to stop them. */
static void *stop_in_time(void *context)
{
	struct calls *calls = context;
	int64_t until = clock_monotonic() + DRAIN_US;

	pthread_mutex_lock(&calls->lock);
	while (calls->count && clock_monotonic() < until)
		condition_wait(&calls->is_empty, &calls->lock, until);
	pthread_mutex_unlock(&calls->lock);
	client_stop(calls->client);
	return NULL;
}

void calls_end(struct calls *calls)
{
	if (!calls)
		return;
	calls->has_stopper =
		pthread_create(&calls->stopper, NULL, stop_in_time, calls) == 0;
	if (!calls->has_stopper)
		client_stop(calls->client);
}

void calls_drain(struct calls *calls)
{
	if (!calls)
		return;
	if (calls->has_stopper)
		pthread_join(calls->stopper, NULL);
	pthread_mutex_lock(&calls->lock);
	while (calls->count)
		pthread_cond_wait(&calls->is_empty, &calls->lock);
	pthread_mutex_unlock(&calls->lock);
}

void calls_write_metrics(struct calls *calls, struct buf *out)
{
	pthread_mutex_lock(&calls->lock);
	int count = calls->count;
	pthread_mutex_unlock(&calls->lock);
	buf_printf(out,
		   "# TYPE cleat_calls gauge\n"
		   "cleat_calls %d\n",
		   count);
}
