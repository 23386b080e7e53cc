/*
 * What is no HTTP: mail, by the operator's server alone, and connections that
 * only show that somebody is there. Guarded and driven as all calls are.
 */
#include "http/client_call.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mail_address.h"

struct mailing {
	struct sending sending;
	const char *text; /* the whole message */
	size_t length, sent;
	struct curl_slist *to;
};

static size_t give(char *bytes, size_t size, size_t count, void *context)
{
	struct mailing *mailing = context;
	size_t room = size * count, left = mailing->length - mailing->sent;
	size_t part = left < room ? left : room;

	memcpy(bytes, mailing->text + mailing->sent, part);
	mailing->sent += part;
	return part;
}

static bool is_mail(const struct client *client,
		    const struct outbound_mail *mail)
{
	return mail_address_is_usable(mail->from ? mail->from
						 : client->relay->from) &&
	       (!mail->to || mail_address_is_usable(mail->to));
}

static void set_login(CURL *curl, const struct mail_relay *relay)
{
	curl_easy_setopt(curl, CURLOPT_URL, relay->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(
		curl, CURLOPT_USE_SSL,
		(long)(relay->is_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	if (relay->authorities)
		curl_easy_setopt(curl, CURLOPT_CAINFO, relay->authorities);
	if (!relay->user)
		return;
	curl_easy_setopt(curl, CURLOPT_USERNAME, relay->user);
	curl_easy_setopt(curl, CURLOPT_PASSWORD,
			 relay->password ? relay->password : "");
}

static void set_message(struct mailing *mailing, struct arena *arena,
			const struct outbound_call *call)
{
	const struct mail_relay *relay = mailing->sending.client->relay;
	const struct outbound_mail *mail = call->mail;
	const char *from = mail->from ? mail->from : relay->from;
	CURL *curl = mailing->sending.curl;

	mailing->text = mail->from ? call->body
				   : arena_printf(arena, "From: <%s>\r\n%s",
						  from, call->body);
	mailing->length = strlen(mailing->text);
	mailing->to =
		curl_slist_append(NULL, arena_printf(arena, "<%s>", mail->to));
	if (!mailing->to)
		abort();
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM,
			 arena_printf(arena, "<%s>", from));
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, mailing->to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE,
			 (curl_off_t)mailing->length);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, mailing);
}

static void set_connection(struct sending *sending,
			   const struct outbound_call *call)
{
	CURL *curl = sending->curl;

	curl_easy_setopt(curl, CURLOPT_URL, call->url);
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	if (call->trusts_any)
		sending_trust_any(sending);
}

/* Greetings and replies of a server that talks without end. */
static size_t take_line(char *bytes, size_t size, size_t count, void *context)
{
	size_t length = size * count;

	return sending_take_header(context, bytes, length) ? length : 0;
}

static bool prepare(struct mailing *mailing, struct arena *arena,
		    const struct outbound_call *call, int64_t timeout_us)
{
	struct sending *sending = &mailing->sending;

	sending->curl = curl_easy_init();
	sending->multi = curl_multi_init();
	if (!sending->curl || !sending->multi)
		return false;
	sending_set_guard(sending, timeout_us ? timeout_us : CLIENT_TIMEOUT_US);
	curl_easy_setopt(sending->curl, CURLOPT_HEADERFUNCTION, take_line);
	curl_easy_setopt(sending->curl, CURLOPT_HEADERDATA, sending);
	sending->has_headers = true; /* there are none to wait for */
	if (!call->mail)
		set_connection(sending, call);
	else
		set_login(sending->curl, sending->client->relay);
	if (call->mail && call->mail->to)
		set_message(mailing, arena, call);
	else if (call->mail)
		curl_easy_setopt(sending->curl, CURLOPT_CONNECT_ONLY, 1L);
	return curl_multi_add_handle(sending->multi, sending->curl) == CURLM_OK;
}

/* A reply that refuses is an answer; what came before a failure is none. */
static void read_reply(struct sending *sending, struct client_answer *ret)
{
	long code = 0;

	curl_easy_getinfo(sending->curl, CURLINFO_RESPONSE_CODE, &code);
	if (ret->failure == CLIENT_STOPPED ||
	    ret->failure == CLIENT_TIMED_OUT ||
	    (ret->failure != CLIENT_OK && code < 400))
		return;
	ret->failure = CLIENT_OK;
	ret->status = code ? (int)code : 200;
}

static enum client_failure refusal(const struct client *client,
				   const struct outbound_call *call)
{
	if (!call->mail)
		return CLIENT_OK;
	if (!client->relay)
		return CLIENT_NO_RELAY;
	return is_mail(client, call->mail) ? CLIENT_OK : CLIENT_BAD_URL;
}

void client_send_otherwise(struct client *client, struct arena *arena,
			   const struct outbound_call *call, int64_t timeout_us,
			   struct client_answer *ret)
{
	struct mailing mailing = {.sending = {.client = client}};
	struct sending *sending = &mailing.sending;
	int64_t began = clock_monotonic();

	*ret = (struct client_answer){.failure = refusal(client, call),
				      .body = ""};
	if (ret->failure != CLIENT_OK)
		return;
	sending->use = call->mail ? OUTBOUND_MAIL : OUTBOUND_SYSLOG;
	sending->is_plain = call->mail ? client->relay->is_plain
				       : strncasecmp(call->url, "https://", 8);
	ret->failure = CLIENT_BROKEN;
	if (prepare(&mailing, arena, call, timeout_us)) {
		ret->failure = sending_drive(sending);
		read_reply(sending, ret);
	}
	sending_release(sending);
	curl_slist_free_all(mailing.to);
	ret->took_us = clock_monotonic() - began;
}
