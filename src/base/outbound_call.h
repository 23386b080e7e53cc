/* An HTTP request, or a mail, to somebody else, as plain values. */
#ifndef CLEAT_BASE_OUTBOUND_CALL_H
#define CLEAT_BASE_OUTBOUND_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Those that a request may have (http/request.h), and what we put in. */
enum { OUTBOUND_HEADERS_MAX = 128 };

struct outbound_header {
	const char *name;
	const char *value;
};

/* By the operator's mail server; `body` is the whole message. */
struct outbound_mail {
	const char *from; /* NULL: the operator's own address */
	const char *to;	  /* NULL: nothing is sent, only logged in */
};

struct outbound_call {
	const char *method;
	const char *url;
	struct outbound_header headers[OUTBOUND_HEADERS_MAX];
	size_t header_count;
	const char *body; /* NULL: none */
	size_t body_length;
	/* NULL: it is HTTP; else method, URL and headers say nothing */
	const struct outbound_mail *mail;
	/* a connection to the URL's host is all that is wanted; its scheme says
	 * whether by TLS */
	bool only_connects;
	bool trusts_any; /* any certificate will do */
};

/*
 * Who sends the call says these headers, and nobody else: they tell where it
 * ends, and to whom it is. Whatever their case.
 */
bool outbound_header_is_reserved(const char *name);

/* What came back. */
struct outbound_answer {
	int status;	     /* 0: nothing came; of a mail, SMTP's reply code */
	const char *failure; /* then why */
	const char *body;
	size_t length;
	int64_t retry_after_us; /* 0: not said */
	int64_t took_us;
};

#endif
