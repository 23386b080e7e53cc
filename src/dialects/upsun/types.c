/* The types of third-party integrations: a new one is a table, and a row. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "dialects/upsun/upsun.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Roughly RFC 5321: what is left is for the mail server to say. */
static const char *check_address(const json_t *value)
{
	const char *address = json_string_value(value);
	const char *at = strrchr(address, '@');

	if (!at || at == address || !at[1] || strlen(address) > 254 ||
	    !is_printable(address))
		return "must be an e-mail address";
	return NULL;
}

static const char *check_recipient(const json_t *value)
{
	const char *text = json_string_value(value);

	if (strcmp(text, "#admins") == 0 || strcmp(text, "#viewers") == 0 ||
	    (*text != '#' && !check_address(value)))
		return NULL;
	return "must be an e-mail address, #admins or #viewers";
}

static const char *check_github_repository(const json_t *value)
{
	const char *name = json_string_value(value);
	const char *slash = strchr(name, '/');

	if (!slash || slash == name || !slash[1])
		return "must have the form owner/name";
	for (const char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("-_.", *at) &&
		    at != slash)
			return "must have the form owner/name";
	return NULL;
}

static void set(json_t *settings, const char *name, json_t *value)
{
	if (json_object_set_new(settings, name, value) != 0)
		abort(); /* out of memory */
}

/* What is not fetched cannot be pruned. */
static void complete_git(struct op *op, json_t *given, json_t *settings)
{
	if (!json_is_false(json_object_get(settings, "fetch_branches")) ||
	    !json_is_true(json_object_get(settings, "prune_branches")))
		return;
	if (json_object_get(given, "prune_branches"))
		op_issue(op, "body", "prune_branches",
			 "must be false when fetch_branches is");
	else
		set(settings, "prune_branches", json_false());
}

/* Tokens of apps begin so: https://github.blog/2021-04-05. */
static bool is_github_app_token(const char *token)
{
	return strncmp(token, "ghs_", 4) == 0 || strncmp(token, "ghu_", 4) == 0;
}

static void complete_github(struct op *op, json_t *given, json_t *settings)
{
	const char *token = json_string_value(json_object_get(given, "token"));

	complete_git(op, given, settings);
	if (token)
		set(settings, "token_type",
		    json_string(is_github_app_token(token)
					? "github_app"
					: "classic_personal_token"));
}

static const char *const init_resources[] = {"default", "manual", "minimum",
					     "parent", NULL};
static const char *const token_types[] = {"classic_personal_token",
					  "github_app", NULL};
static const char *const results[] = {"*", "failure", "success", NULL};

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

/* clang-format off */

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

static const struct field webhook_fields[] = {
	ACTIVITY_FIELDS,
	{.name = "shared_key", .type = FIELD_STRING,
	 .flags = FIELD_SECRET | FIELD_SHOWN | FIELD_NULLABLE},
	{.name = "url", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .check = field_check_url},
};

static const struct field github_fields[] = {
	GIT_FIELDS,
	{.name = "token", .type = FIELD_STRING,
	 .flags = FIELD_REQUIRED | FIELD_SECRET},
	{.name = "base_url", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .initial = "null", .check = field_check_url},
	{.name = "repository", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .check = check_github_repository},
	FLAG("build_pull_requests", "true"),
	FLAG("build_draft_pull_requests", "true"),
	FLAG("build_pull_requests_post_merge", "false"),
	FLAG("pull_requests_clone_parent_data", "true"),
	{.name = "token_type", .type = FIELD_STRING, .flags = FIELD_READ_ONLY,
	 .initial = "\"classic_personal_token\"", .values = token_types},
};

static const struct field health_email_fields[] = {
	{.name = "from_address", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .initial = "null", .check = check_address},
	{.name = "recipients", .type = FIELD_STRING_LIST,
	 .flags = FIELD_REQUIRED, .check = check_recipient},
};

static const struct field_table types[] = {
	{"github", github_fields, COUNT(github_fields), complete_github},
	{"health.email", health_email_fields, COUNT(health_email_fields), NULL},
	{"webhook", webhook_fields, COUNT(webhook_fields), NULL},
};

/* clang-format on */

const struct field_table *upsun_type(const char *name)
{
	return field_table_find(types, COUNT(types), name, false);
}
