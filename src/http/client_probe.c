/* Which protocol is tried how, and what libcurl's results mean. */
#include "http/client_probe.h"

#include <string.h>

#include "base/clock.h"
#include "http/client_talk.h"

static bool (*const tries[])(struct talk *talk) = {
	[PROBE_TCP] = probe_tcp,
	[PROBE_UDP] = probe_udp,
	[PROBE_HTTP] = probe_http,
	[PROBE_SMTP] = probe_smtp,
	[PROBE_FTP] = probe_ftp,
	[PROBE_SFTP] = probe_sftp,
	[PROBE_SSH] = probe_ssh,
	[PROBE_LDAP] = probe_ldap,
	[PROBE_POSTGRES] = probe_postgres,
	[PROBE_MYSQL] = probe_mysql,
	[PROBE_SQL_SERVER] = probe_sql_server,
	[PROBE_MONGODB] = probe_mongodb,
	[PROBE_AMQP] = probe_amqp,
	[PROBE_AMQP_1] = probe_amqp_1,
	[PROBE_OPENWIRE] = probe_openwire,
	[PROBE_KAFKA] = probe_kafka,
	[PROBE_SNMP] = probe_snmp,
};

/* By the times that libcurl took down; later steps are known by what came. */
static void see_step(struct talk *talk)
{
	const struct probe *probe = talk->probe;
	curl_off_t name = 0, connected = 0, tls = 0;
	CURL *curl = talk->sending.curl;

	if (talk->outcome->step > PROBE_STEP_TLS)
		return;
	curl_easy_getinfo(curl, CURLINFO_NAMELOOKUP_TIME_T, &name);
	curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connected);
	curl_easy_getinfo(curl, CURLINFO_APPCONNECT_TIME_T, &tls);
	if (!connected)
		talk_step(talk, name ? PROBE_STEP_CONNECT : PROBE_STEP_NAME);
	else if (probe->tls == PROBE_TLS && !tls)
		talk_step(talk, PROBE_STEP_TLS);
	else
		talk_step(talk, PROBE_STEP_GREETING);
}

static bool fail_at(struct talk *talk, enum probe_step step,
		    enum probe_fault fault, const char *detail)
{
	talk_step(talk, step);
	return talk_fail(talk, fault, detail);
}

/* OpenSSL's words, of its own making: "self-signed certificate". */
static const char *why_of(const struct talk *talk)
{
	const char *colon = strstr(talk->why, "certificate problem: ");

	if (colon)
		return arena_printf(talk->arena, "its certificate: %s",
				    colon + strlen("certificate problem: "));
	return "its certificate is not that of the host";
}

static bool judge_connection(struct talk *talk, CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return fail_at(talk, PROBE_STEP_NAME, PROBE_NO_NAME,
			       "the host's name has no address");
	case CURLE_COULDNT_CONNECT:
		/* so libcurl calls the end of a directory's connection too */
		if (talk->outcome->step >= PROBE_STEP_GREETING)
			return talk_fail(talk, PROBE_CUT_OFF,
					 "the connection was cut off");
		if (talk->sending.is_blocked)
			return fail_at(talk, PROBE_STEP_CONNECT, PROBE_BLOCKED,
				       "the host's address and port may not be "
				       "called from here");
		return fail_at(talk, PROBE_STEP_CONNECT, PROBE_REFUSED,
			       "nobody takes connections there");
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		return fail_at(talk, PROBE_STEP_TLS, PROBE_UNTRUSTED,
			       why_of(talk));
	case CURLE_USE_SSL_FAILED:
		return fail_at(talk, PROBE_STEP_TLS, PROBE_NO_TLS,
			       "the server does not offer TLS");
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
		return fail_at(talk, PROBE_STEP_SETTINGS, PROBE_UNFIT,
			       "a certificate or key of the connection can't "
			       "be read");
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CIPHER:
		return fail_at(talk, PROBE_STEP_TLS, PROBE_NO_TLS,
			       "the server and we do not agree on TLS");
	case CURLE_URL_MALFORMAT:
		return fail_at(talk, PROBE_STEP_SETTINGS, PROBE_UNFIT,
			       "the host or path is none");
	default:
		return talk_fail(talk, PROBE_CUT_OFF,
				 "the connection was cut off");
	}
}

bool talk_judge(struct talk *talk, CURLcode code)
{
	if (talk->sending.is_too_large)
		return talk_says_too_much(talk);
	see_step(talk);
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		return talk_fail(talk, PROBE_TIMED_OUT,
				 "nothing was said in time");
	case CURLE_ABORTED_BY_CALLBACK:
		return talk_fail(talk, PROBE_STOPPED, "the server is stopping");
	case CURLE_LOGIN_DENIED:
	case CURLE_LDAP_CANNOT_BIND:
		return fail_at(talk, PROBE_STEP_LOGIN, PROBE_DENIED,
			       "user or password was refused");
	case CURLE_AUTH_ERROR:
		return fail_at(talk, PROBE_STEP_LOGIN, PROBE_DENIED,
			       "the server offers no login that we know");
	case CURLE_REMOTE_ACCESS_DENIED:
	case CURLE_REMOTE_FILE_NOT_FOUND:
	case CURLE_LDAP_SEARCH_FAILED:
		return fail_at(talk, PROBE_STEP_USE, PROBE_MISSING,
			       talk->probe->protocol == PROBE_LDAP
				       ? "there is no such base DN"
				       : "there is no such directory");
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_SSH:
		return talk_is_other(talk);
	default:
		return judge_connection(talk, code);
	}
}

bool probe_tcp(struct talk *talk)
{
	return talk_connect(talk);
}

/* Letters, digits, dots, hyphens; a colon in an IPv6 address; no more of
 * ASCII, so that nothing of a URL comes in by it. */
static bool is_host(const char *host)
{
	size_t length = strlen(host);

	if (!length || length > PROBE_HOST_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)host[i];

		if (c < 0x80 && !strchr("abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789.-_:",
					c))
			return false;
	}
	return true;
}

/* It goes into a line of the protocol, and would end it. */
static bool has_control(const char *text)
{
	for (; text && *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

static const char *fault_of(const struct probe *probe)
{
	if (probe->unfit)
		return probe->unfit;
	if (!probe->host || !is_host(probe->host))
		return "the host is no name and no address";
	if (probe->port < 1 || probe->port > PROBE_PORT_MAX)
		return "the port is none";
	if (has_control(probe->user) || has_control(probe->password) ||
	    has_control(probe->path))
		return "a user, password or path has control characters";
	return NULL;
}

void client_probe(struct client *client, struct arena *arena,
		  const struct probe *probe, struct probe_outcome *ret)
{
	int64_t began = clock_monotonic(), most_us = probe->timeout_us;
	const char *unfit = fault_of(probe);

	*ret = (struct probe_outcome){.step = PROBE_STEP_SETTINGS};
	if (unfit) {
		ret->fault = PROBE_UNFIT;
		ret->detail = unfit;
		return;
	}
	if (!most_us || most_us > PROBE_TIMEOUT_US)
		most_us = PROBE_TIMEOUT_US;
	struct talk talk = {
		.sending = {.client = client},
		.arena = arena,
		.probe = probe,
		.outcome = ret,
		.ends_at = began + most_us,
	};
	buf_init(&talk.sending.body, CLIENT_HEADERS_MAX);
	if (tries[probe->protocol](&talk) && !ret->detail)
		ret->detail = probe->remark;
	talk_release(&talk);
	ret->took_us = clock_monotonic() - began;
}
