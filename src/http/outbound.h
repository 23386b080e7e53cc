/*
 * Where calls to others may go: not into our own network, whatever an address
 * is spelled like and whatever a name is resolved to.
 */
#ifndef CLEAT_HTTP_OUTBOUND_H
#define CLEAT_HTTP_OUTBOUND_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct sockaddr;

enum { OUTBOUND_URL_MAX = 2048 };

/* A range that --allow-http names: plain http, private addresses and any port
 * may be called there. IPv4 ranges are kept as ::ffff:a.b.c.d. */
struct outbound_rule {
	struct in6_addr address;
	int prefix; /* bits, of 128 */
};

/* ADDRESS/BITS or ADDRESS. False when it is neither. */
bool outbound_rule_parse(const char *text, struct outbound_rule *ret);

/*
 * May a socket be opened to this address and port. `is_plain`: without TLS,
 * which only a rule allows. Without one the port is 443 or none of the
 * privileged ones, which speak other protocols.
 */
bool outbound_is_allowed(const struct sockaddr *address, bool is_plain,
			 const struct outbound_rule *rules, size_t count);

/* What is spoken there besides HTTP, at ports of its own. */
enum outbound_use {
	OUTBOUND_HTTP,
	OUTBOUND_MAIL,	 /* 25, 465 and 587 too (RFC 5321, RFC 8314) */
	OUTBOUND_SYSLOG, /* 514 and 601 too (RFC 5426, RFC 6587) */
	OUTBOUND_LDAP,	 /* 636 too */
	OUTBOUND_FTP,	 /* 21 and 990 too (RFC 4217) */
};

/* The same for one of these. */
bool outbound_is_allowed_for(enum outbound_use use,
			     const struct sockaddr *address, bool is_plain,
			     const struct outbound_rule *rules, size_t count);

/*
 * Why this could not be called whatever is allowed, as the rest of a sentence;
 * NULL when it could: http or https, a host, and no user or password, as
 * libcurl reads it.
 */
const char *outbound_url_form_fault(const char *url);

/*
 * Why this is no URL to be kept and called later, as the rest of a sentence;
 * NULL when it is one. Its literal address, its port and a lack of TLS are
 * looked at; a name is not resolved: what it stands for is looked at when it
 * is called.
 */
const char *outbound_url_fault(const char *url,
			       const struct outbound_rule *rules, size_t count);

#endif
