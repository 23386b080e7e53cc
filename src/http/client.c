/* Calls by libcurl, one handle each. */
#include "http/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"

struct client {
	const struct outbound_rule *rules;
	size_t rule_count;
	_Atomic bool is_stopped;
};

/* One call under way. */
struct sending {
	struct client *client;
	bool is_plain;
	bool is_blocked;
	bool is_too_large;
	size_t header_bytes;
	struct buf body;
	int64_t retry_after_us;
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
	return client;
}

void client_free(struct client *client)
{
	if (!client)
		return;
	curl_global_cleanup();
	free(client);
}

void client_stop(struct client *client)
{
	atomic_store(&client->is_stopped, true);
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

static int64_t retry_after(const char *text)
{
	char *end;
	long long seconds = strtoll(text, &end, 10);

	if (end != text && seconds >= 0 && strspn(end, " \r\n") == strlen(end))
		return seconds > 86400 ? INT64_C(86400) * 1000000
				       : seconds * 1000000;
	time_t at = curl_getdate(text, NULL);
	int64_t now = clock_now() / 1000000;
	if (at <= now)
		return 0;
	return (at - now > 86400 ? 86400 : at - now) * INT64_C(1000000);
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	static const char name[] = "Retry-After:";
	struct sending *sending = context;
	size_t length = size * count;
	char value[64];

	sending->header_bytes += length;
	if (sending->header_bytes > CLIENT_HEADERS_MAX) {
		sending->is_too_large = true;
		return 0;
	}
	size_t skip = sizeof(name) - 1;
	if (length > skip && length - skip < sizeof(value) &&
	    strncasecmp(bytes, name, skip) == 0) {
		memcpy(value, bytes + skip, length - skip);
		value[length - skip] = '\0';
		sending->retry_after_us =
			retry_after(value + strspn(value, " "));
	}
	return length;
}

static int look_whether_stopped(void *context, curl_off_t down_total,
				curl_off_t down, curl_off_t up_total,
				curl_off_t up)
{
	const struct sending *sending = context;

	(void)down_total;
	(void)down;
	(void)up_total;
	(void)up;
	return atomic_load(&sending->client->is_stopped);
}

static struct curl_slist *headers_of(struct arena *arena,
				     const struct outbound_call *call)
{
	/* it would wait for a 100 before it sends a body */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	for (size_t i = 0; i < call->header_count; i++)
		list = curl_slist_append(list,
					 arena_printf(arena, "%s: %s",
						      call->headers[i].name,
						      call->headers[i].value));
	return list;
}

static void set_limits(CURL *curl, struct sending *sending, int64_t timeout_us)
{
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(timeout_us / 1000));
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)(timeout_us / 2000));
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_whether_stopped);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, sending);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, sending);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, sending);
}

static void set_guard(CURL *curl, struct sending *sending)
{
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, sending);
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(curl, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, NULL);
}

static void set_request(CURL *curl, const struct outbound_call *call,
			struct curl_slist *headers)
{
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
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
}

static enum client_failure failure_of(CURLcode code,
				      const struct sending *sending)
{
	if (code == CURLE_OK)
		return CLIENT_OK;
	if (sending->is_blocked)
		return CLIENT_BLOCKED;
	if (sending->is_too_large)
		return CLIENT_TOO_LARGE;
	switch (code) {
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_LOGIN_DENIED:
		return CLIENT_BAD_URL;
	case CURLE_COULDNT_RESOLVE_HOST:
		return CLIENT_NO_ADDRESS;
	case CURLE_COULDNT_CONNECT:
		return CLIENT_NO_CONNECTION;
	case CURLE_OPERATION_TIMEDOUT:
		return CLIENT_TIMED_OUT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return CLIENT_TLS;
	default:
		return CLIENT_BROKEN;
	}
}

static void perform(CURL *curl, struct arena *arena, struct sending *sending,
		    struct client_answer *ret)
{
	long status = 0;
	CURLcode code = curl_easy_perform(curl);

	ret->failure = failure_of(code, sending);
	if (ret->failure != CLIENT_OK)
		return;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	ret->status = (int)status;
	ret->body = arena_strndup(arena, buf_cstr(&sending->body),
				  sending->body.length);
	ret->body_length = sending->body.length;
	ret->retry_after_us = sending->retry_after_us;
}

void client_send(struct client *client, struct arena *arena,
		 const struct outbound_call *call, int64_t timeout_us,
		 struct client_answer *ret)
{
	struct sending sending = {
		.client = client,
		.is_plain = strncasecmp(call->url, "https:", 6) != 0,
	};
	int64_t began = clock_monotonic();
	CURL *curl = curl_easy_init();

	*ret = (struct client_answer){.failure = CLIENT_BROKEN, .body = ""};
	if (!curl || atomic_load(&client->is_stopped)) {
		curl_easy_cleanup(curl);
		return;
	}
	buf_init(&sending.body, CLIENT_ANSWER_MAX);
	struct curl_slist *headers = headers_of(arena, call);
	set_limits(curl, &sending, timeout_us ? timeout_us : CLIENT_TIMEOUT_US);
	set_guard(curl, &sending);
	set_request(curl, call, headers);
	perform(curl, arena, &sending, ret);
	ret->took_us = clock_monotonic() - began;
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	buf_release(&sending.body);
}

const char *client_failure_name(enum client_failure failure)
{
	static const char *const names[] = {
		[CLIENT_OK] = "answered",
		[CLIENT_BLOCKED] = "its address may not be called",
		[CLIENT_BAD_URL] = "its address is none",
		[CLIENT_NO_ADDRESS] = "its name has no address",
		[CLIENT_NO_CONNECTION] = "no connection",
		[CLIENT_TIMED_OUT] = "timed out",
		[CLIENT_TLS] = "its certificate does not fit",
		[CLIENT_BROKEN] = "no whole answer",
		[CLIENT_TOO_LARGE] = "its answer is too large",
	};

	return names[failure];
}
