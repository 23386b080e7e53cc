/* Inside of the worker: what its threads share. */
#ifndef CLEAT_WORKER_INSIDE_H
#define CLEAT_WORKER_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "worker/process.h"

struct worker_process {
	const struct worker_options *options;
	/* That is registered; the process' own. NULL until it listens. */
	const char *_Atomic url;
	struct holding *holding;
	struct upstream upstream;

	struct http_app http;
	struct http_server *server;

	pthread_t thread; /* that asks the server */
	bool has_thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool is_stopping; /* guarded by lock */

	_Atomic bool is_registered; /* since it was started */
	_Atomic bool has_ended;	    /* it may not ask any more: it takes none */
	_Atomic int64_t compared_at; /* with the full set; 0: never */
};

/* serving.c: what it answers. */
struct router *serving_router(void);
void serving_fill(struct worker_process *process, struct router *router);

/* asking.c: the thread's work, until it is to stop. */
void *asking_run(void *context);

#endif
