/* Finding things of each kind. */
#include "core/thing.h"

#include <string.h>

#include "core/store.h"

static const char *const names[THING_KINDS] = {
	[THING_INSTALLATION] = "installation",
	[THING_INTEGRATION] = "integration",
	[THING_CONNECTION] = "connection",
	[THING_GROUP] = "group",
	[THING_CONSUMER] = "consumer",
	[THING_PROVIDER_APP] = "provider_app",
	[THING_DESTINATION] = "destination",
	[THING_PROJECT] = "project",
	[THING_ENVIRONMENT] = "environment",
	[THING_TOPIC] = "topic",
	[THING_EVENT_ROUTE] = "event_route",
	[THING_TOPIC_ROUTE] = "topic_route",
	[THING_TOKEN] = "token",
	[THING_JWT_KEY] = "jwt_key",
	[THING_VARIABLE] = "variable",
	[THING_WORKER] = "worker",
};

/* For people, where the wire's name is none of theirs. */
static const char *word_of(enum thing_kind kind)
{
	switch (kind) {
	case THING_EVENT_ROUTE:
	case THING_TOPIC_ROUTE:
		return "route";
	case THING_JWT_KEY:
		return "JWT key";
	default:
		return names[kind];
	}
}

const char *thing_kind_name(enum thing_kind kind)
{
	return names[kind];
}

bool thing_kind_named(const char *name, enum thing_kind *ret)
{
	for (int i = 0; i < THING_KINDS; i++)
		if (strcmp(names[i], name) == 0) {
			*ret = (enum thing_kind)i;
			return true;
		}
	return false;
}

static enum error find_project(struct op *op, struct uuid id, struct thing *ret)
{
	struct project project;
	char text[UUID_TEXT];

	if (!uuid_equal(id, op->project_id))
		return ERR_NOT_FOUND;
	uuid_format(id, text);
	TRY(store_project_find(op, PROJECT_BY_ID, text, &project));
	*ret = (struct thing){
		.kind = THING_PROJECT,
		.id = id,
		.name = project.name,
		.policy = "project",
	};
	return OK;
}

enum error thing_find(struct op *op, enum thing_kind kind, struct uuid id,
		      struct thing *ret)
{
	char text[UUID_TEXT];

	enum error error = kind == THING_PROJECT
				   ? find_project(op, id, ret)
				   : store_thing_find(op, kind, id, ret);
	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		op_explain(op, "there is no %s %s", word_of(kind), text);
	}
	return error;
}

enum error thing_find_party(struct op *op, enum thing_kind kind,
			    const char *ref, struct thing *ret)
{
	struct party party;

	enum error error = kind == THING_GROUP
				   ? store_group_find(op, ref, &party)
				   : store_consumer_find(op, ref, &party);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no %s %s", names[kind],
			       ref);
	TRY(error);
	return thing_find(op, kind, party.id, ret);
}

struct thing thing_of_integration(const struct integration *integration)
{
	return (struct thing){
		.kind = THING_INTEGRATION,
		.id = integration->id,
		.name = integration->handle,
		.policy = integration_family_name(integration->family),
		.family = integration->family,
		.type = integration->kind,
	};
}
