/* What goes with what: the one place where things end. */
#include "core/deletion.h"

#include "core/blocker.h"
#include "core/connection.h"
#include "core/destination.h"
#include "core/ending.h"
#include "core/grant.h"
#include "core/installation.h"
#include "core/plan.h"
#include "core/plan_token.h"
#include "core/provider_app.h"
#include "core/store.h"
#include "core/undeploying.h"

enum { BATCH = 64 }; /* installations let go of at a time */

/* One deletion under way. */
struct run {
	struct op *op;
	const struct thing *thing;
	const struct departure *departure; /* of its installation, if known */
	struct ending ending;
};

static bool is_soft(const struct run *run)
{
	return run->ending.terms.mode == MODE_SOFT;
}

static enum error hide_connection(struct run *run,
				  const struct parting *connection)
{
	struct ending *ending = &run->ending;

	if (connection->has_grant)
		TRY(grant_let_go(run->op, &ending->record, connection,
				 &ending->terms));
	return store_connection_hide(run->op, connection->id, ending->record.id,
				     ending->terms.purge_at);
}

static enum error remove_connection(struct run *run,
				    const struct parting *connection)
{
	struct ending *ending = &run->ending;
	const struct event_fact facts[] = {
		{"kind", connection->kind, false},
		{"name",
		 connection->name && *connection->name ? connection->name
						       : NULL,
		 false},
	};

	TRY(ending_refuse_held(ending, connection->group_id, connection->id));
	TRY(event_record(run->op, "connection.deleted", "connection",
			 connection->id, facts, 2, NULL));
	if (is_soft(run))
		TRY(hide_connection(run, connection));
	else
		TRY(ending_erase_connection(ending, connection));
	return ending_note(&run->ending, EFFECT_OF_CONNECTION, connection->id,
			   facts[1].text);
}

/* The connection that `last` used, unless another installation does. */
static enum error remove_if_unused(struct run *run,
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

	TRY(store_installation_users(run->op, last->installation.group_id, id,
				     users, EFFECT_USERS_SHOWN,
				     &kept.user_count));
	if (!kept.user_count)
		return remove_connection(run, &last->connection);
	for (size_t i = 0; i < kept.user_count; i++)
		ids[i] = users[i].id;
	kept.users = ids;
	if (kept.user_count == EFFECT_USERS_SHOWN)
		TRY(store_installation_user_count(run->op,
						  last->installation.group_id,
						  id, &kept.user_count));
	return record_effect(run->op, &run->ending.record, &kept);
}

static enum error remove_installation(struct run *run,
				      const struct departure *departure)
{
	const struct installation *which = &departure->installation;
	const struct event_fact facts[] = {
		{"groupRef", departure->group_ref, false},
		{"config", departure->config_content, true},
	};

	TRY(ending_refuse_held(&run->ending, which->group_id,
			       which->connection_id));
	TRY(event_record(run->op, "installation.deleted", "installation",
			 which->id, facts, 2, NULL));
	if (is_soft(run))
		TRY(store_installation_hide(run->op, which->id,
					    run->ending.record.id,
					    run->ending.terms.purge_at));
	else
		TRY(store_installation_remove(run->op, which));
	return ending_note(&run->ending, EFFECT_OF_INSTALLATION, which->id,
			   NULL);
}

static enum error remove_departing(struct run *run,
				   const struct departure *departure)
{
	TRY(remove_installation(run, departure));
	if (leaving_has_own_connections(run->thing))
		return OK;
	return remove_if_unused(run, departure);
}

static enum error remove_one(struct run *run, struct uuid id)
{
	struct departure departure;

	TRY(store_departure(run->op, id, &departure));
	return remove_departing(run, &departure);
}

static enum error remove_installations(struct run *run)
{
	struct leaving_list some;

	if (run->departure)
		return remove_departing(run, run->departure);
	if (run->thing->kind == THING_INSTALLATION)
		return remove_one(run, run->thing->id);
	do {
		TRY(store_leaving(run->op, run->thing, BATCH, &some));
		for (size_t i = 0; i < some.count; i++)
			TRY(remove_one(run, some.items[i].id));
	} while (some.count == BATCH);
	return OK;
}

/* What of a group lies in the trash is let go of with the group. */
static enum error remove_hidden(struct run *run)
{
	struct leaving_list some;

	if (run->thing->kind != THING_GROUP || is_soft(run))
		return OK;
	do {
		TRY(store_leaving_hidden(run->op, run->thing->id, BATCH,
					 &some));
		for (size_t i = 0; i < some.count; i++) {
			const struct leaving *hidden = &some.items[i];

			TRY(ending_refuse_held(&run->ending, hidden->group_id,
					       hidden->connection_id));
			TRY(ending_purge_installation(&run->ending,
						      hidden->id));
		}
	} while (some.count == BATCH);
	return OK;
}

static enum error remove_connections(struct run *run)
{
	bool with_hidden = leaving_takes_hidden(run->thing, !is_soft(run));
	struct parting_list some;

	if (!leaving_has_own_connections(run->thing))
		return OK;
	do {
		TRY(store_parting(run->op, run->thing, with_hidden, BATCH,
				  &some));
		for (size_t i = 0; i < some.count; i++)
			TRY(remove_connection(run, &some.items[i]));
	} while (some.count == BATCH);
	return OK;
}

static enum error remove_integration(struct run *run, struct event *ret)
{
	struct op *op = run->op;
	const struct thing *thing = run->thing;
	const struct event_fact facts[] = {
		{"family", integration_family_name(thing->family), false},
		{"handle", thing->name, false},
		{"kind", thing->type, false},
	};

	if (is_soft(run)) {
		TRY(store_integration_hide(op, thing->id, run->ending.record.id,
					   run->ending.terms.purge_at));
	} else {
		TRY(credential_drop(op, thing->id, NULL));
		TRY(store_integration_remove(op, thing->id));
	}
	TRY(ending_note(&run->ending, EFFECT_OF_INTEGRATION, thing->id,
			thing->name));
	return event_record(op, "integration.deleted", "integration", thing->id,
			    facts, 3, ret);
}

static enum error remove_party_for_good(struct run *run)
{
	TRY(store_party_remove(run->op, run->thing->kind, run->thing->id));
	return store_deletion_emptied(run->op);
}

static enum error remove_party(struct run *run, struct event *ret)
{
	const struct thing *thing = run->thing;
	const struct event_fact facts[] = {{"ref", thing->name, false}};
	bool is_group = thing->kind == THING_GROUP;

	TRY(ending_refuse_held(&run->ending, thing->id, thing->id));
	if (is_soft(run))
		TRY(store_party_hide(run->op, thing->kind, thing->id,
				     run->ending.record.id));
	else
		TRY(remove_party_for_good(run));
	TRY(ending_note(&run->ending,
			is_group ? EFFECT_OF_GROUP : EFFECT_OF_CONSUMER,
			thing->id, thing->name));
	return event_record(
		run->op, is_group ? "group.deleted" : "consumer.deleted",
		thing_kind_name(thing->kind), thing->id, facts, 1, ret);
}

/* What goes alone, and always at once. */
static enum error remove_alone(struct run *run)
{
	const struct thing *thing = run->thing;
	bool is_app = thing->kind == THING_PROVIDER_APP;

	TRY(is_app ? provider_app_erase(run->op, thing->id)
		   : destination_erase(run->op, thing->id));
	return ending_note(&run->ending,
			   is_app ? EFFECT_OF_PROVIDER_APP
				  : EFFECT_OF_DESTINATION,
			   thing->id, thing->name);
}

static enum error remove_all(struct run *run, struct event *ret)
{
	TRY(ending_refuse_held(&run->ending, run->thing->group_id,
			       run->thing->id));
	if (leaving_goes_alone(run->thing))
		return remove_alone(run);
	if (run->thing->kind == THING_ENVIRONMENT)
		return environment_let_go(&run->ending, run->thing, ret);
	TRY(remove_installations(run));
	TRY(remove_hidden(run));
	TRY(remove_connections(run));
	if (run->thing->kind == THING_INTEGRATION)
		return remove_integration(run, ret);
	if (run->thing->kind == THING_GROUP ||
	    run->thing->kind == THING_CONSUMER)
		return remove_party(run, ret);
	return OK;
}

static enum error commit(struct run *run, struct event *ret)
{
	TRY(blocker_refuse(run->op, run->thing, &run->ending.terms));
	if (!is_soft(run))
		TRY(hold_list(run->op, &run->ending.holds));
	record_begin(run->op, &run->ending.record);
	enum error error = remove_all(run, ret);
	if (error == OK)
		error = record_end(run->op, &run->ending.record, run->thing,
				   &run->ending.terms);
	record_release(&run->ending.record);
	return error;
}

static enum error begin(struct op *op, const struct thing *thing,
			const struct departure *departure,
			const struct deletion_options *options,
			struct event *ret)
{
	struct run run = {op, thing, departure, {.op = op}};

	TRY(policy_settle(op, thing, options, &run.ending.terms));
	if (op->is_dry_run)
		return plan_instead(op, thing, &run.ending.terms);
	return commit(&run, ret);
}

enum error deletion_run(struct op *op, const struct thing *thing,
			const struct deletion_options *options,
			struct event *ret)
{
	return begin(op, thing, NULL, options, ret);
}

enum error deletion_run_planned(struct op *op, const char *token)
{
	struct planned *planned = arena_alloc(&op->arena, sizeof(*planned));
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));
	struct deletion_terms terms;
	struct thing thing;

	TRY(plan_token_read(op, token, planned));
	TRY(thing_find(op, planned->kind, planned->id, &thing));
	TRY(policy_settle(op, &thing, &planned->options, &terms));
	TRY(plan_make(op, &thing, &terms, 0, plan));
	TRY(plan_compare(op, planned, plan));
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

enum error delete_target(struct op *op, const char *name)
{
	struct connection target;
	struct thing thing;

	TRY(target_find(op, name, &target));
	TRY(thing_find(op, THING_CONNECTION, target.id, &thing));
	return deletion_run(op, &thing, &by_policy, NULL);
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
