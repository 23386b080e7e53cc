/* Mail, logs, traps and what is called over HTTP. */
#include <string.h>
#include <strings.h>

#include "dialects/apinizer/targets.h"

enum { PORT_SMTPS = 465, PORT_HTTP = 80, PORT_HTTPS = 443 };

/* One of additionalProperties, as the mail library of clients has them. */
static const char *mail_property(const struct target_reader *reader,
				 const char *name)
{
	const json_t *all =
		json_object_get(reader->settings, "additionalProperties");

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);
		const char *key =
			json_string_value(json_object_get(one, "key"));

		if (key && strcasecmp(key, name) == 0)
			return json_string_value(json_object_get(one, "value"));
	}
	return NULL;
}

/* TLS from the first byte has a port of its own, or is asked for. */
void target_email(struct target_reader *reader, struct probe *probe)
{
	const char *ssl = mail_property(reader, "mail.smtp.ssl.enable");
	const char *timeout = mail_property(reader, "mail.smtp.timeout");

	if (timeout)
		probe->timeout_us = target_milliseconds(timeout);
	if (!target_flag(reader, "auth"))
		probe->user = probe->password = NULL;
	if (probe->port == PORT_SMTPS || (ssl && strcasecmp(ssl, "true") == 0))
		probe->tls = PROBE_TLS;
	else if (target_flag(reader, "enableStartTls"))
		probe->tls = PROBE_STARTTLS;
	target_add(reader, probe);
}

void target_graylog(struct target_reader *reader, struct probe *probe)
{
	if (target_is(reader, "transportType", "UDP")) {
		probe->protocol = PROBE_UDP;
	} else if (target_flag(reader, "tlsEnabled")) {
		probe->tls = PROBE_TLS;
		probe->trusts_anybody =
			!target_flag(reader, "tlsCertVerificationEnabled");
		target_trust(reader, probe, "tlsTrustCertChainFile");
	}
	target_add(reader, probe);
}

/* The timeout is of a message; half a second is short for a first greeting. */
void target_syslog(struct target_reader *reader, struct probe *probe)
{
	if (target_is(reader, "syslogProtocolType", "UDP"))
		probe->protocol = PROBE_UDP;
	else if (target_flag(reader, "syslogSslEnabled"))
		probe->tls = PROBE_TLS;
	target_add(reader, probe);
}

/* As the user of version 3; which of two fields names it depends on who wrote
 * the connection. */
static void set_user(struct target_reader *reader, struct probe *probe)
{
	static const char *const ways[][2] = {
		{"AuthMD5", "MD5"},
		{"AuthSHA", "SHA"},
		{"AuthHMAC128SHA224", "SHA224"},
		{"AuthHMAC192SHA256", "SHA256"},
		{"AuthHMAC256SHA384", "SHA384"},
		{"AuthHMAC384SHA512", "SHA512"},
	};
	const char *user = target_text(reader, "securityName");
	const char *level = target_text(reader, "securityLevel");
	const char *way = target_text(reader, "usmUserAuthenticationProtocol");

	if (user)
		probe->user = user;
	bool signs = level ? strcasecmp(level, "NOAUTH_NOPRIV") != 0
			   : target_flag(reader, "enableUserAuthentication");
	if (!signs)
		return;
	probe->password = target_secret(reader, "authPassphrase");
	probe->signs_by = "SHA";
	for (size_t i = 0; way && i < sizeof(ways) / sizeof(*ways); i++)
		if (strcasecmp(way, ways[i][0]) == 0)
			probe->signs_by = ways[i][1];
	if (level && strcasecmp(level, "AUTH_PRIV") == 0)
		probe->remark = "the user is known and signs as it should; "
				"encrypting was not tried";
}

/* udp:HOST/PORT */
void target_snmp(struct target_reader *reader, struct probe *probe)
{
	const char *place = target_text(reader, "connectionString");
	const char *slash = place ? strrchr(place, '/') : NULL;
	const char *version = target_text(reader, "version");

	if (!place || strncasecmp(place, "udp:", 4) != 0) {
		probe->unfit = "connectionString is not udp:HOST/PORT";
		probe->host = NULL;
		target_add(reader, probe);
		return;
	}
	probe->version = !version			   ? 1
			 : strcasecmp(version, "V3") == 0  ? 3
			 : strcasecmp(version, "V2c") == 0 ? 2
							   : 1;
	if (probe->version == 3)
		set_user(reader, probe);
	place += 4;
	probe->host =
		arena_strndup(&reader->op->arena, place,
			      slash ? (size_t)(slash - place) : strlen(place));
	if (slash)
		probe->port = target_port(slash + 1);
	target_add(reader, probe);
}

static struct outbound_call *new_call(const struct target_reader *reader,
				      const char *method, const char *url)
{
	struct outbound_call *call =
		arena_alloc(&reader->op->arena, sizeof(*call));

	call->method = method;
	call->url = url;
	return call;
}

static void set_encryption(struct target_reader *reader, struct probe *probe)
{
	if (!target_flag(reader, "encryptCommunication"))
		return;
	probe->trusts_any_name =
		target_flag(reader, "disableHostnameVerification");
	const char *way = target_text(reader, "encryptCommunicationType");
	if (!way)
		return;
	if (strcasecmp(way, "CA_IN_PEM_FILE") == 0) {
		target_trust(reader, probe, "caInPemFile");
	} else if (strcasecmp(way, "CA_CERTIFICATE_IN_PKCS_12") == 0) {
		target_trust_pkcs12(reader, probe, "caCertInPkcs12File", NULL);
	} else {
		target_trust_pkcs12(
			reader, probe, "caTruststoreFile",
			target_secret(reader, "caTruststoreFilePass"));
		probe->identity = target_text(reader, "caKeystoreFile");
		probe->identity_password =
			target_secret(reader, "caKeystoreFilePass");
	}
}

static void add_elastic(struct target_reader *reader, struct probe *probe,
			const json_t *host)
{
	const char *scheme = json_string_value(json_object_get(host, "scheme"));
	json_int_t port = json_integer_value(json_object_get(host, "port"));
	bool is_tls = target_flag(reader, "encryptCommunication") ||
		      (scheme && strcasecmp(scheme, "https") == 0);

	probe->host = json_string_value(json_object_get(host, "host"));
	if (port)
		probe->port = (int)port;
	probe->tls = is_tls ? PROBE_TLS : PROBE_PLAIN;
	probe->call = new_call(reader, "GET", "/");
	target_add(reader, probe);
}

void target_elasticsearch(struct target_reader *reader, struct probe *probe)
{
	const json_t *hosts =
		json_object_get(reader->settings, "elasticHostList");
	const struct probe all = *probe;

	if (!target_flag(reader, "authenticate"))
		probe->user = probe->password = NULL;
	set_encryption(reader, probe);
	for (size_t i = 0; i < json_array_size(hosts); i++) {
		probe->port = all.port;
		add_elastic(reader, probe, json_array_get(hosts, i));
	}
}

/* What changes nothing is sent as it is, else a HEAD (RFC 9110, 9.2.1). */
static const char *safe_method(const struct target_reader *reader)
{
	if (target_is(reader, "httpMethod", "GET"))
		return "GET";
	if (target_is(reader, "httpMethod", "OPTIONS"))
		return "OPTIONS";
	return "HEAD";
}

static void add_headers(struct target_reader *reader,
			struct outbound_call *call)
{
	const json_t *list = json_object_get(reader->settings, "headerList");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *name =
			json_string_value(json_object_get(one, "name"));
		const char *value =
			json_string_value(json_object_get(one, "value"));

		if (name && call->header_count < OUTBOUND_HEADERS_MAX)
			call->headers[call->header_count++] =
				(struct outbound_header){name,
							 value ? value : ""};
	}
}

void target_webhook(struct target_reader *reader, struct probe *probe)
{
	const char *url = target_text(reader, "fullUrl");
	size_t length;

	if (!url)
		return;
	bool is_tls = strncasecmp(url, "https:", 6) == 0;
	probe->tls = is_tls ? PROBE_TLS : PROBE_PLAIN;
	probe->port = is_tls ? PORT_HTTPS : PORT_HTTP;
	probe->timeout_us = target_number(reader, "timeout") * 1000000;
	const char *place = target_authority(url, &length);
	target_set_place(reader, probe, place, length);
	const char *rest = place + length;
	struct outbound_call *call =
		new_call(reader, safe_method(reader),
			 *rest == '/' ? rest
			 : *rest ? arena_printf(&reader->op->arena, "/%s", rest)
				 : "/");
	add_headers(reader, call);
	probe->call = call;
	target_add(reader, probe);
}
