/* What the parts of the proxy share. Inside of proxy*.c. */
#ifndef CLEAT_SERVER_PROXY_CALL_H
#define CLEAT_SERVER_PROXY_CALL_H

#include <pthread.h>
#include <stdatomic.h>

#include "http/client_stream.h"
#include "server/proxy.h"
#include "server/throttle.h"

struct proxy {
	struct proxy_parts parts;
	struct throttle *throttle;

	pthread_mutex_t session_lock;
	struct db_session *session; /* guarded by session_lock */

	pthread_mutex_t lock;
	pthread_cond_t is_empty;   /* with lock */
	struct proxy_call *first;  /* guarded by lock */
	int count;		   /* guarded by lock */
	struct proxy_worker *idle; /* guarded by lock */
	int workers;		   /* with those that run; guarded by lock */
	_Atomic int64_t ends_at;   /* monotonic; 0: it does not end */
};

struct proxy_call {
	struct proxy *proxy;
	struct proxy_call *next, *previous; /* guarded by the proxy's lock */
	struct uuid project_id;		    /* nil: not known yet; so */
	struct stream *stream;		    /* NULL: not begun; so */
	_Atomic bool is_stale;		    /* look whether it may go on */

	/* The thread's alone, once it has begun. */
	struct client_link *link; /* its worker's */
	struct op op;
	struct passing passing;
	bool is_refreshed;
	/* It has no token, and none can be got: why, and when it may go. */
	enum error refused;
	const char *why;
	int64_t retry_at;
	enum error lost; /* what it lives by has gone; OK: it has not */
	struct client_streamed result;
	int64_t began;
};

/* From the first byte to the last, and its record. On the call's thread, as
 * all below. */
void proxy_call_run(struct proxy_call *call);

/* An op of the thread's own; the caller releases it. */
void proxy_call_begin_op(const struct proxy_call *call, struct op *ret);

/* Runs it on the session that all calls share. */
MUST_CHECK enum error
proxy_call_on_session(struct proxy_call *call, struct op *op,
		      enum error (*run)(struct op *op, void *context),
		      void *context);

/* False when what it lives by has gone, or the server ends. */
bool proxy_call_goes_on(struct proxy_call *call);

/* By what a look at what it lives by has said; of that no later one can say
 * anything else. */
bool proxy_call_is_lost(struct proxy_call *call, enum error error);

/* By the monotonic clock; the server's end may come first. */
int64_t proxy_call_ends_at(const struct proxy_call *call);

/* After a 401, or without a token: true when there are new ones, and it can be
 * sent. Else what is `refused` says why, if that is known. */
bool proxy_call_renew(struct proxy_call *call);

/* It is over; `failure` is NULL, or why it failed. Nobody waits for it. */
void proxy_call_record(struct proxy_call *call, const char *failure);

#endif
