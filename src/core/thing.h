/* What can be let go of, of whichever kind. */
#ifndef CLEAT_CORE_THING_H
#define CLEAT_CORE_THING_H

#include <stdbool.h>

#include "base/op.h"
#include "core/integration.h"

enum thing_kind {
	THING_INSTALLATION,
	THING_INTEGRATION,
	THING_CONNECTION,
	THING_GROUP,
	THING_CONSUMER,
	THING_PROVIDER_APP,
	THING_DESTINATION,
	THING_PROJECT, /* the op's own */
	THING_ENVIRONMENT,
	THING_TOPIC,
	THING_EVENT_ROUTE, /* to a topic */
	THING_TOPIC_ROUTE, /* from a topic, to a destination */
	THING_TOKEN,
	THING_JWT_KEY,
	THING_VARIABLE,
	THING_WORKER,
	THING_KINDS
};

struct thing {
	enum thing_kind kind;
	struct uuid id;
	const char *name;   /* for people; NULL: it has none */
	const char *policy; /* what policies call its kind; NULL: it has none,
			     * and always goes at once */
	enum integration_family family; /* of an integration */
	const char *type;		/* of an integration or connection */
	struct uuid group_id;		/* whose it is; nil: nobody's */
};

struct thing_list {
	struct thing *items;
	size_t count;
};

/* Their names, for people who named another. */
#define THING_KINDS_NAMED                                                      \
	"installation, integration, connection, group, consumer, "             \
	"provider_app, destination, project, environment, topic, "             \
	"event_route, topic_route, token, jwt_key, variable or worker"

const char *thing_kind_name(enum thing_kind kind);
MUST_CHECK bool thing_kind_named(const char *name, enum thing_kind *ret);

/* The living thing of this kind. ERR_NOT_FOUND. */
MUST_CHECK enum error thing_find(struct op *op, enum thing_kind kind,
				 struct uuid id, struct thing *ret);

/* A group or consumer by its reference. ERR_NOT_FOUND. */
MUST_CHECK enum error thing_find_party(struct op *op, enum thing_kind kind,
				       const char *ref, struct thing *ret);

struct thing thing_of_integration(const struct integration *integration);

#endif
