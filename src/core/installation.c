/* Installing an integration for a group, and showing what is installed. */
#include "core/installation.h"

#include <string.h>

#include "core/customer.h"
#include "core/event.h"
#include "core/installation_state.h"
#include "core/store.h"

static enum error missing(struct op *op, struct uuid id)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return op_fail(op, ERR_NOT_FOUND, "there is no installation %s", text);
}

static bool is_healthy(const struct installation_view *view)
{
	return strcmp(view->connection.connection.status, "bad_credentials") !=
		       0 &&
	       !installation_is_troubled(view->failures,
					 view->is_paused_by_errors);
}

enum error installation_find(struct op *op, struct uuid id,
			     struct installation_view *ret)
{
	struct installation_view found;

	enum error error = store_installation_get(op, id, &found);
	if (error == ERR_NOT_FOUND ||
	    (error == OK && !customer_sees(op, found.group.ref)))
		return missing(op, id);
	TRY(error);
	found.is_healthy = is_healthy(&found);
	*ret = found;
	return OK;
}

enum error installation_get(struct op *op, struct uuid integration_id,
			    struct uuid id, struct installation_view *ret)
{
	struct installation_view found;

	TRY(installation_find(op, id, &found));
	if (!uuid_equal(found.installation.integration_id, integration_id))
		return missing(op, id);
	*ret = found;
	return OK;
}

enum error installation_of_group(struct op *op, struct uuid integration_id,
				 const char *group_ref,
				 struct installation_view *ret)
{
	struct party group;
	struct uuid id;

	enum error error = store_group_find(op, group_ref, &group);
	if (error == OK)
		error = store_installation_of(op, group.id, integration_id,
					      &id);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error,
			       "group %s has not installed this integration",
			       group_ref);
	TRY(error);
	return installation_find(op, id, ret);
}

enum error installation_show(struct op *op, struct uuid integration_id,
			     struct uuid id, installation_visit *visit,
			     void *context)
{
	struct installation_view view;

	/* the stored answer does not say whose it is */
	if (customer_calling(op))
		TRY(installation_get(op, integration_id, id, &view));
	enum error error =
		store_installation_show(op, integration_id, id, visit, context);

	return error == ERR_NOT_FOUND ? missing(op, id) : error;
}

enum error installation_list(struct op *op,
			     const struct installation_filter *filter,
			     installation_visit *visit, void *context)
{
	const char *group_ref = filter->group_ref;
	struct party group = {.id = {{0}}};

	if (!customer_narrows(op, &group_ref))
		return OK;
	if (group_ref) {
		enum error error = store_group_find(op, group_ref, &group);

		if (error == ERR_NOT_FOUND)
			return OK; /* an unknown group has none */
		TRY(error);
	}
	return store_installation_list(op, filter, group.id, visit, context);
}

/* The connection that was named, or the group's for this provider. */
static enum error choose_connection(struct op *op, const struct integration *of,
				    const struct installation_new *new,
				    struct connection_view *ret)
{
	struct party group;
	enum error error;

	if (uuid_is_nil(new->connection_id)) {
		error = store_group_find(op, new->group_ref, &group);
		if (error == OK)
			error = store_connection_default(op, group.id, of->kind,
							 ret);
		if (error == ERR_NOT_FOUND) {
			op_issue(op, "body", "groupRef",
				 "has no connection for %s", of->kind);
			op_advise(op, "Connect the group to the provider "
				      "first.");
			return op_fail(op, ERR_INVALID,
				       "group %s has no connection for %s",
				       new->group_ref, of->kind);
		}
		return error;
	}

	error = store_connection_get(op, new->connection_id, ret);
	if (error == ERR_NOT_FOUND ||
	    (error == OK && !customer_sees(op, ret->group.ref))) {
		op_issue(op, "body", "connectionId", "is unknown");
		return op_fail(op, ERR_INVALID, "there is no such connection");
	}
	TRY(error);
	if (strcmp(ret->connection.kind, of->kind) != 0) {
		op_issue(op, "body", "connectionId", "is for %s, not %s",
			 ret->connection.kind, of->kind);
		return op_fail(op, ERR_INVALID,
			       "the connection is another provider's");
	}
	if (strcmp(ret->group.ref, new->group_ref) != 0) {
		op_issue(op, "body", "connectionId", "is another group's");
		return op_fail(op, ERR_INVALID,
			       "the connection is another group's");
	}
	return OK;
}

enum error installation_connection(struct op *op, const struct integration *of,
				   const char *group_ref, struct uuid id,
				   struct connection_view *ret)
{
	const struct installation_new named = {.group_ref = group_ref,
					       .connection_id = id};

	return choose_connection(op, of, &named, ret);
}

static enum error choose_revision(struct op *op, const struct integration *of,
				  struct uuid wanted, struct uuid *ret)
{
	struct revision revision;

	if (uuid_is_nil(wanted)) {
		*ret = of->revision_id;
		return OK;
	}
	enum error error = store_revision_get(op, wanted, &revision);
	if (error == ERR_NOT_FOUND ||
	    (error == OK && !uuid_equal(revision.integration_id, of->id))) {
		op_issue(op, "body", "config.revisionId",
			 "is no revision of this integration");
		return op_fail(op, ERR_INVALID, "there is no such revision");
	}
	TRY(error);
	*ret = wanted;
	return OK;
}

static enum error add_installation(struct op *op,
				   const struct installation_view *view)
{
	struct uuid there;
	enum error error =
		store_installation_add(op, &view->installation, &view->config);

	if (error != ERR_TAKEN)
		return error;
	error = store_installation_of(
		op, view->group.id, view->installation.integration_id, &there);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, ERR_BUSY,
			       "what group %s had installed is still being let "
			       "go of",
			       view->group.ref);
	TRY(error);
	op_issue(op, "body", "groupRef", "has this integration installed");
	op_advise(op, "Update the installation that exists, or delete it.");
	return op_fail(op, ERR_INVALID,
		       "group %s has this integration installed already",
		       view->group.ref);
}

enum error installation_create(struct op *op, const struct integration *of,
			       const struct installation_new *new,
			       struct installation_view *ret)
{
	struct installation_view view = {.is_healthy = true};

	TRY(customer_may_make(op, new->group_ref, NULL));
	TRY(customer_may_sign(op, new->created_by));
	TRY(choose_connection(op, of, new, &view.connection));
	view.group = view.connection.group;
	view.is_healthy = is_healthy(&view);
	view.config = (struct config){
		.id = uuid_make(op->now),
		.content = new->content,
		.created_by = new->created_by,
		.created_at = op->now,
	};
	TRY(choose_revision(op, of, new->revision_id,
			    &view.config.revision_id));
	view.installation = (struct installation){
		.id = uuid_make(op->now),
		.integration_id = of->id,
		.group_id = view.group.id,
		.connection_id = view.connection.connection.id,
		.created_by = new->created_by,
		.created_at = op->now,
	};
	TRY(add_installation(op, &view));
	const struct event_fact facts[] = {
		{"integration", of->handle, false},
		{"groupRef", new->group_ref, false},
		{"config", new->content, true},
	};
	TRY(event_record(op, "installation.created", "installation",
			 view.installation.id, facts, 3, NULL));
	*ret = view;
	return OK;
}

enum error installation_keep_document(struct op *op, struct uuid id,
				      const char *document)
{
	return store_installation_document(op, id, document);
}

static installation_writer *write_document; /* set before other threads */

void installation_set_writer(installation_writer *writer)
{
	write_document = writer;
}

enum error installation_renew_document(struct op *op, struct uuid id)
{
	struct installation_view view;
	const char *document = NULL;

	if (write_document) {
		enum error error = store_installation_get(op, id, &view);

		if (error == OK) {
			view.is_healthy = is_healthy(&view);
			document = write_document(op, &view);
		} else if (error != ERR_NOT_FOUND) {
			return error;
		}
	}
	return store_installation_document(op, id, document);
}

enum error installation_go_on(struct op *op)
{
	int64_t stamp;

	TRY(store_installation_newest(op, &stamp));
	uuid_go_on_from(stamp);
	return OK;
}
