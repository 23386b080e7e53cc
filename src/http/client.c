/* Calls by libcurl: each has handles of its own, and nothing is kept. */
#include "http/client_call.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/memory.h"
#include "http/retry_after.h"

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

void client_set_relay(struct client *client, const struct mail_relay *relay)
{
	client->relay = relay;
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

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	size_t length = size * count;

	return sending_take_header(context, bytes, length) ? length : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct sending *sending = context;

	buf_add(&sending->body, bytes, size * count);
	sending->is_too_large |= sending->body.is_overfull;
	return sending->is_too_large ? 0 : size * count;
}

static void set_answer(struct sending *sending)
{
	CURL *curl = sending->curl;

	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE,
			 (curl_off_t)CLIENT_ANSWER_MAX);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, sending);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, sending);
}

static void set_request(struct sending *sending,
			const struct outbound_call *call)
{
	CURL *curl = sending->curl;

	if (call->body || strcmp(call->method, "POST") == 0) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)call->body_length);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
				 call->body ? call->body : "");
	}
	sending_set_method(sending, call);
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
	sending_add_headers(sending, arena, call);
	sending_set_guard(sending, timeout_us ? timeout_us : CLIENT_TIMEOUT_US);
	if (call->trusts_any)
		sending_trust_any(sending);
	set_answer(sending);
	set_request(sending, call);
	return curl_multi_add_handle(sending->multi, sending->curl) == CURLM_OK;
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

	if (call->mail || call->only_connects) {
		client_send_otherwise(client, arena, call, timeout_us, ret);
		return;
	}
	*ret = (struct client_answer){.failure = CLIENT_BAD_URL, .body = ""};
	if (!sending_is_sendable(call))
		return;
	ret->failure = CLIENT_BROKEN;
	if (prepare(&sending, arena, call, timeout_us)) {
		ret->failure = sending_drive(&sending);
		if (ret->failure == CLIENT_OK)
			read_answer(&sending, arena, ret);
	}
	sending_release(&sending);
	ret->took_us = clock_monotonic() - began;
}
