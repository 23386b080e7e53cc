/* Kafka: its producer's properties have types of their own. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_read.h"
#include "dialects/apinizer/types.h"

/* A property's value as its type has it; NULL when it is none of that. */
typedef json_t *reading(const char *text);

static json_t *read_text(const char *text)
{
	return json_string(text);
}

static json_t *read_boolean(const char *text)
{
	if (strcasecmp(text, "true") == 0)
		return json_true();
	return strcasecmp(text, "false") == 0 ? json_false() : NULL;
}

static json_t *read_whole(const char *text, long long least, long long most)
{
	char *end;

	errno = 0;
	long long value = strtoll(text, &end, 10);
	if (errno || end == text || *end || value < least || value > most)
		return NULL;
	return json_integer(value);
}

static json_t *read_integer(const char *text)
{
	return read_whole(text, INT32_MIN, INT32_MAX);
}

static json_t *read_long(const char *text)
{
	return read_whole(text, INT64_MIN, INT64_MAX);
}

static json_t *read_double(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	return end == text || *end || !isfinite(value) ? NULL
						       : json_real(value);
}

static json_t *read_list(const char *text)
{
	json_t *list = json_array();

	while (list && *text) {
		size_t length = strcspn(text, ",");

		if (json_array_append_new(list, json_stringn(text, length)))
			abort(); /* out of memory */
		text += length + (text[length] == ',');
	}
	return list;
}

static const char *const value_types[] = {
	"STRING", "BOOLEAN",	 "INTEGER", "LONG", "DOUBLE",
	"FLOAT",  "STRING_LIST", "URI",	    NULL,
};
static reading *const readings[] = {
	read_text,   read_boolean, read_integer, read_long,
	read_double, read_double,  read_list,	 read_text,
};

static json_t *read_value(const char *type, const char *text)
{
	for (size_t i = 0; value_types[i]; i++)
		if (strcmp(value_types[i], type) == 0)
			return readings[i](text);
	return NULL;
}

/* What has a variable is of no type that is known here. */
static void complete_property(struct op *op, const char *key, json_t *one)
{
	const json_t *type = json_object_get(one, "valueType");
	const json_t *value = json_object_get(one, "value");
	const char *text = json_string_value(value);

	if (!text || !type || apinizer_has_variable(text))
		return;
	json_t *typed = read_value(json_string_value(type), text);
	if (!typed)
		op_issue(op, "body",
			 arena_printf(&op->arena, "propertiesMap.%.64s.value",
				      key),
			 "is no %s", json_string_value(type));
	else if (json_object_set_new(one, "valueByType", typed) != 0)
		abort(); /* out of memory */
}

static void complete(struct op *op, json_t *given, json_t *settings)
{
	json_t *properties = json_object_get(settings, "propertiesMap");
	const char *key;
	json_t *one;

	(void)given;
	json_object_foreach (properties, key, one)
		complete_property(op, key, one);
}

/* clang-format off */

static const struct field property_fields[] = {
	{CHECKED("value", NULL), .initial = "\"\"", .about = "Its value as text."},
	{WORD("valueType", 0, value_types), .initial = "\"STRING\"",
	 .about = "What that text is; a list's items have commas between."},
	{.name = "valueByType", .type = FIELD_OBJECT, .flags = FIELD_READ_ONLY,
	 .about = "The value as its type has it, whatever JSON that is; null "
		  "where it holds a variable."},
};
static const struct field_table property = TABLE(NULL, property_fields);

static const char *const tls_versions[] = {
	"TLS_1_3", "TLS_1_2", "TLS_1_1", "TLS_1_0", "SSL_3_0", NULL};

static const struct field kafka_fields[] = {
	{TEXT("topicName"), .flags = FIELD_REQUIRED,
	 .about = "The topic that is sent to."},
	{.name = "propertiesMap", .type = FIELD_MAP, .flags = FIELD_REQUIRED,
	 .members = &property,
	 .about = "The producer's properties by name, such as "
		  "bootstrap.servers; they are no secrets."},
	{FLAG("enableSecure", "false"), .about = "Encrypt by TLS."},
	{.name = "protocolTypes", .type = FIELD_STRING_LIST,
	 .flags = FIELD_FOLDED, .initial = "[]", .values = tls_versions,
	 .feature = "enableSecure", .about = "The versions of TLS."},
	{TEXT("keyStoreId"), .about = "The client's certificate, by id."},
	{TEXT("keyStoreName"), .feature = "enableSecure",
	 .about = "The client's certificate, by name."},
	{TEXT("trustStoreId"),
	 .about = "The certificates that are trusted, by id."},
	{TEXT("trustStoreName"),
	 .about = "The certificates that are trusted, by name."},
};
const struct field_table apinizer_kafka = {
	.type = "kafka", .fields = kafka_fields, .count = COUNT(kafka_fields),
	.complete = complete};

/* clang-format on */
