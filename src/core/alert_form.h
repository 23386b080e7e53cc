/*
 * An alert as mail, Slack's chat.postMessage and PagerDuty's Events API v2
 * take it, and what their answers mean: the parts of listener_call.c that
 * know them.
 */
#ifndef CLEAT_CORE_ALERT_FORM_H
#define CLEAT_CORE_ALERT_FORM_H

#include "core/listener_call.h"

void alert_mail(struct op *op, const struct integration *to,
		const struct credential_list *secrets,
		const struct listener_message *message,
		struct outbound_call *ret);
void alert_slack(struct op *op, const struct integration *to,
		 const struct credential_list *secrets,
		 const struct listener_message *message,
		 struct outbound_call *ret);
void alert_pagerduty(struct op *op, const struct integration *to,
		     const struct credential_list *secrets,
		     const struct listener_message *message,
		     struct outbound_call *ret);

/*
 * A reply of 55x is about the recipient, for good (RFC 5321, 4.2.2); one of
 * 53x about our login, which may be put right.
 */
void alert_judge_mail(struct op *op, const struct outbound_answer *answer,
		      struct listener_verdict *ret);
/* Slack says 200 and then, in the body, whether it did it. */
void alert_judge_slack(struct op *op, const struct outbound_answer *answer,
		       struct listener_verdict *ret);
/* 202 is a success; 400 says that the event will never be taken. */
void alert_judge_pagerduty(struct op *op, const struct outbound_answer *answer,
			   struct listener_verdict *ret);

#endif
