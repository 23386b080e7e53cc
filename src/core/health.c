/* The look at credentials that have come in. */
#include "core/health.h"

#include <string.h>

#include "core/catalog.h"
#include "core/event.h"
#include "core/grant_call.h"
#include "core/provider_auth.h"
#include "core/refreshing.h"
#include "core/store.h"

enum error health_seen(struct op *op, struct uuid connection_id,
		       const char *status, const char *why)
{
	struct refreshing r;
	enum error error = store_refreshing_get(op, connection_id, &r);

	if (error == ERR_NOT_FOUND ||
	    (error == OK && strcmp(r.status, status) == 0))
		return OK;
	TRY(error);
	const struct connection touched = {.id = r.id, .group_id = r.group_id};
	const struct event_fact facts[] = {
		{"kind", r.provider, false},
		{"error", why, false},
	};
	r.status = status;
	TRY(store_refreshing_change(op, &r));
	TRY(connection_touch(op, &touched));
	if (strcmp(status, "working") == 0)
		return OK;
	return event_record(op, "connection.error", "connection", r.id, facts,
			    2, NULL);
}

static const struct provider *provider_with_check(const char *name)
{
	const struct provider *provider = catalog_find(name);

	return provider && provider->health_check ? provider : NULL;
}

static bool never_looks;

void health_never_look(void)
{
	never_looks = true;
}

enum error health_plan(struct op *op, const struct connection *of)
{
	const struct job_new job = {.kind = HEALTH_JOB, .subject_id = of->id};

	if (never_looks || !provider_with_check(of->kind))
		return OK;
	return job_add(op, &job, NULL);
}

static enum error make_call(struct op *op, struct health_look *look)
{
	const struct connection *of = &look->connection;
	const struct health_check *check = look->provider->health_check;
	const struct grant_credentials facts = {
		.workspace = of->workspace_ref,
		.metadata = of->metadata,
	};
	struct grant_call filling = {.op = op, .grant = &facts};
	struct credential_list secrets;
	struct provider_auth auth = {
		.op = op,
		.provider = look->provider,
		.connection = of,
		.secrets = &secrets,
		.call = &look->call,
	};

	look->call = (struct outbound_call){
		.method = check->method ? check->method : "GET"};
	TRY(grant_call_fill(&filling, check->url, IN_ADDRESS, &look->call.url));
	TRY(credential_use(op, of->id, &secrets));
	TRY(provider_auth_put(&auth));
	TRY(provider_auth_header(op, &look->call, "Accept",
				 "application/json"));
	look->has_token = auth.token != NULL;
	look->is_sent = !auth.wants_token;
	return OK;
}

enum error health_begin(struct op *op, const struct job *job,
			struct health_look *ret)
{
	struct health_look look = {.is_sent = false};
	struct connection_view view;

	*ret = look;
	enum error error = connection_get(op, job->subject_id, &view);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	look.connection = view.connection;
	look.provider = provider_with_check(view.connection.kind);
	if (!look.provider)
		return OK;
	error = make_call(op, &look);
	/* what it needs is not known: nobody can be asked */
	if (error == ERR_INVALID || error == ERR_UNSUPPORTED)
		return OK;
	TRY(error);
	*ret = look;
	return OK;
}

static bool is_success(const struct health_check *check, int status)
{
	const int *statuses = check->statuses.items;

	for (size_t i = 0; i < check->statuses.count; i++)
		if (statuses[i] == status)
			return true;
	return !check->statuses.count && status >= 200 && status < 300;
}

/* Others have come in meanwhile: they are looked at by a job of their own. */
static enum error is_outdated(struct op *op, const struct connection *was,
			      bool *ret)
{
	struct connection_view now;
	enum error error = connection_get(op, was->id, &now);

	*ret = error == ERR_NOT_FOUND ||
	       (error == OK && now.connection.updated_at != was->updated_at);
	return error == ERR_NOT_FOUND ? OK : error;
}

/* By a refresh, where there is one, or else for good. */
static enum error take_refusal(struct op *op, const struct health_look *look,
			       int status)
{
	struct refreshing_wait wait = {.waits = false};
	const char *why = arena_printf(
		&op->arena, "%d of the look at new credentials", status);

	if (look->has_token) {
		enum error error = refreshing_ask(op, look->connection.id,
						  REFRESH_IF_REFUSED, &wait);

		/* it is as the refreshes before have found it */
		if (error == ERR_INVALID || error == ERR_BUSY)
			return OK;
		TRY(error);
	}
	return wait.waits ? OK
			  : health_seen(op, look->connection.id,
					"bad_credentials", why);
}

enum error health_end(struct op *op, const struct health_look *look,
		      const struct outbound_answer *answer)
{
	bool is_outdated_now;

	TRY(is_outdated(op, &look->connection, &is_outdated_now));
	if (is_outdated_now)
		return OK;
	if (is_success(look->provider->health_check, answer->status))
		return health_seen(op, look->connection.id, "working", NULL);
	/* a token that may not do this one thing is good for others */
	if (answer->status == 401 ||
	    (answer->status == 403 && !look->has_token))
		return take_refusal(op, look, answer->status);
	return OK;
}
