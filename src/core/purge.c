/* The end of what is hidden. */
#include "core/restore.h"

#include <string.h>

#include "core/credential.h"
#include "core/ending.h"
#include "core/store.h"

enum { BATCH = 64 };

struct purging {
	struct op *op;
	const struct deletion *deletion;
	struct ending ending;
};

static enum error purge_installations(struct purging *purging)
{
	struct leaving_list some;

	do {
		TRY(store_hidden_installations(
			purging->op, purging->deletion->id, BATCH, &some));
		for (size_t i = 0; i < some.count; i++)
			TRY(ending_purge_installation(&purging->ending,
						      some.items[i].id));
	} while (some.count == BATCH);
	return OK;
}

static enum error purge_connection(struct ending *ending,
				   const struct parting *connection)
{
	TRY(ending_erase_connection(ending, connection));
	TRY(ending_note(ending, EFFECT_OF_CONNECTION, connection->id, NULL));
	return ending_tell_purged(ending, "connection", connection->id);
}

static enum error purge_connections(struct purging *purging)
{
	struct parting_list some;

	do {
		TRY(store_hidden_connections(purging->op, purging->deletion->id,
					     BATCH, &some));
		for (size_t i = 0; i < some.count; i++)
			TRY(purge_connection(&purging->ending, &some.items[i]));
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
		TRY(ending_note(&purging->ending, effect, thing->id,
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

	if (!purging->ending.holds.count)
		return OK;
	TRY(ending_refuse_held(&purging->ending, purging->deletion->group_id,
			       purging->deletion->target_id));
	TRY(store_hidden_installations(op, id, INT64_MAX, &installations));
	for (size_t i = 0; i < installations.count; i++)
		TRY(ending_refuse_held(&purging->ending,
				       installations.items[i].group_id,
				       installations.items[i].connection_id));
	TRY(store_hidden_connections(op, id, INT64_MAX, &connections));
	for (size_t i = 0; i < connections.count; i++)
		TRY(ending_refuse_held(&purging->ending,
				       connections.items[i].group_id,
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
	return record_go_on_end(purging->op, &purging->ending.record,
				purging->deletion);
}

enum error purge_deletion(struct op *op, struct uuid deletion_id)
{
	struct deletion deletion;
	struct purging purging = {op, &deletion, {.op = op}};

	TRY(receipt_get(op, deletion_id, &deletion));
	if (strcmp(deletion.state, DELETION_HIDDEN) != 0)
		return OK;
	TRY(hold_list(op, &purging.ending.holds));
	TRY(refuse_held(&purging));
	purging.ending.terms.mode = MODE_HARD;
	if (!revoke_named(deletion.revoke, &purging.ending.terms.revoke))
		return ERR_INTERNAL;
	if (purging.ending.terms.revoke == REVOKE_AT_PURGE)
		purging.ending.terms.revoke = REVOKE_NOW;
	enum error error = record_go_on(op, &purging.ending.record, &deletion);
	if (error == OK)
		error = purge_all(&purging);
	record_release(&purging.ending.record);
	return error;
}
