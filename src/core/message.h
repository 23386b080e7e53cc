/*
 * What a destination is sent of an event: a JSON object with the event's type
 * and what there is to say of its subject. docs/deliveries.md has the forms.
 */
#ifndef CLEAT_CORE_MESSAGE_H
#define CLEAT_CORE_MESSAGE_H

#include "base/op.h"
#include "core/event.h"

/* Of an installation or a connection; "" or NULL is what it has not. */
struct message_subject {
	struct uuid integration_id;
	const char *integration_name;
	struct uuid installation_id; /* nil: it is a connection */
	struct uuid connection_id;
	const char *provider;
	const char *group_ref, *group_name;
	const char *consumer_ref, *consumer_name;
	const char *config; /* JSON */
};

/*
 * In the event's own transaction, before its subject is erased. In the arena.
 * Holds no secrets.
 */
MUST_CHECK enum error message_write(struct op *op, const struct event *event,
				    const char **ret);

#endif
