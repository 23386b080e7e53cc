/* Ranges of addresses. */
#include "http/outbound.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	V4_AT = 96,
	BITS_MAX = 128,
	PORT_TLS = 443,
	PORT_PRIVILEGED_MAX = 1023,
};

/*
 * IANA's special-purpose registries (RFC 6890 and later ones), with multicast:
 * nothing public is there. Of IPv6 only 2000::/3 is given out; the ranges in it
 * that carry an IPv4 address are refused whole. (A network's own NAT64 prefix
 * looks like any other: it is the network's business where that leads.)
 */
static const char *const blocked[] = {
	"0.0.0.0/8",	     "10.0.0.0/8",     "100.64.0.0/10",
	"127.0.0.0/8",	     "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24",	     "192.0.2.0/24",   "192.31.196.0/24",
	"192.52.193.0/24",   "192.88.99.0/24", "192.168.0.0/16",
	"192.175.48.0/24",   "198.18.0.0/15",  "198.51.100.0/24",
	"203.0.113.0/24",    "224.0.0.0/4",    "240.0.0.0/4",
	"2001::/23",	     "2001:db8::/32",  "2002::/16",
	"2620:4f:8000::/48", "3fff::/20",
};

static void map_v4(const struct in_addr *from, struct in6_addr *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->s6_addr[10] = ret->s6_addr[11] = 0xff;
	memcpy(ret->s6_addr + 12, from, 4);
}

static bool parse_bits(const char *text, int most, int *ret)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	long bits = strtol(text, &end, 10);
	*ret = (int)bits;
	return !*end && bits >= 0 && bits <= most;
}

bool outbound_rule_parse(const char *text, struct outbound_rule *ret)
{
	char address[INET6_ADDRSTRLEN];
	size_t length = strcspn(text, "/");
	struct in_addr v4;
	int bits;

	if (!length || length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	if (inet_pton(AF_INET, address, &v4) == 1) {
		map_v4(&v4, &ret->address);
		bits = BITS_MAX - V4_AT;
		if (text[length] &&
		    !parse_bits(text + length + 1, BITS_MAX - V4_AT, &bits))
			return false;
		ret->prefix = V4_AT + bits;
		return true;
	}
	bits = BITS_MAX;
	if (inet_pton(AF_INET6, address, &ret->address) != 1 ||
	    (text[length] && !parse_bits(text + length + 1, BITS_MAX, &bits)))
		return false;
	ret->prefix = bits;
	return true;
}

static bool is_within(const struct in6_addr *address,
		      const struct outbound_rule *rule)
{
	int whole = rule->prefix / 8, rest = rule->prefix % 8;

	if (memcmp(address->s6_addr, rule->address.s6_addr, (size_t)whole) != 0)
		return false;
	if (!rest)
		return true;
	int mask = 0xff << (8 - rest) & 0xff;
	return (address->s6_addr[whole] & mask) ==
	       (rule->address.s6_addr[whole] & mask);
}

static bool is_v4(const struct in6_addr *address)
{
	return IN6_IS_ADDR_V4MAPPED(address);
}

/* False for what is no internet address. */
static bool read_address(const struct sockaddr *from, struct in6_addr *ret,
			 uint16_t *ret_port)
{
	if (from->sa_family == AF_INET) {
		struct sockaddr_in v4;

		memcpy(&v4, from, sizeof(v4));
		map_v4(&v4.sin_addr, ret);
		*ret_port = ntohs(v4.sin_port);
		return true;
	}
	if (from->sa_family != AF_INET6)
		return false;
	struct sockaddr_in6 v6;
	memcpy(&v6, from, sizeof(v6));
	*ret = v6.sin6_addr;
	*ret_port = ntohs(v6.sin6_port);
	return true;
}

static bool is_public(const struct in6_addr *address)
{
	struct outbound_rule rule;

	if (!is_v4(address) && address->s6_addr[0] >> 5 != 1)
		return false;
	for (size_t i = 0; i < sizeof(blocked) / sizeof(*blocked); i++)
		if (!outbound_rule_parse(blocked[i], &rule) ||
		    is_within(address, &rule))
			return false;
	return true;
}

/* A range of IPv6, be it ::/0, says nothing of IPv4. */
static bool is_of_rule(const struct in6_addr *address,
		       const struct outbound_rule *rule)
{
	return (rule->prefix >= V4_AT || !is_v4(address)) &&
	       is_within(address, rule);
}

static bool is_port_of(enum outbound_use use, uint16_t port)
{
	if (port == PORT_TLS || port > PORT_PRIVILEGED_MAX)
		return true;
	if (use == OUTBOUND_MAIL)
		return port == 25 || port == 465 || port == 587;
	if (use == OUTBOUND_LDAP)
		return port == 636;
	if (use == OUTBOUND_FTP)
		return port == 21 || port == 990;
	return use == OUTBOUND_SYSLOG && (port == 514 || port == 601);
}

bool outbound_is_allowed(const struct sockaddr *address, bool is_plain,
			 const struct outbound_rule *rules, size_t count)
{
	return outbound_is_allowed_for(OUTBOUND_HTTP, address, is_plain, rules,
				       count);
}

bool outbound_is_allowed_for(enum outbound_use use,
			     const struct sockaddr *address, bool is_plain,
			     const struct outbound_rule *rules, size_t count)
{
	struct in6_addr to;
	uint16_t port;

	if (!read_address(address, &to, &port))
		return false;
	for (size_t i = 0; i < count; i++)
		if (is_of_rule(&to, &rules[i]))
			return true;
	return !is_plain && is_port_of(use, port) && is_public(&to);
}
