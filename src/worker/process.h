/*
 * A worker as a process: it registers at its server, takes what is pushed to
 * it, drops what it is not to have, and hands connections to the applications
 * beside it.
 */
#ifndef CLEAT_WORKER_PROCESS_H
#define CLEAT_WORKER_PROCESS_H

#include "http/outbound.h"
#include "http/server.h"
#include "worker/holding.h"
#include "worker/upstream.h"

struct worker_options {
	const char *address;
	uint16_t port;
	const char *url;    /* that the server calls; NULL: of the address */
	const char *server; /* without a slash at its end */
	const char *token;
	const char *environment;
	const char *name;
	const char *application_token;
	bool serves_remote_applications;   /* not on this machine alone */
	const struct outbound_rule *rules; /* where the server may be */
	size_t rule_count;
	struct holding_place place;
};

struct worker_process;

/*
 * Serves until worker_process_stop; the options outlive it. NULL, logged, when
 * it cannot listen.
 */
struct worker_process *
worker_process_start(const struct worker_options *options);
uint16_t worker_process_port(const struct worker_process *process);

/* Lets calls that are under way end, then stops and frees. */
void worker_process_stop(struct worker_process *process);

#endif
