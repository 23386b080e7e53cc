/*
 * Calls that are passed on to providers, each on a thread of its own: sent,
 * sent again after a refresh, ended when what they live by goes, recorded.
 */
#ifndef CLEAT_SERVER_PROXY_H
#define CLEAT_SERVER_PROXY_H

#include "core/passing.h"
#include "db/db.h"
#include "http/client.h"
#include "http/stream.h"
#include "jobs/loop.h"
#include "store/writer.h"

struct proxy;
struct proxy_call;

struct proxy_parts {
	struct db *db;
	const struct keyring *keys;
	struct writer *writer;
	struct client *client;
	struct jobs *jobs;
	int64_t timeout_us; /* of a whole call; 0: the usual one */
};

/* NULL, logged, when it does not start. The parts outlive it. */
struct proxy *proxy_start(const struct proxy_parts *parts);
/* Those that run have a while to end; none begins. */
void proxy_end(struct proxy *proxy);
/* Waits until no call is left; what each did is the writer's then. */
void proxy_drain(struct proxy *proxy);
/* When nobody notifies it any more; NULL is nothing. */
void proxy_free(struct proxy *proxy);

/*
 * A place for one; NULL when there is none. Take it before looking for what it
 * lives by: what goes from then on ends it.
 */
struct proxy_call *proxy_enter(struct proxy *proxy);
void proxy_leave(struct proxy_call *call);
/* Begins it, for this request's op. False when there is no thread for it. */
MUST_CHECK bool proxy_pass(struct proxy_call *call, const struct op *op,
			   const struct passing *passing,
			   struct stream *stream);

/* Something was recorded in this project; nil: in any. Any thread; short. */
void proxy_notify(struct proxy *proxy, struct uuid project_id);

void proxy_write_metrics(struct proxy *proxy, struct buf *out);

#endif
