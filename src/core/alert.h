/*
 * Alerts: what the health types of integrations are sent of a warning. By mail
 * each recipient gets one of their own, so that one who can't be reached keeps
 * it from nobody else.
 */
#ifndef CLEAT_CORE_ALERT_H
#define CLEAT_CORE_ALERT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/event.h"
#include "core/integration.h"

/* Recipients that stand for people: the owners of the project's organization,
 * and all its members. */
#define ALERT_ADMINS  "#admins"
#define ALERT_VIEWERS "#viewers"

enum { ALERT_RECIPIENTS_MAX = 256 };

/* Addresses in lower case, each once. */
struct alert_recipients {
	const char *items[ALERT_RECIPIENTS_MAX];
	size_t count;
};

/* Those of the integration's settings, as of now. */
MUST_CHECK enum error alert_recipients(struct op *op, const char *settings,
				       struct alert_recipients *ret);

/*
 * Adds the deliveries of this event, warning.raised or warning.cleared, to an
 * integration of a health type; `*ret_is_told` becomes true when there is one.
 */
MUST_CHECK enum error alert_send(struct op *op, const struct event *event,
				 const struct integration *to,
				 bool *ret_is_told);

#endif
