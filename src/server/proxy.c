/* The calls under way: their places, what wakes them, their end. */
#include "server/proxy_call.h"
#include "server/proxy_worker.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

enum { CALLS_MAX = 128 };
/* From a call's beginning to the last byte of its answer. */
#define TIMEOUT_US (INT64_C(300) * CLOCK_SECOND)
/* For calls that run when the server ends. */
#define DRAIN_US (INT64_C(20) * CLOCK_SECOND)

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
	proxy->throttle = throttle_new();
	pthread_mutex_init(&proxy->session_lock, NULL);
	pthread_mutex_init(&proxy->lock, NULL);
	pthread_cond_init(&proxy->is_empty, NULL);
	return proxy;
}

void proxy_end(struct proxy *proxy)
{
	if (!proxy)
		return;
	atomic_store(&proxy->ends_at, clock_monotonic() + DRAIN_US);
	proxy_worker_end_idle(proxy);
}

void proxy_drain(struct proxy *proxy)
{
	if (!proxy)
		return;
	pthread_mutex_lock(&proxy->lock);
	while (proxy->count || proxy->workers)
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
	throttle_free(proxy->throttle);
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

bool proxy_pass(struct proxy_call *call, const struct op *op,
		const struct passing *passing, struct stream *stream)
{
	struct proxy *proxy = call->proxy;

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
	if (proxy_worker_begin(call))
		return true;
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
