/* What a plan says of the effects that are met on the way. */
#include "core/planning.h"

#include <string.h>

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

void planning_emit(struct planning *planning, const struct effect *effect)
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

void planning_end(struct planning *planning, enum effect_kind kind,
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
	planning_emit(planning, &effect);
}

void planning_meet_hold(struct planning *planning, struct uuid group_id,
			struct uuid connection_id)
{
	struct plan *plan = planning->plan;

	if (planning->holds.count && !plan->held_by)
		plan->held_by = hold_on(planning->op, &planning->holds,
					group_id, connection_id);
}

void planning_part(struct planning *planning, struct uuid id)
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
