/* Deletions as they are asked for. */
#include "core/deletion.h"

#include "core/batch.h"
#include "core/blocker.h"
#include "core/connection.h"
#include "core/customer.h"
#include "core/installation.h"
#include "core/plan.h"
#include "core/plan_token.h"
#include "core/provider_app.h"
#include "core/removal.h"
#include "core/store.h"

static enum error run_at_once(struct removal *removal, struct event *ret)
{
	struct ending *ending = &removal->ending;

	ending->instead = deletion_when_held(removal->thing, &ending->terms);
	if (deletion_ends_at_once(&ending->terms))
		TRY(hold_list(removal->op, &ending->holds));
	record_begin(removal->op, &ending->record);
	enum error error = removal_run(removal, ret);
	if (error == OK)
		error = record_end(removal->op, &ending->record, removal->thing,
				   &ending->terms);
	record_release(&ending->record);
	return error;
}

static enum error begin(struct op *op, const struct thing *thing,
			const struct departure *departure,
			const struct deletion_options *options,
			struct event *ret)
{
	struct removal removal = {
		.op = op,
		.thing = thing,
		.departure = departure,
		.ending = {.op = op},
	};
	const struct deletion_terms *terms = &removal.ending.terms;
	bool is_large;

	if (op->is_dry_run)
		TRY(customer_refuse(op));
	TRY(policy_settle(op, thing, options, &removal.ending.terms));
	if (op->is_dry_run)
		return plan_instead(op, thing, terms);
	TRY(blocker_refuse(op, thing, terms));
	TRY(batch_is_needed(op, thing, &is_large));
	return is_large ? batch_begin(op, thing, terms, ret)
			: run_at_once(&removal, ret);
}

enum error deletion_run(struct op *op, const struct thing *thing,
			const struct deletion_options *options,
			struct event *ret)
{
	return begin(op, thing, NULL, options, ret);
}

/*
 * Planned anew, unless nothing at all has happened in the project since:
 * whatever changes anything that a plan is made of records an event.
 */
static enum error refuse_changed(struct op *op, const struct thing *thing,
				 struct planned *planned)
{
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));
	struct deletion_terms terms;
	int64_t last_event;

	TRY(store_event_newest(op, &last_event));
	if (last_event == planned->last_event)
		return OK;
	TRY(policy_settle(op, thing, &planned->options, &terms));
	TRY(plan_make_again(op, thing, &terms, &planned->earlier, plan));
	return plan_compare(op, planned, plan);
}

enum error deletion_run_planned(struct op *op, const char *token)
{
	struct planned *planned = arena_alloc(&op->arena, sizeof(*planned));
	struct thing thing;

	TRY(plan_token_read(op, token, planned));
	enum error error = thing_find(op, planned->kind, planned->id, &thing);
	if (error == ERR_NOT_FOUND)
		return plan_refuse_gone(op, planned);
	TRY(error);
	TRY(refuse_changed(op, &thing, planned));
	return deletion_run(op, &thing, &planned->options, NULL);
}

static const struct deletion_options by_policy;

enum error delete_installation(struct op *op, struct uuid integration_id,
			       struct uuid id)
{
	struct departure departure;

	TRY(installation_departure(op, integration_id, id, &departure));
	const struct thing thing = {
		.kind = THING_INSTALLATION,
		.id = id,
		.policy = "installation",
		.group_id = departure.installation.group_id,
	};
	return begin(op, &thing, &departure, &by_policy, NULL);
}

enum error delete_integration(struct op *op, enum integration_family family,
			      struct uuid id, struct event *ret)
{
	struct integration integration;

	TRY(integration_get(op, family, id, &integration));
	const struct thing thing = thing_of_integration(&integration);
	return deletion_run(op, &thing, &by_policy, ret);
}

enum error delete_connection(struct op *op, struct uuid id, bool force)
{
	const struct deletion_options options = {.force = force};
	struct connection_view view;
	struct thing thing;

	TRY(connection_get(op, id, &view));
	TRY(thing_find(op, THING_CONNECTION, id, &thing));
	return deletion_run(op, &thing, &options, NULL);
}

enum error delete_target(struct op *op, const char *name, bool force)
{
	const struct deletion_options options = {.force = force};
	struct connection target;
	struct thing thing;

	TRY(target_find(op, name, &target));
	TRY(thing_find(op, THING_CONNECTION, target.id, &thing));
	return deletion_run(op, &thing, &options, NULL);
}

static enum error delete_alone(struct op *op, enum thing_kind kind,
			       struct uuid id)
{
	struct thing thing;

	TRY(thing_find(op, kind, id, &thing));
	return deletion_run(op, &thing, &by_policy, NULL);
}

enum error delete_provider_app(struct op *op, struct uuid id)
{
	struct provider_app app;

	TRY(provider_app_get(op, id, &app));
	return delete_alone(op, THING_PROVIDER_APP, id);
}

enum error delete_destination(struct op *op, struct uuid id)
{
	return delete_alone(op, THING_DESTINATION, id);
}

enum error delete_topic(struct op *op, struct uuid id)
{
	return delete_alone(op, THING_TOPIC, id);
}

enum error delete_event_route(struct op *op, struct uuid id)
{
	return delete_alone(op, THING_EVENT_ROUTE, id);
}

enum error delete_topic_route(struct op *op, struct uuid id)
{
	return delete_alone(op, THING_TOPIC_ROUTE, id);
}

enum error delete_token(struct op *op, struct uuid id)
{
	return delete_alone(op, THING_TOKEN, id);
}

enum error delete_jwt_key(struct op *op, struct uuid id)
{
	return delete_alone(op, THING_JWT_KEY, id);
}

enum error delete_variable(struct op *op, const struct variable *variable,
			   bool is_forced, struct awaiting *ret)
{
	const struct deletion_options options = {.force = is_forced};
	struct thing thing;

	if (!is_forced && !op->is_dry_run)
		TRY(variable_refuse_if_used(op, variable->name));
	TRY(thing_find(op, THING_VARIABLE, variable->id, &thing));
	TRY(deletion_run(op, &thing, &options, NULL));
	return variable_await_users(op, variable->name, ret);
}

enum error delete_project(struct op *op)
{
	return delete_alone(op, THING_PROJECT, op->project_id);
}
