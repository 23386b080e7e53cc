/* What the worker asks of its server: /openapi/workers.json. */
#ifndef CLEAT_WORKER_UPSTREAM_H
#define CLEAT_WORKER_UPSTREAM_H

#include "core/worker.h"
#include "http/client.h"
#include "worker/holding.h"

struct upstream {
	struct client *client;
	const char *url; /* without a slash at its end */
	const char *token;
};

enum upstream_answer {
	UPSTREAM_OK,
	UPSTREAM_SAME,	  /* the full set has not changed */
	UPSTREAM_UNKNOWN, /* the server knows no such worker, or environment */
	UPSTREAM_ENDED,	  /* who asks may not ask (any more) */
	UPSTREAM_REFUSED, /* it will not, however often it is asked */
	UPSTREAM_AWAY,	  /* nothing came, or it can't now */
};

/* What came back; `why` of all but the first two is for the log. */
struct upstream_said {
	enum upstream_answer answer;
	int status; /* 0: nothing came */
	const char *why;
};

struct upstream_me {
	const char *environment;
	const char *name;
	const char *url;
};

struct upstream_set {
	int64_t version;
	struct holding_wanted *items; /* in the arena */
	size_t count;
};

/* All of them block. `ret` is set with UPSTREAM_OK alone. */
struct upstream_said upstream_register(const struct upstream *upstream,
				       struct arena *arena,
				       const struct upstream_me *me,
				       struct holding_known *ret,
				       int64_t *ret_heartbeat_s);

/* `again`: what waits for this worker is to be tried at once. */
struct upstream_said upstream_beat(const struct upstream *upstream,
				   struct arena *arena, struct uuid id,
				   bool again);

/* The full set, unless it still is that of version `since`; 0: of none. */
struct upstream_said upstream_get_set(const struct upstream *upstream,
				      struct arena *arena, struct uuid id,
				      int64_t since, struct upstream_set *ret);

#endif
