/* Ranges of addresses. */
#include "http/outbound.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { V4_AT = 96, BITS_MAX = 128 };

/*
 * IANA's special-purpose registries (RFC 6890 and later ones), with multicast:
 * nothing public is there. IPv6 ranges that carry an IPv4 address are refused
 * whole, but for ::ffff:0:0/96, which is how we keep IPv4 itself.
 */
static const char *const blocked[] = {
	"0.0.0.0/8",	   "10.0.0.0/8",     "100.64.0.0/10",
	"127.0.0.0/8",	   "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24",	   "192.0.2.0/24",   "192.31.196.0/24",
	"192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
	"192.175.48.0/24", "198.18.0.0/15",  "198.51.100.0/24",
	"203.0.113.0/24",  "224.0.0.0/4",    "240.0.0.0/4",
	"::/96",	   "64:ff9b::/96",   "64:ff9b:1::/48",
	"100::/64",	   "100:0:0:1::/64", "2001::/23",
	"2001:db8::/32",   "2002::/16",	     "2620:4f:8000::/48",
	"3fff::/20",	   "5f00::/16",	     "fc00::/7",
	"fe80::/10",	   "fec0::/10",	     "ff00::/8",
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

/* False for what is no internet address. */
static bool read_address(const struct sockaddr *from, struct in6_addr *ret)
{
	if (from->sa_family == AF_INET) {
		struct sockaddr_in v4;

		memcpy(&v4, from, sizeof(v4));
		map_v4(&v4.sin_addr, ret);
		return true;
	}
	if (from->sa_family != AF_INET6)
		return false;
	struct sockaddr_in6 v6;
	memcpy(&v6, from, sizeof(v6));
	*ret = v6.sin6_addr;
	return true;
}

static bool is_blocked(const struct in6_addr *address)
{
	struct outbound_rule rule;

	for (size_t i = 0; i < sizeof(blocked) / sizeof(*blocked); i++)
		if (!outbound_rule_parse(blocked[i], &rule) ||
		    is_within(address, &rule))
			return true;
	return false;
}

bool outbound_is_allowed(const struct sockaddr *address, bool is_plain,
			 const struct outbound_rule *rules, size_t count)
{
	struct in6_addr to;

	if (!read_address(address, &to))
		return false;
	for (size_t i = 0; i < count; i++)
		if (is_within(&to, &rules[i]))
			return true;
	return !is_plain && !is_blocked(&to);
}
