/* Guarding, driving and judging calls by libcurl. */
#include "http/client_call.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/chars.h"

enum { POLL_MS = 60000, LOOK_MS = 250 };

bool client_is_stopped(struct client *client)
{
	pthread_mutex_lock(&client->lock);
	bool stopped = client->is_stopped;
	pthread_mutex_unlock(&client->lock);
	return stopped;
}

void sending_enter(struct sending *sending)
{
	struct client *client = sending->client;

	pthread_mutex_lock(&client->lock);
	sending->next = client->sending;
	if (sending->next)
		sending->next->previous = sending;
	client->sending = sending;
	pthread_mutex_unlock(&client->lock);
}

void sending_leave(struct sending *sending)
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

static void collect(struct client_addresses *addresses,
		    const struct curl_sockaddr *from)
{
	struct client_address *to = &addresses->items[addresses->count];

	if (addresses->count == CLIENT_ADDRESSES_MAX ||
	    from->addrlen > sizeof(to->address))
		return;
	memcpy(&to->address, &from->addr, from->addrlen);
	to->length = from->addrlen;
	addresses->count++;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose,
				 struct curl_sockaddr *address)
{
	struct sending *sending = context;
	const struct client *client = sending->client;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    !outbound_is_allowed_for(sending->use, &address->addr,
				     sending->is_plain, client->rules,
				     client->rule_count)) {
		sending->is_blocked = true;
		return CURL_SOCKET_BAD;
	}
	if (sending->addresses) {
		collect(sending->addresses, address);
		return CURL_SOCKET_BAD;
	}
	sending->is_opened = true;
	int made = socket(address->family, address->socktype | SOCK_CLOEXEC,
			  address->protocol);
	if (made < 0 || !sending->watch ||
	    client_watch_add(sending->watch, made))
		return made;
	(void)close(made);
	return CURL_SOCKET_BAD;
}

/*
 * Trailers and any number of interim answers come here as well. libcurl takes
 * headers that break off for an answer.
 */
bool sending_take_header(struct sending *sending, const char *bytes,
			 size_t length)
{
	if (length > 5 && memcmp(bytes, "HTTP/", 5) == 0)
		sending->has_headers = false;
	else if (length && (bytes[0] == '\r' || bytes[0] == '\n'))
		sending->has_headers = true;
	sending->header_bytes += length;
	sending->is_too_large |= sending->header_bytes > CLIENT_HEADERS_MAX;
	return !sending->is_too_large;
}

bool sending_is_sendable(const struct outbound_call *call)
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

void sending_add_header(struct sending *sending, const char *line)
{
	struct curl_slist *list = curl_slist_append(sending->headers, line);

	if (!list)
		abort();
	sending->headers = list;
}

void sending_add_headers(struct sending *sending, struct arena *arena,
			 const struct outbound_call *call)
{
	/* libcurl would wait for a 100 before it sends a large body */
	sending_add_header(sending, "Expect:");
	for (size_t i = 0; i < call->header_count; i++) {
		const struct outbound_header *header = &call->headers[i];
		/* "name:" would remove one; "name;" sends it empty */
		bool is_empty = !header->value[strspn(header->value, " \t")];

		sending_add_header(
			sending,
			is_empty ? arena_printf(arena, "%s;", header->name)
				 : arena_printf(arena, "%s: %s", header->name,
						header->value));
	}
}

void sending_set_guard(struct sending *sending, int64_t timeout_us)
{
	CURL *curl = sending->curl;
	long timeout_ms = timeout_us < 1000 ? 1 : (long)(timeout_us / 1000);

	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)CLIENT_CONNECT_TIMEOUT_MS);
	/* a slow name server holds up neither a timeout nor a stop */
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
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

void sending_trust_any(struct sending *sending)
{
	curl_easy_setopt(sending->curl, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(sending->curl, CURLOPT_SSL_VERIFYHOST, 0L);
}

void sending_set_method(struct sending *sending,
			const struct outbound_call *call)
{
	CURL *curl = sending->curl;

	curl_easy_setopt(curl, CURLOPT_URL, call->url);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "Cleat/" CLEAT_VERSION);
	if (strcmp(call->method, "HEAD") == 0)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, sending->headers);
}

static bool goes_on(struct sending *sending)
{
	return !client_is_stopped(sending->client) &&
	       (!sending->goes_on || sending->goes_on(sending->context));
}

/* What ended it; CURLE_ABORTED_BY_CALLBACK when the client was stopped. */
static CURLcode drive(struct sending *sending)
{
	CURLcode code = CURLE_ABORTED_BY_CALLBACK;
	int running = 1, left;

	while (running && goes_on(sending)) {
		if (curl_multi_perform(sending->multi, &running) != CURLM_OK)
			return CURLE_RECV_ERROR;
		if (running &&
		    curl_multi_poll(sending->multi, NULL, 0,
				    sending->goes_on ? LOOK_MS : POLL_MS,
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
	case CURLE_USE_SSL_FAILED: /* a mail server without STARTTLS */
		return CLIENT_NO_TLS;
	case CURLE_SSL_CONNECT_ERROR: /* what is there may speak no TLS */
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
		return CLIENT_TLS;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return CLIENT_CERTIFICATE;
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_OUT_OF_MEMORY: /* a header over libcurl's own limit */
		return CLIENT_TOO_LARGE;
	case CURLE_ABORTED_BY_CALLBACK: /* see drive */
		return CLIENT_STOPPED;
	default:
		return CLIENT_BROKEN;
	}
}

CURLcode sending_perform(struct sending *sending)
{
	sending_enter(sending);
	CURLcode code = drive(sending);
	sending_leave(sending);
	return code;
}

enum client_failure sending_drive(struct sending *sending)
{
	return failure_of(sending_perform(sending), sending);
}

void sending_release(struct sending *sending)
{
	if (sending->multi && sending->curl)
		curl_multi_remove_handle(sending->multi, sending->curl);
	curl_easy_cleanup(sending->curl);
	curl_multi_cleanup(sending->multi);
	curl_slist_free_all(sending->headers);
	buf_release(&sending->body);
}
