/* The end of what is hidden. */
#include "core/restore.h"

#include <string.h>

#include "core/credential.h"
#include "core/event.h"
#include "core/grant.h"
#include "core/hold.h"
#include "core/leaving.h"
#include "core/store.h"

enum { BATCH = 64 };

struct purging {
	struct op *op;
	const struct deletion *deletion;
	struct deletion_terms terms;
	struct hold_list holds;
	struct record record;
};

static enum error note(struct purging *purging, enum effect_kind kind,
		       struct uuid id, const char *name)
{
	const struct effect effect = {
		.what = EFFECT_GONE, .kind = kind, .id = id, .name = name};

	return record_effect(purging->op, &purging->record, &effect);
}

static enum error tell(struct purging *purging, const char *kind,
		       struct uuid id)
{
	char deletion[UUID_TEXT];
	const struct event_fact facts[] = {{"deletionId", deletion, false}};

	uuid_format(purging->deletion->id, deletion);
	return event_record(
		purging->op,
		arena_printf(&purging->op->arena, "%s.purged", kind), kind, id,
		facts, 1, NULL);
}

static enum error refuse_if_held(struct purging *purging, struct uuid group_id,
				 struct uuid connection_id)
{
	return hold_refuse(purging->op, hold_on(purging->op, &purging->holds,
						group_id, connection_id));
}

static enum error purge_installations(struct purging *purging)
{
	struct leaving_list some;

	do {
		TRY(store_hidden_installations(
			purging->op, purging->deletion->id, BATCH, &some));
		for (size_t i = 0; i < some.count; i++) {
			struct uuid id = some.items[i].id;

			TRY(store_installation_purge(purging->op, id));
			TRY(note(purging, EFFECT_OF_INSTALLATION, id, NULL));
			TRY(tell(purging, "installation", id));
		}
	} while (some.count == BATCH);
	return OK;
}

static enum error purge_connection(struct purging *purging,
				   const struct parting *connection)
{
	struct op *op = purging->op;

	if (connection->has_grant)
		TRY(grant_let_go(op, &purging->record, connection,
				 &purging->terms));
	TRY(credential_drop(op, connection->id, NULL));
	TRY(store_connection_remove(op, connection->id));
	TRY(note(purging, EFFECT_OF_CONNECTION, connection->id, NULL));
	return tell(purging, "connection", connection->id);
}

static enum error purge_connections(struct purging *purging)
{
	struct parting_list some;

	do {
		TRY(store_hidden_connections(purging->op, purging->deletion->id,
					     BATCH, &some));
		for (size_t i = 0; i < some.count; i++)
			TRY(purge_connection(purging, &some.items[i]));
	} while (some.count == BATCH);
	return OK;
}

static enum error purge_named(struct purging *purging, enum thing_kind kind,
			      enum effect_kind effect)
{
	struct op *op = purging->op;
	struct thing_list hidden;

	TRY(store_hidden_things(op, kind, purging->deletion->id, &hidden));
	for (size_t i = 0; i < hidden.count; i++) {
		const struct thing *thing = &hidden.items[i];

		if (kind == THING_INTEGRATION) {
			TRY(credential_drop(op, thing->id, NULL));
			TRY(store_integration_remove(op, thing->id));
		} else {
			TRY(store_party_remove(op, kind, thing->id));
		}
		TRY(note(purging, effect, thing->id, thing->name));
		TRY(tell(purging, thing_kind_name(kind), thing->id));
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

	if (!purging->holds.count)
		return OK;
	TRY(refuse_if_held(purging, purging->deletion->group_id,
			   purging->deletion->target_id));
	TRY(store_hidden_installations(op, id, INT64_MAX, &installations));
	for (size_t i = 0; i < installations.count; i++)
		TRY(refuse_if_held(purging, installations.items[i].group_id,
				   installations.items[i].connection_id));
	TRY(store_hidden_connections(op, id, INT64_MAX, &connections));
	for (size_t i = 0; i < connections.count; i++)
		TRY(refuse_if_held(purging, connections.items[i].group_id,
				   connections.items[i].id));
	return OK;
}

static enum error purge_all(struct purging *purging)
{
	TRY(purge_installations(purging));
	TRY(purge_connections(purging));
	TRY(purge_named(purging, THING_INTEGRATION, EFFECT_OF_INTEGRATION));
	TRY(purge_named(purging, THING_GROUP, EFFECT_OF_GROUP));
	TRY(purge_named(purging, THING_CONSUMER, EFFECT_OF_CONSUMER));
	return record_go_on_end(purging->op, &purging->record,
				purging->deletion);
}

enum error purge_deletion(struct op *op, struct uuid deletion_id)
{
	struct deletion deletion;
	struct purging purging = {.op = op, .deletion = &deletion};

	TRY(receipt_get(op, deletion_id, &deletion));
	if (strcmp(deletion.state, DELETION_HIDDEN) != 0)
		return OK;
	TRY(hold_list(op, &purging.holds));
	TRY(refuse_held(&purging));
	purging.terms.mode = MODE_HARD;
	if (!revoke_named(deletion.revoke, &purging.terms.revoke))
		return ERR_INTERNAL;
	if (purging.terms.revoke == REVOKE_AT_PURGE)
		purging.terms.revoke = REVOKE_NOW;
	enum error error = record_go_on(op, &purging.record, &deletion);
	if (error == OK)
		error = purge_all(&purging);
	record_release(&purging.record);
	return error;
}
