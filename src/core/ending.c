/* Steps that deletions and purges take alike. */
#include "core/ending.h"

#include "base/clock.h"
#include "core/connection_use.h"
#include "core/credential.h"
#include "core/delivery.h"
#include "core/deregistering.h"
#include "core/event.h"
#include "core/grant.h"
#include "core/operation.h"
#include "core/refreshing.h"
#include "core/store.h"
#include "core/undeploying.h"

enum {
	BATCH = 64, /* read at a time */
	BATCH_THINGS = 1024,
};
/* While somebody waits for the writer, and while nobody does. */
#define BATCH_US       INT64_C(7000)
#define BATCH_ALONE_US INT64_C(50000)

void ending_limit(struct ending *ending)
{
	ending->began = clock_monotonic();
	ending->things_left = BATCH_THINGS;
}

bool ending_is_enough(struct ending *ending)
{
	if (!ending->began)
		return false;
	int64_t limit =
		op_is_waited_for(ending->op) ? BATCH_US : BATCH_ALONE_US;
	ending->is_cut = --ending->things_left == 0 ||
			 clock_monotonic() - ending->began >= limit;
	return ending->is_cut;
}

enum error ending_note(struct ending *ending, enum effect_kind kind,
		       struct uuid id, const char *name)
{
	bool is_soft = ending->terms.mode == MODE_SOFT;
	const struct effect effect = {
		.what = is_soft ? EFFECT_HIDDEN : EFFECT_GONE,
		.kind = kind,
		.id = id,
		.name = name,
	};

	return record_effect(ending->op, &ending->record, &effect);
}

enum error ending_refuse_held(struct ending *ending, struct uuid group_id,
			      struct uuid connection_id)
{
	return hold_refuse(
		ending->op,
		hold_on(ending->op, &ending->holds, group_id, connection_id),
		ending->instead);
}

enum error ending_erase_connection(struct ending *ending,
				   const struct parting *connection)
{
	struct op *op = ending->op;

	if (uuid_is_nil(connection->group_id)) {
		TRY(undeploy(op, &ending->record, THING_CONNECTION,
			     connection->id));
		TRY(connection_use_forget(op, connection->id));
	}
	if (connection->has_grant)
		TRY(grant_let_go(op, &ending->record, connection,
				 &ending->terms));
	if (!uuid_is_nil(connection->group_id) &&
	    refreshing_has_tokens(connection->auth_scheme))
		TRY(refreshing_forget(op, connection->id));
	TRY(credential_drop(op, connection->id, NULL));
	if (connection->has_fields)
		TRY(store_object_field_remove_of(op, connection->id));
	return store_connection_remove(op, connection->id);
}

enum error ending_tell_purged(struct ending *ending, const char *kind,
			      struct uuid id)
{
	char deletion[UUID_TEXT];
	const struct event_fact facts[] = {{"deletionId", deletion, false}};

	uuid_format(ending->record.id, deletion);
	return event_record(ending->op,
			    arena_printf(&ending->op->arena, "%s.purged", kind),
			    kind, id, facts, 1, NULL);
}

enum error ending_erase_named(struct ending *ending, enum thing_kind kind,
			      struct uuid id)
{
	if (kind != THING_INTEGRATION)
		return store_party_remove(ending->op, kind, id);
	TRY(deregister_all(ending->op, &ending->record, id));
	TRY(connection_use_forget(ending->op, id));
	TRY(delivery_end_waiting(ending->op, id, DELIVERY_DELETED));
	TRY(credential_drop(ending->op, id, NULL));
	return store_integration_remove(ending->op, id);
}

enum error ending_purge_connection(struct ending *ending,
				   const struct parting *connection)
{
	TRY(ending_refuse_held(ending, connection->group_id, connection->id));
	TRY(ending_erase_connection(ending, connection));
	TRY(ending_note(ending, EFFECT_OF_CONNECTION, connection->id,
			connection->name && *connection->name ? connection->name
							      : NULL));
	return ending_tell_purged(ending, "connection", connection->id);
}

enum error ending_purge_installation(struct ending *ending, struct uuid id)
{
	TRY(store_installation_purge(ending->op, id));
	TRY(operation_forget(ending->op, id));
	TRY(ending_note(ending, EFFECT_OF_INSTALLATION, id, NULL));
	return ending_tell_purged(ending, "installation", id);
}

/* With the connection that was hidden for its sake. */
static enum error purge_hidden(struct ending *ending,
			       const struct leaving *hidden)
{
	struct parting_list own;

	TRY(ending_refuse_held(ending, hidden->group_id, hidden->id));
	TRY(ending_purge_installation(ending, hidden->id));
	ending->has_emptied = true;
	if (uuid_is_nil(hidden->own_deletion_id))
		return OK;
	TRY(store_hidden_connections(ending->op, hidden->own_deletion_id,
				     INT64_MAX, &own));
	for (size_t i = 0; i < own.count; i++)
		TRY(ending_purge_connection(ending, &own.items[i]));
	return OK;
}

enum error ending_purge_hidden(struct ending *ending, const struct thing *thing)
{
	struct leaving_list some;

	do {
		TRY(store_leaving_hidden(ending->op, thing, BATCH, &some));
		for (size_t i = 0; i < some.count; i++) {
			TRY(purge_hidden(ending, &some.items[i]));
			if (ending_is_enough(ending))
				return OK;
		}
	} while (some.count == BATCH);
	return OK;
}
