/* Calls by libcurl: each has handles of its own, and nothing is kept. */
#include "http/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "http/chars.h"
#include "http/retry_after.h"

enum { CONNECT_TIMEOUT_MS = 10000, POLL_MS = 60000 };

struct client {
	const struct outbound_rule *rules;
	size_t rule_count;

	pthread_mutex_t lock;
	bool is_stopped;	 /* guarded by lock */
	struct sending *sending; /* under way; guarded by lock */
};

/* One call under way. */
struct sending {
	struct client *client;
	CURLM *multi;
	CURL *curl;
	struct curl_slist *headers;
	struct sending *next, *previous; /* guarded by the client's lock */
	bool is_plain;
	bool is_blocked;
	bool is_opened; /* a socket */
	bool is_too_large;
	bool has_headers; /* all of them, up to the empty line */
	size_t header_bytes;
	struct buf body;
};

struct client *client_new(const struct outbound_rule *rules, size_t count)
{
	struct client *client = memory_zalloc(sizeof(*client));

	/* counts itself: as many cleanups as inits */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(client);
		return NULL;
	}
	client->rules = rules;
	client->rule_count = count;
	pthread_mutex_init(&client->lock, NULL);
	return client;
}

void client_free(struct client *client)
{
	if (!client)
		return;
	pthread_mutex_destroy(&client->lock);
	curl_global_cleanup();
	free(client);
}

void client_stop(struct client *client)
{
	pthread_mutex_lock(&client->lock);
	client->is_stopped = true;
	for (struct sending *at = client->sending; at; at = at->next)
		curl_multi_wakeup(at->multi);
	pthread_mutex_unlock(&client->lock);
}

static bool is_stopped(struct client *client)
{
	pthread_mutex_lock(&client->lock);
	bool stopped = client->is_stopped;
	pthread_mutex_unlock(&client->lock);
	return stopped;
}

static void enter(struct sending *sending)
{
	struct client *client = sending->client;

	pthread_mutex_lock(&client->lock);
	sending->next = client->sending;
	if (sending->next)
		sending->next->previous = sending;
	client->sending = sending;
	pthread_mutex_unlock(&client->lock);
}

static void leave(struct sending *sending)
{
	struct client *client = sending->client;

	pthread_mutex_lock(&client->lock);
	if (sending->next)
		sending->next->previous = sending->previous;
	if (sending->previous)
		sending->previous->next = sending->next;
	else
		client->sending = sending->next;
	pthread_mutex_unlock(&client->lock);
}

static curl_socket_t open_socket(void *context, curlsocktype purpose,
				 struct curl_sockaddr *address)
{
	struct sending *sending = context;
	const struct client *client = sending->client;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    !outbound_is_allowed(&address->addr, sending->is_plain,
				 client->rules, client->rule_count)) {
		sending->is_blocked = true;
		return CURL_SOCKET_BAD;
	}
	sending->is_opened = true;
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
		      address->protocol);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct sending *sending = context;

	buf_add(&sending->body, bytes, size * count);
	sending->is_too_large |= sending->body.is_overfull;
	return sending->is_too_large ? 0 : size * count;
}

/*
 * Trailers and any number of interim answers come here as well. libcurl takes
 * headers that break off for an answer.
 */
static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct sending *sending = context;
	size_t length = size * count;

	if (length > 5 && memcmp(bytes, "HTTP/", 5) == 0)
		sending->has_headers = false;
	else if (length && (bytes[0] == '\r' || bytes[0] == '\n'))
		sending->has_headers = true;
	sending->header_bytes += length;
	sending->is_too_large |= sending->header_bytes > CLIENT_HEADERS_MAX;
	return sending->is_too_large ? 0 : length;
}

/* Nothing that ends a line early can come in by a name or value. */
static bool is_sendable(const struct outbound_call *call)
{
	if (!*call->method ||
	    !chars_are(call->method, strlen(call->method), CHARS_TOKEN))
		return false;
	for (size_t i = 0; i < call->header_count; i++) {
		const struct outbound_header *header = &call->headers[i];

		if (!*header->name ||
		    !chars_are(header->name, strlen(header->name),
			       CHARS_TOKEN) ||
		    !chars_are(header->value, strlen(header->value),
			       CHARS_FIELD))
			return false;
	}
	return true;
}

static void add_header(struct sending *sending, const char *line)
{
	struct curl_slist *list = curl_slist_append(sending->headers, line);

	if (!list)
		abort();
	sending->headers = list;
}

static void add_headers(struct sending *sending, struct arena *arena,
			const struct outbound_call *call)
{
	/* libcurl would wait for a 100 before it sends a large body */
	add_header(sending, "Expect:");
	for (size_t i = 0; i < call->header_count; i++) {
		const struct outbound_header *header = &call->headers[i];
		/* "name:" would remove one; "name;" sends it empty */
		bool is_empty = !header->value[strspn(header->value, " \t")];

		add_header(sending,
			   is_empty
				   ? arena_printf(arena, "%s;", header->name)
				   : arena_printf(arena, "%s: %s", header->name,
						  header->value));
	}
}

static void set_limits(struct sending *sending, int64_t timeout_us)
{
	CURL *curl = sending->curl;
	long timeout_ms = timeout_us < 1000 ? 1 : (long)(timeout_us / 1000);

	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)CONNECT_TIMEOUT_MS);
	/* a slow name server holds up neither a timeout nor a stop */
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE,
			 (curl_off_t)CLIENT_ANSWER_MAX);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, sending);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, sending);
}

static void set_guard(struct sending *sending)
{
	CURL *curl = sending->curl;

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, sending);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

static void set_request(struct sending *sending,
			const struct outbound_call *call)
{
	CURL *curl = sending->curl;

	curl_easy_setopt(curl, CURLOPT_URL, call->url);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "Cleat/" CLEAT_VERSION);
	if (call->body || strcmp(call->method, "POST") == 0) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)call->body_length);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
				 call->body ? call->body : "");
	}
	if (strcmp(call->method, "HEAD") == 0)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, sending->headers);
}

/* What ended it; CURLE_ABORTED_BY_CALLBACK when the client was stopped. */
static CURLcode drive(struct sending *sending)
{
	CURLcode code = CURLE_ABORTED_BY_CALLBACK;
	int running = 1, left;

	while (running && !is_stopped(sending->client)) {
		if (curl_multi_perform(sending->multi, &running) != CURLM_OK)
			return CURLE_RECV_ERROR;
		if (running && curl_multi_poll(sending->multi, NULL, 0, POLL_MS,
					       NULL) != CURLM_OK)
			return CURLE_RECV_ERROR;
	}
	const CURLMsg *message = curl_multi_info_read(sending->multi, &left);
	if (message && message->msg == CURLMSG_DONE)
		code = message->data.result;
	return code;
}

static enum client_failure failure_of(CURLcode code,
				      const struct sending *sending)
{
	if (sending->is_too_large)
		return CLIENT_TOO_LARGE;
	switch (code) {
	case CURLE_OK:
		return sending->has_headers ? CLIENT_OK : CLIENT_BROKEN;
	case CURLE_URL_MALFORMAT:
	case CURLE_LOGIN_DENIED:
		return CLIENT_BAD_URL;
	case CURLE_UNSUPPORTED_PROTOCOL: /* its own, or HTTP/0.9 of the answer
					  */
		return sending->is_opened ? CLIENT_BROKEN : CLIENT_BAD_URL;
	case CURLE_COULDNT_RESOLVE_HOST:
		return CLIENT_NO_ADDRESS;
	case CURLE_COULDNT_CONNECT:
		return sending->is_blocked ? CLIENT_BLOCKED
					   : CLIENT_NO_CONNECTION;
	case CURLE_OPERATION_TIMEDOUT:
		return CLIENT_TIMED_OUT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return CLIENT_TLS;
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_OUT_OF_MEMORY: /* a header over libcurl's own limit */
		return CLIENT_TOO_LARGE;
	case CURLE_ABORTED_BY_CALLBACK: /* see drive */
		return CLIENT_STOPPED;
	default:
		return CLIENT_BROKEN;
	}
}

static void read_answer(struct sending *sending, struct arena *arena,
			struct client_answer *ret)
{
	long status = 0;
	char *type = NULL;
	struct curl_header *header;

	curl_easy_getinfo(sending->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(sending->curl, CURLINFO_CONTENT_TYPE, &type);
	ret->status = (int)status;
	if (type)
		ret->content_type = arena_strdup(arena, type);
	if (curl_easy_header(sending->curl, "Retry-After", 0, CURLH_HEADER, -1,
			     &header) == CURLHE_OK)
		ret->retry_after_us =
			retry_after_us(header->value, clock_now());
	if (!sending->body.length)
		return;
	ret->body =
		arena_strndup(arena, sending->body.bytes, sending->body.length);
	ret->body_length = sending->body.length;
}

static bool prepare(struct sending *sending, struct arena *arena,
		    const struct outbound_call *call, int64_t timeout_us)
{
	sending->curl = curl_easy_init();
	sending->multi = curl_multi_init();
	buf_init(&sending->body, CLIENT_ANSWER_MAX);
	if (!sending->curl || !sending->multi)
		return false;
	add_headers(sending, arena, call);
	set_limits(sending, timeout_us ? timeout_us : CLIENT_TIMEOUT_US);
	set_guard(sending);
	set_request(sending, call);
	return curl_multi_add_handle(sending->multi, sending->curl) == CURLM_OK;
}

static void release(struct sending *sending)
{
	if (sending->multi && sending->curl)
		curl_multi_remove_handle(sending->multi, sending->curl);
	curl_easy_cleanup(sending->curl);
	curl_multi_cleanup(sending->multi);
	curl_slist_free_all(sending->headers);
	buf_release(&sending->body);
}

void client_send(struct client *client, struct arena *arena,
		 const struct outbound_call *call, int64_t timeout_us,
		 struct client_answer *ret)
{
	struct sending sending = {
		.client = client,
		.is_plain = strncasecmp(call->url, "https://", 8) != 0,
	};
	int64_t began = clock_monotonic();

	*ret = (struct client_answer){.failure = CLIENT_BAD_URL, .body = ""};
	if (!is_sendable(call))
		return;
	ret->failure = CLIENT_BROKEN;
	if (prepare(&sending, arena, call, timeout_us)) {
		enter(&sending);
		ret->failure = failure_of(drive(&sending), &sending);
		leave(&sending);
		if (ret->failure == CLIENT_OK)
			read_answer(&sending, arena, ret);
	}
	release(&sending);
	ret->took_us = clock_monotonic() - began;
}
