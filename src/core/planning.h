/*
 * A plan while it is made: what goes through a thing (core/plan.c) says each
 * effect that it meets here, where it is counted, hashed and, in part, kept.
 */
#ifndef CLEAT_CORE_PLANNING_H
#define CLEAT_CORE_PLANNING_H

#include <sodium.h>

#include "core/hold.h"
#include "core/plan.h"

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

void planning_emit(struct planning *planning, const struct effect *effect);

/* Gone, or hidden, as the plan's mode says. `name` may be NULL. */
void planning_end(struct planning *planning, enum effect_kind kind,
		  struct uuid id, const char *name);

/* The first hold that is met on any of these is the plan's. */
void planning_meet_hold(struct planning *planning, struct uuid group_id,
			struct uuid connection_id);

/* A connection with a grant is gone: it shares that with none that follows. */
void planning_part(struct planning *planning, struct uuid id);

#endif
