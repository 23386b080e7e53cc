/* core/address: variables in addresses, and what may come into them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/address.h"
#include "core/catalog.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Where the last variable of the template stands. */
static enum address_place place_in(const char *template)
{
	const char *hole = NULL, *word, *rest = template, *at = template;
	size_t length;

	while (address_next_hole(at, &hole, &word, &length, &rest))
		at = rest;
	assert_non_null(hole);
	return address_place_of(template, hole, rest);
}

static void a_variable_stands_in_the_host_until_the_first_slash(void **state)
{
	(void)state;
	assert_int_equal(place_in("{{.a}}/rest"), ADDRESS_WHOLE);
	assert_int_equal(place_in("https://{{.a}}"), ADDRESS_HOST);
	assert_int_equal(place_in("https://{{.a}}/api"), ADDRESS_HOST);
	assert_int_equal(place_in("https://{{.a}}.b.com/x"), ADDRESS_LABEL);
	assert_int_equal(place_in("https://{{.a}}.{{.b}}/x"), ADDRESS_LABEL);
	assert_int_equal(place_in("https://{{.a}}-api.b.com"), ADDRESS_LABEL);
	assert_int_equal(place_in("https://b.com/{{.a}}"), ADDRESS_STEP);
	assert_int_equal(place_in("https://b.com?x={{.a}}"), ADDRESS_STEP);
	assert_int_equal(place_in("{{.b}}/rest/{{.a}}"), ADDRESS_STEP);
}

static const struct {
	enum address_place place;
	const char *value;
	bool fits;
} cases[] = {
	{ADDRESS_LABEL, "acme", true},
	{ADDRESS_LABEL, "acme--dev.sandbox", true},
	{ADDRESS_LABEL, "1234567-sb1", true},
	{ADDRESS_LABEL, "", false},
	{ADDRESS_LABEL, "evil.com/", false},
	{ADDRESS_LABEL, "evil.com/x", false},
	{ADDRESS_LABEL, "evil.com#", false},
	{ADDRESS_LABEL, "evil.com?", false},
	{ADDRESS_LABEL, "evil.com:443", false},
	{ADDRESS_LABEL, "user@evil", false},
	{ADDRESS_LABEL, "a\\b", false},
	{ADDRESS_LABEL, "a b", false},
	{ADDRESS_LABEL, "a%2fb", false},
	{ADDRESS_LABEL, "a\r\nb", false},
	{ADDRESS_LABEL, "\xc3\xa9", false},
	{ADDRESS_LABEL, ".", false},
	{ADDRESS_LABEL, "a.", false},
	{ADDRESS_LABEL, ".a", false},
	{ADDRESS_LABEL, "a..b", false},
	{ADDRESS_LABEL, "-a", false},
	{ADDRESS_LABEL, "a-", false},
	{ADDRESS_LABEL, "a.-b", false},
	{ADDRESS_HOST, "forum.example.com", true},
	{ADDRESS_HOST, "forum.example.com:8443", true},
	{ADDRESS_HOST, "https://forum.example.com", false},
	{ADDRESS_HOST, "forum.example.com/", false},
	{ADDRESS_HOST, "forum.example.com:", false},
	{ADDRESS_HOST, "forum.example.com:x", false},
	{ADDRESS_HOST, "forum.example.com:123456", false},
	{ADDRESS_HOST, "u:p@forum.example.com", false},
	{ADDRESS_WHOLE, "https://crm.example.com", true},
	{ADDRESS_WHOLE, "https://crm.example.com/v1/sugar", true},
	{ADDRESS_WHOLE, "http://crm.example.com:8080", true},
	{ADDRESS_WHOLE, "ftp://crm.example.com", false},
	{ADDRESS_WHOLE, "crm.example.com", false},
	{ADDRESS_WHOLE, "https://", false},
	{ADDRESS_WHOLE, "https:///x", false},
	{ADDRESS_WHOLE, "https://u@crm.example.com", false},
	{ADDRESS_WHOLE, "https://crm.example.com/../x", false},
	{ADDRESS_WHOLE, "https://crm.example.com/x/.", false},
	{ADDRESS_WHOLE, "https://crm.example.com?x", false},
	{ADDRESS_WHOLE, "https://crm.example.com/#x", false},
	{ADDRESS_STEP, "common", true},
	{ADDRESS_STEP, "a/b", true}, /* percent-encoded */
	{ADDRESS_STEP, "...", true},
	{ADDRESS_STEP, ".", false},
	{ADDRESS_STEP, "..", false},
	{ADDRESS_STEP, "", false},
};

static void a_value_stays_in_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why =
			address_value_fault(cases[i].place, cases[i].value);

		if (!why != cases[i].fits)
			fail_msg("%s: %s", cases[i].value, why ? why : "fits");
	}
}

static void templates_are_https_or_begin_with_a_variable(void **state)
{
	static const char *const good[] = {
		"https://api.example.com",
		"https://api.example.com/v1/",
		"https://api.example.com:8443/v1",
		"https://{{.workspace}}",
		"https://rest.{{.workspace}}.example.com/{{.id}}/x?",
		"{{.instance}}",
		"{{.instance}}/rest/v1",
	};
	static const char *const bad[] = {
		"",
		"https",
		"https://",
		"http://api.example.com",
		"https://user@api.example.com",
		"https://api.example.com/../x",
		"https://api example.com",
		"https://api.example.com/{{.}}",
		"https://api.example.com/{{.a b}}",
		"https://{{.workspace",
		"{{.instance}}.evil.com",
		"//api.example.com",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (address_template_fault(good[i]))
			fail_msg("%s is refused", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (!address_template_fault(bad[i]))
			fail_msg("%s is taken", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_variable_stands_in_the_host_until_the_first_slash),
		cmocka_unit_test(a_value_stays_in_its_place),
		cmocka_unit_test(templates_are_https_or_begin_with_a_variable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
