/* The tries of a refresh: what is sent. */
#include "core/refreshing.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_member.h"
#include "core/assertion.h"
#include "core/catalog.h"
#include "core/connection.h"
#include "core/grant_client.h"
#include "core/refresh.h"
#include "core/refresh_plan.h"
#include "core/step.h"
#include "core/store.h"
#include "core/token_call.h"

static bool is_scheme(const struct refreshing *r, const char *scheme)
{
	return strcmp(r->auth_scheme, scheme) == 0;
}

bool refresh_is_of_client(const struct refreshing *r)
{
	return strncmp(r->auth_scheme, "oauth2/authorizationCode", 24) != 0;
}

const char *refresh_scopes(struct op *op, const struct refreshing *r)
{
	return json_member_text(&op->arena, r->settings, strlen(r->settings),
				"requestedScopes");
}

static enum error make_call(struct op *op, struct refreshing_try *tried)
{
	const struct refreshing *r = &tried->refreshing;
	const struct credential_list *secrets = &tried->secrets;
	const struct custom_connect *custom = catalog_custom(r->provider);
	struct token_request request = {
		.provider = r->provider,
		.grant = &tried->grant,
		.by = TOKEN_BY_CLIENT,
		.scopes = refresh_scopes(op, r),
	};

	if (!refresh_is_of_client(r))
		return refresh_make(op, r->provider, &tried->grant,
				    &tried->call);
	if (custom && custom->assertion)
		return assertion_call_make(op, custom->assertion, &tried->grant,
					   secrets, &tried->call);
	if (custom && custom->token_url) {
		request.scopes = custom->token_scope;
		if (!tried->grant.token_url)
			tried->grant.token_url = custom->token_url;
	} else {
		tried->grant.client_id = credential_text(secrets, "client_id");
		tried->grant.client_secret =
			credential_text(secrets, "client_secret");
	}
	if (is_scheme(r, "oauth2/password")) {
		request.by = TOKEN_BY_PASSWORD;
		request.username = credential_text(secrets, "username");
		request.password = credential_text(secrets, "password");
	}
	return token_call_make(op, &request, &tried->call);
}

/* Whose app it lives by from now on: it is shown, and can't be deleted. */
static enum error keep_app(struct op *op, struct refreshing *r)
{
	const struct connection touched = {.id = r->id,
					   .group_id = r->group_id};
	struct provider_app app;
	bool is_found;

	if (refresh_is_of_client(r))
		return OK;
	TRY(step_find_app(op, r->provider_app_id, r->provider, &app,
			  &is_found));
	if (!is_found || uuid_equal(app.id, r->provider_app_id))
		return OK;
	r->provider_app_id = app.id;
	TRY(store_refreshing_keep_app(op, r->id, app.id));
	return connection_touch(op, &touched);
}

/*
 * A refresh may bring the one token that still works, and its answer be lost.
 * So it is written down that it is sent, before it is.
 */
static enum error prepare(struct op *op, struct refreshing_try *tried)
{
	struct refreshing *r = &tried->refreshing;

	tried->grant = (struct grant_credentials){
		.workspace = r->workspace_ref,
		.metadata = r->metadata,
		.access_token =
			credential_text(&tried->secrets, "access_token"),
		.refresh_token =
			credential_text(&tried->secrets, "refresh_token"),
	};
	TRY(keep_app(op, r));
	TRY(grant_client_of(op, r->provider_app_id, r->provider,
			    &tried->grant));
	enum error error = make_call(op, tried);
	if (error == ERR_INVALID) {
		tried->lack = op->detail;
		return OK;
	}
	TRY(error);
	tried->is_sent = true;
	tried->is_unsure = r->sent_at != 0;
	r->sent_at = op->now;
	return store_refreshing_change(op, r);
}

static bool is_due(const struct op *op, const struct refreshing *r)
{
	return r->wanted_at || (r->due_at && r->due_at <= op->now);
}

/* One job for each connection: that of its own lane. */
static bool is_own_lane(const struct job *job)
{
	char lane[UUID_TEXT];

	uuid_format(job->subject_id, lane);
	return strcmp(job->lane, lane) == 0;
}

enum error refreshing_begin(struct op *op, const struct job *job,
			    struct refreshing_try *ret)
{
	struct refreshing_try tried = {.is_there = true};
	struct refreshing *r = &tried.refreshing;
	bool is_busy;

	enum error error = store_refreshing_get(op, job->subject_id, r);
	tried.is_there = error == OK;
	if (error == ERR_NOT_FOUND)
		error = OK;
	TRY(error);
	if (tried.is_there && is_own_lane(job) && is_due(op, r)) {
		TRY(credential_use(op, r->id, &tried.secrets));
		TRY(store_refreshing_sharer(
			op, r->id, op->now - REFRESH_SENT_MAX_US, &is_busy));
		if (!is_busy && refresh_is_possible(op, r, &tried.secrets))
			TRY(prepare(op, &tried));
	}
	*ret = tried;
	return OK;
}

enum error refresh_go_on(struct op *op, const struct job *job)
{
	struct credential_list secrets;
	struct refreshing r;
	bool is_there;

	enum error error = store_refreshing_get(op, job->subject_id, &r);
	if (error == ERR_NOT_FOUND) {
		TRY(store_refreshing_is_there(op, job->subject_id, &is_there));
		/* hidden: it may come back, and is not called for meanwhile */
		return is_there ? refresh_set_job(
					  op, job->subject_id,
					  op->now + 24 * 3600 * CLOCK_SECOND)
				: OK;
	}
	TRY(error);
	TRY(credential_use(op, r.id, &secrets));
	if (!is_own_lane(job))
		return refresh_plan(op, &r, &secrets);
	if (!refresh_is_possible(op, &r, &secrets))
		return OK;
	/* another one with its grant is at it */
	int64_t at = is_due(op, &r) ? op->now + CLOCK_SECOND : r.due_at;
	return at ? refresh_set_job(op, r.id, at) : OK;
}
