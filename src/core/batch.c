/* Beginning a large deletion, and going on with it. */
#include "core/batch.h"

#include <string.h>

#include "core/job.h"
#include "core/removal.h"
#include "core/store.h"

enum error batch_is_needed(struct op *op, const struct thing *thing, bool *ret)
{
	int64_t size = 0;

	if (thing->kind == THING_PROJECT) {
		*ret = true;
		return OK;
	}
	if (op->batch_over < INT64_MAX && !leaving_goes_alone(thing))
		TRY(store_thing_size(op, thing, op->batch_over + 1, &size));
	*ret = size > op->batch_over;
	return OK;
}

static enum error refuse_held(struct op *op, const struct thing *thing,
			      const struct deletion_terms *terms)
{
	struct hold hold;
	enum error error =
		store_hold_in(op, thing, terms->mode == MODE_HARD, &hold);

	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	return hold_refuse(op, &hold, deletion_when_held(thing, terms));
}

/* A project that is hidden hides all that it has. */
static bool has_scope(const struct thing *thing)
{
	return thing->kind != THING_PROJECT;
}

/* A project's destinations go with it. */
static void tell_nobody_of(struct op *op, const struct thing *thing)
{
	if (thing->kind == THING_PROJECT)
		op->unrouted_project_id = op->project_id;
}

/* Nobody waits: the store is not served. */
static enum error run_to_end(struct op *op, struct uuid deletion_id)
{
	bool is_done = false;

	while (!is_done)
		TRY(batch_go_on(op, deletion_id, &is_done));
	return OK;
}

enum error batch_begin(struct op *op, const struct thing *thing,
		       const struct deletion_terms *terms, struct event *ret)
{
	struct removal removal = {
		.op = op,
		.thing = thing,
		.ending = {.op = op, .terms = *terms},
	};
	bool is_hard = terms->mode == MODE_HARD;

	if (deletion_ends_at_once(terms))
		TRY(refuse_held(op, thing, terms));
	removal.ending.record.id = op->deletion_id = uuid_make(op->now);
	tell_nobody_of(op, thing);
	const struct leaving_scope scope = {
		.id = thing->id,
		.deletion_id = removal.ending.record.id,
		.is_hard = is_hard,
	};
	const struct job_new job = {
		.kind = JOB_DELETE,
		.lane = JOB_DELETE_LANE,
		.subject_id = scope.deletion_id,
	};
	TRY(removal_hide_itself(&removal));
	if (has_scope(thing))
		TRY(store_leaving_scope_add(op, &scope));
	leaving_see_all(op);
	TRY(removal_tell(&removal, ret));
	TRY(record_announce(op, scope.deletion_id, thing, terms));
	TRY(job_add(op, &job, NULL));
	return op->batch_over < INT64_MAX ? OK
					  : run_to_end(op, scope.deletion_id);
}

/* As it was when the deletion began; hidden, it is not found any more. */
static enum error thing_of(struct op *op, const struct deletion *deletion,
			   struct thing *ret)
{
	*ret = (struct thing){
		.id = deletion->target_id,
		.name = deletion->target_name,
		.group_id = deletion->group_id,
	};
	if (!thing_kind_named(deletion->target_kind, &ret->kind))
		return op_fail(op, ERR_INTERNAL, "a deletion of a %s",
			       deletion->target_kind);
	return OK;
}

static enum error terms_of(struct op *op, const struct deletion *deletion,
			   struct deletion_terms *ret)
{
	*ret = (struct deletion_terms){
		.force = true,
		.purge_at = deletion->purge_at,
	};
	if (!mode_named(deletion->mode, &ret->mode) ||
	    !revoke_named(deletion->revoke, &ret->revoke))
		return op_fail(op, ERR_INTERNAL, "a deletion's terms");
	return OK;
}

static enum error run_batch(struct removal *removal,
			    const struct deletion *deletion)
{
	struct ending *ending = &removal->ending;

	ending_limit(ending);
	TRY(removal_run(removal, NULL));
	if (!ending->is_cut && has_scope(removal->thing))
		TRY(store_leaving_scope_remove(removal->op,
					       removal->thing->id));
	return record_go_on_end(removal->op, &ending->record, deletion,
				&ending->terms, ending->is_cut);
}

enum error batch_go_on(struct op *op, struct uuid deletion_id,
		       bool *ret_is_done)
{
	struct deletion deletion;
	const struct uuid nobody = {{0}};
	struct thing thing;
	struct removal removal = {
		.op = op,
		.thing = &thing,
		.is_batch = true,
		.ending = {.op = op},
	};

	*ret_is_done = true;
	TRY(receipt_get(op, deletion_id, &deletion));
	if (strcmp(deletion.state, DELETION_RUNNING) != 0)
		return OK;
	TRY(thing_of(op, &deletion, &thing));
	TRY(terms_of(op, &deletion, &removal.ending.terms));
	op->actor = deletion.actor;
	tell_nobody_of(op, &thing);
	/* a project's end takes what earlier deletions have left, too */
	leaving_see_before(op,
			   thing.kind == THING_PROJECT ? nobody : deletion_id);
	enum error error = record_go_on(op, &removal.ending.record, &deletion);
	if (error == OK)
		error = run_batch(&removal, &deletion);
	record_release(&removal.ending.record);
	leaving_see_all(op);
	op->actor = NULL;
	*ret_is_done = !removal.ending.is_cut;
	return error;
}

enum error batch_is_ending(struct op *op, const struct deletion *deletion,
			   bool *ret)
{
	bool is_leaving = false;

	*ret = strcmp(deletion->state, DELETION_RUNNING) == 0;
	if (!*ret || strcmp(deletion->mode, mode_name(MODE_SOFT)) != 0)
		return OK;
	TRY(store_leaving_scope_has(op, deletion->target_id, &is_leaving));
	*ret = !is_leaving;
	return OK;
}
