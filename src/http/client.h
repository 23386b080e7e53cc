/*
 * The one way out: every call to somebody else is made here. TLS is checked
 * against the system's authorities, redirects are not followed, proxies of the
 * environment do not count, and the address is looked at when the socket
 * opens, so that a name cannot be resolved to one thing first and to another
 * then. Every call has a connection of its own.
 */
#ifndef CLEAT_HTTP_CLIENT_H
#define CLEAT_HTTP_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/outbound_call.h"
#include "http/outbound.h"

#define CLIENT_TIMEOUT_US INT64_C(30000000) /* of a whole call */

enum { CLIENT_ANSWER_MAX = 1024 * 1024, CLIENT_HEADERS_MAX = 64 * 1024 };

struct client; /* any thread */

enum client_failure {
	CLIENT_OK,
	CLIENT_BLOCKED, /* its address is none that may be called */
	CLIENT_BAD_URL, /* or a header or method that can't be sent */
	CLIENT_NO_ADDRESS,
	CLIENT_NO_CONNECTION,
	CLIENT_TIMED_OUT,
	CLIENT_NO_TLS, /* it offers none, and none is not enough */
	CLIENT_TLS,    /* the two do not come to terms */
	CLIENT_CERTIFICATE,
	CLIENT_BROKEN,	/* no whole answer */
	CLIENT_STOPPED, /* by client_stop */
	CLIENT_TOO_LARGE,
	CLIENT_NO_RELAY, /* there is no mail server */
};

/* The operator's mail server, which takes mail for everybody. */
struct mail_relay {
	const char *url;	     /* smtp://HOST[:PORT], or smtps:// */
	const char *from;	     /* an address, for mail that says none */
	const char *user, *password; /* NULL: it asks for none */
	const char *authorities;     /* a file in PEM; NULL: the system's */
	bool is_plain; /* without TLS: only where a rule allows that */
};

struct client_answer {
	enum client_failure failure;
	int status; /* 0 with a failure; of a mail, SMTP's reply code */
	const char *body;
	size_t body_length;
	const char *content_type; /* NULL: not said */
	int64_t retry_after_us;	  /* 0: not said (RFC 9110, 10.2.3) */
	int64_t took_us;
};

/* NULL when libcurl does not start. The rules outlive it. */
struct client *client_new(const struct outbound_rule *rules, size_t count);
/* When no call is under way. */
void client_free(struct client *client);

/* Before the first call; outlives it. Else a mail is CLIENT_NO_RELAY. */
void client_set_relay(struct client *client, const struct mail_relay *relay);

/* Calls under way end at once with CLIENT_STOPPED, and so do later ones. */
void client_stop(struct client *client);

/*
 * Blocks the calling thread: a job's, never a network thread's or the
 * writer's. `timeout_us` 0 is CLIENT_TIMEOUT_US. What is answered lies in the
 * arena, with a NUL after its body.
 */
void client_send(struct client *client, struct arena *arena,
		 const struct outbound_call *call, int64_t timeout_us,
		 struct client_answer *ret);

/* For logs and receipts, such as "timed out". */
const char *client_failure_name(enum client_failure failure);

#endif
