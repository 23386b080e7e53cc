/* Going through what would go, without touching it. */
#include "core/plan.h"

#include <string.h>

#include "core/delivery.h"
#include "core/deregistering.h"
#include "core/grant.h"
#include "core/planning.h"
#include "core/store.h"
#include "core/topic.h"
#include "core/undeploying.h"

static enum error leave_workers(struct planning *planning, enum thing_kind kind,
				struct uuid id)
{
	struct undeploying found;

	TRY(undeploying_find(planning->op, kind, id, &found));
	for (size_t i = 0; i < found.effect_count; i++)
		planning_emit(planning, &found.effects[i]);
	return OK;
}

static enum error part(struct planning *planning,
		       const struct parting *connection)
{
	struct effect effect;

	planning_meet_hold(planning, connection->group_id, connection->id);
	if (uuid_is_nil(connection->group_id))
		TRY(leave_workers(planning, THING_CONNECTION, connection->id));
	if (connection->has_grant) {
		bool is_left;

		TRY(grant_effect(planning->op, connection,
				 &planning->plan->terms, planning->parted,
				 planning->parted_count, &effect, &is_left));
		if (is_left)
			planning_emit(planning, &effect);
		planning_part(planning, connection->id);
	}
	planning_end(planning, EFFECT_OF_CONNECTION, connection->id,
		     connection->name);
	return OK;
}

/* The first of those that keep this connection; they are in its order. */
static size_t first_keeper(const struct keeping_list *list, struct uuid id)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(list->items[middle].connection_id.bytes, id.bytes,
			   UUID_BYTES) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum error learn_keeping(struct planning *planning)
{
	if (planning->knows_keeping)
		return OK;
	planning->knows_keeping = true;
	return store_keeping(planning->op, planning->plan->thing,
			     &planning->keeping);
}

/* False when nothing keeps it, as is usual. */
static bool keep(struct planning *planning, struct uuid connection_id)
{
	const struct keeping_list *list = &planning->keeping;
	size_t first = first_keeper(list, connection_id), end = first;

	while (end < list->count &&
	       uuid_equal(list->items[end].connection_id, connection_id))
		end++;
	if (first == end)
		return false;
	struct uuid *users = arena_alloc(&planning->op->arena,
					 (end - first) * sizeof(*users));
	for (size_t i = first; i < end; i++)
		users[i - first] = list->items[i].installation_id;
	const struct effect kept = {
		.what = EFFECT_KEPT,
		.kind = EFFECT_OF_CONNECTION,
		.id = connection_id,
		.users = users,
		.user_count = end - first,
		.is_for_installations = true,
	};
	planning_emit(planning, &kept);
	return true;
}

static enum error part_unused(struct planning *planning,
			      const struct leaving *last)
{
	struct parting connection = {.id = last->connection_id,
				     .group_id = last->group_id};

	if (last->may_share) {
		TRY(learn_keeping(planning));
		if (keep(planning, last->connection_id))
			return OK;
	}
	if (planning->has_grants)
		TRY(store_parting_one(planning->op, last->connection_id,
				      &connection));
	return part(planning, &connection);
}

static enum error leave_one(void *context, const struct leaving *leaving)
{
	struct planning *planning = context;

	planning_meet_hold(planning, leaving->group_id, leaving->id);
	planning_end(planning, EFFECT_OF_INSTALLATION, leaving->id, NULL);
	if (leaving_has_own_connections(planning->plan->thing))
		return OK;
	return part_unused(planning, leaving);
}

static enum error leave_hidden(void *context, const struct leaving *hidden)
{
	struct planning *planning = context;
	struct parting_list own;

	planning_meet_hold(planning, hidden->group_id, hidden->id);
	planning_end(planning, EFFECT_OF_INSTALLATION, hidden->id, NULL);
	if (uuid_is_nil(hidden->own_deletion_id))
		return OK;
	TRY(store_hidden_connections(planning->op, hidden->own_deletion_id,
				     INT64_MAX, &own));
	for (size_t i = 0; i < own.count; i++)
		TRY(part(planning, &own.items[i]));
	return OK;
}

static bool takes_hidden(const struct plan *plan)
{
	return leaving_takes_hidden(plan->thing, plan->terms.mode == MODE_HARD);
}

/* To a topic, and from it. */
static enum error leave_routes(struct planning *planning)
{
	struct uuid id = planning->plan->thing->id;
	struct event_route_list to;
	struct topic_route_list from;

	TRY(event_route_list(planning->op, id, NULL, &to));
	TRY(topic_route_list(planning->op, id, (struct uuid){{0}}, &from));
	for (size_t i = 0; i < to.count; i++)
		planning_end(planning, EFFECT_OF_ROUTE, to.items[i].id, NULL);
	for (size_t i = 0; i < from.count; i++)
		planning_end(planning, EFFECT_OF_ROUTE, from.items[i].id, NULL);
	return OK;
}

static enum error leave(struct planning *planning)
{
	const struct thing *thing = planning->plan->thing;

	if (thing->kind == THING_ENVIRONMENT || thing->kind == THING_WORKER)
		return leave_workers(planning, thing->kind, thing->id);
	if (thing->kind == THING_TOPIC)
		return leave_routes(planning);
	if (leaving_goes_alone(thing))
		return OK;
	TRY(store_leaving_each(planning->op, thing, leave_one, planning));
	if (!leaving_takes_hidden_installations(
		    thing, planning->plan->terms.mode == MODE_HARD))
		return OK;
	planning->is_in_trash = true;
	TRY(store_leaving_hidden_each(planning->op, thing, leave_hidden,
				      planning));
	planning->is_in_trash = false;
	return OK;
}

static enum error part_own(struct planning *planning)
{
	const struct thing *thing = planning->plan->thing;
	struct parting_list own;

	if (!leaving_has_own_connections(thing))
		return OK;
	TRY(store_parting(planning->op, thing, takes_hidden(planning->plan),
			  INT64_MAX, &own));
	for (size_t i = 0; i < own.count; i++)
		TRY(part(planning, &own.items[i]));
	return OK;
}

/* Of an integration's own, or all of a project's. */
static enum error leave_webhooks(struct planning *planning, struct uuid id)
{
	struct registration_list leaving;

	if (planning->plan->terms.mode == MODE_SOFT)
		return OK;
	TRY(deregistering_find(planning->op, id, &leaving));
	for (size_t i = 0; i < leaving.count; i++) {
		const struct effect effect =
			deregistering_effect(&leaving.items[i]);

		planning_emit(planning, &effect);
	}
	return OK;
}

static enum error end_rests(struct planning *planning)
{
	struct thing_list all;

	if (planning->plan->thing->kind != THING_PROJECT)
		return OK;
	for (int rest = 0; rest < RESTS; rest++) {
		TRY(store_rest_list(planning->op, (enum rest)rest, INT64_MAX,
				    &all));
		for (size_t i = 0; i < all.count; i++)
			planning_end(planning, rest_effect((enum rest)rest),
				     all.items[i].id, all.items[i].name);
	}
	return OK;
}

static void end_itself(struct planning *planning)
{
	const struct thing *thing = planning->plan->thing;

	/* the first two end among those that go with others too */
	if (thing->kind != THING_INSTALLATION &&
	    thing->kind != THING_CONNECTION)
		planning_end(planning, thing_effect(thing->kind), thing->id,
			     thing->name);
}

/* Those whom the events of it are routed to. */
static enum error notify(struct planning *planning)
{
	const char *types[2 * EFFECT_KINDS];
	struct destination_list told;
	size_t count = 0;

	for (int kind = 0; kind < EFFECT_KINDS; kind++) {
		const char *name = effect_kind_name((enum effect_kind)kind);

		if (planning->has_ended[kind])
			types[count++] = arena_printf(&planning->op->arena,
						      "%s.deleted", name);
		if (planning->has_purged[kind])
			types[count++] = arena_printf(&planning->op->arena,
						      "%s.purged", name);
	}
	TRY(delivery_targets(planning->op, types, count, &told));
	for (size_t i = 0; i < told.count; i++) {
		const struct effect notified = {
			.what = EFFECT_NOTIFIED,
			.kind = EFFECT_OF_DESTINATION,
			.id = told.items[i].id,
			.name = told.items[i].name,
		};

		/* who is told of others hears nothing of its own end */
		if (!uuid_equal(notified.id, planning->plan->thing->id))
			planning_emit(planning, &notified);
	}
	return OK;
}

static enum error make(struct op *op, const struct thing *thing,
		       const struct deletion_terms *terms, int64_t from,
		       struct plan_earlier *earlier, struct plan *ret)
{
	struct planning planning = {.op = op, .plan = ret, .earlier = earlier};

	memset(ret, 0, sizeof(*ret));
	ret->thing = thing;
	ret->terms = *terms;
	ret->from = from;
	crypto_generichash_init(&planning.hash, NULL, 0, DIGEST_BYTES);
	TRY(store_event_newest(op, &ret->last_event));
	TRY(store_has_grants(op, &planning.has_grants));
	TRY(hold_list(op, &planning.holds));
	if (leaving_heeds_holds(thing))
		planning_meet_hold(&planning, thing->id, op->project_id);
	if (thing->kind == THING_PROJECT && planning.holds.count)
		ret->held_by = planning.holds.items;
	TRY(blocker_list(op, thing, terms, PLAN_BLOCKERS_SHOWN,
			 &ret->blockers));
	TRY(leave(&planning));
	if (thing->kind == THING_PROJECT)
		TRY(leave_webhooks(&planning, (struct uuid){{0}}));
	TRY(part_own(&planning));
	if (thing->kind == THING_INTEGRATION)
		TRY(leave_webhooks(&planning, thing->id));
	TRY(end_rests(&planning));
	end_itself(&planning);
	if (thing->kind != THING_PROJECT) /* its destinations go with it */
		TRY(notify(&planning));
	crypto_generichash_final(&planning.hash, ret->digest.bytes,
				 DIGEST_BYTES);
	return OK;
}

enum error plan_make(struct op *op, const struct thing *thing,
		     const struct deletion_terms *terms, int64_t from,
		     struct plan *ret)
{
	return make(op, thing, terms, from, NULL, ret);
}

enum error plan_make_again(struct op *op, const struct thing *thing,
			   const struct deletion_terms *terms,
			   struct plan_earlier *earlier, struct plan *ret)
{
	return make(op, thing, terms, 0, earlier, ret);
}

bool plan_is_blocked(const struct plan *plan)
{
	return plan->blockers.count ||
	       (plan->held_by && deletion_ends_at_once(&plan->terms));
}

enum error plan_instead(struct op *op, const struct thing *thing,
			const struct deletion_terms *terms)
{
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));

	TRY(plan_make(op, thing, terms, op->plan_from, plan));
	op->plan = plan_text(op, plan);
	return ERR_PLANNED;
}
