/* What goes with what: the one place where things end. */
#include "core/removal.h"

#include "core/access_token.h"
#include "core/credential.h"
#include "core/delivery.h"
#include "core/deregistering.h"
#include "core/destination.h"
#include "core/grant.h"
#include "core/jwt_key.h"
#include "core/operation.h"
#include "core/provider_app.h"
#include "core/store.h"
#include "core/topic.h"
#include "core/undeploying.h"
#include "core/variable.h"

enum { BATCH = 64 }; /* installations and connections read at a time */

static bool is_soft(const struct removal *removal)
{
	return removal->ending.terms.mode == MODE_SOFT;
}

static enum error hide_connection(struct removal *removal,
				  const struct parting *connection)
{
	struct ending *ending = &removal->ending;

	if (connection->has_grant)
		TRY(grant_let_go(removal->op, &ending->record, connection,
				 &ending->terms));
	return store_connection_hide(removal->op, connection->id,
				     ending->record.id, ending->terms.purge_at);
}

static enum error remove_connection(struct removal *removal,
				    const struct parting *connection)
{
	struct ending *ending = &removal->ending;
	const struct event_fact facts[] = {
		{"kind", connection->kind, false},
		{"name",
		 connection->name && *connection->name ? connection->name
						       : NULL,
		 false},
	};

	TRY(ending_refuse_held(ending, connection->group_id, connection->id));
	TRY(event_record(removal->op, "connection.deleted", "connection",
			 connection->id, facts, 2, NULL));
	if (is_soft(removal))
		TRY(hide_connection(removal, connection));
	else
		TRY(ending_erase_connection(ending, connection));
	return ending_note(&removal->ending, EFFECT_OF_CONNECTION,
			   connection->id, facts[1].text);
}

/* The connection that `last` used, unless another installation does. */
static enum error remove_if_unused(struct removal *removal,
				   const struct departure *last)
{
	struct uuid id = last->installation.connection_id;
	struct effect kept = {
		.what = EFFECT_KEPT,
		.kind = EFFECT_OF_CONNECTION,
		.id = id,
		.is_for_installations = true,
	};
	struct installation users[EFFECT_USERS_SHOWN];
	struct uuid ids[EFFECT_USERS_SHOWN];

	if (!last->is_only_user)
		TRY(store_installation_users(
			removal->op, last->installation.group_id, id, users,
			EFFECT_USERS_SHOWN, &kept.user_count));
	if (!kept.user_count)
		return remove_connection(removal, &last->connection);
	for (size_t i = 0; i < kept.user_count; i++)
		ids[i] = users[i].id;
	kept.users = ids;
	if (kept.user_count == EFFECT_USERS_SHOWN)
		TRY(store_installation_user_count(removal->op,
						  last->installation.group_id,
						  id, &kept.user_count));
	return record_effect(removal->op, &removal->ending.record, &kept);
}

static enum error remove_installation(struct removal *removal,
				      const struct departure *departure)
{
	const struct installation *which = &departure->installation;
	const struct event_fact facts[] = {
		{"groupRef", departure->group_ref, false},
		{"config", departure->config_content, true},
	};

	/* a held connection stops nothing that leaves it alone */
	TRY(ending_refuse_held(&removal->ending, which->group_id, which->id));
	TRY(event_record(removal->op, "installation.deleted", "installation",
			 which->id, facts, 2, NULL));
	if (is_soft(removal))
		TRY(store_installation_hide(removal->op, which->id,
					    removal->ending.record.id,
					    removal->ending.terms.purge_at));
	else
		TRY(store_installation_remove(removal->op, which));
	if (departure->has_operations && !is_soft(removal))
		TRY(operation_forget(removal->op, which->id));
	return ending_note(&removal->ending, EFFECT_OF_INSTALLATION, which->id,
			   NULL);
}

static enum error remove_departing(struct removal *removal,
				   const struct departure *departure)
{
	TRY(remove_installation(removal, departure));
	/* what was let go of meanwhile may have taken the connection along */
	if (leaving_has_own_connections(removal->thing) ||
	    uuid_is_nil(departure->connection.id))
		return OK;
	return remove_if_unused(removal, departure);
}

static enum error remove_one(struct removal *removal, struct uuid id)
{
	struct departure departure;

	TRY(store_departure(removal->op, id, &departure));
	return remove_departing(removal, &departure);
}

static enum error remove_installations(struct removal *removal)
{
	struct leaving_list some;

	if (removal->departure)
		return remove_departing(removal, removal->departure);
	if (removal->thing->kind == THING_INSTALLATION)
		return remove_one(removal, removal->thing->id);
	do {
		TRY(store_leaving(removal->op, removal->thing, BATCH, &some));
		for (size_t i = 0; i < some.count; i++) {
			TRY(remove_one(removal, some.items[i].id));
			if (ending_is_enough(&removal->ending))
				return OK;
		}
	} while (some.count == BATCH);
	return OK;
}

/* What of it lies in the trash goes with it. */
static enum error remove_hidden(struct removal *removal)
{
	if (!leaving_takes_hidden_installations(removal->thing,
						!is_soft(removal)))
		return OK;
	return ending_purge_hidden(&removal->ending, removal->thing);
}

/* Before the grants and the integrations: undeployed, deregistered, revoked. */
static enum error remove_webhooks(struct removal *removal)
{
	struct registration_list some;

	if (removal->thing->kind != THING_PROJECT || is_soft(removal))
		return OK;
	do {
		TRY(store_registration_list(removal->op, BATCH, &some));
		for (size_t i = 0; i < some.count; i++) {
			TRY(deregister(removal->op, &removal->ending.record,
				       &some.items[i]));
			if (ending_is_enough(&removal->ending))
				return OK;
		}
	} while (some.count == BATCH);
	return OK;
}

static enum error remove_connections(struct removal *removal)
{
	bool with_hidden =
		leaving_takes_hidden(removal->thing, !is_soft(removal));
	struct parting_list some;

	if (!leaving_has_own_connections(removal->thing))
		return OK;
	do {
		TRY(store_parting(removal->op, removal->thing, with_hidden,
				  BATCH, &some));
		for (size_t i = 0; i < some.count; i++) {
			TRY(remove_connection(removal, &some.items[i]));
			if (ending_is_enough(&removal->ending))
				return OK;
		}
	} while (some.count == BATCH);
	return OK;
}

static enum error remove_rest(struct removal *removal, enum rest rest)
{
	struct op *op = removal->op;
	struct thing_list some;

	do {
		TRY(store_rest_list(op, rest, BATCH, &some));
		for (size_t i = 0; i < some.count; i++) {
			const struct thing *one = &some.items[i];

			if (rest == REST_DESTINATIONS ||
			    rest == REST_INTEGRATIONS)
				TRY(delivery_end_waiting(op, one->id,
							 DELIVERY_DELETED));
			TRY(credential_drop(op, one->id, NULL));
			TRY(store_rest_remove(op, rest, one->id));
			TRY(ending_note(&removal->ending, rest_effect(rest),
					one->id, one->name));
			if (ending_is_enough(&removal->ending))
				return OK;
		}
	} while (some.count == BATCH);
	return OK;
}

/* All else that a project has. */
static enum error remove_rests(struct removal *removal)
{
	if (removal->thing->kind != THING_PROJECT)
		return OK;
	for (int rest = 0; rest < RESTS && !removal->ending.is_cut; rest++)
		TRY(remove_rest(removal, (enum rest)rest));
	return OK;
}

/* What is deleted for good with it, besides what goes with it. */
static enum error erase_itself(struct removal *removal)
{
	const struct thing *thing = removal->thing;

	if (thing->kind == THING_PROJECT)
		TRY(store_project_empty(removal->op));
	else
		TRY(ending_erase_named(&removal->ending, thing->kind,
				       thing->id));
	/* to look for what is empty now is dear where much is in the trash */
	if (thing->kind == THING_INTEGRATION && !removal->is_batch &&
	    !removal->ending.has_emptied)
		return OK;
	return store_deletion_emptied(removal->op);
}

enum error removal_hide_itself(struct removal *removal)
{
	const struct thing *thing = removal->thing;
	const struct ending *ending = &removal->ending;

	if (thing->kind == THING_PROJECT)
		return store_project_hide(removal->op);
	if (thing->kind == THING_INTEGRATION) {
		TRY(delivery_end_waiting(removal->op, thing->id,
					 DELIVERY_DELETED));
		return store_integration_hide(removal->op, thing->id,
					      ending->record.id,
					      ending->terms.purge_at);
	}
	return store_party_hide(removal->op, thing->kind, thing->id,
				ending->record.id);
}

enum error removal_tell(struct removal *removal, struct event *ret)
{
	const struct thing *thing = removal->thing;
	const char *kind = thing_kind_name(thing->kind);
	const struct event_fact of_integration[] = {
		{"family", integration_family_name(thing->family), false},
		{"handle", thing->name, false},
		{"kind", thing->type, false},
	};
	const struct event_fact of_other[] = {
		{thing->kind == THING_PROJECT ? "name" : "ref", thing->name,
		 false},
	};
	bool is_other = thing->kind != THING_INTEGRATION;

	return event_record(
		removal->op,
		arena_printf(&removal->op->arena, "%s.deleted", kind), kind,
		thing->id, is_other ? of_other : of_integration,
		is_other ? 1 : 3, ret);
}

/* Connections and installations are done with, others have a row left. */
static enum error end_itself(struct removal *removal, struct event *ret)
{
	enum error error = OK;
	const struct thing *thing = removal->thing;

	if (thing->kind == THING_INSTALLATION ||
	    thing->kind == THING_CONNECTION)
		return OK;
	TRY(ending_refuse_held(&removal->ending, thing->id, thing->id));
	if (!is_soft(removal))
		error = erase_itself(removal);
	else if (!removal->is_batch)
		error = removal_hide_itself(removal);
	/* the end of its project may have come before a batch that failed */
	if (error == ERR_NOT_FOUND && removal->is_batch)
		error = OK;
	TRY(error);
	TRY(ending_note(&removal->ending, thing_effect(thing->kind), thing->id,
			thing->name));
	return removal->is_batch ? OK : removal_tell(removal, ret);
}

static enum error remove_routes(struct removal *removal)
{
	struct op *op = removal->op;
	struct uuid id = removal->thing->id;
	struct event_route_list to;
	struct topic_route_list from;

	TRY(event_route_list(op, id, NULL, &to));
	TRY(topic_route_list(op, id, (struct uuid){{0}}, &from));
	for (size_t i = 0; i < to.count; i++) {
		TRY(event_route_erase(op, to.items[i].id));
		TRY(ending_note(&removal->ending, EFFECT_OF_ROUTE,
				to.items[i].id, NULL));
	}
	for (size_t i = 0; i < from.count; i++) {
		TRY(topic_route_erase(op, from.items[i].id));
		TRY(ending_note(&removal->ending, EFFECT_OF_ROUTE,
				from.items[i].id, NULL));
	}
	return OK;
}

/* What takes nothing along but a topic its routes, and always goes at once. */
static enum error remove_alone(struct removal *removal)
{
	static enum error (*const erase[THING_KINDS])(struct op *,
						      struct uuid) = {
		[THING_PROVIDER_APP] = provider_app_erase,
		[THING_DESTINATION] = destination_erase,
		[THING_TOPIC] = topic_erase,
		[THING_EVENT_ROUTE] = event_route_erase,
		[THING_TOPIC_ROUTE] = topic_route_erase,
		[THING_TOKEN] = access_token_erase,
		[THING_JWT_KEY] = jwt_key_erase,
		[THING_VARIABLE] = variable_erase,
	};
	const struct thing *thing = removal->thing;

	if (thing->kind == THING_TOPIC)
		TRY(remove_routes(removal));
	TRY(erase[thing->kind](removal->op, thing->id));
	return ending_note(&removal->ending, thing_effect(thing->kind),
			   thing->id, thing->name);
}

enum error removal_run(struct removal *removal, struct event *ret)
{
	static enum error (*const phases[])(struct removal * removal) = {
		remove_installations, remove_hidden, remove_webhooks,
		remove_connections,   remove_rests,
	};
	const size_t count = sizeof(phases) / sizeof(*phases);

	if (leaving_heeds_holds(removal->thing))
		TRY(ending_refuse_held(&removal->ending,
				       removal->thing->group_id,
				       removal->thing->id));
	if (removal->thing->kind == THING_ENVIRONMENT)
		return environment_let_go(&removal->ending, removal->thing,
					  ret);
	if (removal->thing->kind == THING_WORKER)
		return worker_let_go(&removal->ending, removal->thing, ret);
	if (leaving_goes_alone(removal->thing))
		return remove_alone(removal);
	for (size_t i = 0; i < count && !removal->ending.is_cut; i++)
		TRY(phases[i](removal));
	return removal->ending.is_cut ? OK : end_itself(removal, ret);
}
