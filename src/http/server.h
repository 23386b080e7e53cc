/* The HTTP server: libmicrohttpd behind the guard and the limits. */
#ifndef CLEAT_HTTP_SERVER_H
#define CLEAT_HTTP_SERVER_H

#include <stdint.h>

#include "http/guard.h"
#include "http/metrics.h"
#include "http/outbound.h"
#include "http/request.h"
#include "http/router.h"

/* What the server calls; all of it on the server's threads. */
struct http_app {
	void *context;
	const struct keyring *keys;
	const struct router *router;
	const struct outbound_rule *rules; /* of --allow-http */
	size_t rule_count;
	int64_t batch_over;	/* of each request's op */
	const char *public_url; /* where others find us; NULL: as they say */
	struct metrics *metrics;

	/*
	 * A whole request. Either fills `request->response`, or calls
	 * http_suspend and, later and on any thread, http_resume.
	 */
	void (*serve)(void *context, struct request *request,
		      const struct route_match *match);

	/* Fills the response of a request that the limits refuse. */
	void (*refuse)(void *context, struct request *request,
		       const struct route_match *match, int status,
		       const char *why);

	/*
	 * A request of ROUTE_STREAM whose body has not been read. OK when it
	 * is passed on by `request->stream`; else the response is filled.
	 */
	enum error (*pass_on)(void *context, struct request *request,
			      const struct route_match *match);
	/* Its answer is this problem. `retry_after_s` 0: it is not said. */
	void (*fail)(void *context, struct request *request, enum error error,
		     int status, const char *why, int64_t retry_after_s);

	/* Adds the application's own to the answer of /metrics. */
	void (*write_metrics)(void *context, struct buf *out);
};

struct http_options {
	const char *address; /* an IPv4 address or an IPv6 one in brackets */
	uint16_t port;	     /* 0 for any free one */
	unsigned threads;
};

/* NULL when the address cannot be listened on; `app` outlives the server. */
struct http_server *http_start(const struct http_app *app,
			       const struct http_options *options);
uint16_t http_port(const struct http_server *server);

/* Takes no new connections, lets requests end, then closes. */
void http_drain(struct http_server *server);
/* Frees it; after http_drain. */
void http_free(struct http_server *server);

void http_suspend(struct request *request);
void http_resume(struct request *request);
/* Of a suspended one: whether its caller has hung up. */
bool http_is_left(const struct request *request);

/* All metrics, in Prometheus' text format. */
void http_write_metrics(struct http_server *server, struct buf *out);
bool http_is_draining(const struct http_server *server);

/* The text of a status, such as "Not Found". */
const char *http_reason(int status);

#endif
