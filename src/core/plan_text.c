/* A plan as JSON. */
#include "core/plan.h"

#include "core/plan_token.h"

enum { TEXT_MAX = 1024 * 1024 };

static void put_thing(struct json_writer *w, const struct thing *thing)
{
	json_begin_object(w, "target");
	json_put_string(w, "kind", thing_kind_name(thing->kind));
	json_put_uuid(w, "id", thing->id);
	json_put_optional(w, "name", thing->name);
	json_end_object(w);
}

static void put_terms(struct json_writer *w, const struct deletion_terms *terms)
{
	json_begin_object(w, "options");
	json_put_string(w, "mode", mode_name(terms->mode));
	json_put_string(w, "revoke", revoke_name(terms->revoke));
	json_put_bool(w, "force", terms->force);
	json_end_object(w);
}

static void put_effects(struct json_writer *w, const struct plan *plan)
{
	json_begin_array(w, "effects");
	for (size_t i = 0; i < plan->item_count; i++)
		effect_put(w, &plan->items[i]);
	json_end_array(w);
	int64_t next = plan->from + (int64_t)plan->item_count;
	if (next < plan->total)
		json_put_integer(w, "nextCursor", next);
	else
		json_put_null(w, "nextCursor");
}

static void put_blockers(struct json_writer *w, const struct plan *plan)
{
	json_begin_array(w, "blockedBy");
	for (size_t i = 0; i < plan->blockers.count; i++) {
		json_begin_object(w, NULL);
		json_put_string(w, "kind", plan->blockers.items[i].kind);
		json_put_uuid(w, "id", plan->blockers.items[i].id);
		if (plan->blockers.yields)
			json_put_string(w, "unless", "force");
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_hold(struct json_writer *w, const struct hold *hold)
{
	if (!hold) {
		json_put_null(w, "heldBy");
		return;
	}
	json_begin_object(w, "heldBy");
	json_put_string(w, "kind", hold->kind);
	json_put_uuid(w, "id", hold->id);
	json_put_string(w, "reason", hold->reason);
	json_end_object(w);
}

/* From when on there is no way back; the first, when some has one longer: a
 * grant may be ended before its connection is. */
static void put_end(struct json_writer *w, const struct op *op,
		    const struct plan *plan)
{
	bool is_at_once = plan->terms.mode == MODE_HARD ||
			  plan->counts.of[EFFECT_REVOKED][EFFECT_OF_GRANT];

	json_begin_object(w, "irreversible");
	json_put_bool(w, "atOnce", is_at_once);
	json_put_time(w, "at", is_at_once ? op->now : plan->terms.purge_at);
	json_end_object(w);
}

/* `purge_at` 0: there is no way back. */
static void put_simple(struct json_writer *w, struct op *op,
		       const struct effect *effect, int64_t purge_at)
{
	struct effect_counts counts = {{{0}}};

	effect_count(&counts, effect);
	json_begin_object(w, NULL);
	json_begin_object(w, "target");
	json_put_string(w, "kind", effect_kind_name(effect->kind));
	json_put_uuid(w, "id", effect->id);
	json_put_optional(w, "name", effect->name);
	json_end_object(w);
	effect_put_counts(w, "counts", &counts);
	json_put_integer(w, "total", 1);
	json_begin_array(w, "effects");
	effect_put(w, effect);
	json_end_array(w);
	json_put_null(w, "nextCursor");
	json_begin_array(w, "blockedBy");
	json_end_array(w);
	json_begin_object(w, "irreversible");
	json_put_bool(w, "atOnce", !purge_at);
	json_put_time(w, "at", purge_at ? purge_at : op->now);
	json_end_object(w);
	json_end_object(w);
}

static enum error plan_simply(struct op *op, const struct effect *effect,
			      int64_t purge_at)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	struct json_writer w = json_writer_on(&text);
	put_simple(&w, op, effect, purge_at);
	op->plan = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return ERR_PLANNED;
}

enum error plan_of_hiding(struct op *op, enum effect_kind kind, struct uuid id,
			  const char *name, int64_t purge_at)
{
	const struct effect effect = {
		.what = EFFECT_HIDDEN, .kind = kind, .id = id, .name = name};

	return plan_simply(op, &effect, purge_at);
}

enum error plan_of_one(struct op *op, enum effect_kind kind, struct uuid id,
		       const char *name)
{
	const struct effect effect = {
		.what = EFFECT_GONE, .kind = kind, .id = id, .name = name};

	return plan_simply(op, &effect, 0);
}

const char *plan_text(struct op *op, const struct plan *plan)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	put_thing(&w, plan->thing);
	put_terms(&w, &plan->terms);
	effect_put_counts(&w, "counts", &plan->counts);
	json_put_integer(&w, "total", plan->total);
	put_effects(&w, plan);
	put_blockers(&w, plan);
	put_hold(&w, plan->held_by);
	json_put_bool(&w, "blocked", plan_is_blocked(plan));
	put_end(&w, op, plan);
	json_put_string(&w, "planToken", plan_token_write(op, plan));
	json_put_time(&w, "expiresAt", op->now + PLAN_TOKEN_LIFETIME_US);
	json_end_object(&w);
	const char *copy = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return copy;
}
