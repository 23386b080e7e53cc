/*
 * SNMP 1 and 2c (RFC 1157, 3416): a question for how long the agent is up.
 * Receivers of traps do not answer it, nor do agents answer a community that
 * they do not know.
 */
#include "http/client_probe_snmp.h"

#include <string.h>
#include <unistd.h>

#define ANSWER_US INT64_C(1000000)
enum { TRIES = 3, TEXT_MAX = 255 };

static const unsigned char up_time[] = {0x2b, 6, 1, 2, 1, 1, 3, 0};

void snmp_put_question(struct ber_writer *to, bool has_object)
{
	size_t end = to->at;

	if (has_object) {
		ber_put(to, BER_NOTHING, "", 0);
		ber_put(to, BER_OBJECT, up_time, sizeof(up_time));
		ber_wrap(to, BER_SEQUENCE, end);
	}
	ber_wrap(to, BER_SEQUENCE, end);
	ber_put_number(to, 0);
	ber_put_number(to, 0);
	ber_put_number(to, 1);
	ber_wrap(to, SNMP_GET, end);
}

bool snmp_ask(struct talk *talk, int to, const struct ber_writer *message,
	      struct snmp_answer *ret)
{
	ret->length = 0;
	for (int i = 0; i < TRIES && !ret->length; i++)
		if (!datagram_send(talk, to, message->bytes + message->at,
				   BER_MESSAGE_MAX - message->at) ||
		    !datagram_take(talk, to, ANSWER_US, ret->bytes,
				   sizeof(ret->bytes), &ret->length))
			return false;
	talk->outcome->is_unanswered = !ret->length;
	return true;
}

static bool is_response(const struct snmp_answer *answer, uint32_t version)
{
	struct ber message,
		rest = {answer->bytes, answer->bytes + answer->length};
	uint32_t theirs;

	return ber_take(&rest, BER_SEQUENCE, &message) &&
	       ber_take_number(&message, &theirs) && theirs == version &&
	       ber_take(&message, BER_TEXT, &rest) &&
	       ber_take(&message, SNMP_RESPONSE, &rest);
}

static bool ask_by_community(struct talk *talk, int to, const char *community)
{
	uint32_t version = talk->probe->version == 1 ? 0 : 1;
	struct ber_writer message = ber_writer_at_end();
	struct snmp_answer answer;
	size_t end = message.at;

	snmp_put_question(&message, true);
	ber_put(&message, BER_TEXT, community, strlen(community));
	ber_put_number(&message, version);
	ber_wrap(&message, BER_SEQUENCE, end);
	talk_step(talk, PROBE_STEP_GREETING);
	if (!snmp_ask(talk, to, &message, &answer))
		return false;
	if (answer.length && !is_response(&answer, version))
		return talk_is_other(talk);
	return true;
}

bool probe_snmp(struct talk *talk)
{
	const char *user = talk->probe->user ? talk->probe->user : "";

	if (strlen(user) > TEXT_MAX) {
		talk_step(talk, PROBE_STEP_SETTINGS);
		return talk_fail(talk, PROBE_UNFIT,
				 "the community's or user's name is too long");
	}
	int to = datagram_open(talk);
	if (to < 0)
		return false;
	bool is_well = talk->probe->version == 3
			       ? snmp_probe_3(talk, to)
			       : ask_by_community(talk, to, user);
	(void)close(to);
	return is_well;
}
