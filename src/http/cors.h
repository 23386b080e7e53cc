/*
 * Pages of other origins that may call us from a browser (the Fetch standard,
 * 3.2). Only by what they send in headers themselves: no answer lets a browser
 * send cookies or other credentials of its own.
 */
#ifndef CLEAT_HTTP_CORS_H
#define CLEAT_HTTP_CORS_H

#include "http/request.h"

enum { CORS_ORIGIN_MAX = 256 };

/* Of --allow-origin; none: no page of another origin may. */
struct cors {
	const char *const *origins;
	size_t count;
};

/* scheme://host or scheme://host:port as browsers write it (RFC 6454, 6.1). */
bool cors_is_origin(const char *text);

/*
 * Before a request is answered whose path is for browsers: its answer will
 * tell the browser, if an allowed origin asks, that its page may read it.
 */
void cors_look(const struct cors *cors, struct request *request);

/* A browser asks beforehand, for an allowed origin, whether it may call. */
bool cors_is_preflight(struct request *request);
void cors_answer_preflight(struct request *request);

/* What cors_look found out, as headers; at most CORS_HEADERS. */
enum { CORS_HEADERS = 3 };
size_t cors_headers(const struct request *request,
		    struct header ret[static CORS_HEADERS]);

#endif
