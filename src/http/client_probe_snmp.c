/*
 * SNMP: a question for how long the agent is up (1 and 2c: RFC 1157, 3416), or
 * for who it is (3: the discovery of RFC 3414, 4). Receivers of traps answer
 * neither, and agents do not answer a community that they do not know.
 */
#include <string.h>
#include <unistd.h>

#include "http/client_probe_datagram.h"

enum {
	INTEGER = 0x02,
	TEXT = 0x04,
	NOTHING = 0x05,
	OBJECT = 0x06,
	SEQUENCE = 0x30,
	GET = 0xa0,
	RESPONSE = 0xa2,
	REPORT = 0xa8,
	MESSAGE_MAX = 1400,
	SHORT_MAX = 127, /* lengths of one byte */
};
#define ANSWER_US INT64_C(1000000)
enum { TRIES = 3 };

static const unsigned char up_time[] = {0x2b, 6, 1, 2, 1, 1, 3, 0};

/* Written from its end to its beginning, so that lengths are known. */
struct backward {
	unsigned char bytes[MESSAGE_MAX];
	size_t at;
};

static void before(struct backward *to, const void *bytes, size_t length)
{
	to->at -= length;
	memcpy(to->bytes + to->at, bytes, length);
}

/* What was written since `end` becomes the value of this. */
static void wrap(struct backward *to, unsigned char tag, size_t end)
{
	size_t length = end - to->at;
	unsigned char head[4] = {tag, 0x82, (unsigned char)(length >> 8),
				 (unsigned char)length};

	if (length <= SHORT_MAX) {
		head[1] = (unsigned char)length;
		before(to, head, 2);
	} else {
		before(to, head, 4);
	}
}

static void put(struct backward *to, unsigned char tag, const void *bytes,
		size_t length)
{
	size_t end = to->at;

	before(to, bytes, length);
	wrap(to, tag, end);
}

static void put_number(struct backward *to, unsigned value)
{
	unsigned char raw[4];
	size_t skip = 0;

	talk_put(raw, value, sizeof(raw));
	while (skip < 3 && !raw[skip] && raw[skip + 1] < 0x80)
		skip++;
	put(to, INTEGER, raw + skip, sizeof(raw) - skip);
}

static void put_question(struct backward *to, bool has_object)
{
	size_t end = to->at, list = end;

	if (has_object) {
		put(to, NOTHING, "", 0);
		put(to, OBJECT, up_time, sizeof(up_time));
		wrap(to, SEQUENCE, list);
	}
	wrap(to, SEQUENCE, list);
	put_number(to, 0);
	put_number(to, 0);
	put_number(to, 1);
	wrap(to, GET, end);
}

static void put_v1(struct backward *to, int version, const char *community)
{
	size_t end = to->at;

	put_question(to, true);
	put(to, TEXT, community, strlen(community));
	put_number(to, (unsigned)version - 1);
	wrap(to, SEQUENCE, end);
}

/* Of an engine that is not known yet, by nobody. */
static void put_discovery(struct backward *to)
{
	size_t end = to->at, part;
	const unsigned char reportable = 4;

	put_question(to, false);
	put(to, TEXT, "", 0);
	put(to, TEXT, "", 0);
	wrap(to, SEQUENCE, end);
	part = to->at;
	put(to, TEXT, "", 0);
	put(to, TEXT, "", 0);
	put(to, TEXT, "", 0);
	put_number(to, 0);
	put_number(to, 0);
	put(to, TEXT, "", 0);
	wrap(to, SEQUENCE, part);
	wrap(to, TEXT, part);
	part = to->at;
	put_number(to, 3);
	put(to, TEXT, &reportable, 1);
	put_number(to, MESSAGE_MAX);
	put_number(to, 1);
	wrap(to, SEQUENCE, part);
	put_number(to, 3);
	wrap(to, SEQUENCE, end);
}

/* The next element: its tag, and its value's place. False when it is none. */
static bool next(const unsigned char **at, const unsigned char *end,
		 unsigned char *ret_tag, const unsigned char **ret_value,
		 size_t *ret_length)
{
	const unsigned char *p = *at;

	if (end - p < 2)
		return false;
	*ret_tag = *p++;
	size_t length = *p++;
	if (length > SHORT_MAX) {
		size_t bytes = length & SHORT_MAX;

		if (bytes > 2 || (size_t)(end - p) < bytes)
			return false;
		length = (size_t)talk_get(p, bytes);
		p += bytes;
	}
	if (length > (size_t)(end - p))
		return false;
	*ret_value = p;
	*ret_length = length;
	*at = p + length;
	return true;
}

/* Is it a message of this version, with an answer in it? In the third, a
 * report comes behind the head, the security's part and two names. */
static bool is_answer(const unsigned char *bytes, size_t length, int version)
{
	const unsigned char *at = bytes, *end = bytes + length, *value;
	unsigned char tag;
	size_t size;

	if (!next(&at, end, &tag, &value, &size) || tag != SEQUENCE)
		return false;
	at = value;
	end = value + size;
	if (!next(&at, end, &tag, &value, &size) || tag != INTEGER ||
	    size != 1 || *value != (version == 3 ? 3 : version - 1))
		return false;
	if (!next(&at, end, &tag, &value, &size))
		return false;
	if (version != 3)
		return next(&at, end, &tag, &value, &size) && tag == RESPONSE;
	if (!next(&at, end, &tag, &value, &size) ||
	    !next(&at, end, &tag, &value, &size) || tag != SEQUENCE)
		return false;
	at = value;
	end = value + size;
	return next(&at, end, &tag, &value, &size) &&
	       next(&at, end, &tag, &value, &size) &&
	       next(&at, end, &tag, &value, &size) && tag == REPORT;
}

/* A datagram may be lost: it is sent again. */
static bool ask(struct talk *talk, int to, const struct backward *message)
{
	unsigned char answer[MESSAGE_MAX];
	size_t length = 0;

	talk_step(talk, PROBE_STEP_GREETING);
	for (int i = 0; i < TRIES && !length; i++)
		if (!datagram_send(talk, to, message->bytes + message->at,
				   MESSAGE_MAX - message->at) ||
		    !datagram_take(talk, to, ANSWER_US, answer, sizeof(answer),
				   &length))
			return false;
	talk->outcome->is_unanswered = !length;
	return !length || is_answer(answer, length, talk->probe->version) ||
	       talk_fail(talk, PROBE_UNEXPECTED,
			 "the server speaks something else");
}

bool probe_snmp(struct talk *talk)
{
	struct backward message = {.at = MESSAGE_MAX};
	const struct probe *probe = talk->probe;
	const char *community = probe->user ? probe->user : "";

	if (probe->version == 3) {
		put_discovery(&message);
	} else if (strlen(community) <= 255) {
		put_v1(&message, probe->version, community);
	} else {
		talk_step(talk, PROBE_STEP_SETTINGS);
		return talk_fail(talk, PROBE_UNFIT,
				 "the community's name is too long");
	}
	int to = datagram_open(talk);
	if (to < 0)
		return false;
	bool is_well = ask(talk, to, &message);
	(void)close(to);
	return is_well;
}
