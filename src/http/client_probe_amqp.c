/*
 * AMQP 0-9-1 (its sections 2.2.4 and 4.2): the connection is opened up to its
 * virtual host, and closed again.
 */
#include <string.h>

#include "http/client_talk.h"

enum {
	FRAME_METHOD = 1,
	FRAME_END = 0xce,
	FRAME_MAX = 128 * 1024,
	CONNECTION = 10,
	START = 10,
	START_OK = 11,
	TUNE = 30,
	TUNE_OK = 31,
	OPEN = 40,
	OPEN_OK = 41,
	CLOSE = 50,
	ACCESS_REFUSED = 403,
	NOT_ALLOWED = 530,
};

struct method {
	unsigned number; /* of the class connection */
	const unsigned char *arguments;
	size_t length;
};

static bool take_method(struct talk *talk, struct method *ret)
{
	unsigned char head[7], *payload;

	if (!talk_take(talk, head, sizeof(head)))
		return false;
	size_t length = (size_t)talk_get(head + 3, 4);
	if (head[0] != FRAME_METHOD || length < 4)
		return talk_is_other(talk);
	if (length > FRAME_MAX)
		return talk_says_too_much(talk);
	payload = arena_alloc(talk->arena, length + 1);
	if (!talk_take(talk, payload, length + 1))
		return false;
	if (payload[length] != FRAME_END || talk_get(payload, 2) != CONNECTION)
		return talk_is_other(talk);
	ret->number = (unsigned)talk_get(payload + 2, 2);
	ret->arguments = payload + 4;
	ret->length = length - 4;
	return true;
}

static bool send_method(struct talk *talk, unsigned number, struct buf *given)
{
	unsigned char head[11] = {FRAME_METHOD}, end = FRAME_END;

	talk_put(head + 3, given->length + 4, 4);
	talk_put(head + 7, CONNECTION, 2);
	talk_put(head + 9, number, 2);
	return talk_send(talk, head, sizeof(head)) &&
	       talk_send(talk, given->bytes, given->length) &&
	       talk_send(talk, &end, 1);
}

static void add_number(struct buf *to, uint64_t value, size_t bytes)
{
	unsigned char raw[8];

	talk_put(raw, value, bytes);
	buf_add(to, raw, bytes);
}

static void add_short(struct buf *to, const char *text)
{
	size_t length = strlen(text);

	add_number(to, length > 255 ? 255 : length, 1);
	buf_add(to, text, length > 255 ? 255 : length);
}

/* With what the server closes: its code, 0 when there is none. */
static unsigned close_code(const struct method *method)
{
	return method->number == CLOSE && method->length >= 2
		       ? (unsigned)talk_get(method->arguments, 2)
		       : 0;
}

static bool greet(struct talk *talk)
{
	static const char header[] = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
	struct method start;

	talk_step(talk, PROBE_STEP_GREETING);
	if (!talk_send(talk, header, sizeof(header)) ||
	    !take_method(talk, &start))
		return false;
	return start.number == START ? true : talk_is_other(talk);
}

/* RFC 4616: an empty identity, the user, the password, with NULs between. */
static bool send_plain(struct talk *talk, struct buf *args)
{
	const char *user = talk->probe->user;
	const char *password = talk->probe->password;

	/* capabilities: a refused login is to be told of */
	static const char table[] = "\x0c"
				    "capabilitiesF\0\0\0\x1f"
				    "\x1c"
				    "authentication_failure_closet\1";
	add_number(args, sizeof(table) - 1, 4);
	buf_add(args, table, sizeof(table) - 1);
	add_short(args, "PLAIN");
	add_number(args, 2 + strlen(user) + strlen(password), 4);
	buf_add(args, "", 1);
	buf_add(args, user, strlen(user) + 1);
	buf_text(args, password);
	add_short(args, "en_US");
	return send_method(talk, START_OK, args);
}

/* Older servers cut the connection off instead of saying why. */
static bool log_in(struct talk *talk, struct buf *args, struct method *ret)
{
	talk_step(talk, PROBE_STEP_LOGIN);
	if (!send_plain(talk, args))
		return false;
	if (!take_method(talk, ret)) {
		if (talk->outcome->fault == PROBE_CUT_OFF)
			talk->outcome->detail =
				"the connection was cut off at the login";
		return false;
	}
	if (close_code(ret) == ACCESS_REFUSED)
		return talk_fail(talk, PROBE_DENIED,
				 "user or password was refused");
	return ret->number == TUNE && ret->length >= 8 ? true
						       : talk_is_other(talk);
}

static bool open_host(struct talk *talk, struct buf *args,
		      const struct method *tune)
{
	struct method answer;

	talk_step(talk, PROBE_STEP_USE);
	buf_clear(args);
	buf_add(args, tune->arguments, 8);
	if (!send_method(talk, TUNE_OK, args))
		return false;
	buf_clear(args);
	add_short(args, talk->probe->path ? talk->probe->path : "/");
	add_short(args, "");
	add_number(args, 0, 1);
	if (!send_method(talk, OPEN, args) || !take_method(talk, &answer))
		return false;
	if (answer.number == OPEN_OK)
		return true;
	if (close_code(&answer) == NOT_ALLOWED)
		return talk_fail(talk, PROBE_MISSING,
				 "there is no such virtual host for this user");
	return talk_is_other(talk);
}

/* Nobody waits for the answer: what was to be known is. */
static bool say_goodbye(struct talk *talk, struct buf *args)
{
	buf_clear(args);
	add_number(args, 200, 2);
	add_short(args, "");
	add_number(args, 0, 4);
	(void)!send_method(talk, CLOSE, args);
	return true;
}

bool probe_amqp(struct talk *talk)
{
	struct method tune;
	struct buf args;

	if (!talk_connect(talk) || !greet(talk))
		return false;
	if (!talk->probe->user)
		return true;
	buf_init(&args, FRAME_MAX);
	bool is_well = log_in(talk, &args, &tune) &&
		       open_host(talk, &args, &tune) &&
		       say_goodbye(talk, &args);
	buf_release(&args);
	return is_well;
}
