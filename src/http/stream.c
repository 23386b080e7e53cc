/* The buffers of a stream, and both sides' ends of them. */
#include "http/stream_exchange.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"

enum { WHY_MAX = 256, BLOCK = 32 * 1024 };

struct kept_header {
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
	struct kept_header headers[STREAM_HEADERS_MAX];
	size_t header_count;
	char *texts; /* of the headers; STREAM_HEADER_BYTES */
	size_t text_count;
	bool is_shown, out_ended, is_whole;

	enum error error; /* OK: none */
	int error_status;
	char why[WHY_MAX];
	int64_t retry_after_s;
};

static int64_t length_of(const struct request *request)
{
	const char *length = request_header(request, "Content-Length");

	if (request_header(request, "Transfer-Encoding"))
		return -1;
	/* the guard has seen that it is a number */
	return length ? strtoll(length, NULL, 10) : 0;
}

struct stream *stream_new(struct request *request)
{
	struct stream *stream = memory_zalloc(sizeof(*stream));

	pthread_mutex_init(&stream->lock, NULL);
	stream->holders = 2;
	stream->request = request;
	stream->length = length_of(request);
	return stream;
}

void stream_let_go(struct stream *stream)
{
	if (!stream)
		return;
	pthread_mutex_lock(&stream->lock);
	bool is_last = --stream->holders == 0;
	pthread_mutex_unlock(&stream->lock);
	if (!is_last)
		return;
	/* bodies may bring secrets */
	if (stream->in)
		sodium_memzero(stream->in, STREAM_KEPT);
	if (stream->out)
		sodium_memzero(stream->out, STREAM_ROOM);
	free(stream->in);
	free(stream->out);
	free(stream->texts);
	pthread_mutex_destroy(&stream->lock);
	free(stream);
}

int64_t stream_length(const struct stream *stream)
{
	return stream->length;
}

/* With the lock held, as all that are static below. */
static void wake_other(struct stream *stream)
{
	if (stream->wake)
		stream->wake(stream->wake_context);
}

static void suspend(struct stream *stream)
{
	stream->is_suspended = true;
	http_suspend(stream->request);
}

static void resume(struct stream *stream)
{
	if (!stream->is_suspended)
		return;
	stream->is_suspended = false;
	http_resume(stream->request);
}

void stream_set_wake(struct stream *stream, stream_wake *wake, void *context)
{
	pthread_mutex_lock(&stream->lock);
	stream->wake = wake;
	stream->wake_context = context;
	pthread_mutex_unlock(&stream->lock);
}

bool stream_read(struct stream *stream, void *out, size_t max, size_t *ret)
{
	pthread_mutex_lock(&stream->lock);
	size_t count = stream->filled - stream->read;
	bool is_known = count || stream->in_ended;

	*ret = count < max ? count : max;
	if (*ret)
		memcpy(out, stream->in + stream->read, *ret);
	stream->read += *ret;
	if (*ret && stream->filled == STREAM_KEPT)
		resume(stream);
	pthread_mutex_unlock(&stream->lock);
	return is_known;
}

bool stream_rewind(struct stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	bool is_there = !stream->has_dropped && !stream->is_shown;
	if (is_there)
		stream->read = 0;
	pthread_mutex_unlock(&stream->lock);
	return is_there;
}

void stream_begin(struct stream *stream, int status, int64_t length)
{
	pthread_mutex_lock(&stream->lock);
	stream->status = status;
	stream->out_length = length;
	stream->header_count = stream->text_count = 0;
	stream->out_at = stream->out_count = 0;
	stream->out_ended = stream->is_whole = false;
	pthread_mutex_unlock(&stream->lock);
}

static const char *keep_text(struct stream *stream, const char *text)
{
	size_t size = strlen(text) + 1;
	char *kept;

	if (!stream->texts)
		stream->texts = memory_zalloc(STREAM_HEADER_BYTES);
	if (size > STREAM_HEADER_BYTES - stream->text_count)
		return NULL;
	kept = stream->texts + stream->text_count;
	memcpy(kept, text, size);
	stream->text_count += size;
	return kept;
}

bool stream_header(struct stream *stream, const char *name, const char *value)
{
	struct kept_header kept = {NULL, NULL};

	pthread_mutex_lock(&stream->lock);
	if (stream->header_count < STREAM_HEADERS_MAX) {
		kept.name = keep_text(stream, name);
		kept.value = keep_text(stream, value);
	}
	if (kept.name && kept.value)
		stream->headers[stream->header_count++] = kept;
	pthread_mutex_unlock(&stream->lock);
	return kept.name && kept.value;
}

/* The next free byte, and how many follow it. */
static char *free_part(struct stream *stream, size_t *ret)
{
	size_t at = (stream->out_at + stream->out_count) % STREAM_ROOM;
	size_t room = STREAM_ROOM - stream->out_count;

	*ret = STREAM_ROOM - at < room ? STREAM_ROOM - at : room;
	return stream->out + at;
}

bool stream_write(struct stream *stream, const void *bytes, size_t length)
{
	const char *from = bytes;

	pthread_mutex_lock(&stream->lock);
	if (!stream->out)
		stream->out = memory_zalloc(STREAM_ROOM);
	bool has_room = length <= STREAM_ROOM - stream->out_count;
	while (has_room && length) {
		size_t part;
		char *to = free_part(stream, &part);

		part = part < length ? part : length;
		memcpy(to, from, part);
		stream->out_count += part;
		from += part;
		length -= part;
	}
	if (stream->is_shown)
		resume(stream);
	pthread_mutex_unlock(&stream->lock);
	return has_room;
}

bool stream_is_stuck(struct stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	bool is_stuck = !stream->is_shown && stream->out_count > 0;
	pthread_mutex_unlock(&stream->lock);
	return is_stuck;
}

void stream_show(struct stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	stream->is_shown = true;
	resume(stream);
	pthread_mutex_unlock(&stream->lock);
}

void stream_end(struct stream *stream, bool is_whole)
{
	pthread_mutex_lock(&stream->lock);
	stream->out_ended = true;
	stream->is_whole = is_whole;
	resume(stream);
	pthread_mutex_unlock(&stream->lock);
}

static void copy_text(char *to, size_t size, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (length >= size)
		length = size - 1;
	if (length)
		memcpy(to, text, length);
	to[length] = '\0';
}

void stream_fail(struct stream *stream, enum error error, int status,
		 const char *why, int64_t retry_after_s)
{
	pthread_mutex_lock(&stream->lock);
	if (!stream->is_shown && stream->error == OK) {
		stream->error = error;
		stream->error_status = status;
		stream->retry_after_s = retry_after_s;
		copy_text(stream->why, sizeof(stream->why), why);
	}
	stream->out_ended = true;
	resume(stream);
	pthread_mutex_unlock(&stream->lock);
}

/* The library does not look at a connection that is suspended. */
static bool has_hung_up(const struct request *request)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	char byte;

	if (!info)
		return false;
	ssize_t count =
		recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	return !count || (count < 0 && errno != EAGAIN && errno != EINTR);
}

void stream_poke(struct stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	wake_other(stream);
	pthread_mutex_unlock(&stream->lock);
}

bool stream_is_left(struct stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	bool is_left = !stream->request || stream->error != OK ||
		       (stream->is_suspended && has_hung_up(stream->request));
	pthread_mutex_unlock(&stream->lock);
	return is_left;
}

/* How much of it there is room for, what was sent before being dropped. */
static size_t make_room(struct stream *stream)
{
	if (!stream->in)
		stream->in = memory_zalloc(STREAM_KEPT);
	if (stream->filled == STREAM_KEPT && stream->read) {
		memmove(stream->in, stream->in + stream->read,
			stream->filled - stream->read);
		stream->filled -= stream->read;
		stream->read = 0;
		stream->has_dropped = true;
	}
	return STREAM_KEPT - stream->filled;
}

/* It is over: what comes of the body is of no use to anybody. */
static bool is_over(const struct stream *stream)
{
	return stream->error != OK || stream->out_ended;
}

static enum MHD_Result put(struct stream *stream, const char *bytes,
			   size_t *length)
{
	if (is_over(stream) || stream->taken > STREAM_BODY_MAX) {
		stream->taken += (int64_t)*length;
		*length = 0;
		return stream->taken > STREAM_BODY_MAX + REQUEST_DISCARD_MAX
			       ? MHD_NO
			       : MHD_YES;
	}
	size_t room = make_room(stream);
	size_t count = *length < room ? *length : room;
	if (count) {
		memcpy(stream->in + stream->filled, bytes, count);
		stream->filled += count;
		stream->taken += (int64_t)count;
		*length -= count;
		if (stream->taken > STREAM_BODY_MAX) {
			stream->error = ERR_TOO_LARGE;
			copy_text(stream->why, WHY_MAX,
				  "the body is over 256 MiB");
		}
		wake_other(stream);
	} else {
		suspend(stream);
	}
	return MHD_YES;
}

/*
 * The library (0.9.75) forgets a connection whose answer breaks off until
 * something happens to it: this does.
 */
static ssize_t break_off(const struct stream *stream)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		stream->request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (info)
		(void)shutdown(info->connect_fd, SHUT_RDWR);
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t give(void *context, uint64_t position, char *to, size_t max)
{
	struct stream *stream = context;
	ssize_t count = 0;

	(void)position;
	pthread_mutex_lock(&stream->lock);
	while (stream->out_count && (size_t)count < max) {
		size_t part = STREAM_ROOM - stream->out_at;

		part = part < stream->out_count ? part : stream->out_count;
		part = part < max - (size_t)count ? part : max - (size_t)count;
		memcpy(to + count, stream->out + stream->out_at, part);
		stream->out_at = (stream->out_at + part) % STREAM_ROOM;
		stream->out_count -= part;
		count += (ssize_t)part;
	}
	if (count)
		wake_other(stream);
	else if (stream->out_ended)
		count = stream->is_whole ? MHD_CONTENT_READER_END_OF_STREAM
					 : break_off(stream);
	else
		suspend(stream);
	pthread_mutex_unlock(&stream->lock);
	return count;
}

static enum MHD_Result send_shown(struct stream *stream,
				  struct request *request)
{
	uint64_t length = stream->out_length < 0 ? MHD_SIZE_UNKNOWN
						 : (uint64_t)stream->out_length;

	/* exchange_end comes after the library's last use of it */
	struct MHD_Response *made = MHD_create_response_from_callback(
		length, BLOCK, give, stream, NULL);
	if (!made)
		return MHD_NO;
	request->response.status = stream->status;
	exchange_add_headers(made, request);
	for (size_t i = 0; i < stream->header_count; i++)
		MHD_add_response_header(made, stream->headers[i].name,
					stream->headers[i].value);
	enum MHD_Result result = MHD_queue_response(
		request->connection, (unsigned)stream->status, made);
	MHD_destroy_response(made);
	request->state = REQUEST_ANSWERED;
	return result;
}

static enum MHD_Result send_failure(struct stream *stream,
				    struct request *request)
{
	const struct http_app *app = request->server->app;

	app->fail(app->context, request, stream->error, stream->error_status,
		  stream->why, stream->retry_after_s);
	return exchange_send(request);
}

/* Its body is here: is there an answer? What makes one does not change. */
static bool has_answer(struct stream *stream)
{
	if (!stream->in_ended) {
		stream->in_ended = true;
		wake_other(stream);
	}
	if (stream->is_shown || stream->error != OK)
		return true;
	suspend(stream);
	return false;
}

/* Without our lock: the library asks for a body with its own held. */
static enum MHD_Result answer(struct stream *stream, struct request *request)
{
	pthread_mutex_lock(&stream->lock);
	bool is_there = has_answer(stream);
	bool is_shown = stream->is_shown;
	pthread_mutex_unlock(&stream->lock);

	if (!is_there)
		return MHD_YES;
	return is_shown ? send_shown(stream, request)
			: send_failure(stream, request);
}

enum MHD_Result stream_access(struct request *request, const char *bytes,
			      size_t *length)
{
	struct stream *stream = request->stream;

	if (request->state == REQUEST_ANSWERED)
		return MHD_YES;
	if (!*length)
		return answer(stream, request);
	pthread_mutex_lock(&stream->lock);
	enum MHD_Result result = put(stream, bytes, length);
	pthread_mutex_unlock(&stream->lock);
	return result;
}

void stream_leave(struct request *request)
{
	struct stream *stream = request->stream;

	if (!stream)
		return;
	pthread_mutex_lock(&stream->lock);
	stream->request = NULL;
	wake_other(stream);
	pthread_mutex_unlock(&stream->lock);
	stream_let_go(stream);
	request->stream = NULL;
}
