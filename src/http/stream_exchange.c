/* The network thread's end of a stream: the library's callbacks. */
#include "http/stream_state.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"

enum { BLOCK = 32 * 1024 };

bool stream_has_hung_up(const struct request *request)
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
			stream_say_why(stream, "the body is over 256 MiB");
		}
		stream_wake_other(stream);
	} else {
		stream_suspend(stream);
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
		stream_wake_other(stream);
	else if (stream->out_ended)
		count = stream->is_whole ? MHD_CONTENT_READER_END_OF_STREAM
					 : break_off(stream);
	else
		stream_suspend(stream);
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
		stream_wake_other(stream);
	}
	if (stream->is_shown || stream->error != OK)
		return true;
	stream_suspend(stream);
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
	stream_wake_other(stream);
	pthread_mutex_unlock(&stream->lock);
	stream_let_go(stream);
	request->stream = NULL;
}
