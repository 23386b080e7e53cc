/* The calls under way, and each one's course. */
#include "server/proxy.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/credential.h"
#include "core/refreshing.h"
#include "http/client_stream.h"

enum {
	CALLS_MAX = 128,
	HELD_MAX = 256, /* connections that are to wait */
	LOOK_MS = 50,	/* for a refresh */
	RETRY_S = 10,	/* after a 429 that does not say */
	RETRY_MAX_S = 3600,
};
/* From a call's beginning to the last byte of its answer. */
#define TIMEOUT_US (INT64_C(300) * CLOCK_SECOND)
/* For calls that run when the server ends. */
#define DRAIN_US (INT64_C(20) * CLOCK_SECOND)

/* Whom a provider has told to wait; by the monotonic clock. */
struct held {
	struct uuid connection_id;
	int64_t until;
};

struct proxy {
	struct proxy_parts parts;

	pthread_mutex_t session_lock;
	struct db_session *session; /* guarded by session_lock */

	pthread_mutex_t lock;
	pthread_cond_t is_empty;    /* with lock */
	struct proxy_call *first;   /* guarded by lock */
	int count;		    /* guarded by lock */
	struct held held[HELD_MAX]; /* guarded by lock */
	_Atomic int64_t ends_at;    /* monotonic; 0: it does not end */
};

struct proxy_call {
	struct proxy *proxy;
	struct proxy_call *next, *previous; /* guarded by the proxy's lock */
	struct uuid project_id;		    /* nil: not known yet; so */
	struct stream *stream;		    /* NULL: not begun; so */
	_Atomic bool is_stale;		    /* look whether it may go on */

	/* The thread's alone, once it has begun. */
	struct op op;
	struct passing passing;
	bool is_refreshed;
	enum error lost; /* what it lives by has gone; OK: it has not */
	struct client_streamed result;
	int64_t began;
};

/* A piece of work on the writer that a thread waits for. */
struct asking {
	struct work work;
	struct proxy_call *call;
	struct op op;
	struct refreshing_wait wait;
	bool is_renewed; /* there is another token already */
	pthread_mutex_t lock;
	pthread_cond_t told;
	bool is_told; /* guarded by lock */
	enum error error;
};

/* The same that nobody waits for. */
struct recording {
	struct work work;
	struct op op;
	struct passing passing;
	struct passing_outcome outcome;
};

struct proxy *proxy_start(const struct proxy_parts *parts)
{
	struct proxy *proxy = memory_zalloc(sizeof(*proxy));

	proxy->parts = *parts;
	if (!proxy->parts.timeout_us)
		proxy->parts.timeout_us = TIMEOUT_US;
	if (db_session_open(parts->db, DB_READ, &proxy->session) != OK) {
		log_error("the proxy has no session", NULL);
		free(proxy);
		return NULL;
	}
	pthread_mutex_init(&proxy->session_lock, NULL);
	pthread_mutex_init(&proxy->lock, NULL);
	pthread_cond_init(&proxy->is_empty, NULL);
	return proxy;
}

void proxy_end(struct proxy *proxy)
{
	if (proxy)
		atomic_store(&proxy->ends_at, clock_monotonic() + DRAIN_US);
}

void proxy_drain(struct proxy *proxy)
{
	if (!proxy)
		return;
	pthread_mutex_lock(&proxy->lock);
	while (proxy->count)
		pthread_cond_wait(&proxy->is_empty, &proxy->lock);
	pthread_mutex_unlock(&proxy->lock);
}

void proxy_free(struct proxy *proxy)
{
	if (!proxy)
		return;
	db_session_close(proxy->session);
	pthread_cond_destroy(&proxy->is_empty);
	pthread_mutex_destroy(&proxy->lock);
	pthread_mutex_destroy(&proxy->session_lock);
	free(proxy);
}

struct proxy_call *proxy_enter(struct proxy *proxy)
{
	struct proxy_call *call = NULL;

	pthread_mutex_lock(&proxy->lock);
	if (proxy->count < CALLS_MAX && !atomic_load(&proxy->ends_at)) {
		call = memory_zalloc(sizeof(*call));
		call->proxy = proxy;
		call->next = proxy->first;
		if (call->next)
			call->next->previous = call;
		proxy->first = call;
		proxy->count++;
	}
	pthread_mutex_unlock(&proxy->lock);
	return call;
}

void proxy_leave(struct proxy_call *call)
{
	struct proxy *proxy = call->proxy;

	pthread_mutex_lock(&proxy->lock);
	if (call->next)
		call->next->previous = call->previous;
	if (call->previous)
		call->previous->next = call->next;
	else
		proxy->first = call->next;
	if (--proxy->count == 0)
		pthread_cond_broadcast(&proxy->is_empty);
	pthread_mutex_unlock(&proxy->lock);
	stream_let_go(call->stream);
	free(call);
}

void proxy_notify(struct proxy *proxy, struct uuid project_id)
{
	if (!proxy)
		return;
	pthread_mutex_lock(&proxy->lock);
	for (struct proxy_call *call = proxy->first; call; call = call->next) {
		if (!uuid_is_nil(project_id) &&
		    !uuid_is_nil(call->project_id) &&
		    !uuid_equal(call->project_id, project_id))
			continue;
		atomic_store(&call->is_stale, true);
		if (call->stream)
			stream_poke(call->stream);
	}
	pthread_mutex_unlock(&proxy->lock);
}

/* An op of the thread's own; the caller releases it. */
static void begin_op(const struct proxy_call *call, struct op *ret)
{
	op_init(ret, call->proxy->parts.keys, clock_now());
	memcpy(ret->request_id, call->op.request_id, sizeof(ret->request_id));
	ret->batch_over = call->op.batch_over;
	ret->rules = call->op.rules;
	ret->rule_count = call->op.rule_count;
	ret->project_id = call->project_id;
}

/* Runs it on the session that all calls share. */
static enum error on_session(struct proxy_call *call, struct op *op,
			     enum error (*run)(struct op *op, void *context),
			     void *context)
{
	struct proxy *proxy = call->proxy;

	pthread_mutex_lock(&proxy->session_lock);
	enum error error = db_begin(proxy->session);
	if (error == OK) {
		op->session = proxy->session;
		error = run(op, context);
		if (db_commit(proxy->session) != OK && error == OK)
			error = ERR_STORE;
	}
	pthread_mutex_unlock(&proxy->session_lock);
	return error;
}

static enum error look(struct op *op, void *context)
{
	const struct proxy_call *call = context;
	struct installation_view view;

	return passing_look(op, &call->passing, &view);
}

/* Of what no later look can say anything else. */
static bool is_final(enum error error)
{
	return error == ERR_NOT_FOUND || error == ERR_UNAUTHENTICATED ||
	       error == ERR_FORBIDDEN;
}

/* What it lives by may have gone. A store that fails is asked again. */
static bool may_go_on(struct proxy_call *call)
{
	struct op op;

	if (!atomic_exchange(&call->is_stale, false))
		return true;
	begin_op(call, &op);
	enum error error = on_session(call, &op, look, call);
	op_release(&op);
	if (is_final(error))
		call->lost = error;
	else if (error != OK)
		atomic_store(&call->is_stale, true);
	return call->lost == OK;
}

static bool goes_on(void *context)
{
	struct proxy_call *call = context;
	int64_t ends_at = atomic_load(&call->proxy->ends_at);
	int64_t expires_at = call->passing.expires_at;

	if (expires_at && clock_now() >= expires_at)
		atomic_store(&call->is_stale, true);
	return (!ends_at || clock_monotonic() < ends_at) && may_go_on(call);
}

static struct held *find_held(struct proxy *proxy, struct uuid connection_id)
{
	struct held *oldest = &proxy->held[0];

	for (int i = 0; i < HELD_MAX; i++) {
		struct held *held = &proxy->held[i];

		if (uuid_equal(held->connection_id, connection_id))
			return held;
		if (held->until < oldest->until)
			oldest = held;
	}
	return oldest;
}

static void hold(struct proxy_call *call, int64_t seconds)
{
	struct proxy *proxy = call->proxy;

	pthread_mutex_lock(&proxy->lock);
	*find_held(proxy, call->passing.connection_id) =
		(struct held){call->passing.connection_id,
			      clock_monotonic() + seconds * CLOCK_SECOND};
	pthread_mutex_unlock(&proxy->lock);
}

/* Seconds that are left; 0: it need not wait. */
static int64_t held_s(struct proxy_call *call)
{
	struct proxy *proxy = call->proxy;
	int64_t left = 0;

	pthread_mutex_lock(&proxy->lock);
	const struct held *held = find_held(proxy, call->passing.connection_id);
	if (uuid_equal(held->connection_id, call->passing.connection_id))
		left = held->until - clock_monotonic();
	pthread_mutex_unlock(&proxy->lock);
	return left > 0 ? (left + CLOCK_SECOND - 1) / CLOCK_SECOND : 0;
}

static void tell_to_wait(struct proxy_call *call, int64_t retry_after_us)
{
	int64_t seconds = (retry_after_us + CLOCK_SECOND - 1) / CLOCK_SECOND;
	char text[24];

	if (seconds <= 0)
		seconds = RETRY_S;
	if (seconds > RETRY_MAX_S)
		seconds = RETRY_MAX_S;
	(void)snprintf(text, sizeof(text), "%" PRId64, seconds);
	(void)stream_header(call->stream, "X-Amp-Retry-After", text);
	(void)stream_header(call->stream, "X-Amp-Retryable", "true");
	hold(call, seconds);
}

static bool shows(void *context, int status, int64_t retry_after_us)
{
	struct proxy_call *call = context;

	if (status == 429 && call->passing.asked.is_throttled)
		tell_to_wait(call, retry_after_us);
	return status != 401 || !call->passing.token || call->is_refreshed;
}

static enum error ask(struct work *work)
{
	struct asking *asking = (struct asking *)work;
	const struct proxy_call *call = asking->call;
	struct credential_list secrets;

	TRY(credential_use(work->op, call->passing.connection_id, &secrets));
	const struct credential *token =
		credential_find(&secrets, "access_token");
	asking->is_renewed = token && strcmp((const char *)token->value.bytes,
					     call->passing.token) != 0;
	if (asking->is_renewed)
		return OK;
	return refreshing_ask(work->op, call->passing.connection_id,
			      REFRESH_BY_FORCE, &asking->wait);
}

static void asked(struct work *work, enum error error)
{
	struct asking *asking = (struct asking *)work;

	pthread_mutex_lock(&asking->lock);
	asking->error = error;
	asking->is_told = true;
	pthread_cond_signal(&asking->told);
	pthread_mutex_unlock(&asking->lock);
}

/* Asks for new tokens; has the request been made? */
static bool ask_for_tokens(struct proxy_call *call, struct asking *asking)
{
	struct proxy *proxy = call->proxy;

	*asking = (struct asking){
		.work = {.op = &asking->op, .run = ask, .done = asked},
		.call = call,
	};
	begin_op(call, &asking->op);
	pthread_mutex_init(&asking->lock, NULL);
	pthread_cond_init(&asking->told, NULL);
	bool is_given = writer_give(proxy->parts.writer, &asking->work);
	pthread_mutex_lock(&asking->lock);
	while (is_given && !asking->is_told)
		pthread_cond_wait(&asking->told, &asking->lock);
	pthread_mutex_unlock(&asking->lock);
	if (is_given && asking->op.has_jobs)
		jobs_wake(proxy->parts.jobs);
	pthread_cond_destroy(&asking->told);
	pthread_mutex_destroy(&asking->lock);
	op_release(&asking->op);
	return is_given && asking->error == OK &&
	       (asking->is_renewed || asking->wait.waits);
}

/* By the monotonic clock; the drain may come first. */
static int64_t ends_at(const struct proxy_call *call)
{
	return call->began + call->proxy->parts.timeout_us;
}

struct waiting {
	const struct refreshing_wait *wait;
	bool is_over;
};

static enum error look_at_refresh(struct op *op, void *context)
{
	struct waiting *waiting = context;

	return refreshing_look(op, waiting->wait, &waiting->is_over);
}

static bool wait_for_tokens(struct proxy_call *call,
			    const struct refreshing_wait *wait)
{
	struct waiting waiting = {.wait = wait};
	int64_t until = clock_monotonic() + REFRESHING_WAIT_US;

	if (until > ends_at(call))
		until = ends_at(call);
	while (clock_monotonic() < until && !stream_is_left(call->stream) &&
	       goes_on(call)) {
		struct op op;

		begin_op(call, &op);
		enum error error =
			on_session(call, &op, look_at_refresh, &waiting);
		op_release(&op);
		if (error == OK && waiting.is_over)
			return true;
		(void)poll(NULL, 0, LOOK_MS);
	}
	return false;
}

static enum error make_anew(struct op *op, void *context)
{
	struct proxy_call *call = context;
	struct installation_view view;
	struct passing made;

	TRY(passing_look(op, &call->passing, &view));
	TRY(passing_make(op, &view, &call->passing.asked, &made));
	if (!made.token || strcmp(made.token, call->passing.token) == 0)
		return ERR_NOT_FOUND;
	call->passing = passing_copy(&call->op.arena, &made);
	return OK;
}

/* After a 401: true when there are new tokens, and it can be sent again. */
static bool renew(struct proxy_call *call)
{
	struct asking asking;
	struct op op;

	if (!ask_for_tokens(call, &asking))
		return false;
	if (!stream_rewind(call->stream))
		return false; /* the caller's next one will have them */
	if (!asking.is_renewed && !wait_for_tokens(call, &asking.wait))
		return false;
	begin_op(call, &op);
	enum error error = on_session(call, &op, make_anew, call);
	op_release(&op);
	return error == OK;
}

static const char *send_all(struct proxy_call *call)
{
	struct client_streamed *result = &call->result;
	struct client_streaming streaming = {
		.stream = call->stream,
		.call = &call->passing.call,
		.shows = shows,
		.goes_on = goes_on,
		.context = call,
	};

	for (;;) {
		streaming.timeout_us = ends_at(call) - clock_monotonic();
		client_stream(call->proxy->parts.client, &call->op.arena,
			      &streaming, result);
		if (result->failure != CLIENT_OK)
			break;
		if (result->is_shown || call->is_refreshed || !renew(call)) {
			if (!result->is_shown)
				stream_show(call->stream);
			stream_end(call->stream, true);
			return NULL;
		}
		call->is_refreshed = true;
	}
	if (call->lost == ERR_NOT_FOUND)
		return "the installation or its connection has gone";
	if (call->lost != OK)
		return "the key may not do this any more";
	if (result->is_stopped)
		return "it was ended before its answer";
	return client_failure_name(result->failure);
}

/* A problem, when nothing is shown yet; else the answer breaks off. */
static void fail(struct proxy_call *call, const char *why)
{
	enum client_failure failure = call->result.failure;
	enum error error = ERR_BUSY;
	int status = 502;

	if (call->lost != OK) {
		error = call->lost;
		status = 0; /* the error's own */
	} else if (failure == CLIENT_TIMED_OUT) {
		status = 504;
	} else if (call->result.is_stopped || failure == CLIENT_STOPPED) {
		status = 503;
	} else if (failure == CLIENT_TOO_LARGE) {
		error = ERR_TOO_LARGE;
	}
	stream_fail(call->stream, error, status, why, 0);
}

static enum error run_recording(struct work *work)
{
	struct recording *recording = (struct recording *)work;
	enum error error = passing_record(work->op, &recording->passing,
					  &recording->outcome);

	/* with the installation its operations have gone */
	return error == ERR_NOT_FOUND ? OK : error;
}

static void recorded(struct work *work, enum error error)
{
	struct recording *recording = (struct recording *)work;

	if (error != OK)
		log_error("a call's operation is not recorded", "request_id",
			  work->op->request_id, "error", error_name(error),
			  NULL);
	op_release(&recording->op);
	free(recording);
}

static void record(struct proxy_call *call, const char *failure)
{
	struct recording *recording = memory_zalloc(sizeof(*recording));
	const struct client_streamed *result = &call->result;

	begin_op(call, &recording->op);
	recording->work = (struct work){
		.op = &recording->op,
		.run = run_recording,
		.done = recorded,
	};
	recording->passing = passing_copy(&recording->op.arena, &call->passing);
	recording->outcome = (struct passing_outcome){
		.status = result->status,
		.failure = failure,
		.sent = result->sent,
		.received = result->received,
		.took_us = clock_monotonic() - call->began,
		.is_refreshed = call->is_refreshed,
	};
	if (!writer_give(call->proxy->parts.writer, &recording->work))
		recorded(&recording->work, ERR_BUSY);
}

static void run_call(struct proxy_call *call)
{
	const char *failure;
	int64_t wait_s = call->passing.asked.is_throttled ? held_s(call) : 0;

	call->began = clock_monotonic();
	if (wait_s) {
		failure = "the provider has asked to wait";
		stream_fail(call->stream, ERR_BUSY, 429, failure, wait_s);
	} else {
		failure = send_all(call);
		if (failure)
			fail(call, failure);
	}
	record(call, failure);
}

static void *work(void *context)
{
	struct proxy_call *call = context;

	run_call(call);
	op_release(&call->op);
	proxy_leave(call);
	return NULL;
}

bool proxy_pass(struct proxy_call *call, const struct op *op,
		const struct passing *passing, struct stream *stream)
{
	struct proxy *proxy = call->proxy;
	pthread_t thread;

	op_init(&call->op, proxy->parts.keys, op->now);
	memcpy(call->op.request_id, op->request_id, sizeof(op->request_id));
	call->op.batch_over = op->batch_over;
	call->op.rules = op->rules;
	call->op.rule_count = op->rule_count;
	call->op.project_id = op->project_id;
	call->passing = passing_copy(&call->op.arena, passing);
	/* what another process has ended may be remembered for a second */
	if (db_is_shared(proxy->parts.db))
		atomic_store(&call->is_stale, true);
	pthread_mutex_lock(&proxy->lock);
	call->project_id = op->project_id;
	call->stream = stream;
	pthread_mutex_unlock(&proxy->lock);
	if (pthread_create(&thread, NULL, work, call) == 0) {
		pthread_detach(thread);
		return true;
	}
	op_release(&call->op);
	call->stream = NULL; /* the caller's again */
	return false;
}

void proxy_write_metrics(struct proxy *proxy, struct buf *out)
{
	pthread_mutex_lock(&proxy->lock);
	int count = proxy->count;
	pthread_mutex_unlock(&proxy->lock);
	buf_printf(out,
		   "# TYPE cleat_proxy_calls gauge\n"
		   "cleat_proxy_calls %d\n",
		   count);
}
