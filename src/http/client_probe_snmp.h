/* What both forms of SNMP's messages share. Inside of client_probe_snmp*.c. */
#ifndef CLEAT_HTTP_CLIENT_PROBE_SNMP_H
#define CLEAT_HTTP_CLIENT_PROBE_SNMP_H

#include "http/ber.h"
#include "http/client_probe_datagram.h"

enum { SNMP_GET = 0xa0, SNMP_RESPONSE = 0xa2, SNMP_REPORT = 0xa8 };

struct snmp_answer {
	unsigned char bytes[BER_MESSAGE_MAX];
	size_t length; /* 0: nothing came */
};

/* How long the agent is up; without an object it asks for nothing. */
void snmp_put_question(struct ber_writer *to, bool has_object);
/* Sent again, if need be: datagrams are lost. False when the probe ended. */
MUST_CHECK bool snmp_ask(struct talk *talk, int to,
			 const struct ber_writer *message,
			 struct snmp_answer *ret);

/* Version 3, on this socket. */
bool snmp_probe_3(struct talk *talk, int to);

#endif
