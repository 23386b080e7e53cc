/* What goes with what. */
#include "core/deletion.h"

#include "core/connection.h"
#include "core/installation.h"
#include "core/store.h"

enum {
	BATCH = 64,	  /* installations let go of at a time */
	USERS_SHOWN = 20, /* of a connection that is in use */
};

static enum error remove_connection(struct op *op, struct uuid id,
				    const char *kind, const char *name)
{
	const struct event_fact facts[] = {{"kind", kind, false},
					   {"name", name, false}};

	TRY(credential_drop(op, id, NULL));
	TRY(store_connection_remove(op, id));
	return event_record(op, "connection.deleted", "connection", id, facts,
			    2, NULL);
}

/* The connection that `last` used, unless another installation does. */
static enum error remove_if_unused(struct op *op, const struct leaving *last)
{
	struct uuid id = last->installation.connection_id;
	struct installation user;
	size_t users;

	TRY(store_installation_users(op, last->installation.group_id, id, &user,
				     1, &users));
	if (users)
		return OK;
	return remove_connection(op, id, last->provider, NULL);
}

static enum error remove_installation(struct op *op,
				      const struct leaving *leaving)
{
	const struct event_fact facts[] = {
		{"groupRef", leaving->group_ref, false},
		{"config", leaving->config_content, true},
	};

	TRY(store_installation_remove(op, &leaving->installation));
	return event_record(op, "installation.deleted", "installation",
			    leaving->installation.id, facts, 2, NULL);
}

enum error delete_installation(struct op *op, struct uuid integration_id,
			       struct uuid id)
{
	struct leaving leaving;

	TRY(installation_leaving(op, integration_id, id, &leaving));
	TRY(remove_installation(op, &leaving));
	return remove_if_unused(op, &leaving);
}

static enum error remove_installations_of(struct op *op,
					  struct uuid integration_id)
{
	struct installation some[BATCH];
	size_t count;

	do {
		TRY(store_installation_of(op, integration_id, some, BATCH,
					  &count));
		for (size_t i = 0; i < count; i++)
			TRY(delete_installation(op, integration_id,
						some[i].id));
	} while (count == BATCH);
	return OK;
}

static enum error record_integration(struct op *op, const char *type,
				     const struct integration *integration,
				     struct event *ret)
{
	const struct event_fact facts[] = {
		{"family", integration_family_name(integration->family), false},
		{"handle", integration->handle, false},
		{"kind", integration->kind, false},
	};

	return event_record(op, type, "integration", integration->id, facts, 3,
			    ret);
}

enum error delete_integration(struct op *op, enum integration_family family,
			      struct uuid id, struct event *ret)
{
	struct integration integration;

	TRY(integration_get(op, family, id, &integration));
	TRY(remove_installations_of(op, id));
	TRY(credential_drop(op, id, NULL));
	TRY(store_integration_remove(op, id));
	return record_integration(op, "integration.deleted", &integration, ret);
}

enum error hide_integration(struct op *op, enum integration_family family,
			    struct uuid id)
{
	struct integration integration;

	TRY(integration_get(op, family, id, &integration));
	TRY(store_integration_hide(op, id, op->now + RETENTION_US));
	return record_integration(op, "integration.deleted", &integration,
				  NULL);
}

static enum error refuse_if_used(struct op *op,
				 const struct connection *connection)
{
	struct installation users[USERS_SHOWN];
	char text[UUID_TEXT];
	size_t count;

	TRY(store_installation_users(op, connection->group_id, connection->id,
				     users, USERS_SHOWN, &count));
	if (!count)
		return OK;
	for (size_t i = 0; i < count; i++) {
		uuid_format(users[i].id, text);
		op_issue(op, "path", "connectionId", "installation %s uses it",
			 text);
	}
	op_advise(op, "Delete the installations first, or delete with "
		      "force=true to let go of them as well.");
	return op_fail(op, ERR_IN_USE, "installations use this connection");
}

static enum error remove_users(struct op *op,
			       const struct connection *connection)
{
	struct leaving leaving;
	struct installation users[BATCH];
	size_t count;

	do {
		TRY(store_installation_users(op, connection->group_id,
					     connection->id, users, BATCH,
					     &count));
		for (size_t i = 0; i < count; i++) {
			TRY(store_installation_leaving(op, users[i].id,
						       &leaving));
			TRY(remove_installation(op, &leaving));
		}
	} while (count == BATCH);
	return OK;
}

enum error delete_connection(struct op *op, struct uuid id, bool force)
{
	struct connection_view view;

	TRY(connection_get(op, id, &view));
	if (force)
		TRY(remove_users(op, &view.connection));
	else
		TRY(refuse_if_used(op, &view.connection));
	return remove_connection(op, id, view.connection.kind, NULL);
}

enum error delete_target(struct op *op, const char *name)
{
	struct connection target;

	TRY(target_find(op, name, &target));
	return remove_connection(op, target.id, target.kind, target.name);
}
