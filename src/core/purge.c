/* The end of what is hidden. */
#include "core/restore.h"

#include <string.h>

#include "core/credential.h"
#include "core/ending.h"
#include "core/project_trash.h"
#include "core/store.h"

enum { BATCH = 64 };

struct purging {
	struct op *op;
	const struct deletion *deletion;
	struct ending ending;
};

static bool takes_hidden_before(const struct deletion *deletion,
				struct thing *ret)
{
	*ret = (struct thing){
		.id = deletion->target_id,
		.name = deletion->target_name,
		.group_id = deletion->group_id,
	};
	return thing_kind_named(deletion->target_kind, &ret->kind) &&
	       leaving_takes_hidden_installations(ret, true);
}

static enum error purge_installations(struct purging *purging)
{
	struct leaving_list some;

	do {
		TRY(store_hidden_installations(
			purging->op, purging->deletion->id, BATCH, &some));
		for (size_t i = 0; i < some.count; i++) {
			TRY(ending_purge_installation(&purging->ending,
						      some.items[i].id));
			if (ending_is_enough(&purging->ending))
				return OK;
		}
	} while (some.count == BATCH);
	return OK;
}

static enum error purge_connections(struct purging *purging)
{
	struct parting_list some;

	do {
		TRY(store_hidden_connections(purging->op, purging->deletion->id,
					     BATCH, &some));
		for (size_t i = 0; i < some.count; i++) {
			TRY(ending_purge_connection(&purging->ending,
						    &some.items[i]));
			if (ending_is_enough(&purging->ending))
				return OK;
		}
	} while (some.count == BATCH);
	return OK;
}

/* What was in the trash before, and has no way back without it. */
static enum error purge_hidden_before(struct purging *purging)
{
	struct ending *ending = &purging->ending;
	struct parting_list some;
	struct thing thing;

	if (!takes_hidden_before(purging->deletion, &thing))
		return OK;
	TRY(ending_purge_hidden(ending, &thing));
	if (ending->is_cut || !leaving_has_own_connections(&thing))
		return OK;
	do {
		TRY(store_parting(purging->op, &thing, true, BATCH, &some));
		for (size_t i = 0; i < some.count; i++) {
			TRY(ending_purge_connection(ending, &some.items[i]));
			ending->has_emptied = true;
			if (ending_is_enough(ending))
				return OK;
		}
	} while (some.count == BATCH);
	return OK;
}

static enum error purge_named(struct purging *purging, enum thing_kind kind)
{
	struct op *op = purging->op;
	struct thing_list hidden;

	TRY(store_hidden_things(op, kind, purging->deletion->id, &hidden));
	for (size_t i = 0; i < hidden.count; i++) {
		const struct thing *thing = &hidden.items[i];

		TRY(ending_erase_named(&purging->ending, kind, thing->id));
		TRY(ending_note(&purging->ending, thing_effect(kind), thing->id,
				thing->name));
		TRY(ending_tell_purged(&purging->ending, thing_kind_name(kind),
				       thing->id));
	}
	return OK;
}

/* Before anything is touched: a hold on any of it. */
static enum error refuse_held(struct purging *purging)
{
	struct op *op = purging->op;
	struct uuid id = purging->deletion->id;
	struct leaving_list installations;
	struct parting_list connections;
	struct thing thing;
	struct hold hold;

	if (!purging->ending.holds.count)
		return OK;
	TRY(ending_refuse_held(&purging->ending, purging->deletion->group_id,
			       purging->deletion->target_id));
	TRY(store_hidden_installations(op, id, INT64_MAX, &installations));
	for (size_t i = 0; i < installations.count; i++)
		TRY(ending_refuse_held(&purging->ending,
				       installations.items[i].group_id,
				       installations.items[i].id));
	TRY(store_hidden_connections(op, id, INT64_MAX, &connections));
	for (size_t i = 0; i < connections.count; i++)
		TRY(ending_refuse_held(&purging->ending,
				       connections.items[i].group_id,
				       connections.items[i].id));
	if (!takes_hidden_before(purging->deletion, &thing))
		return OK;
	enum error error = store_hold_in(op, &thing, true, &hold);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	return hold_refuse(op, &hold, purging->ending.instead);
}

static enum error purge_all(struct purging *purging)
{
	static enum error (*const phases[])(struct purging * purging) = {
		purge_installations,
		purge_connections,
		purge_hidden_before,
	};

	for (size_t i = 0; i < sizeof(phases) / sizeof(*phases); i++) {
		TRY(phases[i](purging));
		if (purging->ending.is_cut)
			return OK;
	}
	TRY(purge_named(purging, THING_INTEGRATION));
	TRY(purge_named(purging, THING_GROUP));
	return purge_named(purging, THING_CONSUMER);
}

/* Its terms are a hard deletion's, with the steps that were put off. */
static enum error set_terms(struct purging *purging)
{
	struct deletion_terms *terms = &purging->ending.terms;

	terms->mode = MODE_HARD;
	if (!revoke_named(purging->deletion->revoke, &terms->revoke))
		return ERR_INTERNAL;
	if (terms->revoke == REVOKE_AT_PURGE)
		terms->revoke = REVOKE_NOW;
	return OK;
}

static enum error purge(struct purging *purging)
{
	struct op *op = purging->op;
	struct ending *ending = &purging->ending;

	TRY(set_terms(purging));
	enum error error = record_go_on(op, &ending->record, purging->deletion);
	if (error == OK)
		error = purge_all(purging);
	if (error == OK)
		error = record_go_on_end(op, &ending->record, purging->deletion,
					 &ending->terms, ending->is_cut);
	/* by a batch before, too */
	if (error == OK && !ending->is_cut &&
	    (ending->has_emptied || ending->began))
		error = store_deletion_emptied(op);
	record_release(&ending->record);
	return error;
}

static bool is_in(const struct deletion *deletion, const char *state)
{
	return strcmp(deletion->state, state) == 0;
}

static bool is_of_project(const struct deletion *deletion)
{
	return strcmp(deletion->target_kind, thing_kind_name(THING_PROJECT)) ==
	       0;
}

enum error purge_go_on(struct op *op, struct uuid deletion_id,
		       bool *ret_is_done)
{
	struct deletion deletion;
	struct purging purging = {
		op, &deletion, {.op = op, .instead = HOLD_WAIT}};

	TRY(receipt_get(op, deletion_id, &deletion));
	if (is_in(&deletion, DELETION_HIDDEN) && is_of_project(&deletion)) {
		*ret_is_done = true;
		return project_trash_purge(op, &deletion);
	}
	if (!is_in(&deletion, DELETION_HIDDEN) &&
	    !is_in(&deletion, DELETION_RUNNING)) {
		*ret_is_done = true;
		return OK;
	}
	if (is_in(&deletion, DELETION_HIDDEN)) {
		TRY(hold_list(op, &purging.ending.holds));
		TRY(refuse_held(&purging));
	}
	ending_limit(&purging.ending);
	TRY(purge(&purging));
	*ret_is_done = !purging.ending.is_cut;
	return OK;
}

/* From now on it does not come back; the job does the rest. */
static enum error purge_in_batches(struct op *op,
				   const struct deletion *deletion)
{
	const struct job_new job = {
		.kind = JOB_PURGE,
		.subject_id = deletion->id,
	};
	struct deletion to = *deletion;

	to.state = DELETION_RUNNING;
	to.counts = record_counts_at_purge(op, deletion);
	TRY(store_deletion_go_on(op, &to));
	return job_add(op, &job, NULL);
}

enum error purge_deletion(struct op *op, const struct deletion *deletion)
{
	struct purging purging = {
		op, deletion, {.op = op, .instead = HOLD_WAIT}};
	int64_t size = 0, before = 0;
	struct thing thing;

	TRY(hold_list(op, &purging.ending.holds));
	TRY(refuse_held(&purging));
	if (op->batch_over < INT64_MAX)
		TRY(store_hidden_size(op, deletion->id, op->batch_over + 1,
				      &size));
	if (op->batch_over < INT64_MAX && takes_hidden_before(deletion, &thing))
		TRY(store_thing_size(op, &thing, op->batch_over + 1, &before));
	return size > op->batch_over || before > op->batch_over
		       ? purge_in_batches(op, deletion)
		       : purge(&purging);
}
