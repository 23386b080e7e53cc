/*
 * Both bodies of a request that is passed on, between the network thread and
 * the one that passes it on. Each way is a buffer of bounded size: who finds
 * it full, or empty, waits; the network thread's connection is suspended
 * meanwhile. Both sides hold it, and each lets go of it once.
 */
#ifndef CLEAT_HTTP_STREAM_H
#define CLEAT_HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "http/request.h"

enum {
	STREAM_KEPT = 128 * 1024, /* of what is sent, to send it again */
	STREAM_ROOM = 64 * 1024,  /* of what is answered */
	STREAM_HEADERS_MAX = 100,
	STREAM_HEADER_BYTES = 64 * 1024,
};
/* Of one body, whichever way. */
#define STREAM_BODY_MAX (INT64_C(256) * 1024 * 1024)

struct stream; /* what is in it is guarded by its lock */

/* Of a request that is in its first call. */
struct stream *stream_new(struct request *request);
/* By each side, once; the last one frees it. NULL is nothing. */
void stream_let_go(struct stream *stream);

/* What the caller's body is: -1 for one that does not say, 0 for none. */
int64_t stream_length(const struct stream *stream);

/*
 * The side that passes it on.
 */

/* Called with `context` when the other side has done something; short. */
typedef void stream_wake(void *context);
/* NULL: from here on nothing is called any more. */
void stream_set_wake(struct stream *stream, stream_wake *wake, void *context);

/*
 * Takes at most `max` of the caller's body. False when there is nothing yet;
 * `*ret` 0 with true: it has ended.
 */
bool stream_read(struct stream *stream, void *out, size_t max, size_t *ret);
/* From the start again; false when it is not all there any more. */
bool stream_rewind(struct stream *stream);

/*
 * The answer's status line and headers; they are kept back until stream_show.
 * `length` is -1 when it is not said. Forgets what came before.
 */
void stream_begin(struct stream *stream, int status, int64_t length);
/* False when it is too much of them. */
bool stream_header(struct stream *stream, const char *name, const char *value);
/* False when there is no room yet: nothing is taken. */
bool stream_write(struct stream *stream, const void *bytes, size_t length);
void stream_show(struct stream *stream);
/* Not shown yet, and it has no room for more. */
bool stream_is_stuck(struct stream *stream);
/* The last of it; else it broke off. */
void stream_end(struct stream *stream, bool is_whole);
/* In place of an answer: a problem. Nothing when one is shown. */
void stream_fail(struct stream *stream, enum error error, int status,
		 const char *why, int64_t retry_after_s);

/* Wakes the side that passes it on. */
void stream_poke(struct stream *stream);

/* The caller has gone, or sends more than may be. */
bool stream_is_left(struct stream *stream);

#endif
