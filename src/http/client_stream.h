/*
 * A call whose bodies are passed on as they come (http/stream.h), by the same
 * rules as any other (http/client.h).
 */
#ifndef CLEAT_HTTP_CLIENT_STREAM_H
#define CLEAT_HTTP_CLIENT_STREAM_H

#include "http/client.h"
#include "http/stream.h"

/*
 * A connection that is kept from one call to the next. One thread's at a time.
 * Only calls that may share it should have it: a server that takes a request's
 * end for another one's beginning answers the next one wrongly.
 */
struct client_link;
struct client_link *client_link_new(void);
/* Closes what it keeps. */
void client_link_drop(struct client_link *link);
/* NULL is nothing. */
void client_link_free(struct client_link *link);

struct client_streaming {
	struct stream *stream;
	/*
	 * Its connection is taken for what is safe to be sent twice (GET, HEAD
	 * and OPTIONS without a body), since it may be closed just then;
	 * anything else has a new one, which is kept as well. NULL: none is.
	 */
	struct client_link *link;
	const struct outbound_call *call; /* its body is the stream's */
	int64_t timeout_us; /* until the last byte of its answer */

	/*
	 * The answer's status is known, its headers are in the stream. True:
	 * it is shown at once; false: when it is whole, and small, it is left
	 * to who has called.
	 */
	bool (*shows)(void *context, int status, int64_t retry_after_us);
	/* Now and then, and when it is woken: is it to go on? */
	bool (*goes_on)(void *context);
	void *context;
};

struct client_streamed {
	enum client_failure failure;
	int status;		   /* 0: there was no answer */
	int64_t retry_after_us;	   /* 0: not said */
	int64_t sent, received;	   /* bytes of bodies */
	bool is_shown, is_stopped; /* by goes_on */
};

/* Blocks; does not end the stream. */
void client_stream(struct client *client, struct arena *arena,
		   const struct client_streaming *streaming,
		   struct client_streamed *ret);

#endif
