/* Trying those that are told: webhooks, mail, Slack, PagerDuty. */
#include <string.h>

#include "base/json_member.h"
#include "base/jws_detached.h"
#include "base/url_encode.h"
#include "core/listener_call.h"
#include "core/probe.h"
#include "core/service.h"

#define JSON_TYPE "application/json"

/* It is told of this very try, as it would be of anything else. */
static bool ask_webhook(struct probe *probe, struct outbound_call *ret)
{
	const struct listener_message message = {
		.delivery_id = probe->id,
		.body = probe->activity,
		.now = probe->now,
	};

	listener_call(probe->op, probe->integration, probe->secrets, &message,
		      ret);
	return true;
}

static void judge_webhook(struct probe *probe,
			  const struct outbound_answer *answer)
{
	if (!answer->status)
		probe_fault(probe, "url", "can't be reached: %s",
			    answer->failure);
	else if (answer->status / 100 != 2)
		probe_fault(probe, "url", "answered with %d", answer->status);
	else
		probe_works(probe);
}

/* No mail: the server is asked to let us in. */
static bool ask_email(struct probe *probe, struct outbound_call *ret)
{
	static const struct outbound_mail nothing;

	(void)probe;
	*ret = (struct outbound_call){
		.method = "", .url = "", .mail = &nothing};
	return true;
}

static void judge_email(struct probe *probe,
			const struct outbound_answer *answer)
{
	if (!answer->status)
		probe_fault(probe, "smtp", "can't be used: %s",
			    answer->failure);
	else if (answer->status >= 400)
		probe_fault(probe, "smtp", "the mail server answered with %d",
			    answer->status);
	else
		probe_works(probe);
}

enum { SLACK_TOKEN, SLACK_CHANNEL };

/* C, G and D begin the ids of channels; others are names. */
static bool is_channel_id(const char *channel)
{
	return strchr("CGD", channel[0]) && strlen(channel) >= 9 &&
	       !channel[strspn(channel, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789")];
}

static const char *channel_of(const struct probe *probe)
{
	const char *channel = probe_setting(probe, "channel");

	return *channel == '#' ? channel + 1 : channel;
}

static const char *slack_form(const struct probe *probe)
{
	struct arena *arena = &probe->op->arena;
	const char *channel = channel_of(probe);

	if (probe->step == SLACK_TOKEN)
		return "";
	if (is_channel_id(channel))
		return arena_printf(arena, "channel=%s", channel);
	return arena_printf(
		arena,
		"exclude_archived=true&limit=1000&types=public_channel%%2C"
		"private_channel&cursor=%s",
		probe->found ? url_encode(arena, probe->found) : "");
}

static bool ask_slack(struct probe *probe, struct outbound_call *ret)
{
	struct arena *arena = &probe->op->arena;
	const char *method = is_channel_id(channel_of(probe))
				     ? "conversations.info"
				     : "conversations.list";

	if (probe->step == SLACK_TOKEN)
		method = "auth.test";
	probe_post(ret,
		   arena_printf(arena, "%s/api/%s", service_url(SERVICE_SLACK),
				method),
		   "application/x-www-form-urlencoded", slack_form(probe));
	probe_header(
		ret, "Authorization",
		arena_printf(arena, "Bearer %s", probe_secret(probe, "token")));
	return true;
}

/* A channel's own name, as it stands in the JSON of a list of them. */
static bool has_channel(const struct probe *probe,
			const struct outbound_answer *answer)
{
	const char *all = probe_said(probe, answer, "channels");
	const char *mark = arena_printf(&probe->op->arena, "\"name\":\"%s\"",
					channel_of(probe));

	return all && strstr(all, mark);
}

static void judge_channel(struct probe *probe,
			  const struct outbound_answer *answer)
{
	const char *cursor =
		probe_said(probe, answer, "response_metadata.next_cursor");

	if (is_channel_id(channel_of(probe)) || has_channel(probe, answer))
		probe_works(probe);
	else if (cursor && *cursor && probe->calls < PROBE_CALLS_MAX)
		probe->found = cursor;
	else if (cursor && *cursor)
		probe_fault(probe, "channel",
			    "is not among those that were looked through: give "
			    "its id instead of its name");
	else
		probe_fault(probe, "channel",
			    "is not there, or the token does not see it");
}

static void judge_slack(struct probe *probe,
			const struct outbound_answer *answer)
{
	const char *ok = probe_said(probe, answer, "ok");
	const char *error = probe_said(probe, answer, "error");
	bool is_ok = ok && strcmp(ok, "true") == 0;
	bool is_channel = error && strcmp(error, "channel_not_found") == 0;

	if (!answer->status)
		probe_fault(probe, "token", "Slack can't be reached: %s",
			    answer->failure);
	else if (answer->status / 100 != 2)
		probe_fault(probe, "token", "Slack answered with %d",
			    answer->status);
	else if (!is_ok)
		probe_fault(probe, is_channel ? "channel" : "token",
			    "Slack says %s", error ? error : "no word of why");
	else if (probe->step == SLACK_TOKEN)
		probe_go_on(probe, SLACK_CHANNEL);
	else
		judge_channel(probe, answer);
}

/* The end of an alert that there never was changes nothing there. */
static bool ask_pagerduty(struct probe *probe, struct outbound_call *ret)
{
	struct arena *arena = &probe->op->arena;
	char id[UUID_TEXT];

	uuid_format(probe->id, id);
	probe_post(ret,
		   arena_printf(arena, "%s/v2/enqueue",
				service_url(SERVICE_PAGERDUTY)),
		   JSON_TYPE,
		   arena_printf(arena,
				"{\"routing_key\":%s,\"event_action\":"
				"\"resolve\",\"dedup_key\":\"cleat:%s\"}",
				json_quote(arena,
					   probe_secret(probe, "routing_key")),
				id));
	return true;
}

static void judge_pagerduty(struct probe *probe,
			    const struct outbound_answer *answer)
{
	const char *why = probe_said(probe, answer, "message");

	if (!answer->status)
		probe_fault(probe, "routing_key",
			    "PagerDuty can't be reached: %s", answer->failure);
	else if (answer->status / 100 != 2)
		probe_fault(probe, "routing_key",
			    "PagerDuty answered with %d%s%s", answer->status,
			    why ? ": " : "", why ? why : "");
	else
		probe_works(probe);
}

const struct probe_way probe_listener_ways[] = {
	{"health.email", ask_email, judge_email},
	{"health.pagerduty", ask_pagerduty, judge_pagerduty},
	{"health.slack", ask_slack, judge_slack},
	{"health.webhook", ask_webhook, judge_webhook},
	{"webhook", ask_webhook, judge_webhook},
};
const size_t probe_listener_count =
	sizeof(probe_listener_ways) / sizeof(*probe_listener_ways);
