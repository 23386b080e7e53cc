/* One HTTP request and its answer, as handlers see them. */
#ifndef CLEAT_HTTP_REQUEST_H
#define CLEAT_HTTP_REQUEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/op.h"
#include "base/url_encode.h"

struct MHD_Connection;
struct client; /* http/client.h */
struct http_server;
struct route;
struct stream; /* http/stream.h */

enum {
	REQUEST_LINE_MAX = 8 * 1024,
	REQUEST_HEADERS_MAX = 32 * 1024,
	REQUEST_HEADER_COUNT_MAX = 100,
	REQUEST_BODY_MAX = 1024 * 1024,
	REQUEST_DISCARD_MAX = 16 * 1024 * 1024, /* read of a larger one */
	REQUEST_PARAMS_MAX = 6,
	REQUEST_ARGS_MAX = 32,
	RESPONSE_BODY_MAX = 64 * 1024 * 1024,
	RESPONSE_HEADERS_MAX = 6,
};

enum method {
	METHOD_GET,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OPTIONS,
	METHOD_OTHER,
};

/* A query or form argument, decoded. */
struct argument {
	const char *name;
	const char *value;
};

struct header {
	const char *name; /* constant */
	const char *value;
};

struct response {
	int status;
	const char *content_type; /* constant; NULL when there is no body */
	struct buf body;
	struct header headers[RESPONSE_HEADERS_MAX];
	size_t header_count;
};

struct request {
	struct op op;
	struct http_server *server;
	struct MHD_Connection *connection;
	struct request *next; /* in a list of spare ones */

	enum method method;
	const char *method_text; /* of ROUTE_STREAM alone */
	const char *public_url;	 /* --public-url; NULL: none */
	const char *target;	 /* as it came: path and query */
	const char *target_end;	 /* in the library's buffer */
	const struct route *route;
	size_t route_number;			/* for its metrics */
	const char *params[REQUEST_PARAMS_MAX]; /* of the path, decoded */
	struct argument args[REQUEST_ARGS_MAX]; /* of the query, decoded */
	size_t arg_count;
	struct buf body;
	json_t *json; /* NULL unless the route reads JSON */
	size_t discarded;

	struct response response;
	enum {
		REQUEST_NEW,
		REQUEST_READING, /* its body */
		REQUEST_REFUSED, /* once its body has been read */
		REQUEST_SUSPENDED,
		REQUEST_ANSWERED,
	} state;
	/* Its answer is empty: it may wait so long for one that is not. */
	int64_t waits_us;
	/*
	 * Set with waits_us by a handler on the writer that has begun something
	 * outside: looks, on a reading session, whether it has ended. Then, or
	 * when the time is over, the handler runs again, with what it kept.
	 */
	enum error (*is_over)(struct request *request, bool *ret);
	void *kept; /* its own, in the arena; NULL: it runs the first time */
	/*
	 * Set by a handler on a reading session that has to do something
	 * outside before it answers: runs on a thread of its own, without a
	 * session, and may block (server/outside.h). It answers, or fails, with
	 * `*ret_status` if it sets that; if it does neither, the handler runs
	 * again, on the writer, with what it kept.
	 */
	enum error (*goes_out)(struct request *request, struct client *client,
			       int *ret_status);
	struct stream *stream; /* of ROUTE_STREAM, else NULL */
	int64_t retry_after_s; /* of an answer that fails; 0: it is not said */
	bool closes;	       /* the connection ends with this answer */
	/* Its answer depends on the page's origin; is for this one (cors.h). */
	struct {
		bool varies;
		const char *origin; /* NULL: for none */
	} cors;
	enum error error;
	int64_t started_at; /* monotonic microseconds */
};

/* As it stands in a request line; METHOD_OTHER has none. */
const char *method_name(enum method method);
/* Its method, METHOD_OTHER for any that no route has. */
enum method method_named(const char *name);

/* A header's value, NULL when absent. Names match without regard to case. */
const char *request_header(struct request *request, const char *name);

/*
 * The values of a header that may be repeated, joined by ", " (RFC 9110, 5.3);
 * NULL when absent. In the arena.
 */
const char *request_header_list(struct request *request, const char *name);

/* All headers in their order, in the arena, at most `max`; how many. */
struct outbound_header; /* base/outbound_call.h */
size_t request_headers(struct request *request, struct outbound_header *ret,
		       size_t max);

/* Of who is connected to us, in the arena; NULL when it is not known. */
const char *request_address(struct request *request);

/* A query argument's value, NULL when absent; the first when repeated. */
const char *request_arg(const struct request *request, const char *name);

/* "true" or "1" is true. ERR_MISSHAPEN for what is neither that nor false. */
MUST_CHECK enum error request_flag(struct request *request, const char *name,
				   bool *ret);

/* Within least..most, else ERR_MISSHAPEN; `*ret` is kept when absent. */
MUST_CHECK enum error request_number(struct request *request, const char *name,
				     int64_t least, int64_t most, int64_t *ret);

/* The token of `Authorization: Bearer TOKEN`, NULL without one. */
const char *request_bearer(struct request *request);

/* Whoever asks is at a loopback address: a program beside this one, or a proxy
 * that is. */
bool request_is_of_this_machine(const struct request *request);

/* --public-url, or else scheme://host as the client addressed us; in the
 * arena. */
const char *request_origin(struct request *request);

void response_header(struct request *request, const char *name,
		     const char *value);

/* Decodes %XX (and + when it is a form). NULL for a bad escape, a NUL byte,
 * a control character or invalid UTF-8. In the arena. */
const char *url_decode(struct arena *arena, const char *text, size_t length,
		       bool is_form);

/* Splits a=b&c=d into at most `max` arguments. False when it is not that. */
bool url_split_args(struct arena *arena, const char *text, struct argument *ret,
		    size_t max, size_t *ret_count);

#endif
