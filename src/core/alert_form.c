/* Alerts in the forms of those who take them. */
#include "core/alert_form.h"

#include <string.h>

#include "base/json_member.h"
#include "base/json_write.h"
#include "base/utf8.h"
#include "core/mail.h"
#include "core/service.h"

enum { BODY_MAX = 128 * 1024, SUMMARY_MAX = 1024 };

static const char *of_json(struct op *op, const char *json, const char *name)
{
	return json_member_text(&op->arena, json, strlen(json), name);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* What all of them say. */
struct alert {
	bool is_raised;
	const char *name, *severity, *title, *message, *environment;
	const char *project, *project_title, *raised_at;
};

static struct alert read_alert(struct op *op, const char *body)
{
	return (struct alert){
		.is_raised = strcmp(or_empty(of_json(op, body, "state")),
				    "raised") == 0,
		.name = or_empty(of_json(op, body, "name")),
		.severity = or_empty(of_json(op, body, "severity")),
		.title = or_empty(of_json(op, body, "title")),
		.message = or_empty(of_json(op, body, "message")),
		.environment = of_json(op, body, "environment"),
		.project = or_empty(of_json(op, body, "project")),
		.project_title = or_empty(of_json(op, body, "project_title")),
		.raised_at = or_empty(of_json(op, body, "raised_at")),
	};
}

static const char *headline(struct op *op, const struct alert *alert)
{
	return arena_printf(
		&op->arena, "[%s] %s: %s",
		*alert->project_title ? alert->project_title : alert->project,
		alert->is_raised ? alert->severity : "cleared", alert->title);
}

static const char *details(struct op *op, const struct alert *alert)
{
	const char *where = alert->environment ? alert->environment : "-";

	return arena_printf(&op->arena,
			    "%s\n\nWarning: %s\nSeverity: %s\nEnvironment: %s\n"
			    "Project: %s\nSince: %s\n",
			    alert->message, alert->name, alert->severity, where,
			    alert->project, alert->raised_at);
}

void alert_mail(struct op *op, const struct integration *to,
		const struct credential_list *secrets,
		const struct listener_message *message,
		struct outbound_call *ret)
{
	const struct alert alert = read_alert(op, message->body);
	struct outbound_mail *way = arena_alloc(&op->arena, sizeof(*way));

	(void)secrets;
	way->from = of_json(op, to->settings, "from_address");
	way->to = or_empty(of_json(op, message->body, "to"));
	const struct mail mail = {
		.from = way->from,
		.to = way->to,
		.subject = headline(op, &alert),
		.text = details(op, &alert),
		.id = message->delivery_id,
		.sent_at = message->now,
	};
	*ret = (struct outbound_call){.method = "",
				      .url = "",
				      .body = mail_write(op, &mail),
				      .mail = way};
	ret->body_length = strlen(ret->body);
}

void alert_judge_mail(struct op *op, const struct outbound_answer *answer,
		      struct listener_verdict *ret)
{
	(void)op;
	*ret = (struct listener_verdict){
		.is_success = answer->status / 100 == 2,
		.is_final = answer->status >= 550 && answer->status < 560,
	};
}

/* & < > begin what Slack reads as its own. */
static void put_slack_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			buf_text(out, "&amp;");
		else if (*text == '<')
			buf_text(out, "&lt;");
		else if (*text == '>')
			buf_text(out, "&gt;");
		else
			buf_char(out, *text);
	}
}

static const char *slack_text(struct op *op, const struct alert *alert)
{
	struct buf text;

	buf_init(&text, BODY_MAX);
	put_slack_text(&text, headline(op, alert));
	buf_char(&text, '\n');
	put_slack_text(&text, details(op, alert));
	const char *kept = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return kept;
}

/* A POST of what was written, and the end of that. */
static void post(struct op *op, const char *url, struct buf *body,
		 struct outbound_call *ret)
{
	*ret = (struct outbound_call){
		.method = "POST",
		.url = url,
		.headers = {{"Content-Type",
			     "application/json; charset=utf-8"}},
		.header_count = 1,
		.body = arena_strdup(&op->arena, buf_cstr(body)),
	};
	ret->body_length = strlen(ret->body);
	buf_release(body);
}

void alert_slack(struct op *op, const struct integration *to,
		 const struct credential_list *secrets,
		 const struct listener_message *message,
		 struct outbound_call *ret)
{
	const struct alert alert = read_alert(op, message->body);
	const struct credential *token = credential_find(secrets, "token");
	struct buf body;

	buf_init(&body, BODY_MAX);
	struct json_writer w = json_writer_on(&body);
	json_begin_object(&w, NULL);
	json_put_string(&w, "channel", of_json(op, to->settings, "channel"));
	json_put_string(&w, "text", slack_text(op, &alert));
	json_end_object(&w);
	post(op,
	     arena_printf(&op->arena, "%s/api/chat.postMessage",
			  service_url(SERVICE_SLACK)),
	     &body, ret);
	ret->headers[ret->header_count++] = (struct outbound_header){
		"Authorization",
		arena_printf(&op->arena, "Bearer %s",
			     token ? (const char *)token->value.bytes : "")};
}

void alert_judge_slack(struct op *op, const struct outbound_answer *answer,
		       struct listener_verdict *ret)
{
	const char *body = or_empty(answer->body);
	const char *ok = json_member(&op->arena, body, strlen(body), "ok");
	const char *error = of_json(op, body, "error");

	*ret = (struct listener_verdict){
		.is_success = answer->status / 100 == 2 && ok &&
			      strcmp(ok, "true") == 0,
	};
	if (!ret->is_success && answer->status / 100 == 2)
		ret->why = error ? error : "it did not say ok";
}

/* Whole characters of the text, not more bytes than these. */
static const char *cut(struct op *op, const char *text, size_t most)
{
	return arena_strndup(&op->arena, text, utf8_fit(text, most));
}

static void put_payload(struct op *op, struct json_writer *w,
			const struct alert *alert)
{
	json_begin_object(w, "payload");
	json_put_string(w, "summary",
			cut(op, headline(op, alert), SUMMARY_MAX));
	json_put_string(w, "source",
			arena_printf(&op->arena, "cleat:%s", alert->project));
	json_put_string(w, "severity", alert->severity);
	json_put_string(w, "timestamp", alert->raised_at);
	json_put_optional(w, "component", alert->environment);
	json_begin_object(w, "custom_details");
	json_put_string(w, "name", alert->name);
	json_put_string(w, "message", alert->message);
	json_end_object(w);
	json_end_object(w);
}

void alert_pagerduty(struct op *op, const struct integration *to,
		     const struct credential_list *secrets,
		     const struct listener_message *message,
		     struct outbound_call *ret)
{
	const struct alert alert = read_alert(op, message->body);
	const struct credential *key = credential_find(secrets, "routing_key");
	struct buf body;

	buf_init(&body, BODY_MAX);
	struct json_writer w = json_writer_on(&body);
	json_begin_object(&w, NULL);
	json_put_string(
		&w, "routing_key",
		key ? (const char *)key->value.bytes
		    : or_empty(of_json(op, to->settings, "routing_key")));
	json_put_string(&w, "event_action",
			alert.is_raised ? "trigger" : "resolve");
	json_put_string(&w, "dedup_key",
			arena_printf(&op->arena, "cleat:%s:%s", alert.project,
				     alert.name));
	if (alert.is_raised)
		put_payload(op, &w, &alert);
	json_end_object(&w);
	post(op,
	     arena_printf(&op->arena, "%s/v2/enqueue",
			  service_url(SERVICE_PAGERDUTY)),
	     &body, ret);
}

void alert_judge_pagerduty(struct op *op, const struct outbound_answer *answer,
			   struct listener_verdict *ret)
{
	const char *body = or_empty(answer->body);

	*ret = (struct listener_verdict){
		.is_success = answer->status / 100 == 2,
		.is_final = answer->status == 400,
	};
	if (!ret->is_success && answer->status)
		ret->why = of_json(op, body, "message");
}
