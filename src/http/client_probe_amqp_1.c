/*
 * AMQP 1.0: the protocol's header (2.2), or SASL's and a login (5.3). Types
 * are written in their longest form and read in any (1.6).
 */
#include <string.h>

#include "http/client_talk.h"

enum {
	SASL = 3,
	HEADER = 8,
	FRAME_MAX = 16 * 1024,
	MECHANISMS = 0x40,
	INIT = 0x41,
	OUTCOME = 0x44,
	DESCRIBED = 0x00,
	SMALL_ULONG = 0x53,
	BIN_32 = 0xb0,
	SYM_8 = 0xa3,
	LIST_32 = 0xd0,
	LIST_8 = 0xc0,
	LIST_32_HEAD = 9,
	LIST_8_HEAD = 3,
	UBYTE = 0x50,
};

static bool greet(struct talk *talk, unsigned char id)
{
	const unsigned char ours[HEADER] = {'A', 'M', 'Q', 'P', id, 1, 0, 0};
	unsigned char theirs[HEADER];

	talk_step(talk, PROBE_STEP_GREETING);
	if (!talk_send(talk, ours, HEADER) || !talk_take(talk, theirs, HEADER))
		return false;
	if (memcmp(theirs, "AMQP", 4) != 0)
		return talk_is_other(talk);
	if (memcmp(theirs, ours, HEADER) == 0)
		return true;
	return talk_fail(talk, PROBE_UNEXPECTED,
			 "the server speaks another version of AMQP, or wants "
			 "or has no login");
}

/* A SASL frame's performative: its descriptor, and what follows it. */
static bool take_frame(struct talk *talk, unsigned char *ret_code,
		       const unsigned char **ret_rest, size_t *ret_length)
{
	unsigned char head[8], *body;

	if (!talk_take(talk, head, sizeof(head)))
		return false;
	size_t size = (size_t)talk_get(head, 4), skip = head[4] * 4u;
	if (size > FRAME_MAX)
		return talk_says_too_much(talk);
	if (size < skip + 3 || skip < sizeof(head) || head[5] != 1)
		return talk_is_other(talk);
	size -= sizeof(head);
	skip -= sizeof(head);
	body = arena_alloc(talk->arena, size + 1);
	if (!talk_take(talk, body, size))
		return false;
	if (body[skip] != DESCRIBED || body[skip + 1] != SMALL_ULONG)
		return talk_is_other(talk);
	*ret_code = body[skip + 2];
	*ret_rest = body + skip + 3;
	*ret_length = size - skip - 3;
	return true;
}

static bool send_init(struct talk *talk)
{
	const char *user = talk->probe->user;
	const char *password = talk->probe->password;
	size_t secret = 2 + strlen(user) + strlen(password);
	unsigned char head[] = {
		0,	   0,		0,    0,       2,     1, 0,   0,
		DESCRIBED, SMALL_ULONG, INIT, LIST_32, 0,     0, 0,   0,
		0,	   0,		0,    2,       SYM_8, 5, 'P', 'L',
		'A',	   'I',		'N',  BIN_32,  0,     0, 0,   0};

	talk_put(head, sizeof(head) + secret, 4);
	talk_put(head + 12, 4 + 7 + 5 + secret, 4);
	talk_put(head + 28, secret, 4);
	return talk_send(talk, head, sizeof(head)) && talk_send(talk, "", 1) &&
	       talk_send(talk, user, strlen(user) + 1) &&
	       talk_send(talk, password, strlen(password));
}

/* The code is the list's first element, an unsigned byte. */
static bool is_accepted(const unsigned char *list, size_t length)
{
	size_t skip = length && list[0] == LIST_32 ? LIST_32_HEAD : LIST_8_HEAD;

	return length >= skip + 2 &&
	       (list[0] == LIST_32 || list[0] == LIST_8) &&
	       list[skip] == UBYTE && list[skip + 1] == 0;
}

static bool log_in(struct talk *talk)
{
	const unsigned char *rest;
	unsigned char code;
	size_t length;

	if (!take_frame(talk, &code, &rest, &length))
		return false;
	if (code != MECHANISMS)
		return talk_is_other(talk);
	talk_step(talk, PROBE_STEP_LOGIN);
	if (!send_init(talk) || !take_frame(talk, &code, &rest, &length))
		return false;
	if (code != OUTCOME)
		return talk_is_other(talk);
	return is_accepted(rest, length) ||
	       talk_fail(talk, PROBE_DENIED, "user or password was refused");
}

bool probe_amqp_1(struct talk *talk)
{
	if (!talk_connect(talk))
		return false;
	if (!talk->probe->user)
		return greet(talk, 0);
	return greet(talk, SASL) && log_in(talk);
}
