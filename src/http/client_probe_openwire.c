/*
 * OpenWire, as ActiveMQ's documents have it: both sides say their wire format
 * first; ours asks for the loose encoding of version 1, in which the login
 * follows.
 */
#include <string.h>

#include "http/client_talk.h"

enum {
	FRAME_MAX = 64 * 1024,
	WIRE_FORMAT = 1,
	BROKER = 2,
	CONNECTION = 3,
	RESPONSE = 30,
	EXCEPTION = 31,
	CONNECTION_ID = 120,
	LOOKED_AT = 8, /* frames, until it is an answer */
	PREFIX = 5,    /* of a frame: its size and type */
	MAGIC = 8,
};

static bool take_frame(struct talk *talk, unsigned char *ret_type,
		       const unsigned char **ret, size_t *ret_length)
{
	unsigned char head[PREFIX], *body;

	if (!talk_take(talk, head, PREFIX))
		return false;
	size_t size = (size_t)talk_get(head, 4);
	if (!size)
		return talk_is_other(talk);
	if (size > FRAME_MAX) /* or it is no frame: text begins so, too */
		return talk_is_other(talk);
	body = arena_alloc(talk->arena, size);
	if (!talk_take(talk, body, size - 1))
		return false;
	*ret_type = head[4];
	*ret = body;
	*ret_length = size - 1;
	return true;
}

static bool send_frame(struct talk *talk, const struct buf *body)
{
	unsigned char size[4];

	talk_put(size, body->length, sizeof(size));
	return talk_send(talk, size, sizeof(size)) &&
	       talk_send(talk, body->bytes, body->length);
}

/* Without options: version 1, loose. */
static bool greet(struct talk *talk)
{
	static const unsigned char ours[] = {
		WIRE_FORMAT, 'A', 'c', 't', 'i', 'v', 'e', 'M', 'Q', 0, 0,
		0,	     1,	  1,   0,   0,	 0,   4,   0,	0,   0, 0};
	const struct buf format = {
		.bytes = (char *)arena_alloc(talk->arena, sizeof(ours)),
		.length = sizeof(ours)};
	const unsigned char *theirs;
	unsigned char type;
	size_t length;

	memcpy(format.bytes, ours, sizeof(ours));
	talk_step(talk, PROBE_STEP_GREETING);
	if (!send_frame(talk, &format) ||
	    !take_frame(talk, &type, &theirs, &length))
		return false;
	if (type == WIRE_FORMAT && length >= MAGIC &&
	    memcmp(theirs, "ActiveMQ", MAGIC) == 0)
		return true;
	return talk_is_other(talk);
}

/* A string, there or not. */
static void add_text(struct buf *to, const char *text)
{
	unsigned char head[3] = {text ? 1 : 0};
	size_t length = text ? strlen(text) : 0;

	if (length > 0xffff)
		length = 0xffff;
	talk_put(head + 1, length, 2);
	buf_add(to, head, text ? 3 : 1);
	buf_add(to, text ? text : "", length);
}

static void add_bytes(struct buf *to, const unsigned char *bytes, size_t count)
{
	buf_add(to, bytes, count);
}

/* ConnectionInfo, whose command number is 1 and which wants a response. */
static bool send_login(struct talk *talk)
{
	const struct probe *probe = talk->probe;
	struct buf info;

	buf_init(&info, FRAME_MAX);
	add_bytes(&info, (unsigned char[]){CONNECTION, 0, 0, 0, 1, 1}, 6);
	add_bytes(&info, (unsigned char[]){1, CONNECTION_ID}, 2);
	add_text(&info, "cleat-probe");
	add_text(&info, "cleat-probe");
	add_text(&info, probe->password);
	add_text(&info, probe->user);
	/* no path of brokers; is no broker, is not managed */
	add_bytes(&info, (unsigned char[]){0, 0, 0}, 3);
	bool is_sent = send_frame(talk, &info);
	buf_release(&info);
	return is_sent;
}

static bool log_in(struct talk *talk)
{
	const unsigned char *body;
	unsigned char type;
	size_t length;

	talk_step(talk, PROBE_STEP_LOGIN);
	if (!send_login(talk))
		return false;
	for (int i = 0; i < LOOKED_AT; i++) {
		if (!take_frame(talk, &type, &body, &length))
			return false;
		if (type == EXCEPTION)
			return talk_fail(talk, PROBE_DENIED,
					 "user or password was refused");
		if (type == RESPONSE)
			return true;
	}
	return talk_fail(talk, PROBE_UNEXPECTED, "the login is not answered");
}

bool probe_openwire(struct talk *talk)
{
	return talk_connect(talk) && greet(talk) &&
	       (!talk->probe->user || log_in(talk));
}
