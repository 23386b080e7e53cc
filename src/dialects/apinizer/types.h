/* How the tables of types.c and types_X.c are written. */
#ifndef CLEAT_DIALECTS_APINIZER_TYPES_H
#define CLEAT_DIALECTS_APINIZER_TYPES_H

#include "dialects/fields.h"

enum {
	PORT_MAX = 65535,
	FILE_TEXT_MAX = 128 * 1024, /* of a file in base64 */
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Members of a struct field; defaults are JSON, NULL for none. */
#define CHECKED(field, how)                                                    \
	.name = (field), .type = FIELD_STRING, .check = (how)
#define TEXT(field) CHECKED(field, apinizer_check_line)
#define SECRET(field, more)                                                    \
	CHECKED(field, apinizer_check_line),                                   \
		.flags = FIELD_SECRET | FIELD_SHOWN | (more)
#define WORD(field, more, words)                                               \
	.name = (field), .type = FIELD_STRING, .flags = FIELD_FOLDED | (more), \
	.values = (words)
#define FLAG(field, preset)                                                    \
	.name = (field), .type = FIELD_BOOLEAN, .initial = (preset)
#define NUMBER(field, preset, lowest, highest)                                 \
	.name = (field), .type = FIELD_INTEGER, .initial = (preset),           \
	.least = (lowest), .most = (highest)
#define INT(field, preset)  NUMBER(field, preset, 0, INT32_MAX)
#define LONG(field, preset) NUMBER(field, preset, 0, INT64_MAX)
#define PORT(field, preset) NUMBER(field, preset, 1, PORT_MAX)
#define BASE64(field)                                                          \
	.name = (field), .type = FIELD_STRING, .most = FILE_TEXT_MAX,          \
	.check = apinizer_check_base64

#define TABLE(name, list)                                                      \
	{                                                                      \
		.type = (name), .fields = (list), .count = COUNT(list)         \
	}

/* Does it hold a ${NAME}, which an environment gives its value? */
bool apinizer_has_variable(const char *text);

/*
 * For `check`: no control characters, by which a text would end the line of a
 * protocol that it goes into.
 */
const char *apinizer_check_line(const json_t *value);

/* For `check`; what has a variable is not judged. */
const char *apinizer_check_url(const json_t *value);
const char *apinizer_check_base64(const json_t *value);

extern const struct field_table apinizer_activemq, apinizer_database,
	apinizer_elasticsearch, apinizer_email, apinizer_ftp, apinizer_graylog,
	apinizer_kafka, apinizer_ldap, apinizer_linux_script, apinizer_logback,
	apinizer_rabbitmq, apinizer_snmp, apinizer_syslog, apinizer_webhook;

#endif
