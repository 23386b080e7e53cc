/* http/outbound: where calls may go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "http/outbound.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool allows(const char *text, bool is_plain, const char *rule)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct outbound_rule rules[1];
	size_t count = rule ? 1 : 0;

	if (rule)
		assert_true(outbound_rule_parse(rule, rules));
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return outbound_is_allowed((struct sockaddr *)&v4, is_plain,
					   rules, count);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return outbound_is_allowed((struct sockaddr *)&v6, is_plain, rules,
				   count);
}

static void nothing_of_a_private_network_is_called(void **state)
{
	static const char *const blocked[] = {
		"0.0.0.0",
		"0.255.255.255",
		"10.0.0.0",
		"10.255.255.255",
		"100.64.0.1",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.255",
		"169.254.169.254",
		"172.16.0.1",
		"172.31.255.255",
		"192.0.0.1",
		"192.0.2.1",
		"192.88.99.1",
		"192.168.0.1",
		"192.168.255.255",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.7",
		"203.0.113.9",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::127.0.0.1",
		"::ffff:127.0.0.1",
		"::ffff:10.1.2.3",
		"::ffff:169.254.169.254",
		"64:ff9b::7f00:1",
		"64:ff9b:1::1",
		"100::1",
		"2001::1",
		"2001:db8::1",
		"2002:7f00:1::",
		"3fff::1",
		"fc00::1",
		"fdff::1",
		"fe80::1",
		"febf::1",
		"fec0::1",
		"ff02::1",
		"5f00::1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(blocked); i++) {
		assert_false(allows(blocked[i], false, NULL));
		assert_false(allows(blocked[i], true, NULL));
	}
}

static void public_addresses_are_called_by_tls_alone(void **state)
{
	static const char *const public[] = {
		"1.1.1.1",	   "8.8.8.8",	      "9.255.255.255",
		"11.0.0.0",	   "100.63.255.255",  "100.128.0.0",
		"126.255.255.255", "128.0.0.0",	      "172.15.255.255",
		"172.32.0.0",	   "192.0.1.0",	      "198.17.255.255",
		"198.20.0.0",	   "223.255.255.255", "::ffff:8.8.8.8",
		"2606:4700::1111", "2a00:1450::1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(public); i++) {
		assert_true(allows(public[i], false, NULL));
		assert_false(allows(public[i], true, NULL));
	}
}

static void a_rule_opens_its_range_and_no_more(void **state)
{
	(void)state;
	assert_true(allows("127.0.0.1", true, "127.0.0.0/8"));
	assert_true(allows("127.0.0.1", false, "127.0.0.0/8"));
	assert_true(allows("::ffff:127.0.0.1", true, "127.0.0.0/8"));
	assert_true(allows("10.1.2.3", true, "10.1.2.0/23"));
	assert_false(allows("10.1.4.3", true, "10.1.2.0/23"));
	assert_false(allows("10.1.4.3", false, "10.1.2.0/23"));
	assert_true(allows("::1", true, "::1/128"));
	assert_false(allows("fd00::1", true, "fe80::/10"));
	assert_true(allows("8.8.8.8", true, "0.0.0.0/0"));
}

static void ranges_are_read_strictly(void **state)
{
	static const char *const bad[] = {
		"",	    "/",	   "10.0.0.0/",	  "10.0.0.0/33",
		"10.0.0/8", "10.0.0.0/x",  "10.0.0.0/-1", "::/129",
		"host/8",   "10.0.0.0/8 ", "0x7f.1/8",	  "::1/",
	};
	struct outbound_rule rule;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(outbound_rule_parse(bad[i], &rule));
}

static void what_is_no_internet_address_is_not_called(void **state)
{
	struct sockaddr local = {.sa_family = AF_UNIX};

	(void)state;
	assert_false(outbound_is_allowed(&local, false, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_of_a_private_network_is_called),
		cmocka_unit_test(public_addresses_are_called_by_tls_alone),
		cmocka_unit_test(a_rule_opens_its_range_and_no_more),
		cmocka_unit_test(ranges_are_read_strictly),
		cmocka_unit_test(what_is_no_internet_address_is_not_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
