/* What both ends of a stream share. Inside of stream*.c. */
#ifndef CLEAT_HTTP_STREAM_STATE_H
#define CLEAT_HTTP_STREAM_STATE_H

#include <pthread.h>

#include "http/stream_exchange.h"

enum { STREAM_WHY_MAX = 256 };

struct stream_kept_header {
	const char *name, *value; /* in the texts */
};

struct stream {
	pthread_mutex_t lock;
	int holders;
	int64_t length;
	struct request *request; /* NULL once it has ended */
	bool is_suspended;	 /* its connection */
	stream_wake *wake;
	void *wake_context;

	/* What is sent: in[read..filled) is new, before it is what was. */
	char *in; /* STREAM_KEPT bytes; NULL before the first */
	size_t read, filled;
	int64_t taken;	  /* of the caller, in all */
	bool has_dropped; /* some of its beginning is not there any more */
	bool in_ended;

	/* What is answered; a ring. */
	char *out; /* STREAM_ROOM bytes; NULL before the first */
	size_t out_at, out_count;
	int status;
	int64_t out_length;
	struct stream_kept_header headers[STREAM_HEADERS_MAX];
	size_t header_count;
	char *texts; /* of the headers; STREAM_HEADER_BYTES */
	size_t text_count;
	bool is_shown, out_ended, is_whole;

	enum error error; /* OK: none */
	int error_status;
	char why[STREAM_WHY_MAX];
	int64_t retry_after_s;
};

/*
 * With the lock held, as all below.
 */

/* Tells the side that passes it on that something has been done. */
void stream_wake_other(struct stream *stream);

/* The network thread's connection: nothing is done for it until it resumes. */
void stream_suspend(struct stream *stream);
void stream_resume(struct stream *stream);

/* Why it fails, cut to what there is room for; NULL: nothing is said. */
void stream_say_why(struct stream *stream, const char *why);

/* The library does not look at a connection that is suspended. */
bool stream_has_hung_up(const struct request *request);

#endif
