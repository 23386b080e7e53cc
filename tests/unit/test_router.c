/* http/router: from a method and a path to a route. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/router.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define ID	     "0123abcd-ef01-7def-8abc-0123456789ff"

static enum error handle(struct request *request)
{
	(void)request;
	return OK;
}

#define ROUTE(verb, path)                                                      \
	{                                                                      \
		.method = METHOD_##verb, .pattern = (path),                    \
		.operation = #verb " " path, .handle = handle                  \
	}

static const struct route first[] = {
	ROUTE(GET, "/projects"),
	ROUTE(POST, "/projects"),
	ROUTE(GET, "/projects/mine"),
	ROUTE(GET, "/projects/{id:uuid}"),
	ROUTE(DELETE, "/projects/{id:uuid}"),
	ROUTE(GET, "/projects/{name}"),
	ROUTE(PATCH, "/projects/{name}"),
	ROUTE(GET, "/projects/{name}/things/{thing}"),
	ROUTE(PUT, "/projects/{name}/things:batch"),
	ROUTE(GET, "/a/{1}/{2}/{3}/{4}/{5}/{6}"),
};
static const struct route second[] = {
	ROUTE(GET, "/other/x"),
	ROUTE(OPTIONS, "/other/x"),
	ROUTE(GET, "/projects/{name}/others"),
};
static const char one[] = "one", two[] = "two";
static const struct route_set sets[] = {
	{.owner = one, .routes = first, .count = COUNT(first)},
	{.owner = two, .routes = second, .count = COUNT(second)},
};

static struct router *router;
static struct request request;
static struct route_match match;

static int begin(void **state)
{
	(void)state;
	router = router_new(sets, COUNT(sets));
	op_init(&request.op, NULL, 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	router_free(router);
	op_release(&request.op);
	return 0;
}

static enum error look_up(enum method method, const char *target)
{
	op_reset(&request.op, 1);
	memset(request.params, 0, sizeof(request.params));
	request.arg_count = 0;
	request.method = method;
	request.target = target;
	return router_match(router, &request, &match);
}

/* Which operation serves it; "" when none does. */
static const char *serving(enum method method, const char *target)
{
	assert_int_equal(look_up(method, target), OK);
	return match.route ? match.route->operation : "";
}

static void literal_goes_before_uuid_before_anything(void **state)
{
	(void)state;
	assert_string_equal(serving(METHOD_GET, "/projects/mine"),
			    "GET /projects/mine");
	assert_string_equal(serving(METHOD_GET, "/projects/" ID),
			    "GET /projects/{id:uuid}");
	assert_string_equal(request.params[0], ID);
	assert_string_equal(serving(METHOD_GET, "/projects/minex"),
			    "GET /projects/{name}");
	assert_string_equal(request.params[0], "minex");
	assert_string_equal(serving(METHOD_GET, "/projects/" ID "0"),
			    "GET /projects/{name}");
}

static void the_method_chooses_among_routes_of_a_path(void **state)
{
	(void)state;
	assert_string_equal(serving(METHOD_POST, "/projects"),
			    "POST /projects");
	assert_string_equal(serving(METHOD_DELETE, "/projects/" ID),
			    "DELETE /projects/{id:uuid}");
	assert_string_equal(serving(METHOD_OPTIONS, "/other/x"),
			    "OPTIONS /other/x");
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
	(void)state;
	assert_string_equal(serving(METHOD_PUT, "/projects"), "");
	assert_string_equal(match.allow, "GET, POST");
	assert_ptr_equal(match.owner, one);
	assert_string_equal(serving(METHOD_PATCH, "/projects/" ID), "");
	assert_string_equal(match.allow, "GET, DELETE");
	assert_string_equal(serving(METHOD_OTHER, "/projects/mine"), "");
	assert_string_equal(match.allow, "GET");
	assert_string_equal(serving(METHOD_GET, "/projects/x/things:batch"),
			    "");
	assert_string_equal(match.allow, "PUT");
}

static void unknown_paths_match_nothing(void **state)
{
	static const char *const paths[] = {
		"/",	     "//",
		"/project",  "/projectsx",
		"/Projects", "/projects/x/things",
		"/a",	     "/projects/x/things/y/z",
		"/other",    "/a/1/2/3/4/5/6/7"};

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++) {
		assert_string_equal(serving(METHOD_GET, paths[i]), "");
		assert_null(match.allow);
	}
}

static void an_unknown_path_belongs_to_whose_prefix_it_has(void **state)
{
	(void)state;
	assert_string_equal(serving(METHOD_GET, "/projects/x/y/z"), "");
	assert_ptr_equal(match.owner, one);
	assert_string_equal(serving(METHOD_GET, "/other/y"), "");
	assert_ptr_equal(match.owner, two);
	assert_string_equal(serving(METHOD_GET, "/nowhere"), "");
	assert_null(match.owner);
	assert_string_equal(serving(METHOD_GET, "/projects/x/others"),
			    "GET /projects/{name}/others");
	assert_ptr_equal(match.owner, two);
}

static void one_slash_at_the_end_makes_no_difference(void **state)
{
	(void)state;
	assert_string_equal(serving(METHOD_GET, "/projects/"), "GET /projects");
	assert_string_equal(serving(METHOD_GET, "/projects/mine/?a=1"),
			    "GET /projects/mine");
	assert_string_equal(request_arg(&request, "a"), "1");
	assert_string_equal(serving(METHOD_GET, "/other/x//"), "");
}

static void params_are_decoded_one_segment_each(void **state)
{
	(void)state;
	assert_string_equal(
		serving(METHOD_GET, "/projects/a%2Fb%20c+d/things/%C3%A9?x"),
		"GET /projects/{name}/things/{thing}");
	assert_string_equal(request.params[0], "a/b c+d");
	assert_string_equal(request.params[1], "\xc3\xa9");
}

static void an_encoded_uuid_is_a_uuid(void **state)
{
	(void)state;
	assert_string_equal(serving(METHOD_GET, "/projects/%30"
						"123abcd-ef01-"
						"7def-8abc-0123456789ff"),
			    "GET /projects/{id:uuid}");
	assert_string_equal(request.params[0], ID);
}

static void bad_escapes_are_malformed(void **state)
{
	static const char *const targets[] = {
		"/projects/%",	       "/projects/%2",
		"/projects/%zz",       "/projects/%00",
		"/projects/%ff",       "/projects/%0a",
		"/projects/x?a=%",     "/projects?%00=1",
		"/projects?a=1&b=%c3", "/projects/%c0%af/things/x",
		"/nowhere?a=%"};

	(void)state;
	for (size_t i = 0; i < COUNT(targets); i++)
		assert_int_equal(look_up(METHOD_GET, targets[i]),
				 ERR_MALFORMED);
	assert_string_equal(request.op.detail, "the query cannot be decoded");
}

static void a_malformed_one_still_has_its_owner(void **state)
{
	(void)state;
	assert_int_equal(look_up(METHOD_GET, "/projects/%"), ERR_MALFORMED);
	assert_ptr_equal(match.owner, one);
}

static void the_query_is_split_into_args(void **state)
{
	(void)state;
	assert_string_equal(serving(METHOD_GET, "/projects?a=1&b=x+y&a=2&c"),
			    "GET /projects");
	assert_int_equal(request.arg_count, 4);
	assert_string_equal(request_arg(&request, "a"), "1");
	assert_string_equal(request_arg(&request, "b"), "x y");
	assert_string_equal(request_arg(&request, "c"), "");
	assert_null(request_arg(&request, "d"));
}

static void too_many_args_are_malformed(void **state)
{
	char target[256] = "/projects?a";

	(void)state;
	for (int i = 1; i < REQUEST_ARGS_MAX; i++)
		strcat(target, "&a");
	assert_int_equal(look_up(METHOD_GET, target), OK);
	strcat(target, "&a");
	assert_int_equal(look_up(METHOD_GET, target), ERR_MALFORMED);
}

static void a_path_of_very_many_segments_matches_nothing(void **state)
{
	char target[400] = "/projects";

	(void)state;
	for (int i = 0; i < 150; i++)
		strcat(target, "/x");
	assert_string_equal(serving(METHOD_GET, target), "");
}

static void six_params_fit(void **state)
{
	(void)state;
	assert_string_equal(serving(METHOD_GET, "/a/p/q/r/s/t/u"),
			    "GET /a/{1}/{2}/{3}/{4}/{5}/{6}");
	assert_string_equal(request.params[5], "u");
}

static void routes_are_numbered_through_all_sets(void **state)
{
	(void)state;
	assert_int_equal(router_count(router), COUNT(first) + COUNT(second));
	assert_string_equal(serving(METHOD_GET, "/other/x"), "GET /other/x");
	assert_int_equal(match.number, COUNT(first));
	assert_ptr_equal(router_at(router, match.number), &second[0]);
	assert_ptr_equal(router_owner_at(router, match.number), two);
	assert_ptr_equal(router_owner_at(router, 0), one);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(literal_goes_before_uuid_before_anything),
		TEST(the_method_chooses_among_routes_of_a_path),
		TEST(a_wrong_method_is_told_the_right_ones),
		TEST(unknown_paths_match_nothing),
		TEST(an_unknown_path_belongs_to_whose_prefix_it_has),
		TEST(one_slash_at_the_end_makes_no_difference),
		TEST(params_are_decoded_one_segment_each),
		TEST(an_encoded_uuid_is_a_uuid),
		TEST(bad_escapes_are_malformed),
		TEST(a_malformed_one_still_has_its_owner),
		TEST(the_query_is_split_into_args),
		TEST(too_many_args_are_malformed),
		TEST(a_path_of_very_many_segments_matches_nothing),
		TEST(six_params_fit),
		TEST(routes_are_numbered_through_all_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
