/* The types of connections: one table each, in the files types_X.c. */
#include "dialects/apinizer/types.h"

#include <string.h>
#include <strings.h>

#include "dialects/apinizer/apinizer.h"

/* In order of name. */
static const struct field_table *const types[] = {
	&apinizer_activemq, &apinizer_database, &apinizer_elasticsearch,
	&apinizer_email,    &apinizer_ftp,	&apinizer_graylog,
	&apinizer_kafka,    &apinizer_ldap,	&apinizer_linux_script,
	&apinizer_logback,  &apinizer_rabbitmq, &apinizer_snmp,
	&apinizer_syslog,   &apinizer_webhook,
};

const struct field_table *apinizer_type_at(size_t i)
{
	return i < COUNT(types) ? types[i] : NULL;
}

const struct field_table *apinizer_type(const char *name)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (strcasecmp(types[i]->type, name) == 0)
			return types[i];
	return NULL;
}

bool apinizer_has_variable(const char *text)
{
	const char *start = strstr(text, "${");

	return start && strchr(start, '}');
}

const char *apinizer_check_line(const json_t *value)
{
	const char *text = json_string_value(value);

	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return "must not have control characters";
	return NULL;
}

const char *apinizer_check_url(const json_t *value)
{
	const char *why = apinizer_check_line(value);

	if (why || apinizer_has_variable(json_string_value(value)))
		return why;
	return field_check_url(value);
}

/* RFC 4648, 4; MIME's line ends may be in it. */
const char *apinizer_check_base64(const json_t *value)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *text = json_string_value(value);
	size_t count = 0, padding = 0;

	if (apinizer_has_variable(text))
		return NULL;
	for (; *text; text++) {
		if (*text == '\r' || *text == '\n')
			continue;
		if (*text == '=')
			padding++;
		else if (padding || !strchr(digits, *text))
			return "must be base64";
		count++;
	}
	return padding > 2 || count % 4 ? "must be base64" : NULL;
}
