/* Bringing back what is hidden. */
#include "core/restore.h"

#include <string.h>

#include "base/name.h"
#include "core/batch.h"
#include "core/event.h"
#include "core/leaving.h"
#include "core/registering.h"
#include "core/store.h"

enum { BATCH = 64 };

struct restoring {
	struct op *op;
	const struct deletion *deletion;
	struct restored *ret;
};

static enum error record(struct restoring *restoring, const char *kind,
			 struct uuid id)
{
	char deletion[UUID_TEXT];
	const struct event_fact facts[] = {{"deletionId", deletion, false}};

	uuid_format(restoring->deletion->id, deletion);
	restoring->ret->count++;
	return event_record(
		restoring->op,
		arena_printf(&restoring->op->arena, "%s.restored", kind), kind,
		id, facts, 1, NULL);
}

static size_t name_max(const struct thing *hidden)
{
	return hidden->kind == THING_INTEGRATION
		       ? (size_t)INTEGRATION_HANDLE_MAX
		       : (size_t)REF_MAX;
}

/* The name itself, or the first of name-1, name-2, ... that is free. */
static enum error free_name(struct op *op, const struct thing *hidden,
			    const char **ret)
{
	const char *name = hidden->name;

	for (int suffix = 1;; suffix++) {
		bool is_taken;

		TRY(store_name_is_taken(op, hidden, name, &is_taken));
		if (!is_taken)
			break;
		name = name_numbered(&op->arena, hidden->name, suffix,
				     name_max(hidden));
	}
	*ret = name;
	return OK;
}

static enum error restore_named(struct restoring *restoring,
				enum thing_kind kind)
{
	struct op *op = restoring->op;
	struct thing_list hidden;

	TRY(store_hidden_things(op, kind, restoring->deletion->id, &hidden));
	for (size_t i = 0; i < hidden.count; i++) {
		const struct thing *thing = &hidden.items[i];
		const char *name;

		TRY(free_name(op, thing, &name));
		TRY(store_thing_unhide(op, thing, name));
		TRY(record(restoring, thing_kind_name(kind), thing->id));
		if (kind == THING_INTEGRATION)
			TRY(registering_restored(op, thing->id));
		if (uuid_equal(thing->id, restoring->deletion->target_id))
			restoring->ret->name = name;
	}
	return OK;
}

static enum error refuse(struct op *op, const char *kind, struct uuid id,
			 const char *why)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	op_advise(op, "Restore what it needs first, or purge it.");
	return op_fail(op, ERR_IN_USE, "%s %s can't come back: %s", kind, text,
		       why);
}

static enum error refuse_connection(struct op *op, struct uuid id)
{
	struct connection_needs needs;

	TRY(store_restorable_connection(op, id, &needs));
	if (!needs.has_group)
		return refuse(op, "connection", id, "its group is deleted");
	if (!needs.has_consumer)
		return refuse(op, "connection", id, "its consumer is deleted");
	return OK;
}

static enum error restore_connections(struct restoring *restoring)
{
	struct op *op = restoring->op;
	struct restored *ret = restoring->ret;
	struct parting_list some;

	TRY(store_hidden_connections(op, restoring->deletion->id, INT64_MAX,
				     &some));
	ret->needs_reauth = arena_alloc(
		&op->arena, (some.count + 1) * sizeof(*ret->needs_reauth));
	for (size_t i = 0; i < some.count; i++) {
		TRY(refuse_connection(op, some.items[i].id));
		TRY(store_connection_unhide(op, some.items[i].id,
					    restoring->deletion->id));
		TRY(record(restoring, "connection", some.items[i].id));
		if (some.items[i].is_spoiled)
			ret->needs_reauth[ret->needs_reauth_count++] =
				some.items[i].id;
	}
	return OK;
}

static enum error restore_installation(struct restoring *restoring,
				       struct uuid id)
{
	struct op *op = restoring->op;
	struct needs needs;

	enum error error = store_restorable(op, id, &needs);
	if (error == ERR_NOT_FOUND)
		return refuse(op, "installation", id,
			      "what it needs is gone for good");
	TRY(error);
	if (!needs.has_integration)
		return refuse(op, "installation", id,
			      "its integration is deleted");
	if (!needs.has_group)
		return refuse(op, "installation", id, "its group is deleted");
	if (!needs.has_connection)
		return refuse(op, "installation", id,
			      "its connection is deleted");
	error = store_installation_unhide(op, id, restoring->deletion->id);
	if (error == ERR_TAKEN)
		return refuse(op, "installation", id,
			      "its group has installed it again");
	TRY(error);
	return record(restoring, "installation", id);
}

static enum error restore_installations(struct restoring *restoring)
{
	struct leaving_list some;

	do {
		TRY(store_hidden_installations(
			restoring->op, restoring->deletion->id, BATCH, &some));
		for (size_t i = 0; i < some.count; i++)
			TRY(restore_installation(restoring, some.items[i].id));
	} while (some.count == BATCH);
	return OK;
}

/* It is being hidden, or being ended: a hard deletion's or a purge's. */
static enum error refuse_running(struct op *op, const struct deletion *deletion)
{
	char id[UUID_TEXT];
	bool is_ending;

	if (strcmp(deletion->state, DELETION_RUNNING) != 0)
		return OK;
	uuid_format(deletion->id, id);
	TRY(batch_is_ending(op, deletion, &is_ending));
	if (is_ending)
		return op_fail(op, ERR_NOT_FOUND,
			       "deletion %s is ending it for good", id);
	op_advise(op, "Try again when the deletion's state is hidden.");
	return op_fail(op, ERR_IN_USE, "deletion %s is still hiding it", id);
}

static enum error find_hidden(struct op *op, enum thing_kind kind,
			      struct uuid id, struct deletion *ret)
{
	struct uuid deletion_id;
	char text[UUID_TEXT];

	uuid_format(id, text);
	enum error error = ERR_NOT_FOUND;

	if (kind != THING_PROJECT)
		error = store_deletion_of(op, kind, id, &deletion_id);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no %s %s in the trash",
			       thing_kind_name(kind), text);
	TRY(error);
	TRY(receipt_get(op, deletion_id, ret));
	TRY(refuse_running(op, ret));
	if (uuid_equal(ret->target_id, id))
		return OK;
	char target[UUID_TEXT];
	uuid_format(ret->target_id, target);
	op_advise(op, arena_printf(&op->arena, "Restore or purge %s %s.",
				   ret->target_kind, target));
	return op_fail(op, ERR_IN_USE, "%s %s was deleted with %s %s",
		       thing_kind_name(kind), text, ret->target_kind, target);
}

enum error restore_thing(struct op *op, enum thing_kind kind, struct uuid id,
			 struct restored *ret)
{
	struct deletion deletion;
	struct restored restored = {.name = NULL};
	struct restoring restoring = {op, &deletion, &restored};

	TRY(find_hidden(op, kind, id, &deletion));
	TRY(restore_named(&restoring, THING_GROUP));
	TRY(restore_named(&restoring, THING_CONSUMER));
	TRY(restore_named(&restoring, THING_INTEGRATION));
	TRY(restore_connections(&restoring));
	TRY(restore_installations(&restoring));
	TRY(store_deletion_state(op, deletion.id, DELETION_RESTORED, op->now));
	restored.deletion_id = deletion.id;
	*ret = restored;
	return OK;
}

enum error restore_integration(struct op *op, enum integration_family family,
			       struct uuid id, struct integration *ret)
{
	struct restored restored;
	struct integration hidden;
	char text[UUID_TEXT];

	enum error error = store_integration_hidden(op, family, id, &hidden);
	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		return op_fail(op, error, "there is no integration %s", text);
	}
	TRY(error);
	TRY(restore_thing(op, THING_INTEGRATION, id, &restored));
	return integration_get(op, family, id, ret);
}

enum error purge_thing(struct op *op, enum thing_kind kind, struct uuid id)
{
	struct deletion deletion;

	TRY(find_hidden(op, kind, id, &deletion));
	op->deletion_id = deletion.id;
	return purge_deletion(op, &deletion);
}
