/* core/probe: which calls try an integration, and what their answers say. */
#include "support.h"

#include "core/probe.h"

enum { TURNS = 3 };

struct turn {
	int status; /* 0: no answer */
	const char *body;
};

struct trial {
	const char *kind, *settings;
	struct turn turns[TURNS]; /* those after the last are not asked for */
	const char *field;	  /* at fault; NULL: it works */
	const char *url;	  /* of the last call; NULL: whatever */
};

#define GITHUB "{\"base_url\":null,\"repository\":\"o/n\"}"
#define GITLAB "{\"base_url\":\"https://g\",\"project\":\"a/b\"}"
#define APP                                                                    \
	"{\"repository\":\"t/n\",\"app_credentials\":{\"key\":\"k\"},"         \
	"\"addon_credentials\":null}"
#define ADDON                                                                  \
	"{\"repository\":\"t/n\",\"addon_credentials\":{\"addon_key\":\"a\","  \
	"\"client_key\":\"c\"}}"
#define SERVER                                                                 \
	"{\"url\":\"https://b\",\"username\":\"u\",\"project\":\"P\","         \
	"\"repository\":\"n\"}"
#define TOKEN_OF_APP                                                           \
	"{\"access_token\":\"t\",\"scopes\":\"repository webhook\"}"
#define SLACK	"{\"channel\":\"#a\"}"
#define TARGET	"{\"url\":\"https://l\",\"index\":\"i\",\"category\":\"c\"}"
#define OK_BODY "{\"ok\":true}"

static const struct trial trials[] = {
	{"github",
	 GITHUB,
	 {{200, "{\"permissions\":{\"push\":true}}"}},
	 NULL,
	 "https://api.github.com/repos/o/n"},
	{"github",
	 "{\"base_url\":\"https://g\",\"repository\":\"o/n\"}",
	 {{200, "{\"permissions\":{\"push\":false}}"}},
	 "token",
	 "https://g/api/v3/repos/o/n"},
	{"github", GITHUB, {{0, NULL}}, "base_url", NULL},
	{"github", GITHUB, {{401, ""}}, "token", NULL},
	{"github", GITHUB, {{403, ""}}, "token", NULL},
	{"github", GITHUB, {{404, ""}}, "repository", NULL},
	{"github", GITHUB, {{302, ""}}, "base_url", NULL},
	{"gitlab",
	 GITLAB,
	 {{200, "{\"scopes\":[\"api\"]}"},
	  {200, "{\"permissions\":{\"group_access\":{\"access_level\":50}}}"}},
	 NULL,
	 "https://g/api/v4/projects/a%2Fb"},
	{"gitlab",
	 GITLAB,
	 {{200, "{\"scopes\":[\"read_api\"]}"}},
	 "token",
	 "https://g/api/v4/personal_access_tokens/self"},
	{"gitlab",
	 GITLAB,
	 {{200, "{\"scopes\":[\"api\"]}"}, {200, "{}"}},
	 "token",
	 NULL},
	{"gitlab",
	 GITLAB,
	 {{200, "{\"scopes\":[\"api\"]}"}, {404, ""}},
	 "project",
	 NULL},
	{"bitbucket",
	 "{\"repository\":\"t/n\"}",
	 {{0, NULL}},
	 "app_credentials",
	 NULL},
	{"bitbucket",
	 APP,
	 {{200, TOKEN_OF_APP}, {200, "{}"}},
	 NULL,
	 "https://api.bitbucket.org/2.0/repositories/t/n"},
	{"bitbucket",
	 APP,
	 {{400, ""}},
	 "app_credentials",
	 "https://bitbucket.org/site/oauth2/access_token"},
	{"bitbucket", ADDON, {{400, ""}}, "addon_credentials", NULL},
	{"bitbucket", ADDON, {{401, ""}}, "addon_credentials", NULL},
	{"bitbucket",
	 APP,
	 {{200, "{\"scopes\":\"webhook\"}"}},
	 "app_credentials",
	 NULL},
	{"bitbucket",
	 APP,
	 {{200, "{\"scopes\":\"repository\"}"}},
	 "app_credentials",
	 NULL},
	{"bitbucket",
	 APP,
	 {{200, TOKEN_OF_APP}, {404, ""}},
	 "repository",
	 NULL},
	{"bitbucket_server",
	 SERVER,
	 {{200, "{}"}, {200, "{\"size\":1}"}},
	 NULL,
	 NULL},
	{"bitbucket_server",
	 SERVER,
	 {{200, "{}"}, {200, "{\"size\":0}"}},
	 "token",
	 NULL},
	{"bitbucket_server",
	 SERVER,
	 {{404, ""}},
	 "repository",
	 "https://b/rest/api/1.0/projects/P/repos/n"},
	{"webhook", TARGET, {{204, ""}}, NULL, "https://l"},
	{"health.webhook", TARGET, {{500, ""}}, "url", NULL},
	{"health.webhook", TARGET, {{0, NULL}}, "url", NULL},
	{"health.email", "{}", {{250, ""}}, NULL, NULL},
	{"health.email", "{}", {{535, ""}}, "smtp", NULL},
	{"health.email", "{}", {{0, NULL}}, "smtp", NULL},
	{"health.slack",
	 SLACK,
	 {{200, OK_BODY},
	  {200, "{\"ok\":true,\"channels\":[{\"name\":\"b\"}],"
		"\"response_metadata\":{\"next_cursor\":\"x=\"}}"},
	  {200, "{\"ok\":true,\"channels\":[{\"name\":\"a\"}]}"}},
	 NULL,
	 "https://slack.com/api/conversations.list"},
	{"health.slack",
	 SLACK,
	 {{200, OK_BODY}, {200, "{\"ok\":true,\"channels\":[]}"}},
	 "channel",
	 NULL},
	{"health.slack",
	 "{\"channel\":\"C12345678\"}",
	 {{200, OK_BODY},
	  {200, "{\"ok\":false,\"error\":\"channel_not_found\"}"}},
	 "channel",
	 "https://slack.com/api/conversations.info"},
	{"health.slack",
	 SLACK,
	 {{200, "{\"ok\":false}"}},
	 "token",
	 "https://slack.com/api/auth.test"},
	{"health.slack", SLACK, {{0, NULL}}, "token", NULL},
	{"health.slack", SLACK, {{500, ""}}, "token", NULL},
	{"health.pagerduty", "{}", {{202, "{}"}}, NULL, NULL},
	{"health.pagerduty",
	 "{}",
	 {{400, "{\"message\":\"m\"}"}},
	 "routing_key",
	 NULL},
	{"health.pagerduty", "{}", {{0, NULL}}, "routing_key", NULL},
	{"httplog", TARGET, {{200, ""}}, NULL, "https://l"},
	{"httplog", TARGET, {{401, ""}}, "headers", NULL},
	{"httplog", TARGET, {{0, NULL}}, "url", NULL},
	{"otlplog", TARGET, {{404, ""}}, "url", NULL},
	{"newrelic", TARGET, {{403, ""}}, "license_key", NULL},
	{"splunk", TARGET, {{200, "{}"}}, NULL, NULL},
	{"splunk", TARGET, {{400, "{\"code\":7}"}}, "index", NULL},
	{"splunk", TARGET, {{403, "{\"code\":4}"}}, "token", NULL},
	{"sumologic", TARGET, {{401, ""}}, "url", NULL},
	{"syslog",
	 "{\"host\":\"::1\",\"port\":514,\"protocol\":\"tls\","
	 "\"tls_verify\":false}",
	 {{200, ""}},
	 NULL,
	 "https://[::1]:514"},
	{"syslog",
	 "{\"host\":\"h\",\"port\":1,\"protocol\":\"tcp\"}",
	 {{0, NULL}},
	 "host",
	 "http://h:1"},
	{"syslog",
	 "{\"host\":\"h\",\"port\":1,\"protocol\":\"udp\"}",
	 {{0, NULL}},
	 "protocol",
	 NULL},
	{"script", "{}", {{0, NULL}}, "type", NULL},
};

static const struct credential_list *secrets_of(struct op *op)
{
	static const char *const names[] = {"token",
					    "shared_key",
					    "routing_key",
					    "license_key",
					    "headers",
					    "app_credentials.secret",
					    "addon_credentials.shared_secret"};
	struct credential_list *list = arena_alloc(&op->arena, sizeof(*list));

	list->count = COUNT(names);
	list->items =
		arena_alloc(&op->arena, COUNT(names) * sizeof(*list->items));
	for (size_t i = 0; i < COUNT(names); i++)
		list->items[i] = (struct credential){
			.name = names[i],
			.value = {(const unsigned char *)"{\"X-Key\":\"k\"}",
				  13}};
	return list;
}

static void each_answer_is_judged(void **state)
{
	struct store *s = *state;

	for (size_t i = 0; i < COUNT(trials); i++) {
		const struct trial *trial = &trials[i];
		const struct integration of = {.kind = trial->kind,
					       .handle = "h",
					       .settings = trial->settings};
		struct outbound_call call = {.url = ""};
		struct probe probe;
		int turn = 0;

		probe_begin(&s->op, &of, secrets_of(&s->op), of.id,
			    "{\"type\":\"integration.validate\"}", true,
			    &probe);
		while (probe_next(&probe, &call)) {
			const struct turn *now = &trial->turns[turn++];
			const struct outbound_answer answer = {
				.status = now->status,
				.failure = "timed out",
				.body = now->body,
				.length = now->body ? strlen(now->body) : 0};

			assert_true(turn <= TURNS);
			probe_take(&probe, &answer);
		}
		assert_true(probe.is_over);
		if (trial->field) {
			assert_non_null(probe.field);
			assert_string_equal(probe.field, trial->field);
		} else {
			assert_null(probe.field);
		}
		if (trial->url)
			assert_string_equal(call.url, trial->url);
	}
}

static void calls_have_an_end(void **state)
{
	struct store *s = *state;
	const struct integration of = {.kind = "health.slack",
				       .settings = SLACK};
	static const char body[] =
		"{\"ok\":true,\"channels\":[],"
		"\"response_metadata\":{\"next_cursor\":\"again\"}}";
	const struct outbound_answer answer = {
		.status = 200, .body = body, .length = sizeof(body) - 1};
	struct outbound_call call;
	struct probe probe;
	int calls = 0;

	probe_begin(&s->op, &of, secrets_of(&s->op), of.id, "{}", true, &probe);
	for (; probe_next(&probe, &call); calls++)
		probe_take(&probe, &answer);
	assert_int_equal(calls, PROBE_CALLS_MAX);
	assert_string_equal(probe.field, "channel");
}

static void nobody_to_mail_to_is_told_without_a_call(void **state)
{
	struct store *s = *state;
	const struct integration of = {.kind = "health.email",
				       .settings = "{}"};
	struct outbound_call call;
	struct probe probe;

	probe_begin(&s->op, &of, secrets_of(&s->op), of.id, "{}", false,
		    &probe);
	assert_false(probe_next(&probe, &call));
	assert_string_equal(probe.field, "recipients");
}

static void credentials_go_where_they_belong(void **state)
{
	struct store *s = *state;
	const struct integration of = {.kind = "httplog", .settings = TARGET};
	struct outbound_call call;
	struct probe probe;

	probe_begin(&s->op, &of, secrets_of(&s->op), of.id, "{}", true, &probe);
	assert_true(probe_next(&probe, &call));
	assert_string_equal(call.headers[1].name, "X-Key");
	assert_string_equal(call.headers[1].value, "k");
	assert_string_equal(probe_basic(&probe, "a", "b"), "Basic YTpi");
	assert_string_equal(probe_secret(&probe, "none"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(each_answer_is_judged),
		STORE_TEST(calls_have_an_end),
		STORE_TEST(nobody_to_mail_to_is_told_without_a_call),
		STORE_TEST(credentials_go_where_they_belong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
