/* What a client says of an activity that it tells of. */
#include <string.h>

#include "base/clock.h"
#include "core/event_type.h"
#include "dialects/upsun/upsun.h"

#define WORD_START "abcdefghijklmnopqrstuvwxyz0123456789"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum {
	TYPE_MAX = 128,
	ENVIRONMENTS_MAX = 64,
	LOG_MAX = 512 * 1024, /* at a time; ACTIVITY_LOG_MAX in all */
};

/* Each begins with a letter or a digit. */
static bool are_words(const char *type)
{
	for (;; type++) {
		if (!strchr(WORD_START, *type) || !*type)
			return false;
		type += strspn(type, WORD_START "_-");
		if (*type != '.')
			return !*type;
	}
}

static const char *check_type(const json_t *value)
{
	const char *type = json_string_value(value);

	if (event_type_is_own(type))
		return "is of what the project tells of itself";
	if (!strchr(type, '.') || !are_words(type))
		return "must have the form environment.push";
	return NULL;
}

static const char *check_time(const json_t *value)
{
	int64_t time;

	return clock_parse(json_string_value(value), &time)
		       ? NULL
		       : "must be a time by RFC 3339";
}

static const char *check_timings(const json_t *value)
{
	void *at = json_object_iter((json_t *)(uintptr_t)value);

	for (; at; at = json_object_iter_next((json_t *)(uintptr_t)value, at))
		if (!json_is_number(json_object_iter_value(at)))
			return "must be an object of numbers";
	return NULL;
}

static const char *const states[] = {"cancelled", "complete",  "in_progress",
				     "pending",	  "scheduled", "staged",
				     NULL};
static const char *const results[] = {"failure", "success", NULL};
static const char *const reasons[] = {"error", "shell", NULL};

/* clang-format off */

static const struct field command_fields[] = {
	{.name = "app", .type = FIELD_STRING, .flags = FIELD_REQUIRED},
	{.name = "type", .type = FIELD_STRING, .flags = FIELD_REQUIRED},
	{.name = "exit_code", .type = FIELD_INTEGER, .flags = FIELD_REQUIRED},
};
static const struct field_table command = {NULL, command_fields,
					   COUNT(command_fields), NULL};

#define TIME(field)                                                            \
	{                                                                      \
		.name = (field), .type = FIELD_STRING,                         \
		.flags = FIELD_NULLABLE, .check = check_time                   \
	}

/* Those that the core does not look into come first. */
enum { DOCUMENT = 7 };
static const struct field fields[] = {
	{.name = "parameters", .type = FIELD_OBJECT, .initial = "{}"},
	{.name = "timings", .type = FIELD_OBJECT, .initial = "{}",
	 .check = check_timings},
	{.name = "payload", .type = FIELD_OBJECT, .initial = "{}"},
	{.name = "description", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .initial = "null"},
	{.name = "text", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .initial = "null"},
	{.name = "expires_at", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .initial = "null", .check = check_time},
	{.name = "commands", .type = FIELD_LIST, .initial = "[]",
	 .members = &command},

	{.name = "type", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .most = TYPE_MAX, .check = check_type},
	{.name = "integration", .type = FIELD_STRING, .flags = FIELD_NULLABLE},
	{.name = "environments", .type = FIELD_STRING_LIST,
	 .most = ENVIRONMENTS_MAX},
	{.name = "state", .type = FIELD_STRING, .values = states},
	{.name = "result", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .values = results},
	{.name = "failure_reason", .type = FIELD_STRING,
	 .flags = FIELD_NULLABLE, .values = reasons},
	{.name = "completion_percent", .type = FIELD_INTEGER, .least = 0,
	 .most = 100},
	TIME("started_at"),
	TIME("completed_at"),
	{.name = "log", .type = FIELD_STRING, .most = LOG_MAX},
};

/* clang-format on */

const struct field_table upsun_activity_fields = {NULL, fields, COUNT(fields),
						  NULL};
const struct field_table upsun_activity_document = {NULL, fields, DOCUMENT,
						    NULL};
