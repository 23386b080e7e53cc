/* Trying those that logs are sent to: with one record that says so. */
#include <string.h>

#include "base/json_member.h"
#include "core/probe.h"

#define JSON_TYPE "application/json"
#define RECORD	  "Cleat tries whether logs arrive here."

static bool is_false(const char *json)
{
	return json && strcmp(json, "false") == 0;
}

/* By its address; `tls_verify` is honoured as it would be with logs. */
static bool send(const struct probe *probe, struct outbound_call *ret,
		 const char *type, const char *body)
{
	probe_post(ret, probe_setting(probe, "url"), type, body);
	ret->trusts_any = is_false(probe_setting(probe, "tls_verify"));
	return true;
}

static void judge(struct probe *probe, const struct outbound_answer *answer,
		  const char *credential)
{
	if (!answer->status)
		probe_fault(probe, "url", "can't be reached: %s",
			    answer->failure);
	else if (answer->status == 401 || answer->status == 403)
		probe_fault(probe, credential,
			    "is not taken: it was answered %d", answer->status);
	else if (answer->status / 100 != 2)
		probe_fault(probe, "url", "answered with %d", answer->status);
	else
		probe_works(probe);
}

static void add_own_headers(const struct probe *probe,
			    struct outbound_call *ret)
{
	const char *headers = probe_secret(probe, "headers");
	struct json_text own[OUTBOUND_HEADERS_MAX];
	size_t count = json_texts(&probe->op->arena, headers, strlen(headers),
				  "", own, OUTBOUND_HEADERS_MAX);

	for (size_t i = 0; i < count; i++)
		probe_header(ret, own[i].name, own[i].value);
}

static bool ask_http(struct probe *probe, struct outbound_call *ret)
{
	bool is_sent =
		send(probe, ret, JSON_TYPE, "[{\"message\":\"" RECORD "\"}]");

	add_own_headers(probe, ret);
	return is_sent;
}

/* OTLP/HTTP in JSON (opentelemetry.proto.collector.logs.v1). */
static bool ask_otlp(struct probe *probe, struct outbound_call *ret)
{
	bool is_sent = send(
		probe, ret, JSON_TYPE,
		"{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":"
		"{\"stringValue\":\"" RECORD "\"}}]}]}]}");

	add_own_headers(probe, ret);
	return is_sent;
}

static void judge_http(struct probe *probe,
		       const struct outbound_answer *answer)
{
	judge(probe, answer, "headers");
}

static bool ask_newrelic(struct probe *probe, struct outbound_call *ret)
{
	bool is_sent =
		send(probe, ret, JSON_TYPE, "[{\"message\":\"" RECORD "\"}]");

	probe_header(ret, "Api-Key", probe_secret(probe, "license_key"));
	return is_sent;
}

static void judge_newrelic(struct probe *probe,
			   const struct outbound_answer *answer)
{
	judge(probe, answer, "license_key");
}

/* Splunk's HTTP Event Collector. */
static bool ask_splunk(struct probe *probe, struct outbound_call *ret)
{
	struct arena *arena = &probe->op->arena;
	bool is_sent = send(
		probe, ret, JSON_TYPE,
		arena_printf(arena, "{\"event\":\"" RECORD "\",\"index\":%s}",
			     json_quote(arena, probe_setting(probe, "index"))));

	probe_header(
		ret, "Authorization",
		arena_printf(arena, "Splunk %s", probe_secret(probe, "token")));
	return is_sent;
}

/* Code 7 of a 400 is about the index. */
static void judge_splunk(struct probe *probe,
			 const struct outbound_answer *answer)
{
	const char *code = probe_said(probe, answer, "code");

	if (answer->status == 400 && code && strcmp(code, "7") == 0)
		probe_fault(probe, "index", "is none of that server's");
	else
		judge(probe, answer, "token");
}

static bool ask_sumologic(struct probe *probe, struct outbound_call *ret)
{
	const char *category = probe_setting(probe, "category");
	bool is_sent = send(probe, ret, "text/plain", RECORD "\n");

	if (category && *category)
		probe_header(ret, "X-Sumo-Category", category);
	return is_sent;
}

/* Its address is its credential. */
static void judge_sumologic(struct probe *probe,
			    const struct outbound_answer *answer)
{
	judge(probe, answer, "url");
}

/* A connection, with TLS if it is to have that; nothing is said there. */
static bool ask_syslog(struct probe *probe, struct outbound_call *ret)
{
	struct arena *arena = &probe->op->arena;
	const char *protocol = probe_setting(probe, "protocol");
	const char *host = probe_setting(probe, "host");
	bool is_v6 = strchr(host, ':') != NULL;

	if (strcmp(protocol, "udp") == 0) {
		probe_fault(probe, "protocol",
			    "can't be tried: nobody answers udp");
		return false;
	}
	*ret = (struct outbound_call){
		.method = "",
		.url = arena_printf(arena, "%s://%s%s%s:%s",
				    strcmp(protocol, "tls") == 0 ? "https"
								 : "http",
				    is_v6 ? "[" : "", host, is_v6 ? "]" : "",
				    probe_setting(probe, "port")),
		.only_connects = true,
		.trusts_any = is_false(probe_setting(probe, "tls_verify")),
	};
	return true;
}

static void judge_syslog(struct probe *probe,
			 const struct outbound_answer *answer)
{
	if (answer->status)
		probe_works(probe);
	else
		probe_fault(probe, "host", "can't be reached: %s",
			    answer->failure);
}

const struct probe_way probe_log_ways[] = {
	{"httplog", ask_http, judge_http},
	{"newrelic", ask_newrelic, judge_newrelic},
	{"otlplog", ask_otlp, judge_http},
	{"splunk", ask_splunk, judge_splunk},
	{"sumologic", ask_sumologic, judge_sumologic},
	{"syslog", ask_syslog, judge_syslog},
};
const size_t probe_log_count = sizeof(probe_log_ways) / sizeof(*probe_log_ways);
