/* Message brokers: their places and logins. */
#include <string.h>
#include <strings.h>

#include "dialects/apinizer/targets.h"

enum { PORT_AMQP = 5672, PORT_AMQPS = 5671, PORT_SSL = 61617 };

static void add_host(struct target_reader *reader, struct probe *probe,
		     const json_t *place, int port)
{
	const char *host = json_string_value(json_object_get(place, "host"));
	json_int_t own = json_integer_value(json_object_get(place, "port"));

	probe->host = host && *host ? host : "localhost";
	probe->port = own ? (int)own : port;
	target_add(reader, probe);
}

/* Without a login of its own the client's library logs in as guest. */
void target_rabbitmq(struct target_reader *reader, struct probe *probe)
{
	const json_t *places =
		json_object_get(reader->settings, "hostPortList");
	int port = probe->port;

	if (!target_flag(reader, "authenticationEnabled"))
		probe->user = probe->password = "guest";
	if (target_flag(reader, "connectionFactoryUseSslProtocol"))
		probe->tls = PROBE_TLS;
	for (size_t i = 0; i < json_array_size(places); i++)
		add_host(reader, probe, json_array_get(places, i), port);
}

/* What of failover:(tcp://a:1,ssl://b:2)?x=y is between the brackets. */
static const char *inside(const char *url, size_t *ret_length)
{
	const char *open = strchr(url, '(');
	const char *close = open ? strrchr(url, ')') : NULL;

	if (open && close && close > open) {
		*ret_length = (size_t)(close - open) - 1;
		return open + 1;
	}
	const char *scheme = strstr(url, "://");
	if (strncasecmp(url, "failover:", 9) == 0 && scheme)
		url += 9;
	*ret_length = strlen(url);
	return url;
}

static void add_broker(struct target_reader *reader, struct probe *probe,
		       const char *url)
{
	bool is_amqp =
		strncasecmp(url, "amqp", 4) == 0 ||
		target_is(reader, "activeMqConnectionProtocolType", "AMQP");
	bool is_tls = strncasecmp(url, "ssl:", 4) == 0 ||
		      strncasecmp(url, "nio+ssl:", 8) == 0 ||
		      strncasecmp(url, "amqps:", 6) == 0 ||
		      strncasecmp(url, "amqp+ssl:", 9) == 0;
	size_t length;

	probe->protocol = is_amqp ? PROBE_AMQP_1 : PROBE_OPENWIRE;
	probe->tls = is_tls ? PROBE_TLS : PROBE_PLAIN;
	probe->port = is_amqp ? PORT_AMQP : 61616;
	if (is_tls)
		probe->port = is_amqp ? PORT_AMQPS : PORT_SSL;
	const char *place = target_authority(url, &length);
	target_set_place(reader, probe, place, length);
	target_add(reader, probe);
}

void target_activemq(struct target_reader *reader, struct probe *probe)
{
	const char *url = target_text(reader, "brokerURL");
	size_t length;

	if (!url)
		return;
	const char *at = inside(url, &length);
	const char *end = at + length;
	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		size_t item = (size_t)((comma ? comma : end) - at);

		add_broker(reader, probe,
			   arena_strndup(&reader->op->arena, at, item));
		at += item + 1;
	}
}

/* A property is a text, or an object with one. */
static const char *property(const struct target_reader *reader,
			    const char *name)
{
	const json_t *map = json_object_get(reader->settings, "propertiesMap");
	const json_t *value = json_object_get(map, name);

	if (json_is_object(value))
		value = json_object_get(value, "value");
	return json_string_value(value);
}

/* name="text" in the configuration of a login module; NULL: not there. */
static const char *quoted(const struct target_reader *reader, const char *text,
			  const char *name)
{
	size_t length = strlen(name);

	for (const char *at = text; at && (at = strstr(at, name)); at++) {
		const char *from = at + length;

		from += strspn(from, " \t");
		if (*from != '=')
			continue;
		from += 1 + strspn(from + 1, " \t");
		if (*from != '"')
			continue;
		return arena_strndup(&reader->op->arena, from + 1,
				     strcspn(from + 1, "\""));
	}
	return NULL;
}

void target_kafka(struct target_reader *reader, struct probe *probe)
{
	const char *places = property(reader, "bootstrap.servers");
	const char *protocol = property(reader, "security.protocol");
	const char *login = property(reader, "sasl.jaas.config");
	const char *mechanism = property(reader, "sasl.mechanism");
	const char *timeout = property(reader, "request.timeout.ms");
	bool has_login = protocol && strncasecmp(protocol, "SASL_", 5) == 0;
	const char *under = has_login ? protocol + 5 : protocol;

	if (target_flag(reader, "enableSecure") ||
	    (under && strcasecmp(under, "SSL") == 0))
		probe->tls = PROBE_TLS;
	if (has_login && login && mechanism &&
	    strcasecmp(mechanism, "PLAIN") == 0) {
		probe->user = quoted(reader, login, "username");
		probe->password = quoted(reader, login, "password");
		if (probe->user && !probe->password)
			probe->password = "";
	} else if (has_login) {
		probe->remark = "its greeting was looked at, the login was not "
				"tried: it is not SASL PLAIN";
	}
	if (timeout)
		probe->timeout_us = target_milliseconds(timeout);
	if (places)
		target_add_places(reader, probe, places, strlen(places));
}
