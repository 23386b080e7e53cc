/* The types of connections and their fields. */
#include <strings.h>

#include "dialects/apinizer/apinizer.h"

#define FIELDS(list) .fields = (list), .count = sizeof(list) / sizeof((list)[0])

enum {
	PORT_MAX = 65535,
	TIMEOUT_MAX_S = 86400,
	POOL_MAX = 100000,
};

static const char *const type_names[] = {
	"activemq", "database", "elasticsearch", "email",	 "ftp",
	"graylog",  "kafka",	"ldap",		 "linux-script", "logback",
	"rabbitmq", "snmp",	"syslog",	 "webhook",
};

static const struct field property_fields[] = {
	{.name = "key", .type = FIELD_STRING, .flags = FIELD_REQUIRED},
	{.name = "value", .type = FIELD_STRING, .initial = "\"\""},
};
static const struct field_table property = {FIELDS(property_fields)};

static const struct field email_fields[] = {
	{.name = "host", .type = FIELD_STRING, .flags = FIELD_REQUIRED},
	{.name = "port",
	 .type = FIELD_INTEGER,
	 .initial = "587",
	 .least = 1,
	 .most = PORT_MAX},
	{.name = "enableStartTls", .type = FIELD_BOOLEAN, .initial = "false"},
	{.name = "auth", .type = FIELD_BOOLEAN, .initial = "false"},
	{.name = "username", .type = FIELD_STRING},
	{.name = "password",
	 .type = FIELD_STRING,
	 .flags = FIELD_SECRET | FIELD_SHOWN},
	{.name = "defaultEncoding",
	 .type = FIELD_STRING,
	 .initial = "\"UTF-8\""},
	{.name = "addressToTest", .type = FIELD_STRING},
	{.name = "from", .type = FIELD_STRING},
	{.name = "additionalProperties",
	 .type = FIELD_LIST,
	 .initial = "[]",
	 .members = &property},
};

static const struct field header_fields[] = {
	{.name = "name", .type = FIELD_STRING, .flags = FIELD_REQUIRED},
	{.name = "value", .type = FIELD_STRING, .initial = "\"\""},
};
static const struct field_table header = {FIELDS(header_fields)};

static const char *const http_methods[] = {"GET",   "POST", "PUT",     "DELETE",
					   "PATCH", "HEAD", "OPTIONS", "TRACE",
					   "ALL",   NULL};

static const struct field webhook_fields[] = {
	{.name = "httpMethod",
	 .type = FIELD_STRING,
	 .flags = FIELD_FOLDED,
	 .initial = "\"GET\"",
	 .values = http_methods},
	{.name = "fullUrl",
	 .type = FIELD_STRING,
	 .flags = FIELD_REQUIRED,
	 .check = field_check_url},
	{.name = "headerList",
	 .type = FIELD_LIST,
	 .initial = "[]",
	 .members = &header},
	{.name = "timeout",
	 .type = FIELD_INTEGER,
	 .initial = "2",
	 .least = 0,
	 .most = TIMEOUT_MAX_S},
	{.name = "connectionPoolMaxConnectionPerHost",
	 .type = FIELD_INTEGER,
	 .initial = "24",
	 .least = 1,
	 .most = POOL_MAX},
	{.name = "connectionPoolMaxConnectionTotal",
	 .type = FIELD_INTEGER,
	 .initial = "48",
	 .least = 1,
	 .most = POOL_MAX},
};

static const struct field_table types[] = {
	{.type = "email", FIELDS(email_fields)},
	{.type = "webhook", FIELDS(webhook_fields)},
};

const char *apinizer_type_name(const char *name)
{
	for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++)
		if (strcasecmp(type_names[i], name) == 0)
			return type_names[i];
	return NULL;
}

const struct field_table *apinizer_type(const char *name)
{
	return field_table_find(types, sizeof(types) / sizeof(types[0]), name,
				true);
}
