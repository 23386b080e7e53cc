/* Going through what would go, without touching it. */
#include "core/plan.h"

#include <sodium.h>
#include <string.h>

#include "core/delivery.h"
#include "core/grant.h"
#include "core/store.h"
#include "core/topic.h"
#include "core/undeploying.h"

struct planning {
	struct op *op;
	struct plan *plan;
	struct plan_earlier *earlier; /* NULL: there was none */
	crypto_generichash_state hash;
	struct keeping_list keeping; /* as soon as anything may be shared */
	bool knows_keeping;
	struct uuid *parted; /* connections with a grant, gone so far */
	size_t parted_count, parted_room;
	struct hold_list holds;
	bool has_grants; /* any connection of the project does */
	bool has_ended[EFFECT_KINDS];
	bool has_purged[EFFECT_KINDS]; /* out of the trash */
	bool is_in_trash;	       /* what is gone through just now */
};

static void keep_mark(struct plan *plan, const struct effect *effect)
{
	if (plan->mark_count < PLAN_PAGE)
		plan->marks[plan->mark_count++] = (struct effect_mark){
			effect->what, effect->kind, effect->id};
}

static void look_in_earlier(struct plan_earlier *earlier,
			    const struct effect *effect)
{
	bool is_known = false;

	for (size_t i = 0; i < earlier->mark_count; i++) {
		const struct effect_mark *mark = &earlier->marks[i];

		if (mark->what != effect->what || mark->kind != effect->kind ||
		    !uuid_equal(mark->id, effect->id))
			continue;
		earlier->is_there[i] = is_known = true;
	}
	if (!is_known && earlier->is_all && earlier->new_count < PLAN_NEW_SHOWN)
		earlier->new[earlier->new_count++] = (struct effect_mark){
			effect->what, effect->kind, effect->id};
}

static void emit(struct planning *planning, const struct effect *effect)
{
	struct plan *plan = planning->plan;
	const unsigned char head[] = {(unsigned char)effect->what,
				      (unsigned char)effect->kind};

	crypto_generichash_update(&planning->hash, head, sizeof(head));
	crypto_generichash_update(&planning->hash, effect->id.bytes,
				  UUID_BYTES);
	effect_count(&plan->counts, effect);
	keep_mark(plan, effect);
	if (planning->earlier)
		look_in_earlier(planning->earlier, effect);
	if (plan->total >= plan->from && plan->item_count < PLAN_PAGE)
		plan->items[plan->item_count++] = *effect;
	plan->total++;
}

static void emit_end(struct planning *planning, enum effect_kind kind,
		     struct uuid id, const char *name)
{
	bool is_soft = planning->plan->terms.mode == MODE_SOFT;
	const struct effect effect = {
		.what = is_soft ? EFFECT_HIDDEN : EFFECT_GONE,
		.kind = kind,
		.id = id,
		.name = name && *name ? name : NULL,
	};

	if (planning->is_in_trash)
		planning->has_purged[kind] = true;
	else
		planning->has_ended[kind] = true;
	emit(planning, &effect);
}

static void meet_hold(struct planning *planning, struct uuid group_id,
		      struct uuid connection_id)
{
	struct plan *plan = planning->plan;

	if (planning->holds.count && !plan->held_by)
		plan->held_by = hold_on(planning->op, &planning->holds,
					group_id, connection_id);
}

static void add_parted(struct planning *planning, struct uuid id)
{
	if (planning->parted_count == planning->parted_room) {
		struct uuid *old = planning->parted;

		planning->parted_room = planning->parted_room * 2 + 64;
		planning->parted =
			arena_alloc(&planning->op->arena,
				    planning->parted_room * sizeof(*old));
		if (old)
			memcpy(planning->parted, old,
			       planning->parted_count * sizeof(*old));
	}
	planning->parted[planning->parted_count++] = id;
}

static enum error leave_workers(struct planning *planning, enum thing_kind kind,
				struct uuid id)
{
	struct undeploying found;

	TRY(undeploying_find(planning->op, kind, id, &found));
	for (size_t i = 0; i < found.effect_count; i++)
		emit(planning, &found.effects[i]);
	return OK;
}

static enum error part(struct planning *planning,
		       const struct parting *connection)
{
	struct effect effect;

	meet_hold(planning, connection->group_id, connection->id);
	if (uuid_is_nil(connection->group_id))
		TRY(leave_workers(planning, THING_CONNECTION, connection->id));
	if (connection->has_grant) {
		bool is_left;

		TRY(grant_effect(planning->op, connection,
				 &planning->plan->terms, planning->parted,
				 planning->parted_count, &effect, &is_left));
		if (is_left)
			emit(planning, &effect);
		add_parted(planning, connection->id);
	}
	emit_end(planning, EFFECT_OF_CONNECTION, connection->id,
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
	emit(planning, &kept);
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

	meet_hold(planning, leaving->group_id, leaving->id);
	emit_end(planning, EFFECT_OF_INSTALLATION, leaving->id, NULL);
	if (leaving_has_own_connections(planning->plan->thing))
		return OK;
	return part_unused(planning, leaving);
}

static enum error leave_hidden(void *context, const struct leaving *hidden)
{
	struct planning *planning = context;
	struct parting_list own;

	meet_hold(planning, hidden->group_id, hidden->id);
	emit_end(planning, EFFECT_OF_INSTALLATION, hidden->id, NULL);
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
		emit_end(planning, EFFECT_OF_ROUTE, to.items[i].id, NULL);
	for (size_t i = 0; i < from.count; i++)
		emit_end(planning, EFFECT_OF_ROUTE, from.items[i].id, NULL);
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

static enum error end_rests(struct planning *planning)
{
	struct thing_list all;

	if (planning->plan->thing->kind != THING_PROJECT)
		return OK;
	for (int rest = 0; rest < RESTS; rest++) {
		TRY(store_rest_list(planning->op, (enum rest)rest, INT64_MAX,
				    &all));
		for (size_t i = 0; i < all.count; i++)
			emit_end(planning, rest_effect((enum rest)rest),
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
		emit_end(planning, thing_effect(thing->kind), thing->id,
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
			emit(planning, &notified);
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
		meet_hold(&planning, thing->id, op->project_id);
	if (thing->kind == THING_PROJECT && planning.holds.count)
		ret->held_by = planning.holds.items;
	TRY(blocker_list(op, thing, terms, PLAN_BLOCKERS_SHOWN,
			 &ret->blockers));
	TRY(leave(&planning));
	TRY(part_own(&planning));
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
