/* dialects/cleat/page: cursors that open where they were given out. */
#include "support.h"

#include <stdlib.h>

#include "base/json_read.h"
#include "base/utf8.h"
#include "core/group.h"
#include "dialects/cleat/page.h"
#include "http/router.h"

static const struct route groups = {.operation = "listGroups"};
static const struct route events = {.operation = "listEvents"};

static struct request *request_of(struct store *s, const struct route *route)
{
	struct request *request = calloc(1, sizeof(*request));

	assert_non_null(request);
	op_init(&request->op, &s->keys, START);
	request->op.project_id = s->project.id;
	request->route = route;
	buf_init(&request->response.body, 1 << 20);
	return request;
}

static void drop(struct request *request)
{
	buf_release(&request->response.body);
	op_release(&request->op);
	free(request);
}

static void ask(struct request *request, const char *name, const char *value)
{
	request->args[request->arg_count++] = (struct argument){name, value};
}

/* The cursor of a page that ended there; lives as the request. */
static const char *cursor_of(struct request *request, const char *position)
{
	json_t *document;
	const char *why;

	buf_clear(&request->response.body);
	struct json_writer w = page_begin(request);
	page_end(request, &w, position);
	must(json_read(&request->op.arena, request->response.body.bytes,
		       request->response.body.length, &document, &why));
	assert_int_equal(json_array_size(json_object_get(document, "items")),
			 0);
	return json_string_value(json_object_get(document, "nextCursor"));
}

static void a_page_begins_with_the_first_and_fifty(void **state)
{
	struct store *s = *state;
	struct request *request = request_of(s, &groups);
	struct page page;

	must(page_read(request, &page));
	assert_int_equal(page.limit, PAGE_DEFAULT);
	assert_string_equal(page.after, "");
	drop(request);
}

static void the_last_page_has_no_cursor(void **state)
{
	struct store *s = *state;
	struct request *request = request_of(s, &groups);

	assert_null(cursor_of(request, NULL));
	drop(request);
}

static void limits_are_1_to_200(void **state)
{
	static const struct {
		const char *text;
		int64_t limit; /* 0: refused */
	} cases[] = {{"1", 1},	{"200", 200}, {"0", 0}, {"201", 0},
		     {"-1", 0}, {"", 0},      {"x", 0}, {"1x", 0}};
	struct store *s = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct request *request = request_of(s, &groups);
		struct page page;

		ask(request, "limit", cases[i].text);
		assert_int_equal(page_read(request, &page),
				 cases[i].limit ? OK : ERR_MISSHAPEN);
		if (cases[i].limit)
			assert_int_equal(page.limit, cases[i].limit);
		drop(request);
	}
}

static void a_page_goes_on_where_the_last_ended(void **state)
{
	char longest[REF_MAX * UTF8_CHARACTER_MAX + 1];
	const char *const positions[] = {"acme", "a b/\xc3\xa9\"", longest};
	struct store *s = *state;

	longest[0] = '\0';
	for (int i = 0; i < REF_MAX; i++)
		strcat(longest, "\xf0\x9f\x90\x9f");
	for (size_t i = 0; i < COUNT(positions); i++) {
		struct request *request = request_of(s, &groups);
		const char *cursor = cursor_of(request, positions[i]);
		struct page page;

		ask(request, "cursor", cursor);
		ask(request, "limit", "7");
		must(page_read(request, &page));
		assert_string_equal(page.after, positions[i]);
		assert_int_equal(page.limit, 7);
		drop(request);
	}
}

static void refuses(struct request *request, const char *cursor)
{
	struct page page;

	ask(request, "cursor", cursor);
	must_fail(page_read(request, &page), ERR_MISSHAPEN);
	assert_true(request->op.issue_count > 0);
	assert_string_equal(request->op.issues[0].field, "cursor");
}

static void a_cursor_opens_for_its_own_list_alone(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct request *first = request_of(s, &groups);
	const char *cursor = cursor_of(first, "acme");
	struct request *others[] = {request_of(s, &groups),
				    request_of(s, &events),
				    request_of(s, &groups)};

	others[0]->op.project_id = other.id;
	ask(others[2], "type", "x");
	for (size_t i = 0; i < COUNT(others); i++) {
		refuses(others[i], cursor);
		drop(others[i]);
	}
	drop(first);
}

static void a_cursor_opens_with_its_own_filters_alone(void **state)
{
	static const char *const others[][2] = {
		{"type", "y"}, {"typ", "ex"}, {"since", "x"}, {"typex", ""}};
	struct store *s = *state;
	struct request *first = request_of(s, &groups);

	ask(first, "type", "x");
	ask(first, "since", "1");
	const char *cursor = cursor_of(first, "acme");
	for (size_t i = 0; i < COUNT(others); i++) {
		struct request *request = request_of(s, &groups);

		ask(request, others[i][0], others[i][1]);
		ask(request, "since", "1");
		refuses(request, cursor);
		drop(request);
	}
	struct request *again = request_of(s, &groups);
	struct page page;

	ask(again, "limit", "3"); /* which is no filter */
	ask(again, "since", "1"); /* in another order */
	ask(again, "cursor", cursor);
	ask(again, "type", "x");
	must(page_read(again, &page));
	assert_string_equal(page.after, "acme");
	drop(again);
	drop(first);
}

/* Each bit of its text flipped, and each length of it. */
static void no_altered_cursor_opens(void **state)
{
	struct store *s = *state;
	struct request *first = request_of(s, &groups);
	const char *cursor = cursor_of(first, "acme");
	size_t length = strlen(cursor);

	for (size_t i = 0; i < length * 8; i++) {
		struct request *request = request_of(s, &groups);
		char *altered = arena_strdup(&request->op.arena, cursor);

		altered[i / 8] = (char)(altered[i / 8] ^ 1 << i % 8);
		if (!altered[i / 8])
			altered[i / 8] = 'A';
		refuses(request, altered);
		drop(request);
	}
	for (size_t i = 0; i < length; i++) {
		struct request *request = request_of(s, &groups);

		refuses(request, arena_strndup(&request->op.arena, cursor, i));
		drop(request);
	}
	drop(first);
}

static void nonsense_is_refused(void **state)
{
	static const char *const cursors[] = {
		"",	    "x",
		"=",	    "AQ",
		"AQ==",	    "not a cursor",
		"\xc3\xa9", "00000000-0000-7000-8000-000000000000"};
	struct store *s = *state;
	char longer[4096];

	for (size_t i = 0; i <= COUNT(cursors); i++) {
		struct request *request = request_of(s, &groups);

		memset(longer, 'A', sizeof(longer));
		longer[sizeof(longer) - 1] = '\0';
		refuses(request, i < COUNT(cursors) ? cursors[i] : longer);
		drop(request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_page_begins_with_the_first_and_fifty),
		STORE_TEST(the_last_page_has_no_cursor),
		STORE_TEST(limits_are_1_to_200),
		STORE_TEST(a_page_goes_on_where_the_last_ended),
		STORE_TEST(a_cursor_opens_for_its_own_list_alone),
		STORE_TEST(a_cursor_opens_with_its_own_filters_alone),
		STORE_TEST(no_altered_cursor_opens),
		STORE_TEST(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
