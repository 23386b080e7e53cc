/* A connection of libcurl's, and bytes both ways on it. */
#include "http/client_talk.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"

enum { LOOK_MS = 250 };

void talk_put(unsigned char *to, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
}

uint64_t talk_get(const unsigned char *from, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | from[i];
	return value;
}

void talk_step(struct talk *talk, enum probe_step step)
{
	talk->outcome->step = step;
}

void talk_explain(struct talk *talk, enum probe_fault fault, const char *detail)
{
	talk->outcome->fault = fault;
	talk->outcome->detail = detail;
}

static bool is_literal_v6(const char *host)
{
	return strchr(host, ':') != NULL;
}

/* What is not verified is as good as not encrypted. */
static bool is_as_plain(const struct probe *probe)
{
	return probe->tls == PROBE_PLAIN || probe->trusts_anybody ||
	       probe->trusts_any_name;
}

static enum outbound_use use_of(const struct probe *probe)
{
	switch (probe->protocol) {
	case PROBE_SMTP:
		return OUTBOUND_MAIL;
	case PROBE_LDAP:
		return OUTBOUND_LDAP;
	case PROBE_FTP:
		return OUTBOUND_FTP;
	default:
		return OUTBOUND_HTTP;
	}
}

static void set_trust(CURL *curl, const struct probe *probe)
{
	struct curl_blob blob = {.flags = CURL_BLOB_COPY};

	if (probe->trusts_anybody)
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
	if (probe->trusts_anybody || probe->trusts_any_name)
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	if (!probe->authorities)
		return;
	memcpy(&blob.data, &probe->authorities, sizeof(blob.data));
	blob.len = strlen(probe->authorities);
	curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
}

bool talk_prepare(struct talk *talk, const char *scheme, const char *rest)
{
	const struct probe *probe = talk->probe;
	struct sending *sending = &talk->sending;
	bool is_v6 = is_literal_v6(probe->host);
	int64_t left_us = talk->ends_at - clock_monotonic();

	sending->curl = curl_easy_init();
	sending->multi = curl_multi_init();
	if (!sending->curl || !sending->multi)
		return talk_fail(talk, PROBE_FAILING, "libcurl does not start");
	CURL *curl = sending->curl;
	sending->is_plain = is_as_plain(probe);
	sending->use = use_of(probe);
	sending_set_guard(sending, left_us > 0 ? left_us : 1);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, scheme);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, talk->why);
	curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L);
	set_trust(curl, probe);
	talk->url = arena_printf(talk->arena, "%s://%s%s%s:%d%s", scheme,
				 is_v6 ? "[" : "", probe->host,
				 is_v6 ? "]" : "", probe->port, rest);
	curl_easy_setopt(curl, CURLOPT_URL, talk->url);
	if (curl_multi_add_handle(sending->multi, curl) == CURLM_OK)
		return true;
	return talk_fail(talk, PROBE_FAILING, "libcurl does not start");
}

void talk_release(struct talk *talk)
{
	sending_release(&talk->sending);
}

bool talk_connect(struct talk *talk)
{
	if (!talk_prepare(talk,
			  talk->probe->tls == PROBE_TLS ? "https" : "http",
			  "/"))
		return false;
	CURL *curl = talk->sending.curl;
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	/* it is to be talked on */
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 0L);
	talk_step(talk, PROBE_STEP_NAME);
	CURLcode code = sending_perform(&talk->sending);
	if (code != CURLE_OK)
		return talk_judge(talk, code);
	talk_step(talk, talk->probe->tls == PROBE_TLS ? PROBE_STEP_TLS
						      : PROBE_STEP_CONNECT);
	return true;
}

bool talk_resolve(struct talk *talk, struct client_addresses *ret)
{
	ret->count = 0;
	talk->sending.addresses = ret;
	if (!talk_prepare(talk, "http", "/"))
		return false;
	talk_step(talk, PROBE_STEP_NAME);
	CURLcode code = sending_perform(&talk->sending);
	if (!ret->count)
		return talk_judge(talk, code);
	talk_step(talk, PROBE_STEP_CONNECT);
	return true;
}

bool talk_await_for(struct talk *talk, int descriptor, short events,
		    int64_t most_us, bool *ret_ended)
{
	int64_t until = clock_monotonic() + most_us;

	*ret_ended = true;
	for (;;) {
		struct pollfd look = {.fd = descriptor, .events = events};
		int64_t now = clock_monotonic();
		int64_t next = until < talk->ends_at ? until : talk->ends_at;

		if (client_is_stopped(talk->sending.client))
			return talk_fail(talk, PROBE_STOPPED,
					 "the server is stopping");
		if (now >= talk->ends_at)
			return talk_fail(talk, PROBE_TIMED_OUT,
					 "nothing was said in time");
		if (now >= until) {
			*ret_ended = false;
			return false;
		}
		int64_t left_ms = (next - now) / 1000 + 1;
		if (poll(&look, 1, left_ms < LOOK_MS ? (int)left_ms : LOOK_MS) >
		    0)
			return true;
	}
}

bool talk_await(struct talk *talk, int descriptor, short events)
{
	bool ended;

	return talk_await_for(talk, descriptor, events, PROBE_TIMEOUT_US,
			      &ended);
}

static int descriptor_of(const struct talk *talk)
{
	curl_socket_t descriptor = CURL_SOCKET_BAD;

	curl_easy_getinfo(talk->sending.curl, CURLINFO_ACTIVESOCKET,
			  &descriptor);
	return descriptor;
}

bool talk_send(struct talk *talk, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	while (length) {
		size_t sent = 0;
		CURLcode code =
			curl_easy_send(talk->sending.curl, at, length, &sent);

		if (code == CURLE_AGAIN) {
			if (!talk_await(talk, descriptor_of(talk), POLLOUT))
				return false;
			continue;
		}
		if (code != CURLE_OK)
			return talk_fail(talk, PROBE_CUT_OFF,
					 "the connection was cut off");
		at += sent;
		length -= sent;
	}
	return true;
}

bool talk_take(struct talk *talk, void *ret, size_t length)
{
	unsigned char *at = ret;

	if (length > TALK_MAX - talk->taken)
		return talk_says_too_much(talk);
	talk->taken += length;
	while (length) {
		size_t got = 0;
		CURLcode code =
			curl_easy_recv(talk->sending.curl, at, length, &got);

		if (code == CURLE_AGAIN) {
			if (!talk_await(talk, descriptor_of(talk), POLLIN))
				return false;
			continue;
		}
		if (code != CURLE_OK || !got)
			return talk_fail(talk, PROBE_CUT_OFF,
					 "the connection was cut off");
		at += got;
		length -= got;
	}
	return true;
}
