/*
 * Threads that run calls. One that has ended its call waits some seconds for
 * the next, and keeps its connection to the provider, for calls with the same
 * customer's credentials alone. Inside of proxy*.c.
 */
#ifndef CLEAT_SERVER_PROXY_WORKER_H
#define CLEAT_SERVER_PROXY_WORKER_H

#include "server/proxy_call.h"

/* Runs it on a thread that waits, or a new one. False when there is none. */
MUST_CHECK bool proxy_worker_begin(struct proxy_call *call);

/* Those that wait end. */
void proxy_worker_end_idle(struct proxy *proxy);

#endif
