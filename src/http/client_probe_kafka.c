/*
 * Kafka's protocol: which requests the broker knows (ApiVersions, version 0),
 * and a login by SASL PLAIN (SaslHandshake 1, SaslAuthenticate 0). Topics are
 * not asked for: a broker may make one that is.
 */
#include <string.h>

#include "http/client_talk.h"

enum {
	FRAME_MAX = 128 * 1024,
	API_VERSIONS = 18,
	SASL_HANDSHAKE = 17,
	SASL_AUTHENTICATE = 36,
	SASL_FAILED = 58,
	CLIENT_MAX = 5, /* "cleat" */
};

/* One request, numbered by its key, and the body of its answer. */
static bool ask(struct talk *talk, unsigned key, unsigned version,
		const struct buf *body, const unsigned char **ret,
		size_t *ret_length)
{
	unsigned char head[14 + CLIENT_MAX], answer[8], *rest;
	size_t size = sizeof(head) - 4 + body->length;

	talk_put(head, size, 4);
	talk_put(head + 4, key, 2);
	talk_put(head + 6, version, 2);
	talk_put(head + 8, key, 4);
	talk_put(head + 12, CLIENT_MAX, 2);
	memcpy(head + 14, "cleat", CLIENT_MAX);
	if (!talk_send(talk, head, sizeof(head)) ||
	    !talk_send(talk, body->bytes, body->length) ||
	    !talk_take(talk, answer, sizeof(answer)))
		return false;
	size = (size_t)talk_get(answer, 4);
	if (size < 6 || size > FRAME_MAX || talk_get(answer + 4, 4) != key)
		return talk_is_other(talk);
	size -= 4;
	rest = arena_alloc(talk->arena, size);
	if (!talk_take(talk, rest, size))
		return false;
	*ret = rest;
	*ret_length = size;
	return true;
}

static bool greet(struct talk *talk)
{
	const struct buf nothing = {.length = 0};
	const unsigned char *answer;
	size_t length;

	talk_step(talk, PROBE_STEP_GREETING);
	if (!ask(talk, API_VERSIONS, 0, &nothing, &answer, &length))
		return false;
	return length >= 6 && talk_get(answer, 2) == 0 ? true
						       : talk_is_other(talk);
}

static bool agree_on_plain(struct talk *talk, struct buf *body)
{
	const unsigned char *answer;
	size_t length;

	buf_add(body, "\0\5PLAIN", 7);
	if (!ask(talk, SASL_HANDSHAKE, 1, body, &answer, &length))
		return false;
	return talk_get(answer, 2) == 0 ||
	       talk_fail(talk, PROBE_DENIED,
			 "the server offers no login that we know");
}

static bool authenticate(struct talk *talk, struct buf *body)
{
	const char *user = talk->probe->user;
	const char *password = talk->probe->password;
	unsigned char size[4];
	const unsigned char *answer;
	size_t length;

	talk_put(size, 2 + strlen(user) + strlen(password), sizeof(size));
	buf_clear(body);
	buf_add(body, size, sizeof(size));
	buf_add(body, "", 1);
	buf_add(body, user, strlen(user) + 1);
	buf_text(body, password);
	if (!ask(talk, SASL_AUTHENTICATE, 0, body, &answer, &length))
		return false;
	if (talk_get(answer, 2) == 0)
		return true;
	return talk_get(answer, 2) == SASL_FAILED
		       ? talk_fail(talk, PROBE_DENIED,
				   "user or password was refused")
		       : talk_is_other(talk);
}

static bool log_in(struct talk *talk)
{
	struct buf body;

	talk_step(talk, PROBE_STEP_LOGIN);
	buf_init(&body, FRAME_MAX);
	bool is_in = agree_on_plain(talk, &body) && authenticate(talk, &body);
	buf_release(&body);
	return is_in;
}

bool probe_kafka(struct talk *talk)
{
	return talk_connect(talk) && greet(talk) &&
	       (!talk->probe->user || log_in(talk));
}
