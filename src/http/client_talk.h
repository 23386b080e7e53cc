/*
 * Talking to a server in its own protocol: over a connection that the client
 * has made by its rules (http/client.h), with TLS if need be. Inside of the
 * client's probes. Blocks as client_send does, ends with the client.
 */
#ifndef CLEAT_HTTP_CLIENT_TALK_H
#define CLEAT_HTTP_CLIENT_TALK_H

#include "base/probe.h"
#include "http/client_call.h"

enum { TALK_MAX = 256 * 1024 }; /* bytes that are listened to */

/* One probe under way. */
struct talk {
	struct sending sending;
	struct arena *arena;
	const struct probe *probe;
	struct probe_outcome *outcome;
	int64_t ends_at; /* monotonic */
	size_t taken;	 /* bytes */
	const char *url; /* that libcurl has */
	char why[CURL_ERROR_SIZE];
};

/* Sets up handles for a URL of this scheme; false when libcurl does not. */
MUST_CHECK bool talk_prepare(struct talk *talk, const char *scheme,
			     const char *rest);
void talk_release(struct talk *talk);

/* It came this far, and on it goes. */
void talk_step(struct talk *talk, enum probe_step step);
/* It ends here: false. `detail` is constant or in the arena. (A macro, so that
 * analysers see that what follows does not.) */
#define talk_fail(talk, fault, detail)                                         \
	(talk_explain(talk, fault, detail), false)
void talk_explain(struct talk *talk, enum probe_fault fault,
		  const char *detail);
#define talk_is_other(talk)                                                    \
	talk_fail(talk, PROBE_UNEXPECTED, "the server speaks something else")
#define talk_says_too_much(talk)                                               \
	talk_fail(talk, PROBE_FLOODED, "it says more than it should")
/* The same, by what libcurl says of it. */
bool talk_judge(struct talk *talk, CURLcode code);

/* These are false when it has ended. A connection, with TLS if the probe has
 * it from the first byte on. */
MUST_CHECK bool talk_connect(struct talk *talk);
MUST_CHECK bool talk_send(struct talk *talk, const void *bytes, size_t length);
/* So many bytes, no fewer. */
MUST_CHECK bool talk_take(struct talk *talk, void *ret, size_t length);

/* Where the guard lets it go; at least one. */
MUST_CHECK bool talk_resolve(struct talk *talk, struct client_addresses *ret);
/* Until this descriptor is ready for `events` of poll(2). */
MUST_CHECK bool talk_await(struct talk *talk, int descriptor, short events);
/* The same, no longer than this: false when nothing came, `*ret_ended` when
 * the probe has. */
MUST_CHECK bool talk_await_for(struct talk *talk, int descriptor, short events,
			       int64_t most_us, bool *ret_ended);

/* Big-endian numbers. */
void talk_put(unsigned char *to, uint64_t value, size_t bytes);
uint64_t talk_get(const unsigned char *from, size_t bytes);

/* One for each protocol: true when all went well. They set the outcome. */
bool probe_http(struct talk *talk);
bool probe_smtp(struct talk *talk);
bool probe_ftp(struct talk *talk);
bool probe_sftp(struct talk *talk);
bool probe_ssh(struct talk *talk);
bool probe_ldap(struct talk *talk);
bool probe_tcp(struct talk *talk);
bool probe_udp(struct talk *talk);
bool probe_postgres(struct talk *talk);
bool probe_mysql(struct talk *talk);
bool probe_sql_server(struct talk *talk);
bool probe_mongodb(struct talk *talk);
bool probe_amqp(struct talk *talk);
bool probe_amqp_1(struct talk *talk);
bool probe_openwire(struct talk *talk);
bool probe_kafka(struct talk *talk);
bool probe_snmp(struct talk *talk);

#endif
