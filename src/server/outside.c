/* The threads, and the way back through the writer. */
#include "server/outside.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/log.h"
#include "base/memory.h"
#include "http/client.h"
#include "http/server.h"
#include "server/serve.h"

enum { CALLS_MAX = 128, CALLS_OF_PROJECT_MAX = 32 };
/* For calls that run when the server ends. */
#define DRAIN_US (INT64_C(20) * CLOCK_SECOND)

/* Malloc'd: the request's arena goes with its answer. */
struct outside_call {
	struct work work;
	struct outside *outside;
	struct outside_call *next;
	struct request *request;
	const struct dialect *dialect;
	struct uuid project_id;
	void *kept; /* by the handler */
};

struct outside {
	struct writer *writer;
	struct client *client; /* its own, to be stopped alone */
	pthread_t stopper;
	bool has_stopper;
	pthread_mutex_t lock;
	pthread_cond_t is_empty;    /* with lock */
	struct outside_call *first; /* guarded by lock */
	int count;		    /* guarded by lock */
	bool is_ending;		    /* guarded by lock */
};

struct outside *outside_start(struct writer *writer,
			      const struct outbound_rule *rules,
			      size_t rule_count)
{
	struct outside *outside = memory_zalloc(sizeof(*outside));

	outside->writer = writer;
	outside->client = client_new(rules, rule_count);
	if (!outside->client) {
		log_error("there is no client for calls of requests", NULL);
		free(outside);
		return NULL;
	}
	pthread_mutex_init(&outside->lock, NULL);
	condition_init(&outside->is_empty);
	return outside;
}

/* Until none is under way, or it is time to stop them. */
static void *stop_in_time(void *context)
{
	struct outside *outside = context;
	int64_t until = clock_monotonic() + DRAIN_US;

	pthread_mutex_lock(&outside->lock);
	while (outside->count && clock_monotonic() < until)
		condition_wait(&outside->is_empty, &outside->lock, until);
	pthread_mutex_unlock(&outside->lock);
	client_stop(outside->client);
	return NULL;
}

void outside_end(struct outside *outside)
{
	if (!outside)
		return;
	pthread_mutex_lock(&outside->lock);
	outside->is_ending = true;
	pthread_mutex_unlock(&outside->lock);
	outside->has_stopper = pthread_create(&outside->stopper, NULL,
					      stop_in_time, outside) == 0;
	if (!outside->has_stopper)
		client_stop(outside->client);
}

void outside_drain(struct outside *outside)
{
	if (!outside)
		return;
	if (outside->has_stopper)
		pthread_join(outside->stopper, NULL);
	pthread_mutex_lock(&outside->lock);
	while (outside->count)
		pthread_cond_wait(&outside->is_empty, &outside->lock);
	pthread_mutex_unlock(&outside->lock);
}

void outside_free(struct outside *outside)
{
	if (!outside)
		return;
	client_free(outside->client);
	pthread_cond_destroy(&outside->is_empty);
	pthread_mutex_destroy(&outside->lock);
	free(outside);
}

/* With the lock held. */
static bool has_room(const struct outside *outside, struct uuid project_id)
{
	int of_project = 0;

	for (const struct outside_call *at = outside->first; at; at = at->next)
		of_project += uuid_equal(at->project_id, project_id);
	return !outside->is_ending && outside->count < CALLS_MAX &&
	       of_project < CALLS_OF_PROJECT_MAX;
}

static bool enter(struct outside_call *call)
{
	struct outside *outside = call->outside;

	pthread_mutex_lock(&outside->lock);
	bool is_in = has_room(outside, call->project_id);
	if (is_in) {
		call->next = outside->first;
		outside->first = call;
		outside->count++;
	}
	pthread_mutex_unlock(&outside->lock);
	return is_in;
}

/* The last that is done with it. */
static void leave(struct outside_call *call)
{
	struct outside *outside = call->outside;

	pthread_mutex_lock(&outside->lock);
	struct outside_call **at = &outside->first;
	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	if (--outside->count == 0)
		pthread_cond_broadcast(&outside->is_empty);
	pthread_mutex_unlock(&outside->lock);
	free(call);
}

/* Meanwhile the token may have been revoked, or the project gone. */
static enum error run_on_writer(struct work *work)
{
	struct outside_call *call = (struct outside_call *)work;
	struct request *request = call->request;

	/* it may have begun before, and be run anew */
	buf_clear(&request->response.body);
	request->response.header_count = 0;
	request->kept = call->kept;
	request->goes_out = NULL;
	request->op.project_id = (struct uuid){{0}};
	TRY(serve_authenticate(request, call->dialect));
	return request->route->handle(request);
}

/* The server is not freed before the call has left. */
static void end(struct outside_call *call, enum error error, int status)
{
	if (error != OK)
		serve_answer_error(call->request, call->dialect, error, status);
	http_resume(call->request);
	leave(call);
}

static void done(struct work *work, enum error error)
{
	end((struct outside_call *)work, error, 0);
}

static void come_back(struct outside_call *call)
{
	struct op *op = &call->request->op;

	op->now = clock_now();
	if (writer_give(call->outside->writer, &call->work))
		return;
	op_explain(op, "too many changes are waiting");
	end(call, ERR_BUSY, 0);
}

static void *work(void *context)
{
	struct outside_call *call = context;
	struct request *request = call->request;
	int status = 0;

	enum error error =
		request->goes_out(request, call->outside->client, &status);
	if (error != OK || request->response.status)
		end(call, error, status);
	else
		come_back(call);
	return NULL;
}

static bool start(struct outside_call *call)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, call) != 0)
		return false;
	pthread_detach(thread);
	return true;
}

static struct outside_call *new_call(struct outside *outside,
				     struct request *request,
				     const struct dialect *dialect)
{
	struct outside_call *call = memory_zalloc(sizeof(*call));

	*call = (struct outside_call){
		.work = {.op = &request->op,
			 .run = run_on_writer,
			 .done = done},
		.outside = outside,
		.request = request,
		.dialect = dialect,
		.project_id = request->op.project_id,
		.kept = request->kept,
	};
	return call;
}

void outside_begin(struct outside *outside, struct request *request,
		   const struct dialect *dialect)
{
	struct outside_call *call = new_call(outside, request, dialect);

	request->op.session = NULL; /* the network thread's */
	http_suspend(request);
	if (!enter(call)) {
		op_explain(&request->op, "too many calls are under way");
		serve_answer_error(request, dialect, ERR_BUSY, 503);
		free(call);
		http_resume(request);
	} else if (!start(call)) {
		op_explain(&request->op, "there is no thread for it");
		end(call, ERR_BUSY, 503);
	}
}

void outside_write_metrics(struct outside *outside, struct buf *out)
{
	pthread_mutex_lock(&outside->lock);
	int count = outside->count;
	pthread_mutex_unlock(&outside->lock);
	buf_printf(out,
		   "# TYPE cleat_calls gauge\n"
		   "cleat_calls %d\n",
		   count);
}
