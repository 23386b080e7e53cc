/* The buffers of a stream, and the end of the side that passes it on. */
#include "http/stream_state.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int64_t length_of(struct request *request)
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
		sodium_memzero(stream->in, stream->in_used);
	if (stream->out)
		sodium_memzero(stream->out, stream->out_used);
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

void stream_wake_other(struct stream *stream)
{
	if (stream->wake)
		stream->wake(stream->wake_context);
}

void stream_suspend(struct stream *stream)
{
	stream->is_suspended = true;
	http_suspend(stream->request);
}

void stream_resume(struct stream *stream)
{
	if (!stream->is_suspended)
		return;
	stream->is_suspended = false;
	http_resume(stream->request);
}

void stream_say_why(struct stream *stream, const char *why)
{
	size_t length = why ? strlen(why) : 0;

	if (length >= STREAM_WHY_MAX)
		length = STREAM_WHY_MAX - 1;
	if (length)
		memcpy(stream->why, why, length);
	stream->why[length] = '\0';
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
		stream_resume(stream);
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
		stream->texts = memory_alloc(STREAM_HEADER_BYTES);
	if (size > STREAM_HEADER_BYTES - stream->text_count)
		return NULL;
	kept = stream->texts + stream->text_count;
	memcpy(kept, text, size);
	stream->text_count += size;
	return kept;
}

bool stream_header(struct stream *stream, const char *name, const char *value)
{
	struct stream_kept_header kept = {NULL, NULL};

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
		stream->out = memory_alloc(STREAM_ROOM);
	bool has_room = length <= STREAM_ROOM - stream->out_count;
	while (has_room && length) {
		size_t part;
		char *to = free_part(stream, &part);

		part = part < length ? part : length;
		memcpy(to, from, part);
		if (stream->out_used < (size_t)(to - stream->out) + part)
			stream->out_used = (size_t)(to - stream->out) + part;
		stream->out_count += part;
		from += part;
		length -= part;
	}
	if (stream->is_shown)
		stream_resume(stream);
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
	stream_resume(stream);
	pthread_mutex_unlock(&stream->lock);
}

void stream_end(struct stream *stream, bool is_whole)
{
	pthread_mutex_lock(&stream->lock);
	stream->out_ended = true;
	stream->is_whole = is_whole;
	stream_resume(stream);
	pthread_mutex_unlock(&stream->lock);
}

void stream_fail(struct stream *stream, enum error error, int status,
		 const char *why, int64_t retry_after_s)
{
	pthread_mutex_lock(&stream->lock);
	if (!stream->is_shown && stream->error == OK) {
		stream->error = error;
		stream->error_status = status;
		stream->retry_after_s = retry_after_s;
		stream_say_why(stream, why);
	}
	stream->out_ended = true;
	stream_resume(stream);
	pthread_mutex_unlock(&stream->lock);
}

void stream_poke(struct stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	stream_wake_other(stream);
	pthread_mutex_unlock(&stream->lock);
}

bool stream_is_left(struct stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	bool is_left =
		!stream->request || stream->error != OK ||
		(stream->is_suspended && stream_has_hung_up(stream->request));
	pthread_mutex_unlock(&stream->lock);
	return is_left;
}
