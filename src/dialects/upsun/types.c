/* The types of third-party integrations: a new one is a table, and a row. */
#include <string.h>

#include "base/outbound_call.h"
#include "dialects/upsun/types_check.h"
#include "dialects/upsun/upsun.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum {
	SCRIPT_MAX = 256 * 1024,
	FACILITY_MAX = 23, /* RFC 5424, 6.2.1 */
	WEEKS_MAX = 52,	   /* GitLab's tokens live for a year at most */
	HEADERS_MAX = 64,  /* a call's own come on top */
};
_Static_assert(HEADERS_MAX + 8 <= OUTBOUND_HEADERS_MAX,
	       "all that are taken can be sent");

static const char *const init_resources[] = {"default", "manual", "minimum",
					     "parent", NULL};
static const char *const token_types[] = {"classic_personal_token",
					  "github_app", NULL};
static const char *const results[] = {"*", "failure", "success", NULL};
static const char *const protocols[] = {"tcp", "tls", "udp", NULL};
static const char *const message_formats[] = {"rfc3164", "rfc5424", NULL};
static const char *const auth_modes[] = {"prefix", "structured_data", NULL};

/* clang-format off */

#define FLAG(field, default_value)                                             \
	{                                                                      \
		.name = (field), .type = FIELD_BOOLEAN,                        \
		.initial = (default_value)                                     \
	}
#define STRINGS(field, default_value)                                          \
	{                                                                      \
		.name = (field), .type = FIELD_STRING_LIST,                    \
		.initial = (default_value)                                     \
	}
#define TEXT(field)                                                            \
	{                                                                      \
		.name = (field), .type = FIELD_STRING,                         \
		.flags = FIELD_REQUIRED                                        \
	}
#define LINE(field)                                                            \
	{                                                                      \
		.name = (field), .type = FIELD_STRING,                         \
		.flags = FIELD_REQUIRED, .check = upsun_check_line             \
	}
#define URL                                                                    \
	{                                                                      \
		.name = "url", .type = FIELD_STRING, .flags = FIELD_REQUIRED,  \
		.check = field_check_url                                       \
	}
#define SECRET(field)                                                          \
	{                                                                      \
		.name = (field), .type = FIELD_STRING,                         \
		.flags = FIELD_REQUIRED | FIELD_SECRET,                        \
		.check = upsun_check_line                                      \
	}

/* Of every type that follows a repository. */
#define GIT_FIELDS                                                             \
	FLAG("fetch_branches", "true"),                                        \
	FLAG("prune_branches", "true"),                                        \
	{.name = "environment_init_resources", .type = FIELD_STRING,           \
	 .initial = "\"parent\"", .values = init_resources}

/* Of every type that is told of activities. */
#define ACTIVITY_FIELDS                                                        \
	STRINGS("events", "[\"*\"]"),                                          \
	STRINGS("environments", "[\"*\"]"),                                    \
	STRINGS("excluded_environments", "[]"),                                \
	STRINGS("states", "[\"complete\"]"),                                   \
	{.name = "result", .type = FIELD_STRING, .initial = "\"*\"",           \
	 .values = results}

/* Of every type that logs are sent to. */
#define LOG_FIELDS                                                             \
	{.name = "extra", .type = FIELD_STRING_MAP, .initial = "{}"},          \
	FLAG("tls_verify", "true"),                                            \
	STRINGS("excluded_services", "[]")

static const struct field app_fields[] = {
	LINE("key"),
	SECRET("secret"),
};
static const struct field_table app = {NULL, app_fields, COUNT(app_fields),
				       NULL};

static const struct field addon_fields[] = {
	LINE("addon_key"),
	LINE("client_key"),
	SECRET("shared_secret"),
};
static const struct field_table addon = {NULL, addon_fields,
					 COUNT(addon_fields), NULL};

static const struct field bitbucket_fields[] = {
	GIT_FIELDS,
	{.name = "app_credentials", .type = FIELD_OBJECT,
	 .flags = FIELD_NULLABLE, .initial = "null", .members = &app},
	{.name = "addon_credentials", .type = FIELD_OBJECT,
	 .flags = FIELD_NULLABLE, .initial = "null", .members = &addon},
	{.name = "repository", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .check = upsun_check_repository},
	FLAG("build_pull_requests", "true"),
	FLAG("pull_requests_clone_parent_data", "true"),
	{.name = "pull_requests_max_pages", .type = FIELD_INTEGER,
	 .flags = FIELD_NULLABLE, .initial = "null", .least = 1,
	 .most = INT32_MAX},
	FLAG("resync_pull_requests", "false"),
};

static const struct field bitbucket_server_fields[] = {
	GIT_FIELDS,
	URL,
	LINE("username"),
	SECRET("token"),
	TEXT("project"),
	TEXT("repository"),
	FLAG("build_pull_requests", "true"),
	FLAG("pull_requests_clone_parent_data", "true"),
};

/* What the profiler gives each environment; there is none to give it. */
static const struct field blackfire_fields[] = {
	{.name = "environments_credentials", .type = FIELD_OBJECT,
	 .flags = FIELD_READ_ONLY, .initial = "{}"},
	{.name = "continuous_profiling", .type = FIELD_BOOLEAN,
	 .flags = FIELD_READ_ONLY, .initial = "false"},
};

static const struct field fastly_fields[] = {
	ACTIVITY_FIELDS,
	SECRET("token"),
	TEXT("service_id"),
	FLAG("tls_certificates", "false"),
};

static const struct field github_fields[] = {
	GIT_FIELDS,
	SECRET("token"),
	{.name = "base_url", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .initial = "null", .check = field_check_url},
	{.name = "repository", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .check = upsun_check_repository},
	FLAG("build_pull_requests", "true"),
	FLAG("build_draft_pull_requests", "true"),
	FLAG("build_pull_requests_post_merge", "false"),
	FLAG("pull_requests_clone_parent_data", "true"),
	{.name = "token_type", .type = FIELD_STRING, .flags = FIELD_READ_ONLY,
	 .initial = "\"classic_personal_token\"", .values = token_types},
};

static const struct field gitlab_fields[] = {
	GIT_FIELDS,
	SECRET("token"),
	{.name = "token_expires_at", .type = FIELD_STRING,
	 .flags = FIELD_READ_ONLY | FIELD_NULLABLE, .initial = "null"},
	FLAG("rotate_token", "false"),
	{.name = "rotate_token_validity_in_weeks", .type = FIELD_INTEGER,
	 .initial = "4", .least = 1, .most = WEEKS_MAX},
	{.name = "base_url", .type = FIELD_STRING,
	 .initial = "\"https://gitlab.com\"", .check = field_check_url},
	{.name = "project", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .check = upsun_check_gitlab_project},
	FLAG("build_merge_requests", "true"),
	FLAG("build_wip_merge_requests", "true"),
	FLAG("merge_requests_clone_parent_data", "true"),
};

static const struct field health_email_fields[] = {
	{.name = "from_address", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .initial = "null", .check = upsun_check_address},
	{.name = "recipients", .type = FIELD_STRING_LIST,
	 .flags = FIELD_REQUIRED, .check = upsun_check_recipient},
};

/* Who may not see the key sees an empty one. */
static const struct field health_pagerduty_fields[] = {
	{.name = "routing_key", .type = FIELD_STRING,
	 .flags = FIELD_REQUIRED | FIELD_SECRET | FIELD_SHOWN,
	 .initial = "\"\"", .check = upsun_check_line},
};

static const struct field health_slack_fields[] = {
	SECRET("token"),
	TEXT("channel"),
};

static const struct field health_webhook_fields[] = {
	{.name = "shared_key", .type = FIELD_STRING,
	 .flags = FIELD_SECRET | FIELD_NULLABLE},
	URL,
};

/* Headers hold tokens, so they are sealed; none are shown to viewers. */
static const struct field http_log_fields[] = {
	LOG_FIELDS,
	URL,
	{.name = "headers", .type = FIELD_STRING_MAP,
	 .flags = FIELD_SECRET | FIELD_SHOWN, .initial = "{}",
	 .most = HEADERS_MAX},
};

static const struct field newrelic_fields[] = {
	LOG_FIELDS,
	URL,
	SECRET("license_key"),
};

static const struct field script_fields[] = {
	ACTIVITY_FIELDS,
	{.name = "script", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .most = SCRIPT_MAX},
};

static const struct field splunk_fields[] = {
	LOG_FIELDS,
	URL,
	TEXT("index"),
	SECRET("token"),
	{.name = "sourcetype", .type = FIELD_STRING, .initial = "\"\""},
};

static const struct field sumologic_fields[] = {
	LOG_FIELDS,
	URL,
	{.name = "category", .type = FIELD_STRING, .initial = "\"\"",
	 .check = upsun_check_line},
};

static const struct field syslog_fields[] = {
	LOG_FIELDS,
	{.name = "host", .type = FIELD_STRING, .initial = "\"localhost\"",
	 .most = 253, .check = upsun_check_host},
	{.name = "port", .type = FIELD_INTEGER, .initial = "514", .least = 1,
	 .most = 65535},
	{.name = "protocol", .type = FIELD_STRING, .initial = "\"tls\"",
	 .values = protocols},
	{.name = "facility", .type = FIELD_INTEGER, .initial = "1",
	 .most = FACILITY_MAX},
	{.name = "message_format", .type = FIELD_STRING,
	 .initial = "\"rfc5424\"", .values = message_formats},
	{.name = "auth_token", .type = FIELD_STRING, .flags = FIELD_SECRET,
	 .check = upsun_check_line},
	{.name = "auth_mode", .type = FIELD_STRING, .flags = FIELD_HIDDEN,
	 .initial = "\"prefix\"", .values = auth_modes},
};

static const struct field webhook_fields[] = {
	ACTIVITY_FIELDS,
	{.name = "shared_key", .type = FIELD_STRING,
	 .flags = FIELD_SECRET | FIELD_SHOWN | FIELD_NULLABLE},
	URL,
};

/* By name, as capabilities list them. */
static const struct upsun_type types[] = {
	{{"bitbucket", bitbucket_fields, COUNT(bitbucket_fields),
	  upsun_complete_git}, UPSUN_GIT},
	{{"bitbucket_server", bitbucket_server_fields,
	  COUNT(bitbucket_server_fields), upsun_complete_git}, UPSUN_GIT},
	{{"blackfire", blackfire_fields, COUNT(blackfire_fields), NULL},
	 UPSUN_PROFILER},
	{{"fastly", fastly_fields, COUNT(fastly_fields), NULL}, UPSUN_CACHE},
	{{"github", github_fields, COUNT(github_fields),
	  upsun_complete_github}, UPSUN_GIT},
	{{"gitlab", gitlab_fields, COUNT(gitlab_fields),
	  upsun_complete_gitlab}, UPSUN_GIT},
	{{"health.email", health_email_fields, COUNT(health_email_fields),
	  NULL}, UPSUN_HEALTH},
	{{"health.pagerduty", health_pagerduty_fields,
	  COUNT(health_pagerduty_fields), NULL}, UPSUN_HEALTH},
	{{"health.slack", health_slack_fields, COUNT(health_slack_fields),
	  NULL}, UPSUN_HEALTH},
	{{"health.webhook", health_webhook_fields,
	  COUNT(health_webhook_fields), NULL}, UPSUN_HEALTH},
	{{"httplog", http_log_fields, COUNT(http_log_fields),
	  upsun_complete_headers}, UPSUN_LOG},
	{{"newrelic", newrelic_fields, COUNT(newrelic_fields), NULL},
	 UPSUN_LOG},
	{{"otlplog", http_log_fields, COUNT(http_log_fields),
	  upsun_complete_headers}, UPSUN_LOG},
	{{"script", script_fields, COUNT(script_fields), NULL}, UPSUN_SCRIPT},
	{{"splunk", splunk_fields, COUNT(splunk_fields), NULL}, UPSUN_LOG},
	{{"sumologic", sumologic_fields, COUNT(sumologic_fields), NULL},
	 UPSUN_LOG},
	{{"syslog", syslog_fields, COUNT(syslog_fields), NULL}, UPSUN_LOG},
	{{"webhook", webhook_fields, COUNT(webhook_fields), NULL},
	 UPSUN_WEBHOOK},
};

/* clang-format on */

const struct upsun_type *upsun_types(size_t *ret_count)
{
	*ret_count = COUNT(types);
	return types;
}

static const struct upsun_type *find(const char *name)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(types[i].table.type, name) == 0)
			return &types[i];
	return NULL;
}

const struct field_table *upsun_type(const char *name)
{
	const struct upsun_type *type = find(name);

	return type ? &type->table : NULL;
}

bool upsun_takes_hooks(const char *name)
{
	const struct upsun_type *type = find(name);

	return type && type->family == UPSUN_GIT;
}

bool upsun_can_be_tried(const char *name)
{
	const struct upsun_type *type = find(name);

	return type &&
	       (type->family == UPSUN_GIT || type->family == UPSUN_HEALTH ||
		type->family == UPSUN_LOG || type->family == UPSUN_WEBHOOK);
}
