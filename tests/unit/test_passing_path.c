/* core/passing_path: which paths stay below an address, whoever reads them. */
#include "support.h"

#include <stdio.h>

#include "core/passing.h"

#define OTHER_CHARACTERS "must not have characters that URLs can't have"
#define NO_SLASH	 "must begin with a slash"
#define DOTS		 "must not have a step of dots"
#define EMPTY_STEP	 "must not have an empty step"
#define BACKSLASH	 "must not have a backslash"
#define UNDECODED	 "can't be decoded"
#define TOO_OFTEN	 "is encoded too often"

static const char *fault_of(const char *target)
{
	static char text[128];
	struct arena arena;

	arena_init(&arena);
	const char *fault = passing_path_fault(&arena, target);
	(void)snprintf(text, sizeof(text), "%s", fault ? fault : "");
	arena_release(&arena);
	return text;
}

static void all_are(const char *fault, const char *const *targets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fault_of(targets[i]), fault) != 0)
			print_error("%s\n", targets[i]);
		assert_string_equal(fault_of(targets[i]), fault);
	}
}

static void ordinary_paths_are_passed_on(void **state)
{
	static const char *const good[] = {
		"",
		"/",
		"/v1/things",
		"/v1/things/",
		"/v1/things?a=1&b=%2F..%2F&c=//",
		"?a=1",
		"/.hidden/a.b/...",
		"/a..b/..c",
		"/;v=1/x",
		"/-._~!$&'()*+,;=:@",
		"/100%25",
		"/caf%C3%A9/a%20b",
		"/%7Euser/%3F%23",
	};

	(void)state;
	all_are("", good, COUNT(good));
}

static void characters_of_no_url_are_refused(void **state)
{
	static const char *const bad[] = {
		"/a b",	  "/a\tb",  "/a\r\nHost: x", "/a#b",	  "/\\..\\",
		"/a?b c", "/a?b#c", "/caf\xc3\xa9",  "/a?b=\x7f", "/<a>",
		"/{a}",	  "/[a]",   "/a|b",	     "/a\"b",
	};

	(void)state;
	all_are(OTHER_CHARACTERS, bad, COUNT(bad));
}

static void what_could_go_on_with_the_host_is_refused(void **state)
{
	static const char *const bad[] = {".evil.example/", "@evil.example/",
					  ":8080/", "a", "%2Fa"};

	(void)state;
	all_are(NO_SLASH, bad, COUNT(bad));
}

static void steps_of_dots_are_refused(void **state)
{
	static const char *const bad[] = {
		"/.",	     "/..",	     "/a/../b",	    "/a/./b",
		"/a/..",     "/..;/a",	     "/a/..;v=1/b", "/.;/a",
		"/%2e%2e/a", "/.%2E/a",	     "/a%2F..%2Fb", "/a%2f%2e",
		"/..%3Bx/a", "/%252e%252e/", "/%25252e./",  "/..?a=1",
	};

	(void)state;
	all_are(DOTS, bad, COUNT(bad));
}

static void empty_steps_and_backslashes_are_refused(void **state)
{
	static const char *const empty[] = {"//evil.example/", "/a//b", "//",
					    "/%2Fevil.example", "/a%252F/b"};
	static const char *const back[] = {"/%5C..", "/a%5cb", "/a%255Cb"};

	(void)state;
	all_are(EMPTY_STEP, empty, COUNT(empty));
	all_are(BACKSLASH, back, COUNT(back));
}

static void escapes_of_nothing_and_controls_are_refused(void **state)
{
	static const char *const bad[] = {
		"/%",	  "/%2",      "/%zz", "/%2g", "/a%/b",	"/%u002e/",
		"/a%00b", "/a%0d%0a", "/%7f", "/%1F", "/%2500", "/%250A",
	};

	(void)state;
	all_are(UNDECODED, bad, COUNT(bad));
}

static void characters_in_more_bytes_than_they_need_are_refused(void **state)
{
	static const char *const bad[] = {"/%c0%ae%c0%ae/a", "/%C1%9C",
					  "/a%e0%80%af", "/%f0%80%80%af",
					  "/%25c0%25ae"};
	static const char *const good[] = {"/%C3%BC", "/%e2%82%ac",
					   "/%F0%9F%99%82", "/%e0%a4%85"};

	(void)state;
	all_are(UNDECODED, bad, COUNT(bad));
	all_are("", good, COUNT(good));
}

static void a_percent_sign_of_its_own_may_be_encoded(void **state)
{
	static const char *const good[] = {"/100%25", "/%25zz", "/a%25/b",
					   "/%252", "/%25%41"};

	(void)state;
	all_are("", good, COUNT(good));
}

static void what_is_decoded_without_an_end_is_refused(void **state)
{
	static const char *const good[] = {"/%41", "/%2541", "/%252541",
					   "/%25252541"};
	static const char *const bad[] = {"/%2525252541", "/%252525252e./"};

	(void)state;
	all_are("", good, COUNT(good));
	all_are(TOO_OFTEN, bad, COUNT(bad));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_paths_are_passed_on),
		cmocka_unit_test(characters_of_no_url_are_refused),
		cmocka_unit_test(what_could_go_on_with_the_host_is_refused),
		cmocka_unit_test(steps_of_dots_are_refused),
		cmocka_unit_test(empty_steps_and_backslashes_are_refused),
		cmocka_unit_test(escapes_of_nothing_and_controls_are_refused),
		cmocka_unit_test(a_percent_sign_of_its_own_may_be_encoded),
		cmocka_unit_test(
			characters_in_more_bytes_than_they_need_are_refused),
		cmocka_unit_test(what_is_decoded_without_an_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
