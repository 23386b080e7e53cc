/* Holding, lifting, and asking. */
#include "core/hold.h"

#include <string.h>

#include "core/batch.h"
#include "core/event.h"
#include "core/store.h"

enum error hold_list(struct op *op, struct hold_list *ret)
{
	return store_hold_list(op, HOLDS_MAX, ret);
}

/* It lives, or is in the trash: a hold is to keep what is hidden as well. */
static enum error find_thing(struct op *op, enum thing_kind kind,
			     struct uuid id)
{
	struct thing thing;
	struct uuid deletion_id;
	struct deletion deletion;
	bool is_ending;
	enum error error = thing_find(op, kind, id, &thing);

	if (error != ERR_NOT_FOUND)
		return error;
	TRY(store_deletion_of(op, kind, id, &deletion_id));
	TRY(store_deletion_get(op, deletion_id, &deletion));
	TRY(batch_is_ending(op, &deletion, &is_ending));
	return is_ending ? ERR_NOT_FOUND : OK; /* as good as gone */
}

static enum error find_held(struct op *op, const char *kind, struct uuid id)
{
	if (strcmp(kind, "project") == 0 && uuid_equal(id, op->project_id))
		return OK;
	if (strcmp(kind, "group") == 0)
		return find_thing(op, THING_GROUP, id);
	if (strcmp(kind, "connection") == 0)
		return find_thing(op, THING_CONNECTION, id);
	return op_fail(op, ERR_NOT_FOUND, "there is no such %s to hold", kind);
}

static enum error tell(struct op *op, const char *type, const char *kind,
		       struct uuid id, const char *reason)
{
	const struct event_fact facts[] = {{"reason", reason, false}};

	return event_record(op, type, kind, id, facts, 1, NULL);
}

enum error hold_put(struct op *op, const char *kind, struct uuid id,
		    const char *reason, struct hold *ret)
{
	struct hold_list holds;
	struct hold hold = {
		.kind = kind,
		.id = id,
		.reason = reason,
		.actor = event_actor(op),
		.created_at = op->now,
	};

	TRY(find_held(op, kind, id));
	TRY(hold_list(op, &holds));
	if (holds.count >= HOLDS_MAX)
		return op_fail(op, ERR_INVALID,
			       "a project can have %d holds at most",
			       HOLDS_MAX);
	TRY(store_hold_put(op, &hold));
	*ret = hold;
	return tell(op, "hold.placed", kind, id, reason);
}

enum error hold_lift(struct op *op, const char *kind, struct uuid id)
{
	if (op->is_dry_run)
		return op_fail(
			op, ERR_INVALID,
			"lifting a hold deletes nothing: it has no plan");
	enum error error = store_hold_remove(op, kind, id);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no such hold");
	TRY(error);
	return tell(op, "hold.lifted", kind, id, NULL);
}

const struct hold *hold_on(const struct op *op, const struct hold_list *holds,
			   struct uuid group_id, struct uuid connection_id)
{
	for (size_t i = 0; i < holds->count; i++) {
		const struct hold *hold = &holds->items[i];

		if (uuid_equal(hold->id, op->project_id) ||
		    uuid_equal(hold->id, group_id) ||
		    uuid_equal(hold->id, connection_id))
			return hold;
	}
	return NULL;
}

enum error hold_refuse(struct op *op, const struct hold *hold,
		       const char *instead)
{
	char id[UUID_TEXT];

	if (!hold)
		return OK;
	uuid_format(hold->id, id);
	op_issue(op, "path", "id", "%s %s is held: %s", hold->kind, id,
		 hold->reason);
	op_advise(op, instead);
	return op_fail(op, ERR_HELD, "a legal hold on %s %s forbids erasing it",
		       hold->kind, id);
}
