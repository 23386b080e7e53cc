/*
 * Calls that tell integrations: an activity to a webhook, signed if it has a
 * shared key; a warning by mail, to Slack (chat.postMessage), to PagerDuty
 * (Events API v2) or to a webhook. Sends nothing itself.
 */
#ifndef CLEAT_CORE_LISTENER_CALL_H
#define CLEAT_CORE_LISTENER_CALL_H

#include "base/outbound_call.h"
#include "core/credential.h"
#include "core/integration.h"

/* The header with the detached JWS of a body (base/jws_detached.h). */
#define LISTENER_SIGNATURE "X-JWS-Signature"

/* Why this can't be sent to it, now or later; NULL: it can. */
const char *listener_refusal(struct op *op, const struct integration *to,
			     const char *body);

struct listener_message {
	struct uuid delivery_id;
	const char *body; /* of the delivery */
	int64_t now;
};

/* In the arena. */
void listener_call(struct op *op, const struct integration *to,
		   const struct credential_list *secrets,
		   const struct listener_message *message,
		   struct outbound_call *ret);

struct listener_verdict {
	bool is_success;
	bool is_final;	 /* no success, and trying again is no use */
	const char *why; /* an answer is none; NULL when its status says it */
};

void listener_judge(struct op *op, const struct integration *to,
		    const struct outbound_answer *answer,
		    struct listener_verdict *ret);

#endif
