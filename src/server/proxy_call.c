/* One call's course: sent, shown, ended when what it lives by goes. */
#include "server/proxy_call.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

enum {
	RETRY_S = 10, /* after a 429 that does not say */
	RETRY_MAX_S = 3600,
};

void proxy_call_begin_op(const struct proxy_call *call, struct op *ret)
{
	op_init(ret, call->proxy->parts.keys, clock_now());
	memcpy(ret->request_id, call->op.request_id, sizeof(ret->request_id));
	ret->batch_over = call->op.batch_over;
	ret->rules = call->op.rules;
	ret->rule_count = call->op.rule_count;
	ret->project_id = call->project_id;
}

enum error proxy_call_on_session(struct proxy_call *call, struct op *op,
				 enum error (*run)(struct op *op,
						   void *context),
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

bool proxy_call_is_lost(struct proxy_call *call, enum error error)
{
	if (error == ERR_NOT_FOUND || error == ERR_UNAUTHENTICATED ||
	    error == ERR_FORBIDDEN)
		call->lost = error;
	return call->lost != OK;
}

/* What it lives by may have gone. A store that fails is asked again. */
static bool may_go_on(struct proxy_call *call)
{
	struct op op;

	if (!atomic_exchange(&call->is_stale, false))
		return call->lost == OK;
	proxy_call_begin_op(call, &op);
	enum error error = proxy_call_on_session(call, &op, look, call);
	op_release(&op);
	if (proxy_call_is_lost(call, error))
		return false;
	if (error != OK)
		atomic_store(&call->is_stale, true);
	return true;
}

bool proxy_call_goes_on(struct proxy_call *call)
{
	int64_t ends_at = atomic_load(&call->proxy->ends_at);
	int64_t expires_at = call->passing.expires_at;

	if (expires_at && clock_now() >= expires_at)
		atomic_store(&call->is_stale, true);
	return (!ends_at || clock_monotonic() < ends_at) && may_go_on(call);
}

static bool goes_on(void *context)
{
	return proxy_call_goes_on(context);
}

int64_t proxy_call_ends_at(const struct proxy_call *call)
{
	return call->began + call->proxy->parts.timeout_us;
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
	throttle_hold(call->proxy->throttle, call->passing.connection_id,
		      clock_monotonic(), seconds);
}

static bool shows(void *context, int status, int64_t retry_after_us)
{
	struct proxy_call *call = context;

	if (status == 429 && call->passing.asked.is_throttled)
		tell_to_wait(call, retry_after_us);
	return status != 401 || !call->passing.token || call->is_refreshed;
}

/* False when it has failed. */
static bool send_once(struct proxy_call *call)
{
	const struct client_streaming streaming = {
		.stream = call->stream,
		.call = &call->passing.call,
		.link = call->link,
		.timeout_us = proxy_call_ends_at(call) - clock_monotonic(),
		.shows = shows,
		.goes_on = goes_on,
		.context = call,
	};

	client_stream(call->proxy->parts.client, &call->op.arena, &streaming,
		      &call->result);
	return call->result.failure == CLIENT_OK;
}

/* There is none yet: it is got before anything is sent. */
static bool get_token(struct proxy_call *call)
{
	call->is_refreshed = proxy_call_renew(call);
	return call->is_refreshed;
}

/* Once more with new tokens, if that is to be. False when it has failed. */
static bool send_all(struct proxy_call *call)
{
	if (call->passing.wants_token && !get_token(call))
		return false;
	if (!send_once(call))
		return false;
	if (!call->result.is_shown) {
		call->is_refreshed = proxy_call_renew(call);
		if (call->is_refreshed && !send_once(call))
			return false;
		/* who has lost what it lives by is told that, and not a 401 */
		if (!call->is_refreshed && !may_go_on(call))
			return false;
	}
	if (!call->result.is_shown)
		stream_show(call->stream);
	stream_end(call->stream, true);
	return true;
}

static const char *why_it_failed(const struct proxy_call *call)
{
	if (call->lost == ERR_NOT_FOUND)
		return "the installation or its connection has gone";
	if (call->lost != OK)
		return "the key may not do this any more";
	if (call->result.is_stopped)
		return "it was ended before its answer";
	if (call->passing.wants_token)
		return call->why ? call->why : "there is no token yet";
	return client_failure_name(call->result.failure);
}

/* A problem, when nothing is shown yet; else the answer breaks off. */
static void fail(struct proxy_call *call, const char *why)
{
	enum client_failure failure = call->result.failure;
	enum error error = ERR_BUSY;
	int64_t wait_s = 0;
	int status = 502;

	if (call->lost != OK) {
		error = call->lost;
		status = 0; /* the error's own */
	} else if (call->passing.wants_token) {
		error = call->refused != OK ? call->refused : ERR_BUSY;
		status = 0;
		wait_s = clock_seconds_until(clock_now(), call->retry_at);
	} else if (failure == CLIENT_BLOCKED || failure == CLIENT_BAD_URL) {
		error = ERR_INVALID; /* it stays so */
	} else if (failure == CLIENT_TIMED_OUT) {
		status = 504;
	} else if (call->result.is_stopped || failure == CLIENT_STOPPED) {
		status = 503;
	} else if (failure == CLIENT_TOO_LARGE) {
		error = ERR_TOO_LARGE;
	}
	stream_fail(call->stream, error, status, why, wait_s);
}

/* Seconds that the provider has told this one to wait. */
static int64_t held_s(const struct proxy_call *call)
{
	return call->passing.asked.is_throttled
		       ? throttle_left_s(call->proxy->throttle,
					 call->passing.connection_id,
					 call->began)
		       : 0;
}

void proxy_call_run(struct proxy_call *call)
{
	const char *failure = NULL;

	call->began = clock_monotonic();
	int64_t wait_s = held_s(call);
	if (wait_s) {
		failure = "the provider has asked to wait";
		stream_fail(call->stream, ERR_BUSY, 429, failure, wait_s);
	} else if (!send_all(call)) {
		failure = why_it_failed(call);
		fail(call, failure);
	}
	proxy_call_record(call, failure);
}
