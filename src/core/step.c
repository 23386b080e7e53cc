/* Adding, trying, ending and giving up steps. */
#include "core/step.h"

#include <string.h>

#include "base/json_member.h"
#include "core/credential.h"
#include "core/deregistering.h"
#include "core/event.h"
#include "core/job.h"
#include "core/provider_app.h"
#include "core/receipt.h"
#include "core/refresh.h"
#include "core/store.h"
#include "core/undeploying.h"

/* A connection's metadata came in one request, an app's in another. */
enum { FACTS_MAX = 4 * 1024 * 1024 };

/* A call outside is over by then. */
#define REFRESH_MAX_US INT64_C(45000000)

const char *step_param(struct op *op, const struct provider_app *app,
		       const char *path)
{
	return json_member(&op->arena, app->metadata, strlen(app->metadata),
			   path);
}

enum error step_find_app(struct op *op, struct uuid id, const char *provider,
			 struct provider_app *ret, bool *ret_found)
{
	struct provider_app_list apps;

	*ret_found = true;
	if (!uuid_is_nil(id)) {
		enum error error = store_provider_app_get(op, id, ret);

		if (error != ERR_NOT_FOUND)
			return error;
	}
	TRY(provider_app_list(op, &apps));
	for (size_t i = 0; i < apps.count; i++)
		if (strcmp(apps.items[i].provider, provider) == 0) {
			*ret = apps.items[i];
			return OK;
		}
	*ret_found = false;
	return OK;
}

static void put_params(struct op *op, struct json_writer *w,
		       const struct provider_app *app)
{
	const char *params = step_param(op, app, STEP_PARAMS);

	if (params)
		json_put_raw(w, "params", params);
}

/* What the step shows and needs, but for its secrets. */
static enum error write_facts(struct op *op, const struct parting *connection,
			      const struct grant_place *place,
			      const struct provider_app *app, const char **ret)
{
	struct buf text;

	buf_init(&text, FACTS_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_string(&w, "provider", connection->kind);
	json_put_optional(&w, "workspace", place->workspace_ref);
	json_put_raw(&w, "metadata", place->metadata);
	json_put_optional(&w, "account", place->account);
	if (app) {
		json_put_uuid(&w, "providerAppId", app->id);
		json_put_string(&w, "clientId", app->client_id);
		put_params(op, &w, app);
		json_put_optional(&w, "revocationUrl",
				  step_param(op, app, STEP_REVOCATION_URL));
		json_put_optional(&w, "tokenUrl",
				  step_param(op, app, STEP_TOKEN_URL));
	}
	json_end_object(&w);
	bool fits = !text.is_overfull;
	*ret = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return fits ? OK : op_fail(op, ERR_INTERNAL, "a step's facts are long");
}

enum error step_add_revocation(struct op *op, struct uuid deletion_id,
			       const struct parting *connection)
{
	struct step step = {
		.id = uuid_make(op->now),
		.deletion_id = deletion_id,
		.kind = STEP_REVOKE,
		.subject_kind = "connection",
		.subject_id = connection->id,
		.state = STEP_WAITING,
		.created_at = op->now,
	};
	struct job_new job = {
		.kind = STEP_REVOKE,
		.lane = connection->kind,
		.subject_id = step.id,
	};
	struct grant_place place;
	struct provider_app app;
	bool has_app;

	TRY(store_grant_place(op, connection->id, &place));
	TRY(step_find_app(op, place.provider_app_id, connection->kind, &app,
			  &has_app));
	TRY(write_facts(op, connection, &place, has_app ? &app : NULL,
			&step.facts));
	TRY(credential_copy(op, connection->id, step.id));
	if (has_app)
		TRY(credential_copy(op, app.id, step.id));
	TRY(store_step_add(op, &step));
	if (place.refresh_sent_at) {
		/* what it has may be dead, and another token alive */
		TRY(credential_put(op, step.id, REFRESH_SENT, "1", 0));
		job.due_at = op->now + REFRESH_MAX_US;
	}
	return job_add(op, &job, NULL);
}

static enum error take_tokens(struct op *op, struct uuid step_id,
			      const struct refreshed *got)
{
	struct step step;

	TRY(store_step_get(op, step_id, &step));
	if (got->access_token)
		TRY(credential_put(op, step_id, "access_token",
				   got->access_token, 0));
	if (got->refresh_token)
		TRY(credential_put(op, step_id, "refresh_token",
				   got->refresh_token, 0));
	TRY(credential_drop(op, step_id, REFRESH_SENT));
	return job_bring(op, STEP_REVOKE, step_fact(op, &step, "provider"),
			 step_id);
}

enum error step_take_tokens(struct op *op, struct uuid connection_id,
			    const struct refreshed *got)
{
	struct uuid *ids;
	size_t count;

	TRY(store_refreshing_steps(op, connection_id, &ids, &count));
	for (size_t i = 0; i < count; i++)
		TRY(take_tokens(op, ids[i], got));
	return OK;
}

const char *step_fact(struct op *op, const struct step *step, const char *name)
{
	return json_member(&op->arena, step->facts, strlen(step->facts), name);
}

static enum error tell(struct op *op, const char *type, const struct step *step)
{
	char deletion[UUID_TEXT];
	const struct event_fact facts[] = {
		{"deletionId", deletion, false},
		{"provider", step_fact(op, step, "provider"), false},
		{"worker", step_fact(op, step, "worker"), false},
		{"answer", step->answer, false},
		{"reason", step->reason, false},
	};

	uuid_format(step->deletion_id, deletion);
	return event_record_of(op, step->deletion_id, type, step->subject_kind,
			       step->subject_id, facts, 5);
}

/* The deletion is done when no step of it waits any more. */
static enum error settle(struct op *op, const struct step *step)
{
	struct deletion deletion;
	int64_t open;

	TRY(credential_drop(op, step->id, NULL));
	TRY(store_steps_open(op, step->deletion_id, &open));
	TRY(store_deletion_get(op, step->deletion_id, &deletion));
	if (open || strcmp(deletion.state, DELETION_WAITING) != 0)
		return OK;
	TRY(store_deletion_state(op, step->deletion_id, DELETION_DONE,
				 op->now));
	return receipt_tell_finished(op, &deletion);
}

enum error step_finish(struct op *op, struct step *step, const char *event_type,
		       const char *reason)
{
	step->state = STEP_DONE;
	step->reason = reason;
	step->next_at = 0;
	TRY(store_step_change(op, step));
	TRY(tell(op, event_type, step));
	return settle(op, step);
}

enum error step_get(struct op *op, struct uuid deletion_id, struct uuid step_id,
		    struct step *ret)
{
	char text[UUID_TEXT];

	enum error error = store_step_get(op, step_id, ret);
	if (error == OK && !uuid_equal(ret->deletion_id, deletion_id))
		error = ERR_NOT_FOUND;
	if (error == ERR_NOT_FOUND) {
		uuid_format(step_id, text);
		op_explain(op, "this deletion has no step %s", text);
	}
	return error;
}

static bool is_undeploy(const struct step *step)
{
	return strcmp(step->kind, STEP_UNDEPLOY) == 0;
}

static bool is_deregister(const struct step *step)
{
	return strcmp(step->kind, STEP_DEREGISTER) == 0;
}

/* What it is called when a step of this kind is given up. */
static const char *abandoned(const struct step *step)
{
	if (is_deregister(step))
		return "webhook.abandoned";
	return is_undeploy(step) ? "deployment.abandoned" : "grant.abandoned";
}

static enum error get_waiting(struct op *op, struct uuid deletion_id,
			      struct uuid step_id, struct step *ret)
{
	TRY(step_get(op, deletion_id, step_id, ret));
	if (strcmp(ret->state, STEP_WAITING) == 0)
		return OK;
	return op_fail(op, ERR_IN_USE, "the step is %s", ret->state);
}

enum error step_retry(struct op *op, struct uuid deletion_id,
		      struct uuid step_id, struct step *ret)
{
	TRY(get_waiting(op, deletion_id, step_id, ret));
	ret->next_at = op->now;
	ret->updated_at = op->now;
	TRY(store_step_change(op, ret));
	TRY(tell(op, "step.retried", ret));
	if (is_undeploy(ret))
		return undeploying_retry(op, ret);
	if (is_deregister(ret))
		return deregistering_retry(op, step_id);
	return job_bring(op, STEP_REVOKE, step_fact(op, ret, "provider"),
			 step_id);
}

enum error step_abandon(struct op *op, struct uuid deletion_id,
			struct uuid step_id, const char *reason,
			struct step *ret)
{
	TRY(get_waiting(op, deletion_id, step_id, ret));
	ret->state = STEP_ABANDONED;
	ret->reason = reason;
	ret->updated_at = op->now;
	ret->next_at = 0;
	TRY(store_step_change(op, ret));
	TRY(tell(op, abandoned(ret), ret));
	TRY(settle(op, ret));
	return is_undeploy(ret) ? undeploying_give_up(op, ret) : OK;
}
