/*
 * One request's way through the server, from its target to its end: what the
 * library calls. Only server.c, which starts the library, uses this.
 */
#ifndef CLEAT_HTTP_EXCHANGE_H
#define CLEAT_HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/server.h"

struct http_server {
	const struct http_app *app;
	struct MHD_Daemon *daemon;
	struct wake *wake;
	uint16_t port;
	_Atomic bool is_draining;
	_Atomic int active;    /* requests begun and not ended */
	_Atomic int suspended; /* of them: waiting for the writer */
	_Atomic int64_t last_ended_at;

	pthread_mutex_t spare_lock;
	struct request *spare; /* guarded by spare_lock */
	int spare_count;       /* guarded by spare_lock */
};

/* Called first of all for each request, with the target as it came. */
void *exchange_begin(void *context, const char *uri,
		     struct MHD_Connection *connection);

/* The library's access handler. */
enum MHD_Result exchange_access(void *context,
				struct MHD_Connection *connection,
				const char *url, const char *method,
				const char *version, const char *bytes,
				size_t *length, void **slot);

/* When the answer is sent, or its connection is gone. */
void exchange_end(void *context, struct MHD_Connection *connection, void **slot,
		  enum MHD_RequestTerminationCode code);

/* Frees the requests that are kept for reuse. */
void exchange_free_spare(struct http_server *server);

#endif
