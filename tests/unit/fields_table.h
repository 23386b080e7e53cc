/* A table with a field of every kind, which the tests of fields read and write.
 */
#ifndef CLEAT_TESTS_UNIT_FIELDS_TABLE_H
#define CLEAT_TESTS_UNIT_FIELDS_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "dialects/fields.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *no_blank(const json_t *value)
{
	return strchr(json_string_value(value), ' ') ? "has a blank" : NULL;
}

static void keep_order(struct op *op, json_t *given, json_t *settings)
{
	const json_t *low = json_object_get(settings, "low");
	const json_t *high = json_object_get(settings, "high");

	if (low && high && json_integer_value(low) > json_integer_value(high))
		op_issue(op, "body", "high", "must not be below low");
	if (json_object_get(given, "color"))
		(void)json_object_set_new(settings, "seen", json_true());
}

static const char *const colors[] = {"RED", "BLUE", NULL};

/* clang-format off */
static const struct field login_fields[] = {
	{.name = "key", .type = FIELD_STRING, .flags = FIELD_REQUIRED},
	{.name = "secret", .type = FIELD_STRING,
	 .flags = FIELD_REQUIRED | FIELD_SECRET},
};
static const struct field_table login = {
	.fields = login_fields, .count = COUNT(login_fields)};

static const struct field host_fields[] = {
	{.name = "host", .type = FIELD_STRING, .flags = FIELD_REQUIRED},
	{.name = "port", .type = FIELD_INTEGER, .initial = "9200", .least = 1,
	 .most = 65535},
};
static const struct field_table hosts = {
	.fields = host_fields, .count = COUNT(host_fields)};

static const struct field fields[] = {
	{.name = "title", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	 .check = no_blank},
	{.name = "note", .type = FIELD_STRING, .flags = FIELD_NULLABLE,
	 .initial = "null", .most = 10},
	{.name = "color", .type = FIELD_STRING, .flags = FIELD_FOLDED,
	 .initial = "\"RED\"", .values = colors},
	{.name = "shades", .type = FIELD_STRING_LIST, .flags = FIELD_FOLDED,
	 .initial = "[]", .values = colors},
	{.name = "low", .type = FIELD_INTEGER, .initial = "1"},
	{.name = "high", .type = FIELD_INTEGER, .initial = "9", .least = -9,
	 .most = 99},
	{.name = "is_on", .type = FIELD_BOOLEAN, .initial = "true"},
	{.name = "extra", .type = FIELD_STRING_MAP, .initial = "{}"},
	{.name = "any", .type = FIELD_OBJECT},
	{.name = "hosts", .type = FIELD_LIST, .initial = "[]",
	 .members = &hosts},
	{.name = "login", .type = FIELD_OBJECT, .flags = FIELD_NULLABLE,
	 .initial = "null", .members = &login},
	{.name = "token", .type = FIELD_STRING,
	 .flags = FIELD_REQUIRED | FIELD_SECRET},
	{.name = "shared", .type = FIELD_STRING,
	 .flags = FIELD_SECRET | FIELD_SHOWN | FIELD_NULLABLE},
	{.name = "headers", .type = FIELD_STRING_MAP,
	 .flags = FIELD_SECRET | FIELD_SHOWN, .initial = "{}"},
	{.name = "mode", .type = FIELD_STRING, .flags = FIELD_HIDDEN,
	 .initial = "\"prefix\""},
	{.name = "seen", .type = FIELD_BOOLEAN, .flags = FIELD_READ_ONLY,
	 .initial = "false"},
};
/* clang-format on */

static const struct field_table table = {"thing", fields, COUNT(fields),
					 keep_order};
#define DEFAULTS                                                               \
	"\"note\":null,\"color\":\"RED\",\"shades\":[],\"low\":1,"             \
	"\"high\":9,\"is_on\":true,\"extra\":{},\"hosts\":[],"                 \
	"\"login\":null,\"mode\":\"prefix\",\"seen\":false}"

static struct op op;

static int begin(void **state)
{
	(void)state;
	op_init(&op, NULL, 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	op_release(&op);
	return 0;
}

#endif
