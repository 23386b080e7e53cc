/* What each kind of thing takes along. */
#include "core/leaving.h"

#include "core/customer.h"
#include "core/store.h"

bool leaving_has_own_connections(const struct thing *thing)
{
	return thing->kind == THING_CONNECTION || thing->kind == THING_GROUP ||
	       thing->kind == THING_CONSUMER || thing->kind == THING_PROJECT;
}

bool leaving_takes_hidden(const struct thing *thing, bool is_hard)
{
	return is_hard &&
	       (thing->kind == THING_GROUP || thing->kind == THING_CONSUMER ||
		thing->kind == THING_PROJECT);
}

bool leaving_takes_hidden_installations(const struct thing *thing, bool is_hard)
{
	return leaving_takes_hidden(thing, is_hard) ||
	       (is_hard && thing->kind == THING_INTEGRATION);
}

enum effect_kind thing_effect(enum thing_kind kind)
{
	static const enum effect_kind kinds[THING_KINDS] = {
		[THING_INSTALLATION] = EFFECT_OF_INSTALLATION,
		[THING_CONNECTION] = EFFECT_OF_CONNECTION,
		[THING_INTEGRATION] = EFFECT_OF_INTEGRATION,
		[THING_GROUP] = EFFECT_OF_GROUP,
		[THING_CONSUMER] = EFFECT_OF_CONSUMER,
		[THING_PROVIDER_APP] = EFFECT_OF_PROVIDER_APP,
		[THING_DESTINATION] = EFFECT_OF_DESTINATION,
		[THING_PROJECT] = EFFECT_OF_PROJECT,
		[THING_ENVIRONMENT] = EFFECT_OF_ENVIRONMENT,
		[THING_TOPIC] = EFFECT_OF_TOPIC,
		[THING_EVENT_ROUTE] = EFFECT_OF_ROUTE,
		[THING_TOPIC_ROUTE] = EFFECT_OF_ROUTE,
		[THING_TOKEN] = EFFECT_OF_TOKEN,
		[THING_JWT_KEY] = EFFECT_OF_JWT_KEY,
		[THING_VARIABLE] = EFFECT_OF_VARIABLE,
		[THING_WORKER] = EFFECT_OF_WORKER,
	};

	return kinds[kind];
}

enum effect_kind rest_effect(enum rest rest)
{
	static const enum effect_kind kinds[RESTS] = {
		[REST_INTEGRATIONS] = EFFECT_OF_INTEGRATION,
		[REST_GROUPS] = EFFECT_OF_GROUP,
		[REST_CONSUMERS] = EFFECT_OF_CONSUMER,
		[REST_TOPIC_ROUTES] = EFFECT_OF_ROUTE,
		[REST_EVENT_ROUTES] = EFFECT_OF_ROUTE,
		[REST_TOPICS] = EFFECT_OF_TOPIC,
		[REST_DESTINATIONS] = EFFECT_OF_DESTINATION,
		[REST_PROVIDER_APPS] = EFFECT_OF_PROVIDER_APP,
		[REST_WORKERS] = EFFECT_OF_WORKER,
		[REST_ENVIRONMENTS] = EFFECT_OF_ENVIRONMENT,
		[REST_VARIABLES] = EFFECT_OF_VARIABLE,
		[REST_JWT_KEYS] = EFFECT_OF_JWT_KEY,
		[REST_TOKENS] = EFFECT_OF_TOKEN,
	};

	return kinds[rest];
}

bool leaving_goes_alone(const struct thing *thing)
{
	switch (thing->kind) {
	case THING_PROVIDER_APP:
	case THING_DESTINATION:
	case THING_ENVIRONMENT:
	case THING_TOPIC:
	case THING_EVENT_ROUTE:
	case THING_TOPIC_ROUTE:
	case THING_TOKEN:
	case THING_JWT_KEY:
	case THING_VARIABLE:
	case THING_WORKER:
		return true;
	default:
		return false;
	}
}

bool leaving_is_blocked_by_users(const struct thing *thing)
{
	return thing->kind == THING_CONNECTION ||
	       thing->kind == THING_CONSUMER || thing->kind == THING_VARIABLE;
}

bool leaving_heeds_holds(const struct thing *thing)
{
	return thing->kind != THING_TOKEN && thing->kind != THING_JWT_KEY;
}

enum error installation_departure(struct op *op, struct uuid integration_id,
				  struct uuid id, struct departure *ret)
{
	char text[UUID_TEXT];
	struct departure found;

	enum error error = store_departure(op, id, &found);
	if (error == OK &&
	    (!uuid_equal(found.installation.integration_id, integration_id) ||
	     !customer_sees(op, found.group_ref)))
		error = ERR_NOT_FOUND;
	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		return op_fail(op, error, "there is no installation %s", text);
	}
	TRY(error);
	*ret = found;
	return OK;
}
