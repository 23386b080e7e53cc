/*
 * Entity tags and the preconditions that name them (RFC 9110, 8.8.3 and 13.1).
 * Ours are strong, and of the representation: they change with any byte of it.
 */
#ifndef CLEAT_HTTP_ETAG_H
#define CLEAT_HTTP_ETAG_H

#include "http/request.h"

enum precondition {
	PRECONDITION_HOLDS,	   /* go on */
	PRECONDITION_NOT_MODIFIED, /* a GET: the caller has it, 304 */
	PRECONDITION_FAILED,	   /* 412 */
	PRECONDITION_UNREADABLE,   /* neither * nor a list of tags */
};

/* The tag of these bytes, in its quotes; in the op's arena. */
const char *etag_make(struct op *op, const void *bytes, size_t length);

/*
 * What the fields' values, NULL when absent, say of a resource with this tag;
 * NULL: there is none. If-Match compares strongly, If-None-Match weakly.
 */
enum precondition etag_judge(enum method method, const char *if_match,
			     const char *if_none_match, const char *etag);

/*
 * As the request's own fields say: OK, ERR_CHANGED or ERR_MALFORMED. `etag`
 * is as above. For what changes something.
 */
MUST_CHECK enum error etag_check(struct request *request, const char *etag);

/*
 * Gives the answer so far its tag; when the caller has the same already, a
 * GET's answer becomes 304, of which no body is sent. Errors as above.
 */
MUST_CHECK enum error etag_finish(struct request *request);

#endif
