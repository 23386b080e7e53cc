/* Databases whose greeting is looked at, and no more: MySQL's, the answer of
 * SQL Server to a prelogin, of MongoDB to a hello. */
#include <string.h>

#include "http/client_talk.h"

enum { FRAME_MAX = 64 * 1024 };

/* A packet: three bytes of length from the low end, a number, the payload. */
bool probe_mysql(struct talk *talk)
{
	unsigned char head[4], payload[3];

	if (!talk_connect(talk))
		return false;
	talk_step(talk, PROBE_STEP_GREETING);
	if (!talk_take(talk, head, sizeof(head)))
		return false;
	size_t length = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
	if (length < sizeof(payload) || length > FRAME_MAX || head[3] != 0)
		return talk_is_other(talk);
	if (!talk_take(talk, payload, sizeof(payload)))
		return false;
	if (payload[0] == 0xff)
		return talk_fail(talk, PROBE_FAILING,
				 arena_printf(talk->arena,
					      "it refuses us with error %d",
					      payload[1] | payload[2] << 8));
	return payload[0] == 10 ? true : talk_is_other(talk);
}

/* MS-TDS, 2.2.6.5: the version alone, without encryption. */
bool probe_sql_server(struct talk *talk)
{
	static const unsigned char prelogin[] = {
		0x12, 1, 0,    26, 0, 0, 1, 0,	/* the packet's head */
		0,    0, 11,   0,  6, 1, 0, 17, /* version, encryption */
		0,    1, 0xff,			/* and no more */
		0,    0, 0,    0,  0, 0, 2,
	};
	unsigned char head[8], option;

	if (!talk_connect(talk))
		return false;
	talk_step(talk, PROBE_STEP_GREETING);
	if (!talk_send(talk, prelogin, sizeof(prelogin)) ||
	    !talk_take(talk, head, sizeof(head)))
		return false;
	size_t length = (size_t)talk_get(head + 2, 2);
	if (head[0] != 4 || length <= sizeof(head) || length > FRAME_MAX)
		return talk_is_other(talk);
	if (!talk_take(talk, &option, 1))
		return false;
	return option == 0 ? true : talk_is_other(talk);
}

static uint32_t low_end(const unsigned char *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 |
	       (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/* OP_MSG with the document {hello: 1, $db: "admin"}. */
bool probe_mongodb(struct talk *talk)
{
	static const unsigned char hello[] = {
		/* size, request 1, in answer to none, OP_MSG 2013 */
		52, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0,
		/* no flags, a body */
		0, 0, 0, 0, 0,
		/* the document: its size, an int32, a string */
		31, 0, 0, 0, 16, 'h', 'e', 'l', 'l', 'o', 0, 1, 0, 0, 0, 2, '$',
		'd', 'b', 0, 6, 0, 0, 0, 'a', 'd', 'm', 'i', 'n', 0, 0};
	unsigned char head[16];

	if (!talk_connect(talk))
		return false;
	talk_step(talk, PROBE_STEP_GREETING);
	if (!talk_send(talk, hello, sizeof(hello)) ||
	    !talk_take(talk, head, sizeof(head)))
		return false;
	uint32_t size = low_end(head);
	bool is_ours = size > sizeof(head) && size <= FRAME_MAX &&
		       low_end(head + 8) == 1 && low_end(head + 12) == 2013;
	return is_ours ? true : talk_is_other(talk);
}
