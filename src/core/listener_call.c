/* What integrations are sent, by type, and what their answers mean. */
#include "core/listener_call.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"
#include "base/jws_detached.h"
#include "core/alert_form.h"

struct listener {
	const char *kind;
	void (*call)(struct op *op, const struct integration *to,
		     const struct credential_list *secrets,
		     const struct listener_message *message,
		     struct outbound_call *ret);
	/* NULL: a status of 2xx is a success, 410 an end */
	void (*judge)(struct op *op, const struct outbound_answer *answer,
		      struct listener_verdict *ret);
};

static void call_webhook(struct op *op, const struct integration *to,
			 const struct credential_list *secrets,
			 const struct listener_message *message,
			 struct outbound_call *ret)
{
	const struct credential *key = credential_find(secrets, "shared_key");
	const char *url = json_member_text(&op->arena, to->settings,
					   strlen(to->settings), "url");
	char *id = arena_alloc(&op->arena, UUID_TEXT);

	uuid_format(message->delivery_id, id);
	*ret = (struct outbound_call){
		.method = "POST",
		.url = url ? url : "",
		.headers = {{"Content-Type", "application/json"},
			    {"webhook-id", id}},
		.header_count = 2,
		.body = message->body,
		.body_length = strlen(message->body),
	};
	if (key)
		ret->headers[ret->header_count++] = (struct outbound_header){
			LISTENER_SIGNATURE,
			jws_detached(&op->arena, key->value.bytes,
				     key->value.length, message->body,
				     ret->body_length)};
}

static void judge_webhook(const struct outbound_answer *answer,
			  struct listener_verdict *ret)
{
	*ret = (struct listener_verdict){
		.is_success = answer->status / 100 == 2,
		.is_final = answer->status == 410,
	};
}

static const struct listener listeners[] = {
	{"webhook", call_webhook, NULL},
	{"health.webhook", call_webhook, NULL},
	{"health.email", alert_mail, alert_judge_mail},
	{"health.slack", alert_slack, alert_judge_slack},
	{"health.pagerduty", alert_pagerduty, alert_judge_pagerduty},
};
enum { LISTENERS = sizeof(listeners) / sizeof(*listeners) };

static const struct listener *find(const char *kind)
{
	for (size_t i = 0; i < LISTENERS; i++)
		if (strcmp(listeners[i].kind, kind) == 0)
			return &listeners[i];
	return NULL;
}

/* Others were refused before. */
static const struct listener *listener_of(const struct integration *to)
{
	const struct listener *its = find(to->kind);

	if (!its)
		abort();
	return its;
}

const char *listener_refusal(struct op *op, const struct integration *to,
			     const char *body)
{
	const char *address =
		json_member_text(&op->arena, body, strlen(body), "to");

	if (!find(to->kind))
		return arena_printf(
			&op->arena,
			"501: integrations of type %s are not run yet",
			to->kind);
	return address && !*address
		       ? "none of its recipients has an address that is known"
		       : NULL;
}

void listener_call(struct op *op, const struct integration *to,
		   const struct credential_list *secrets,
		   const struct listener_message *message,
		   struct outbound_call *ret)
{
	const struct listener *its = listener_of(to);

	its->call(op, to, secrets, message, ret);
}

void listener_judge(struct op *op, const struct integration *to,
		    const struct outbound_answer *answer,
		    struct listener_verdict *ret)
{
	const struct listener *its = listener_of(to);

	if (its->judge)
		its->judge(op, answer, ret);
	else
		judge_webhook(answer, ret);
}
