/*
 * SNMP 3 (RFC 3412, 3414): the engine is asked who it is, then as the user for
 * how long it is up, signed if the user signs. Nothing is encrypted: an engine
 * tells by its refusal whether it knows user and signature.
 */
#include <sodium.h>
#include <string.h>

#include "base/usm.h"
#include "http/client_probe_snmp.h"

enum {
	IS_SIGNED = 1,
	IS_REPORTABLE = 4,
	MODEL_USM = 3,
	/* usmStats, by the last but one of their numbers */
	NO_SUCH_LEVEL = 1,
	NOT_IN_TIME = 2,
	NO_SUCH_USER = 3,
	WRONG_SIGNATURE = 5,
};

static const unsigned char stats[] = {0x2b, 6, 1, 6, 3, 15, 1, 1};

/* Who it is, as its answers say. */
struct engine {
	unsigned char id[USM_ENGINE_MAX];
	size_t id_length;
	uint32_t boots, time;
};

struct asking {
	struct talk *talk;
	int to;
	const char *user;
	const struct usm_auth *auth; /* NULL: not signed */
	unsigned char key[USM_KEY_MAX];
	size_t key_length;
	struct engine engine;
};

/* What an answer says: a response, or a report and of what. */
struct said {
	bool is_response;
	unsigned report; /* one of the above; 0: of anything else */
};

/* Of RFC 3414, 2.4. Where the signature is to come is left empty. */
static size_t put_security(struct ber_writer *to, const struct asking *asking)
{
	static const unsigned char empty[USM_MAC_MAX];
	size_t end = to->at;

	ber_put(to, BER_TEXT, "", 0);
	ber_put(to, BER_TEXT, empty,
		asking->auth ? asking->auth->mac_length : 0);
	size_t signature = to->at + 2;
	ber_put(to, BER_TEXT, asking->user, strlen(asking->user));
	ber_put_number(to, asking->engine.time);
	ber_put_number(to, asking->engine.boots);
	ber_put(to, BER_TEXT, asking->engine.id, asking->engine.id_length);
	ber_wrap(to, BER_SEQUENCE, end);
	ber_wrap(to, BER_TEXT, end);
	return signature;
}

/* Of RFC 3412, 6. */
static size_t put_message(struct ber_writer *to, const struct asking *asking)
{
	size_t end = to->at, part;
	bool is_known = asking->engine.id_length > 0;
	const unsigned char flags =
		IS_REPORTABLE | (asking->auth ? IS_SIGNED : 0);

	snmp_put_question(to, is_known);
	ber_put(to, BER_TEXT, "", 0);
	ber_put(to, BER_TEXT, asking->engine.id, asking->engine.id_length);
	ber_wrap(to, BER_SEQUENCE, end);
	size_t signature = put_security(to, asking);
	part = to->at;
	ber_put_number(to, MODEL_USM);
	ber_put(to, BER_TEXT, &flags, 1);
	ber_put_number(to, BER_MESSAGE_MAX);
	ber_put_number(to, 1);
	ber_wrap(to, BER_SEQUENCE, part);
	ber_put_number(to, 3);
	ber_wrap(to, BER_SEQUENCE, end);
	return signature;
}

static bool sign(struct ber_writer *message, const struct asking *asking,
		 size_t signature)
{
	unsigned char made[USM_MAC_MAX];

	if (!asking->auth)
		return true;
	if (!usm_sign(asking->auth, asking->key, asking->key_length,
		      message->bytes + message->at,
		      BER_MESSAGE_MAX - message->at, made))
		return false;
	memcpy(message->bytes + signature, made, asking->auth->mac_length);
	return true;
}

static bool read_engine(struct ber security, struct engine *ret)
{
	struct ber all, id;
	struct engine engine;

	if (!ber_take(&security, BER_SEQUENCE, &all) ||
	    !ber_take(&all, BER_TEXT, &id) ||
	    !ber_take_number(&all, &engine.boots) ||
	    !ber_take_number(&all, &engine.time))
		return false;
	engine.id_length = (size_t)(id.end - id.at);
	if (!engine.id_length || engine.id_length > USM_ENGINE_MAX)
		return false;
	memcpy(engine.id, id.at, engine.id_length);
	*ret = engine;
	return true;
}

/* The first object of a report; 0 when it is none of usmStats. */
static unsigned report_of(struct ber pdu)
{
	struct ber list, pair, object;
	uint32_t number;

	/* of the request, of an error, of its place */
	for (int i = 0; i < 3; i++)
		if (!ber_take_number(&pdu, &number))
			return 0;
	if (!ber_take(&pdu, BER_SEQUENCE, &list) ||
	    !ber_take(&list, BER_SEQUENCE, &pair) ||
	    !ber_take(&pair, BER_OBJECT, &object))
		return 0;
	size_t length = (size_t)(object.end - object.at);
	return length == sizeof(stats) + 2 &&
			       memcmp(object.at, stats, sizeof(stats)) == 0
		       ? object.at[sizeof(stats)]
		       : 0;
}

static bool read_answer(const struct snmp_answer *answer,
			struct engine *ret_engine, struct said *ret)
{
	struct ber rest = {answer->bytes, answer->bytes + answer->length};
	struct ber message, head, security, scoped, pdu;
	uint32_t version;
	unsigned char tag;

	if (!ber_take(&rest, BER_SEQUENCE, &message) ||
	    !ber_take_number(&message, &version) || version != 3 ||
	    !ber_take(&message, BER_SEQUENCE, &head) ||
	    !ber_take(&message, BER_TEXT, &security) ||
	    !ber_take(&message, BER_SEQUENCE, &scoped) ||
	    !ber_take(&scoped, BER_TEXT, &head) ||
	    !ber_take(&scoped, BER_TEXT, &head) ||
	    !ber_next(&scoped, &tag, &pdu) ||
	    (tag != SNMP_RESPONSE && tag != SNMP_REPORT))
		return false;
	ret->is_response = tag == SNMP_RESPONSE;
	ret->report = ret->is_response ? 0 : report_of(pdu);
	return read_engine(security, ret_engine);
}

/* False when the probe has ended, or nothing came. */
static bool ask(struct asking *asking, struct said *ret)
{
	struct talk *talk = asking->talk;
	struct ber_writer message = ber_writer_at_end();
	struct snmp_answer answer;
	size_t signature = put_message(&message, asking);

	if (!sign(&message, asking, signature))
		return talk_fail(talk, PROBE_FAILING, "OpenSSL does not sign");
	if (!snmp_ask(talk, asking->to, &message, &answer))
		return false;
	if (!answer.length)
		return false;
	return read_answer(&answer, &asking->engine, ret) ||
	       talk_is_other(talk);
}

static bool make_key(struct asking *asking)
{
	const struct probe *probe = asking->talk->probe;

	if (!probe->signs_by)
		return true;
	asking->auth = usm_auth_find(probe->signs_by);
	return (asking->auth && probe->password &&
		usm_key(asking->auth, probe->password, asking->engine.id,
			asking->engine.id_length, asking->key,
			&asking->key_length)) ||
	       talk_fail(asking->talk, PROBE_DENIED,
			 "there is no passphrase to sign with");
}

/* An engine whose clock was not known says what it is, once. */
static bool ask_as_user(struct asking *asking)
{
	struct talk *talk = asking->talk;
	struct said said = {.report = NOT_IN_TIME};

	for (int i = 0; i < 2 && said.report == NOT_IN_TIME; i++)
		if (!ask(asking, &said)) {
			if (!talk->outcome->is_unanswered)
				return false;
			talk->outcome->is_unanswered = false;
			return talk_fail(talk, PROBE_TIMED_OUT,
					 "nothing was said in time");
		}
	if (said.is_response)
		return true;
	if (said.report == NO_SUCH_USER || said.report == WRONG_SIGNATURE ||
	    said.report == NO_SUCH_LEVEL)
		return talk_fail(talk, PROBE_DENIED,
				 said.report == NO_SUCH_LEVEL
					 ? "the user does not sign so"
					 : "user or passphrase was refused");
	return talk_is_other(talk);
}

bool snmp_probe_3(struct talk *talk, int to)
{
	struct asking asking = {.talk = talk, .to = to, .user = ""};
	struct said said;

	talk_step(talk, PROBE_STEP_GREETING);
	if (!ask(&asking, &said)) /* a receiver of traps says nothing */
		return talk->outcome->is_unanswered;
	talk_step(talk, PROBE_STEP_LOGIN);
	asking.user = talk->probe->user ? talk->probe->user : "";
	bool is_in = make_key(&asking) && ask_as_user(&asking);
	sodium_memzero(asking.key, sizeof(asking.key));
	return is_in;
}
