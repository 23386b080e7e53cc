/* Passing bodies on, with back-pressure both ways. */
#include "http/client_stream.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/hop_by_hop.h"
#include "base/memory.h"
#include "http/chars.h"
#include "http/client_call.h"
#include "http/retry_after.h"

struct streaming {
	struct sending sending;
	const struct client_streaming *by;
	struct client_streamed *ret;
	struct arena *arena;
	bool is_read_paused, is_write_paused;
	bool is_begun, is_stopped;
	bool is_to_show; /* with what comes along with it, if that is at once */
	_Atomic bool has_news; /* the other side has done something */
};

/* What is about a connection or an origin: ours is not the provider's. */
static bool is_ours(const char *name)
{
	static const char *const names[] = {
		"Set-Cookie", "Set-Cookie2",	 "Strict-Transport-Security",
		"Alt-Svc",    "Clear-Site-Data", "X-Request-Id",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return hop_by_hop_is(name) || strncasecmp(name, "X-Amp-", 6) == 0 ||
	       strncasecmp(name, "Access-Control-", 15) == 0;
}

/* The options of the answer's connection, which name more such headers. */
static const char *options_of(struct streaming *s)
{
	struct curl_header *header;
	const char *all = "";

	for (size_t i = 0;
	     curl_easy_header(s->sending.curl, "Connection", i, CURLH_HEADER,
			      -1, &header) == CURLHE_OK;
	     i++)
		all = arena_printf(s->arena, "%s,%s", all, header->value);
	return all;
}

static int64_t length_of(CURL *curl)
{
	struct curl_header *header;

	if (curl_easy_header(curl, "Content-Length", 0, CURLH_HEADER, -1,
			     &header) != CURLHE_OK)
		return -1;
	/* libcurl has read it as well, and refuses what is no number */
	return strtoll(header->value, NULL, 10);
}

static bool copy_headers(struct streaming *s)
{
	CURL *curl = s->sending.curl;
	struct curl_header *header = NULL;
	/* before the loop: looking one up ends its course */
	const char *options = options_of(s);

	while ((header =
			curl_easy_nextheader(curl, CURLH_HEADER, -1, header))) {
		if (is_ours(header->name) ||
		    hop_by_hop_lists(options, header->name) ||
		    !chars_are(header->value, strlen(header->value),
			       CHARS_FIELD))
			continue;
		if (!stream_header(s->by->stream, header->name, header->value))
			return false;
	}
	return true;
}

static void read_retry_after(struct streaming *s)
{
	struct curl_header *header;

	if (curl_easy_header(s->sending.curl, "Retry-After", 0, CURLH_HEADER,
			     -1, &header) == CURLHE_OK)
		s->ret->retry_after_us =
			retry_after_us(header->value, clock_now());
}

/* All headers of the answer are there; it is no interim one. */
static bool begin_answer(struct streaming *s)
{
	long status = 0;

	curl_easy_getinfo(s->sending.curl, CURLINFO_RESPONSE_CODE, &status);
	if (status < 200)
		return true;
	int64_t length = length_of(s->sending.curl);
	s->is_begun = true;
	s->ret->status = (int)status;
	read_retry_after(s);
	stream_begin(s->by->stream, (int)status, length);
	if (length > STREAM_BODY_MAX || !copy_headers(s)) {
		s->sending.is_too_large = true;
		return false;
	}
	s->ret->is_shown = s->by->shows(s->by->context, (int)status,
					s->ret->retry_after_us);
	s->is_to_show = s->ret->is_shown;
	return true;
}

/* Each time wakes the network thread: once for an answer that is there. */
static void show(struct streaming *s)
{
	if (s->is_to_show)
		stream_show(s->by->stream);
	s->is_to_show = false;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct streaming *s = context;
	size_t length = size * count;

	if (!sending_take_header(&s->sending, bytes, length))
		return 0;
	if (s->sending.has_headers && !s->is_begun && !begin_answer(s))
		return 0;
	return length;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct streaming *s = context;
	size_t length = size * count;

	if (s->ret->received + (int64_t)length > STREAM_BODY_MAX) {
		s->sending.is_too_large = true;
		return 0;
	}
	if (!stream_write(s->by->stream, bytes, length)) {
		if (stream_is_stuck(s->by->stream)) {
			/* too large to be kept back */
			s->ret->is_shown = s->is_to_show = true;
			show(s);
		}
		s->is_write_paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	s->ret->received += (int64_t)length;
	return length;
}

static size_t give_body(char *to, size_t size, size_t count, void *context)
{
	struct streaming *s = context;
	size_t length;

	if (!stream_read(s->by->stream, to, size * count, &length)) {
		s->is_read_paused = true;
		return CURL_READFUNC_PAUSE;
	}
	s->ret->sent += (int64_t)length;
	return length;
}

/* After each wake: what waited may find what it waits for. */
static bool goes_on(void *context)
{
	struct streaming *s = context;
	bool is_paused = s->is_read_paused || s->is_write_paused;

	show(s);
	if (!atomic_exchange(&s->has_news, false))
		is_paused = false;
	if (stream_is_left(s->by->stream) || !s->by->goes_on(s->by->context)) {
		s->is_stopped = true;
		return false;
	}
	if (!is_paused)
		return true;
	s->is_read_paused = s->is_write_paused = false;
	/* the callbacks may run, and pause again, within it */
	(void)curl_easy_pause(s->sending.curl, CURLPAUSE_CONT);
	return true;
}

static void wake(void *context)
{
	struct streaming *s = context;

	atomic_store(&s->has_news, true);
	(void)curl_multi_wakeup(s->sending.multi);
}

/* These say of none that it is empty (RFC 9110, 8.6). */
static bool has_body(const char *method, int64_t length)
{
	static const char *const always[] = {"POST", "PUT", "PATCH"};

	if (strcmp(method, "HEAD") == 0)
		return false;
	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		if (strcmp(method, always[i]) == 0)
			return true;
	return length != 0;
}

static void set_bodies(struct streaming *s)
{
	CURL *curl = s->sending.curl;
	int64_t length = stream_length(s->by->stream);

	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, s);
	if (!has_body(s->by->call->method, length))
		return;
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(curl, CURLOPT_READDATA, s);
}

static bool has_header(const struct outbound_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (strcasecmp(call->headers[i].name, name) == 0)
			return true;
	return false;
}

struct client_link {
	CURLM *multi; /* NULL: nothing is kept; it has the connection */
	CURL *curl;
};

struct client_link *client_link_new(void)
{
	return memory_zalloc(sizeof(struct client_link));
}

void client_link_drop(struct client_link *link)
{
	curl_easy_cleanup(link->curl);
	curl_multi_cleanup(link->multi);
	*link = (struct client_link){NULL, NULL};
}

void client_link_free(struct client_link *link)
{
	if (link)
		client_link_drop(link);
	free(link);
}

/* RFC 9110, 9.2.1. */
static bool is_safe(const struct client_streaming *by)
{
	static const char *const safe[] = {"GET", "HEAD", "OPTIONS"};

	for (size_t i = 0; i < sizeof(safe) / sizeof(*safe); i++)
		if (strcmp(by->call->method, safe[i]) == 0)
			return stream_length(by->stream) == 0;
	return false;
}

/* Handles of its own, or those that are kept. */
static bool take_handles(struct streaming *s)
{
	struct client_link *link = s->by->link;
	struct sending *sending = &s->sending;

	if (link && link->multi) {
		sending->curl = link->curl;
		sending->multi = link->multi;
		*link = (struct client_link){NULL, NULL};
		curl_easy_reset(sending->curl);
		sending->is_opened = is_safe(s->by);
		return true;
	}
	sending->curl = curl_easy_init();
	sending->multi = curl_multi_init();
	return sending->curl && sending->multi;
}

static void keep_handles(struct streaming *s)
{
	struct client_link *link = s->by->link;
	struct sending *sending = &s->sending;

	if (!link || s->ret->failure != CLIENT_OK)
		return;
	curl_multi_remove_handle(sending->multi, sending->curl);
	*link = (struct client_link){sending->multi, sending->curl};
	sending->multi = NULL;
	sending->curl = NULL;
}

static bool prepare(struct streaming *s)
{
	struct sending *sending = &s->sending;

	if (!take_handles(s))
		return false;
	/* libcurl's own is not the caller's */
	if (!has_header(s->by->call, "Accept"))
		sending_add_header(sending, "Accept:");
	sending_add_headers(sending, s->arena, s->by->call);
	sending_set_guard(sending, s->by->timeout_us);
	if (s->by->link) {
		curl_easy_setopt(sending->curl, CURLOPT_FORBID_REUSE, 0L);
		curl_easy_setopt(sending->curl, CURLOPT_FRESH_CONNECT,
				 is_safe(s->by) ? 0L : 1L);
	}
	set_bodies(s);
	sending_set_method(sending, s->by->call);
	return curl_multi_add_handle(sending->multi, sending->curl) == CURLM_OK;
}

void client_stream(struct client *client, struct arena *arena,
		   const struct client_streaming *streaming,
		   struct client_streamed *ret)
{
	struct streaming s = {
		.sending = {.client = client,
			    .is_plain = strncasecmp(streaming->call->url,
						    "https://", 8) != 0,
			    .goes_on = goes_on,
			    .context = &s},
		.by = streaming,
		.ret = ret,
		.arena = arena,
	};

	*ret = (struct client_streamed){.failure = CLIENT_BAD_URL};
	if (!sending_is_sendable(streaming->call))
		return;
	ret->failure = CLIENT_BROKEN;
	buf_init(&s.sending.body, 0);
	if (prepare(&s)) {
		stream_set_wake(streaming->stream, wake, &s);
		ret->failure = sending_drive(&s.sending);
		stream_set_wake(streaming->stream, NULL, NULL);
	}
	show(&s);
	ret->is_stopped = s.is_stopped;
	keep_handles(&s);
	sending_release(&s.sending);
}
