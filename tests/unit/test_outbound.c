/* http/outbound: which addresses and URLs may be called. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "http/outbound.h"
#include "support.h"

enum { SPELLINGS_LEAST = 150 };

/* clang-format off */
/* As a URL would spell them; each is an address of ours or of nobody. */
static const char *const blocked[] = {
	/* loopback: dotted, short, one number, octal, hexadecimal, mixed */
	"127.0.0.1", "127.0.0.0", "127.255.255.255", "127.1", "127.0.1",
	"127.1.1.1", "127.65535", "127.16777215", "2130706433", "2147483647",
	"0177.0.0.1", "0177.1", "0177.0.01", "017700000001", "00177.0.0.1",
	"0000177.0.0.1", "0177.0000.0000.0001", "0x7f.0.0.1", "0x7f.1",
	"0x7f.0.1", "0x7f000001", "0X7F000001", "0x7f.0x0.0x0.0x1",
	"0x7F.0.0.0x1", "0x07f.1", "0x0000007f.1", "127.0x1", "127.0x0.1",
	"127.0.0x1", "127.0.0.0x1", "127.0.0.01", "127.00.00.01",
	"0x7f.00.0x0.1", "0177.0x0.0.1", "0x7fffffff", "017777777777",
	/* this network */
	"0.0.0.0", "0", "0.0", "0.0.0", "00", "0x0", "0x00000000", "0.1",
	"0.255.255.255", "00000000000", "0x00.0x00.0x00.0x00", "16777215",
	"0.0.0.1", "00.00.00.00",
	/* private */
	"10.0.0.0", "10.0.0.1", "10.255.255.255", "10.1", "10.0.1",
	"012.0.0.1", "012.1", "0xa.1", "0xa.0.0.1", "0x0a000001", "167772161",
	"01200000001", "10.65535", "184549375", "172.16.0.0", "172.16.0.1",
	"172.31.255.255", "172.16.1", "172.1048577", "0254.020.0.1",
	"0xac.0x10.0.1", "0xac100001", "2886729729", "025404000001",
	"2887778303", "172.20.10.2", "192.168.0.0", "192.168.0.1",
	"192.168.255.255", "192.168.1", "192.168.257", "192.11010049",
	"0300.0250.0.1", "0xc0.0xa8.0.1", "0xc0a80001", "3232235521",
	"030052000001", "3232301055",
	/* link-local, and the clouds' metadata */
	"169.254.0.0", "169.254.169.254", "169.254.255.255", "169.254.43518",
	"169.16689662", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
	"025177524776", "0xa9.0xfe.0xa9.0xfe", "169.254.0xa9.0376",
	"0xa9.254.43518", "169.254.170.2", "169.254.1",
	/* shared by carriers */
	"100.64.0.0", "100.64.0.1", "100.127.255.255", "100.100.100.200",
	"1681915905", "0x64400001", "0144.0100.0.1", "100.4194305",
	/* protocol assignments, documentation, benchmarks, 6to4 relays */
	"192.0.0.0", "192.0.0.1", "192.0.0.170", "192.0.0.255", "192.1",
	"0xc0000001", "192.0.2.0", "192.0.2.1", "192.0.2.255", "3221225985",
	"198.51.100.0", "198.51.100.255", "0xc6336401", "203.0.113.0",
	"203.0.113.255", "3405803777", "198.18.0.0", "198.18.0.1",
	"198.19.255.255", "0xc6120001", "3323068417", "192.88.99.0",
	"192.88.99.1", "192.88.99.255", "192.31.196.1", "192.52.193.1",
	"192.175.48.1",
	/* multicast, class E, broadcast */
	"224.0.0.0", "224.0.0.1", "239.255.255.255", "0xe0000001",
	"3758096385", "0340.0.0.1", "240.0.0.0", "240.0.0.1",
	"254.255.255.255", "255.255.255.255", "4294967295", "0xffffffff",
	"037777777777", "0377.0377.0377.0377", "255.16777215",
	"255.255.65535",
	/* IPv6 of its own */
	"[::]", "[::0]", "[0:0:0:0:0:0:0:0]", "[::1]", "[0:0:0:0:0:0:0:1]",
	"[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0001]", "[0::1]",
	"[::2]", "[fc00::]", "[fc00::1]", "[fd00::1]", "[FD12:3456::1]",
	"[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]", "[fe80::1]", "[FE80::1]",
	"[febf:ffff::1]", "[fec0::1]", "[feff::1]", "[ff00::]", "[ff02::1]",
	"[ff0e::1]", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]", "[100::]",
	"[100::1]", "[100:0:0:1::1]", "[2001:db8::]", "[2001:db8::1]",
	"[2001:DB8:ffff::1]", "[3fff::1]", "[5f00::1]", "[4000::1]",
	"[8000::1]", "[1fff:ffff::1]", "[2620:4f:8000::1]", "[2001:2::1]",
	"[2001:10::1]", "[2001:20::1]", "[fd00:ec2::254]",
	/* IPv4 in IPv6: mapped, compatible, translated */
	"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:0001]",
	"[0:0:0:0:0:ffff:127.0.0.1]", "[0000::ffff:7f00:1]",
	"[::ffff:10.0.0.1]", "[::ffff:a00:1]", "[::ffff:169.254.169.254]",
	"[::ffff:a9fe:a9fe]", "[::ffff:192.168.1.1]", "[::ffff:c0a8:101]",
	"[::ffff:172.16.0.1]", "[::ffff:0.0.0.0]", "[::ffff:0:0]",
	"[::ffff:100.64.0.1]", "[::ffff:224.0.0.1]",
	"[::ffff:255.255.255.255]", "[::127.0.0.1]", "[::7f00:1]",
	"[::10.0.0.1]", "[::8.8.8.8]", "[::ffff:0:127.0.0.1]",
	"[::ffff:0:8.8.8.8]",
	/* ... in NAT64's prefixes, 6to4, Teredo */
	"[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]",
	"[64:ff9b::8.8.8.8]", "[64:ff9b:1::10.0.0.1]", "[64:ff9b:1:ffff::1]",
	"[2002:7f00:1::]", "[2002:7f00:0001::1]", "[2002:a00:1::1]",
	"[2002:a9fe:a9fe::]", "[2002:c0a8:101::1]", "[2002:808:808::1]",
	"[2001::1]", "[2001:0:7f00:1::1]", "[2001:0:4136:e378::80ff:fffe]",
	"[2001:0000:4136:e378:8000:63bf:80ff:fffe]",
};

static const char *const allowed[] = {
	"1.0.0.0", "1.1.1.1", "8.8.8.8", "134744072", "0x08080808",
	"010.010.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255",
	"100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
	"169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255",
	"192.0.1.0", "192.0.1.255", "192.0.3.0", "192.88.98.255",
	"192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
	"198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255",
	"203.0.114.0", "223.255.255.255", "93.184.216.34", "[::ffff:8.8.8.8]",
	"[::ffff:808:808]", "[2000::1]", "[2001:200::1]",
	"[2001:4860:4860::8888]", "[2001:db7:ffff::1]", "[2001:db9::1]",
	"[2003::1]", "[2606:4700::1111]", "[2620:4e:ffff::1]",
	"[2620:4f:8001::1]", "[2a00:1450::1]", "[3ffe:ffff::1]",
	"[2606:2800:220:1:248:1893:25c8:1946]",
};

/* clang-format on */

static struct sockaddr_storage address_of(const char *spelled, const char *port)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct sockaddr_storage address = {0};
	struct addrinfo *found = NULL;
	char host[64];
	size_t length = strlen(spelled);
	bool is_v6 = spelled[0] == '[';

	assert_true(length < sizeof(host));
	memcpy(host, spelled + is_v6, length + 1 - is_v6);
	if (is_v6)
		host[length - 2] = '\0';
	if (getaddrinfo(host, port, &hints, &found) != 0)
		fail_msg("%s is no address", spelled);
	memcpy(&address, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return address;
}

static bool may_call(const char *spelled, const char *port, bool is_plain,
		     const char *range)
{
	struct sockaddr_storage address = address_of(spelled, port);
	struct outbound_rule rule;

	if (range)
		assert_true(outbound_rule_parse(range, &rule));
	return outbound_is_allowed((const struct sockaddr *)&address, is_plain,
				   &rule, range ? 1 : 0);
}

/* Why a URL may not be kept, NULL when it may. */
static const char *fault_of(const char *url, const char *range)
{
	struct outbound_rule rule;

	if (range)
		assert_true(outbound_rule_parse(range, &rule));
	return outbound_url_fault(url, &rule, range ? 1 : 0);
}

static const char *fault_of_host(const char *host)
{
	char url[128];

	(void)snprintf(url, sizeof(url), "https://%s/path", host);
	return fault_of(url, NULL);
}

static void no_spelling_of_a_blocked_address_may_be_called(void **state)
{
	(void)state;
	assert_true(COUNT(blocked) >= SPELLINGS_LEAST);
	for (size_t i = 0; i < COUNT(blocked); i++) {
		if (may_call(blocked[i], "443", false, NULL))
			fail_msg("%s may be called", blocked[i]);
		if (may_call(blocked[i], "80", true, NULL))
			fail_msg("%s may be called plainly", blocked[i]);
		if (!fault_of_host(blocked[i]))
			fail_msg("a URL of %s may be kept", blocked[i]);
	}
	print_message("%zu spellings refused\n", COUNT(blocked));
}

static void public_addresses_may_be_called_by_tls_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(allowed); i++) {
		if (!may_call(allowed[i], "443", false, NULL))
			fail_msg("%s may not be called", allowed[i]);
		if (may_call(allowed[i], "443", true, NULL))
			fail_msg("%s may be called plainly", allowed[i]);
		if (fault_of_host(allowed[i]))
			fail_msg("no URL of %s may be kept", allowed[i]);
	}
}

static void privileged_ports_but_that_of_tls_are_not_called(void **state)
{
	(void)state;
	static const char *const ports[] = {"0",   "1",	  "22",	 "25",	"80",
					    "442", "444", "587", "993", "1023"};

	for (size_t i = 0; i < COUNT(ports); i++)
		assert_false(may_call("8.8.8.8", ports[i], false, NULL));
	assert_true(may_call("8.8.8.8", "1024", false, NULL));
	assert_true(may_call("[2606:4700::1111]", "8443", false, NULL));
	assert_false(may_call("[2606:4700::1111]", "25", false, NULL));
}

static bool may_call_at(const char *spelled, const char *port, bool is_plain)
{
	struct sockaddr_storage address = address_of(spelled, port);

	return outbound_is_allowed_for(OUTBOUND_LDAP,
				       (const struct sockaddr *)&address,
				       is_plain, NULL, 0);
}

static void a_protocols_own_port_is_called_by_tls_alone(void **state)
{
	(void)state;
	assert_true(may_call_at("8.8.8.8", "636", false));
	assert_false(may_call_at("8.8.8.8", "636", true));
	assert_false(may_call_at("8.8.8.8", "637", false));
	assert_false(may_call_at("127.0.0.1", "636", false));
}

static void a_rule_opens_its_range_and_nothing_else(void **state)
{
	(void)state;
	assert_true(may_call("127.0.0.1", "80", true, "127.0.0.0/8"));
	assert_true(may_call("127.9.9.9", "25", false, "127.0.0.0/8"));
	assert_true(may_call("[::ffff:7f00:1]", "80", true, "127.0.0.0/8"));
	assert_false(may_call("128.0.0.1", "80", true, "127.0.0.0/8"));
	assert_false(may_call("10.0.0.1", "443", false, "127.0.0.0/8"));
	assert_false(may_call("[::1]", "443", false, "127.0.0.0/8"));
	assert_false(may_call("[2002:7f00:1::]", "443", false, "127.0.0.0/8"));
	assert_true(may_call("10.7.255.255", "80", true, "10.0.0.0/13"));
	assert_false(may_call("10.8.0.0", "80", true, "10.0.0.0/13"));
	assert_true(may_call("10.1.2.3", "80", true, "10.1.2.0/23"));
	assert_false(may_call("10.1.4.3", "443", false, "10.1.2.0/23"));
	assert_true(may_call("8.8.8.8", "80", true, "0.0.0.0/0"));
	assert_true(may_call("10.1.2.3", "80", true, "10.1.2.3"));
	assert_false(may_call("10.1.2.2", "80", true, "10.1.2.3/32"));
	assert_true(may_call("[fd00::7]", "80", true, "fd00::/8"));
	assert_false(may_call("[fe80::7]", "80", true, "fd00::/8"));
	assert_true(may_call("[::1]", "80", true, "::1/128"));
	assert_false(may_call("[::2]", "80", true, "::1"));
	assert_true(may_call("8.8.8.8", "443", false, "10.0.0.0/8"));
}

static void all_of_ipv6_says_nothing_of_ipv4(void **state)
{
	(void)state;
	assert_true(may_call("[::1]", "80", true, "::/0"));
	assert_false(may_call("127.0.0.1", "80", true, "::/0"));
	assert_false(may_call("[::ffff:127.0.0.1]", "80", true, "::/0"));
	assert_false(may_call("127.0.0.1", "80", true, "::/80"));
	assert_true(may_call("127.0.0.1", "80", true, "0.0.0.0/0"));
	assert_false(may_call("[::1]", "80", true, "0.0.0.0/0"));
	assert_true(may_call("127.0.0.1", "80", true, "::ffff:127.0.0.0/104"));
}

static void what_is_no_internet_address_is_not_called(void **state)
{
	(void)state;
	const struct sockaddr local = {.sa_family = AF_UNIX};
	struct outbound_rule all[2];

	assert_true(outbound_rule_parse("0.0.0.0/0", &all[0]));
	assert_true(outbound_rule_parse("::/0", &all[1]));
	assert_false(outbound_is_allowed(&local, false, all, 2));
}

static void what_is_no_range_is_no_rule(void **state)
{
	(void)state;
	static const char *const faulty[] = {
		"",
		"/",
		"/8",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.0/-1",
		"10.0.0.0/8x",
		"10.0.0.0/ 8",
		"10.0.0/8",
		"10/8",
		"0x7f.0.0.1/8",
		"::/129",
		"::1/",
		"fd00::/+8",
		"localhost/8",
		"[::1]/128",
		" 10.0.0.0/8",
		"10.0.0.0/8 ",
		"10.0.0.0/x",
		"::/4294967296",
		"::/18446744073709551616",
		"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111/8",
	};
	struct outbound_rule rule;

	for (size_t i = 0; i < COUNT(faulty); i++)
		if (outbound_rule_parse(faulty[i], &rule))
			fail_msg("\"%s\" is a rule", faulty[i]);
}

/* clang-format off */
static const char *const faulty_urls[] = {
	"", "/path", "example.com", "//example.com", "https:", "https://",
	"https:///", "https://:443/", "https://?a", "http://example.com",
	"ftp://example.com", "file:///etc/passwd", "gopher://8.8.8.8/",
	"javascript:alert(1)", "https://a@example.com/",
	"https://a:b@example.com/", "https://:b@example.com/",
	"https://@127.0.0.1/", "https://8.8.8.8@127.0.0.1/",
	"https://example.com:99999/", "https://example.com:x/",
	"https://example.com:22/", "https://exa mple.com/",
	"https://example.com\r\n/", "https://example.com/a\tb",
	"https://[::1/", "https:///path", "https:/example.com/",
	"https:////example.com/", "https://:80/", "https://example.com/\\",
	"https://example.com/\"", "https://example.com/\xc3\xa4",
	"https://exämple.com/", "https://[zz]/", "https://127.0.0.1:8443/",
	"https://127.0.0.1#@8.8.8.8/", "https://127.0.0.1?@8.8.8.8/",
	"HTTPS://127.1/", "https:8080/", "https://8.8.8.8:22/",
	"http://8.8.8.8/", "https://%31%32%37.0.0.1/",
	"https://[fe80::1%25eth0]/",
};
/* clang-format on */

static void a_kept_url_is_https_without_a_user(void **state)
{
	(void)state;
	static char too_long[OUTBOUND_URL_MAX + 2];

	for (size_t i = 0; i < COUNT(faulty_urls); i++)
		if (!fault_of(faulty_urls[i], NULL))
			fail_msg("\"%s\" may be kept", faulty_urls[i]);
	memset(too_long, 'a', OUTBOUND_URL_MAX + 1);
	memcpy(too_long, "https://example.com/", 20);
	assert_string_equal(fault_of(too_long, NULL),
			    "must not be over 2048 bytes");

	assert_null(fault_of("https://example.com", NULL));
	assert_null(fault_of("HTTPS://Example.com:8443/a?b=c", NULL));
	assert_null(fault_of("https://8.8.8.8:443/hook", NULL));
	assert_string_equal(fault_of("http://example.com", NULL),
			    "must begin with https://");
	assert_string_equal(fault_of("https://a:b@example.com/", NULL),
			    "must not hold a user or password");
	assert_string_equal(fault_of("https://127.0.0.1/", NULL),
			    "must not be of an address inside a network");
}

static void what_nothing_could_allow_is_told_by_its_form(void **state)
{
	static const char *const formless[] = {"",
					       "example.com/hook",
					       "/hook",
					       "https://",
					       "https:///hook",
					       "https:example.com",
					       "https://:80/",
					       "https://a b/",
					       "https://example.com/\n",
					       "ftp://example.com/",
					       "javascript://example.com/",
					       "https://a:b@example.com/",
					       "http://a@10.0.0.1/",
					       "https://[zz]/",
					       "https://[::1/"};
	static const char *const callable[] = {
		"https://example.com",	 "http://example.com:25/hook?a=b#c",
		"HTTP://10.0.0.1:8080/", "http://localhost/",
		"https://[fd00::1]/",	 "https://ex\xc3\xa4mple.com/"};

	(void)state;
	for (size_t i = 0; i < COUNT(formless); i++)
		if (!outbound_url_form_fault(formless[i]))
			fail_msg("\"%s\" passes", formless[i]);
	for (size_t i = 0; i < COUNT(callable); i++)
		if (outbound_url_form_fault(callable[i]))
			fail_msg("\"%s\" does not pass", callable[i]);
}

static void a_rule_lets_its_urls_be_kept(void **state)
{
	(void)state;
	assert_null(fault_of("http://127.0.0.1:8080/", "127.0.0.0/8"));
	assert_null(fault_of("https://0x7f.1/", "127.0.0.0/8"));
	assert_non_null(fault_of("http://10.0.0.1/", "127.0.0.0/8"));
	assert_non_null(fault_of("http://8.8.8.8/", "127.0.0.0/8"));
	assert_null(fault_of("http://[fd00::1]/", "fd00::/8"));
	/* it may stand for an address of the range */
	assert_null(fault_of("http://localhost:9000/", "127.0.0.0/8"));
	assert_non_null(fault_of("ftp://127.0.0.1/", "127.0.0.0/8"));
	assert_non_null(fault_of("http://a@127.0.0.1/", "127.0.0.0/8"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			no_spelling_of_a_blocked_address_may_be_called),
		cmocka_unit_test(public_addresses_may_be_called_by_tls_alone),
		cmocka_unit_test(
			privileged_ports_but_that_of_tls_are_not_called),
		cmocka_unit_test(a_protocols_own_port_is_called_by_tls_alone),
		cmocka_unit_test(a_rule_opens_its_range_and_nothing_else),
		cmocka_unit_test(all_of_ipv6_says_nothing_of_ipv4),
		cmocka_unit_test(what_is_no_internet_address_is_not_called),
		cmocka_unit_test(what_is_no_range_is_no_rule),
		cmocka_unit_test(a_kept_url_is_https_without_a_user),
		cmocka_unit_test(what_nothing_could_allow_is_told_by_its_form),
		cmocka_unit_test(what_nothing_could_allow_is_told_by_its_form),
		cmocka_unit_test(a_rule_lets_its_urls_be_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
