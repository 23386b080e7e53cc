/* What each type of connection tries, as a table, and reading its fields. */
#include "dialects/apinizer/targets.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_read.h"
#include "base/pkcs12.h"

enum { FILE_MAX = 128 * 1024, DAY_MS = 86400000 };

/* clang-format off */

static const struct target_rule rules[] = {
	{.type = "activemq", .protocol = PROBE_OPENWIRE, .port = 61616,
	 .user = "username", .password = "password",
	 .timeout_ms = "connectTimeout", .complete = target_activemq},
	{.type = "database", .protocol = PROBE_TCP,
	 .user = "username", .password = "password", .path = "databaseName",
	 .timeout_ms = "connectionTimeout", .complete = target_database},
	{.type = "elasticsearch", .protocol = PROBE_HTTP, .port = 9200,
	 .user = "elasticUsername", .password = "elasticPassword",
	 .timeout_ms = "connectionTimeoutInMs",
	 .complete = target_elasticsearch},
	{.type = "email", .protocol = PROBE_SMTP, .port = 587,
	 .host = "host", .port_field = "port",
	 .user = "username", .password = "password",
	 .complete = target_email},
	{.type = "ftp", .protocol = PROBE_FTP, .port = 21,
	 .host = "host", .port_field = "port",
	 .user = "username", .password = "password", .path = "workingDir",
	 .timeout_ms = "timeout", .complete = target_ftp},
	{.type = "graylog", .protocol = PROBE_TCP, .port = 12201,
	 .host = "hostname", .port_field = "port",
	 .timeout_ms = "connectTimeout", .complete = target_graylog},
	{.type = "kafka", .protocol = PROBE_KAFKA, .port = 9092,
	 .complete = target_kafka},
	{.type = "ldap", .protocol = PROBE_LDAP, .port = 389,
	 .user = "username", .password = "password", .path = "baseDn",
	 .complete = target_ldap},
	{.type = "linux-script", .protocol = PROBE_SSH, .port = 22,
	 .host = "hostName", .port_field = "sshPort",
	 .user = "username", .password = "password"},
	{.type = "rabbitmq", .protocol = PROBE_AMQP, .port = 5672,
	 .user = "connectionFactoryUsername",
	 .password = "connectionFactoryPassword",
	 .path = "connectionFactoryVirtualHost",
	 .timeout_ms = "connectionFactoryConnectionTimeout",
	 .complete = target_rabbitmq},
	{.type = "snmp", .protocol = PROBE_SNMP, .port = 162,
	 .user = "securityOrCommunityName", .complete = target_snmp},
	{.type = "syslog", .protocol = PROBE_TCP, .port = 514,
	 .host = "syslogServerHostname", .port_field = "syslogPort",
	 .complete = target_syslog},
	{.type = "webhook", .protocol = PROBE_HTTP,
	 .complete = target_webhook},
};

/* clang-format on */

static const json_t *member(const struct target_reader *reader,
			    const char *name)
{
	return name ? json_object_get(reader->settings, name) : NULL;
}

const char *target_text(const struct target_reader *reader, const char *name)
{
	const char *text = json_string_value(member(reader, name));

	return text && *text ? text : NULL;
}

int64_t target_number(const struct target_reader *reader, const char *name)
{
	return json_integer_value(member(reader, name));
}

bool target_flag(const struct target_reader *reader, const char *name)
{
	return json_is_true(member(reader, name));
}

bool target_is(const struct target_reader *reader, const char *name,
	       const char *word)
{
	const char *text = target_text(reader, name);

	return text && strcasecmp(text, word) == 0;
}

const char *target_secret(const struct target_reader *reader, const char *name)
{
	const struct credential *found =
		name ? credential_find(&reader->test->secrets, name) : NULL;

	return found ? (const char *)found->value.bytes : NULL;
}

const char *target_file(const struct target_reader *reader, const char *name,
			size_t *ret_length)
{
	const char *text = target_text(reader, name);
	size_t length = text ? strlen(text) : 0;

	if (!text || length > FILE_MAX)
		return NULL;
	char *file = arena_alloc(&reader->op->arena, length + 1);
	if (sodium_base642bin((unsigned char *)file, length, text, length,
			      " \r\n", ret_length, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		return NULL;
	return file;
}

void target_trust(const struct target_reader *reader, struct probe *probe,
		  const char *name)
{
	size_t length;

	probe->authorities = target_file(reader, name, &length);
	if (!probe->authorities && target_text(reader, name))
		probe->unfit = "the certificates to trust can't be read";
}

void target_trust_pkcs12(const struct target_reader *reader,
			 struct probe *probe, const char *name,
			 const char *password)
{
	size_t length;
	const char *file = target_file(reader, name, &length);

	if (file)
		probe->authorities = pkcs12_certificates(
			&reader->op->arena, file, length, password);
	if (!probe->authorities && target_text(reader, name))
		probe->unfit = "the certificates to trust can't be read";
}

int64_t target_milliseconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	return *end || value < 0 || value > DAY_MS ? 0 : value * INT64_C(1000);
}

/* What a worker's environment gives its value has none here. */
static bool has_variable(const char *text)
{
	return text && strstr(text, "${") != NULL;
}

static bool needs_environment(const struct probe *probe)
{
	const struct outbound_call *call = probe->call;

	for (size_t i = 0; call && i < call->header_count; i++)
		if (has_variable(call->headers[i].value))
			return true;
	return has_variable(probe->host) || has_variable(probe->user) ||
	       has_variable(probe->password) || has_variable(probe->path) ||
	       (call && has_variable(call->url));
}

void target_add(struct target_reader *reader, const struct probe *probe)
{
	struct connection_test *test = reader->test;

	if (test->count == CONNECTION_TEST_MAX)
		return;
	struct probe *added = &test->probes[test->count++];
	*added = *probe;
	if (!added->unfit && needs_environment(added))
		added->unfit = "a field has a variable, whose value is known "
			       "in its environment alone";
}

int target_port(const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);

	return *end || port < 0 || port > PROBE_PORT_MAX ? 0 : (int)port;
}

void target_set_place(struct target_reader *reader, struct probe *probe,
		      const char *text, size_t length)
{
	struct arena *arena = &reader->op->arena;
	const char *place = arena_strndup(arena, text, length);
	const char *colon = strrchr(place, ':');
	const char *bracket = strchr(place, ']');

	if (*place == '[' && bracket) {
		probe->host = arena_strndup(arena, place + 1,
					    (size_t)(bracket - place) - 1);
		colon = bracket[1] == ':' ? bracket + 1 : NULL;
	} else if (colon && strchr(place, ':') == colon) {
		probe->host =
			arena_strndup(arena, place, (size_t)(colon - place));
	} else {
		/* a name alone, or an address of IPv6 without brackets */
		probe->host = place;
		colon = NULL;
	}
	if (!colon)
		return;
	probe->port = target_port(colon + 1);
}

void target_add_places(struct target_reader *reader, struct probe *probe,
		       const char *text, size_t length)
{
	const char *end = text + length;
	int port = probe->port;

	while (text < end) {
		const char *comma = memchr(text, ',', (size_t)(end - text));
		size_t item = (size_t)((comma ? comma : end) - text);

		while (item && *text == ' ') {
			text++;
			item--;
		}
		probe->port = port;
		target_set_place(reader, probe, text, item);
		target_add(reader, probe);
		text += item + 1;
	}
}

const char *target_authority(const char *url, size_t *ret_length)
{
	const char *slashes = strstr(url, "//");
	const char *from = slashes ? slashes + 2 : url;
	size_t length = strcspn(from, "/?;");

	/* a user, and perhaps a password, before it */
	for (size_t at = 0; at < length; at++)
		if (from[at] == '@') {
			from += at + 1;
			length -= at + 1;
			at = 0;
		}
	*ret_length = length;
	return from;
}

const char *target_argument(const struct target_reader *reader, const char *url,
			    const char *name)
{
	size_t length = strlen(name);

	for (const char *at = strpbrk(url, "?;&"); at;
	     at = strpbrk(at, "?;&")) {
		at++;
		if (strncasecmp(at, name, length) == 0 && at[length] == '=')
			return arena_strndup(&reader->op->arena,
					     at + length + 1,
					     strcspn(at + length + 1, "&;"));
	}
	return NULL;
}

static void read_row(struct target_reader *reader,
		     const struct target_rule *rule)
{
	int64_t port = target_number(reader, rule->port_field);
	int64_t timeout_ms = target_number(reader, rule->timeout_ms);
	struct probe probe = {
		.protocol = rule->protocol,
		.host = target_text(reader, rule->host),
		.port = port ? (int)port : rule->port,
		.user = target_text(reader, rule->user),
		.password = target_secret(reader, rule->password),
		.path = target_text(reader, rule->path),
		.timeout_us = timeout_ms <= DAY_MS ? timeout_ms * 1000 : 0,
	};

	if (probe.user && !probe.password)
		probe.password = "";
	if (rule->complete)
		rule->complete(reader, &probe);
	else
		target_add(reader, &probe);
	if (reader->test->count)
		return;
	probe.unfit = "it names no host";
	target_add(reader, &probe);
}

enum error apinizer_targets(struct op *op, struct connection_test *test)
{
	const struct connection *connection = &test->connection;
	const char *why;
	json_t *settings;

	if (json_read(&op->arena, connection->settings,
		      strlen(connection->settings), &settings, &why) != OK)
		return op_fail(op, ERR_INTERNAL, "stored settings: %s", why);
	struct target_reader reader = {op, settings, test};
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (strcmp(rules[i].type, connection->kind) == 0) {
			read_row(&reader, &rules[i]);
			return OK;
		}
	return op_fail(op, ERR_INVALID,
		       "Connection (name: %s) is of type %s, which has no "
		       "target to test!",
		       connection->name, connection->kind);
}
