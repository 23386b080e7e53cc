/* Connections at providers, and named targets. */
#include "core/connection.h"

#include <string.h>

#include "base/json_member.h"
#include "base/name.h"
#include "core/catalog.h"
#include "core/connection_use.h"
#include "core/customer.h"
#include "core/deployment.h"
#include "core/event.h"
#include "core/grant.h"
#include "core/health.h"
#include "core/refreshing.h"
#include "core/step.h"
#include "core/store.h"
#include "core/token_fields.h"

static enum error explain_missing(struct op *op, enum error error,
				  struct uuid id)
{
	char text[UUID_TEXT];

	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		op_explain(op, "there is no connection %s", text);
	}
	return error;
}

enum error connection_get(struct op *op, struct uuid id,
			  struct connection_view *ret)
{
	struct connection_view found;
	enum error error = store_connection_get(op, id, &found);

	if (error == OK && !customer_sees(op, found.group.ref))
		error = ERR_NOT_FOUND;
	TRY(explain_missing(op, error, id));
	*ret = found;
	return OK;
}

enum error connection_list(struct op *op,
			   const struct connection_filter *filter,
			   struct connection_list *ret)
{
	struct connection_filter narrow = *filter;

	if (customer_narrows(op, &narrow.group_ref))
		return store_connection_list(op, &narrow, ret);
	*ret = (struct connection_list){NULL, 0};
	return OK;
}

static enum error record(struct op *op, const char *type,
			 const struct connection *connection,
			 const char *group_ref, const char *consumer_ref)
{
	const struct event_fact facts[] = {
		{"kind", connection->kind, false},
		{"name", *connection->name ? connection->name : NULL, false},
		{"groupRef", group_ref, false},
		{"consumerRef", consumer_ref, false},
	};

	return event_record(op, type, "connection", connection->id, facts, 4,
			    NULL);
}

static const char *secret_of(const struct new_credential *secrets, size_t count,
			     const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(secrets[i].name, name) == 0)
			return secrets[i].value;
	return NULL;
}

/* A client's own credentials are no grant of a customer's; what a customer's
 * key signs is one. */
static bool has_grant(const char *auth_scheme, const char *provider)
{
	return strncmp(auth_scheme, "oauth2/authorizationCode", 24) == 0 ||
	       catalog_assertion(provider);
}

/* So that those who share a grant are found when one of them goes. */
static enum error mark_grant(struct op *op, const struct connection *connection,
			     struct uuid provider_app_id, const char *user,
			     const struct new_credential *secrets,
			     size_t secret_count)
{
	struct grant_marks marks;
	const struct grant_facts facts = {
		.provider = connection->kind,
		.refresh_token =
			secret_of(secrets, secret_count, "refresh_token"),
		.access_token =
			secret_of(secrets, secret_count, "access_token"),
		.provider_app_id = provider_app_id,
		.workspace = connection->workspace_ref,
		.user = user,
	};

	if (!has_grant(connection->auth_scheme, connection->kind))
		return OK;
	grant_mark(op, &facts, &marks);
	if (!marks.token)
		return OK;
	return store_connection_mark(op, connection->id, marks.token,
				     marks.account);
}

/* The one that is named, or else the one that would refresh its grant. */
static enum error find_app(struct op *op, const struct connection_new *new,
			   struct provider_app *ret)
{
	bool is_found;

	*ret = (struct provider_app){.client_id = NULL};
	if (!uuid_is_nil(new->provider_app_id))
		return store_provider_app_get(op, new->provider_app_id, ret);
	if (!has_grant(new->auth_scheme, new->provider) ||
	    !secret_of(new->secrets, new->secret_count, "refresh_token"))
		return OK;
	return step_find_app(op, new->provider_app_id, new->provider, ret,
			     &is_found);
}

enum error connection_create(struct op *op, const struct connection_new *new,
			     struct connection_view *ret)
{
	const struct parties *whose = &new->parties;
	struct connection_view view;

	TRY(customer_may_make(op, whose->group_ref, whose->consumer_ref));
	TRY(group_ensure(op, whose->group_ref, whose->group_name, &view.group));
	TRY(consumer_ensure(op, whose->consumer_ref, whose->consumer_name,
			    &view.consumer));
	TRY(find_app(op, new, &view.app));
	view.connection = (struct connection){
		.id = uuid_make(op->now),
		.family = CONNECTION_PROVIDER,
		.kind = new->provider,
		.name = "",
		.auth_scheme = new->auth_scheme,
		.status = "created",
		.group_id = view.group.id,
		.consumer_id = view.consumer.id,
		.workspace_ref = new->workspace_ref,
		.metadata = new->metadata,
		.settings = new->settings,
		.is_enabled = true,
		.created_at = op->now,
	};
	TRY(store_connection_add(op, &view.connection, NULL));
	if (!uuid_is_nil(view.app.id))
		TRY(store_connection_renew(op, &view.connection, view.app.id));
	TRY(mark_grant(op, &view.connection, view.app.id, new->provider_user,
		       new->secrets, new->secret_count));
	TRY(credential_put_all(op, view.connection.id, new->secrets,
			       new->secret_count));
	TRY(refreshing_plan(op, view.connection.id));
	TRY(health_plan(op, &view.connection));
	TRY(record(op, "connection.created", &view.connection, whose->group_ref,
		   whose->consumer_ref));
	*ret = view;
	return OK;
}

enum error connection_touch(struct op *op, const struct connection *connection)
{
	return store_documents_of_connection(op, connection->group_id,
					     connection->id);
}

enum error connection_renew(struct op *op, struct uuid id,
			    const struct connection_renewal *renewal)
{
	struct connection_view view;
	struct connection *to = &view.connection;

	TRY(connection_get(op, id, &view));
	to->status = "created";
	to->settings = renewal->settings;
	to->updated_at = op->now;
	if (renewal->workspace_ref)
		to->workspace_ref =
			*renewal->workspace_ref ? renewal->workspace_ref : NULL;
	if (renewal->metadata)
		to->metadata = renewal->metadata;
	to->metadata = token_fields_over(op, to->metadata, renewal->fields);
	TRY(store_connection_renew(op, to, renewal->provider_app_id));
	TRY(mark_grant(op, to, renewal->provider_app_id, renewal->provider_user,
		       renewal->secrets, renewal->secret_count));
	TRY(credential_put_all(op, id, renewal->secrets,
			       renewal->secret_count));
	TRY(connection_touch(op, to));
	TRY(refreshing_plan(op, id));
	TRY(health_plan(op, to));
	return record(op, "connection.updated", to, view.group.ref,
		      view.consumer.ref);
}

/*
 * Its workspace may be another one. The token's mark stays: it is that of the
 * first of the tokens, which those who share it were marked by as well.
 */
static enum error mark_account_again(struct op *op,
				     const struct connection *connection)
{
	struct grant_place place;
	struct grant_marks marks;

	if (!has_grant(connection->auth_scheme, connection->kind))
		return OK;
	TRY(store_grant_place(op, connection->id, &place));
	const struct grant_facts facts = {
		.provider = connection->kind,
		.provider_app_id = place.provider_app_id,
		.workspace = connection->workspace_ref,
		.user = json_member_text(&op->arena, connection->settings,
					 strlen(connection->settings),
					 CONNECTION_USER),
	};
	grant_mark(op, &facts, &marks);
	return store_connection_mark_account(op, connection->id, marks.account);
}

static enum error replace_credentials(struct op *op, struct uuid id,
				      const struct connection_change *change)
{
	TRY(credential_drop(op, id, "access_token"));
	TRY(credential_drop(op, id, "refresh_token"));
	return credential_put_all(op, id, change->secrets,
				  change->secret_count);
}

enum error connection_update(struct op *op, const struct connection_view *was,
			     const struct connection_change *change,
			     struct connection_view *ret)
{
	struct connection_view made = *was;
	struct connection *to = &made.connection;

	to->workspace_ref = change->workspace_ref;
	to->metadata = change->metadata;
	to->settings = change->settings;
	to->updated_at = op->now;
	if (change->secret_count) {
		TRY(replace_credentials(op, to->id, change));
		to->status = "created";
		TRY(refreshing_plan(op, to->id));
		TRY(health_plan(op, to));
	}
	TRY(store_connection_update(op, to));
	TRY(mark_account_again(op, to));
	TRY(connection_touch(op, to));
	TRY(record(op, "connection.updated", to, made.group.ref,
		   made.consumer.ref));
	*ret = made;
	return OK;
}

/* What names are compared by. */
static const char *fold(struct op *op, const char *name)
{
	return name_fold(&op->arena, name);
}

enum error target_find(struct op *op, const char *name, struct connection *ret)
{
	enum error error = store_target_find(op, fold(op, name), ret);

	if (error == ERR_NOT_FOUND)
		op_explain(op, "there is no connection named %s", name);
	return error;
}

enum error target_get(struct op *op, struct uuid id, struct connection *ret)
{
	return explain_missing(op, store_deployment_target(op, id, ret), id);
}

enum error target_list(struct op *op, const char *kind,
		       struct connection_list *ret)
{
	return store_target_list(op, kind, ret);
}

static enum error explain_taken(struct op *op, enum error error,
				const char *name)
{
	if (error == ERR_TAKEN)
		op_explain(op, "there is a connection named %s already", name);
	return error;
}

enum error target_create(struct op *op, const struct connection *new,
			 const struct new_credential *secrets,
			 size_t secret_count, struct connection *ret)
{
	struct connection made = *new;

	made.id = uuid_make(op->now);
	made.family = CONNECTION_TARGET;
	made.auth_scheme = "";
	made.status = "created";
	made.metadata = "{}";
	made.created_at = op->now;
	made.updated_at = 0;
	TRY(explain_taken(op,
			  store_connection_add(op, &made, fold(op, made.name)),
			  made.name));
	TRY(credential_put_all(op, made.id, secrets, secret_count));
	TRY(connection_use_record(op, "connection", made.id, made.settings));
	TRY(record(op, "connection.created", &made, NULL, NULL));
	TRY(deploy_target(op, &made));
	*ret = made;
	return OK;
}

enum error target_update(struct op *op, const struct connection *changed,
			 const struct new_credential *secrets,
			 size_t secret_count, struct connection *ret)
{
	struct connection made = *changed;

	made.updated_at = op->now;
	TRY(explain_taken(
		op, store_connection_change(op, &made, fold(op, made.name)),
		made.name));
	TRY(credential_put_all(op, made.id, secrets, secret_count));
	TRY(connection_use_record(op, "connection", made.id, made.settings));
	TRY(record(op, "connection.updated", &made, NULL, NULL));
	TRY(deploy_target(op, &made));
	*ret = made;
	return OK;
}
