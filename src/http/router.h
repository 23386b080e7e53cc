/* From a method and a path to the route that serves it. */
#ifndef CLEAT_HTTP_ROUTER_H
#define CLEAT_HTTP_ROUTER_H

#include "http/request.h"

enum {
	ROUTE_WRITE = 1,	/* changes the store: goes to the writer */
	ROUTE_PUBLIC = 2,	/* needs no credentials */
	ROUTE_JSON = 4,		/* its body is JSON */
	ROUTE_JSON_OR_FORM = 8, /* either; the handler reads which */
	ROUTE_IDEMPOTENT = 16,	/* of ROUTE_WRITE: heeds Idempotency-Key */
	ROUTE_KEPT = 32,	/* depends on the caller's project alone */
	/* takes whatever is below its pattern, undecoded, by any method; both
	 * bodies are passed on (http/stream.h) */
	ROUTE_STREAM = 64,
	ROUTE_FREE = 128,	     /* answered however often it is asked */
	ROUTE_FLAG_DIALECT = 1 << 8, /* from here on the dialect's own */
};

/* One operation of one dialect. */
struct route {
	enum method method;
	/* /projects/{project}/x; {project:uuid} takes a uuid alone,
	 * {id}:restore what ends so. */
	const char *pattern;
	const char *operation; /* its name in the OpenAPI document */
	enum error (*handle)(struct request *request);
	unsigned flags;
	/* NULL, or tells whether this request needs ROUTE_WRITE after all */
	bool (*writes)(const struct request *request);
};

/*
 * On a host whose name begins so, a path that begins with `below` is the one
 * with `prefix` before it: read.example.com/v1/x is /read/v1/x.
 */
struct route_host {
	const char *host;
	const char *below;
	const char *prefix;
};

/* The routes of one dialect; `owner` is the dialect. */
struct route_set {
	const void *owner;
	const struct route *routes;
	size_t count;
	const struct route_host *hosts;
	size_t host_count;
};

struct router;

/* The sets outlive the router. Aborts when two routes are the same. */
struct router *router_new(const struct route_set *sets, size_t count);
void router_free(struct router *router);

/* Where each set's routes begin in one numbering of all routes. */
size_t router_count(const struct router *router);
const struct route *router_at(const struct router *router, size_t i);
const void *router_owner_at(const struct router *router, size_t i);

struct route_match {
	const struct route *route; /* NULL: unknown path or method */
	size_t number;		   /* of the route */
	const void *owner;	   /* whose path it is; NULL when nobody's */
	const char *allow;	   /* for a wrong method: GET, PUT; else NULL */
};

/*
 * The request's target as its route has it: with the prefix of its host, if
 * that has one. Before router_match, once.
 */
void router_address(const struct router *router, struct request *request);

/* Is it below a route of ROUTE_STREAM? */
bool router_match_tail(const struct router *router,
		       const struct request *request, struct route_match *ret);

/*
 * Splits and decodes the path of `request->target` into its params and the
 * query into its args. ERR_MALFORMED when either cannot be decoded.
 */
MUST_CHECK enum error router_match(const struct router *router,
				   struct request *request,
				   struct route_match *ret);

#endif
