/* The tries of a step that ends a grant. */
#include "core/step.h"

#include <string.h>

#include "base/clock.h"
#include "core/credential.h"
#include "core/grant.h"
#include "core/job.h"
#include "core/provider_app.h"
#include "core/refresh.h"
#include "core/store.h"

#define FRESH_TOKEN "fresh_access_token" /* of this step's own making */

/*
 * How long a new access token is taken to be alive without a doubt: not as
 * long as is said, since "already gone" is believed of it.
 */
enum { FRESH_MAX_S = 300, FRESH_MIN_S = 5 };

/* An app that was made after the deletion is good as well. */
static enum error add_client(struct op *op, const char *provider,
			     struct grant_credentials *grant)
{
	struct credential_list secrets;
	struct provider_app app;
	bool is_found;

	if (grant->client_secret)
		return OK;
	TRY(step_find_app(op, (struct uuid){{0}}, provider, &app, &is_found));
	if (!is_found)
		return OK;
	TRY(credential_read(op, "provider_app", app.id, &secrets));
	grant->client_id = app.client_id;
	grant->client_secret = credential_text(&secrets, PROVIDER_APP_SECRET);
	grant->params = step_param(op, &app, STEP_PARAMS);
	if (!grant->url)
		grant->url = step_param(op, &app, STEP_REVOCATION_URL);
	if (!grant->token_url)
		grant->token_url = step_param(op, &app, STEP_TOKEN_URL);
	return OK;
}

/* Of the list; NULL when it has expired or may have. */
static const char *live_token(const struct op *op,
			      const struct credential_list *list,
			      const char *name)
{
	const struct credential *found = credential_find(list, name);

	return found && found->expires_at > op->now
		       ? (const char *)found->value.bytes
		       : NULL;
}

/* A token that can't be refreshed is taken as it is. */
static const char *access_token(const struct op *op,
				const struct credential_list *secrets,
				bool *ret_is_fresh)
{
	const char *fresh = live_token(op, secrets, FRESH_TOKEN);

	*ret_is_fresh = fresh != NULL;
	if (fresh)
		return fresh;
	if (credential_find(secrets, "refresh_token"))
		return live_token(op, secrets, "access_token");
	return credential_text(secrets, "access_token");
}

static enum error read_grant(struct op *op, const char *provider,
			     struct revoking *revoking)
{
	const struct step *step = &revoking->step;
	struct credential_list secrets;

	TRY(credential_read(op, "step", step->id, &secrets));
	struct grant_credentials grant = {
		.refresh_token = credential_text(&secrets, "refresh_token"),
		.client_id = step_fact(op, step, "clientId"),
		.client_secret = credential_text(&secrets, PROVIDER_APP_SECRET),
		.workspace = step_fact(op, step, "workspace"),
		.metadata = step_fact(op, step, "metadata"),
		.params = step_fact(op, step, "params"),
		.url = step_fact(op, step, "revocationUrl"),
		.token_url = step_fact(op, step, "tokenUrl"),
	};
	grant.access_token = access_token(op, &secrets, &grant.is_fresh);
	TRY(add_client(op, provider, &grant));
	const struct grant_facts facts = {
		.provider = provider,
		.refresh_token = grant.refresh_token,
		.access_token = credential_text(&secrets, "access_token"),
	};
	TRY(grant_is_in_use(op, &facts, &revoking->is_shared));
	if (!revoking->is_shared)
		TRY(grant_account_is_in_use(op, step_fact(op, step, "account"),
					    &revoking->is_shared));
	revoking->grant = grant;
	revoking->is_unsure = credential_find(&secrets, REFRESH_SENT) != NULL;
	return OK;
}

/*
 * A refresh may bring the one token that still works, and its answer be lost.
 * So it is written down that it is sent, before it is.
 */
static enum error make_refresh(struct op *op, const char *provider,
			       struct revoking *revoking)
{
	TRY(refresh_make(op, provider, &revoking->grant, &revoking->call));
	return credential_put(op, revoking->step.id, REFRESH_SENT, "1", 0);
}

static enum error make_call(struct op *op, const char *provider,
			    struct revoking *revoking)
{
	const struct grant_credentials *grant = &revoking->grant;

	revoking->is_refresh = revocation_needs_access_token(revoking->way) &&
			       !grant->access_token && grant->refresh_token;
	if (revoking->is_refresh)
		return make_refresh(op, provider, revoking);
	return revocation_make(op, revoking->way, grant, &revoking->call);
}

enum error step_begin_revoking(struct op *op, struct uuid step_id,
			       struct revoking *ret)
{
	struct revoking revoking = {.lack = NULL};
	const struct step *step = &revoking.step;

	TRY(store_step_get(op, step_id, &revoking.step));
	if (strcmp(step->state, STEP_WAITING) != 0)
		return ERR_NOT_FOUND;
	const char *provider = step_fact(op, step, "provider");
	revoking.way = provider ? revocation_find(provider) : NULL;
	if (!revoking.way)
		return op_fail(op, ERR_INTERNAL, "a step has no provider");
	TRY(read_grant(op, provider, &revoking));
	enum error error =
		revoking.is_shared ? OK : make_call(op, provider, &revoking);
	if (error == ERR_INVALID) {
		revoking.lack = op->detail;
		error = OK;
	}
	*ret = revoking;
	return error;
}

/* Before anything else is tried: a rotated token is the only one left. */
static enum error keep_tokens(struct op *op, const struct step *step,
			      const struct refreshed *got)
{
	int64_t life_s = got->expires_in_s / 2;

	if (!got->expires_in_s || life_s > FRESH_MAX_S)
		life_s = FRESH_MAX_S;
	if (life_s < FRESH_MIN_S)
		life_s = FRESH_MIN_S;
	TRY(credential_put(op, step->id, FRESH_TOKEN, got->access_token,
			   op->now + life_s * CLOCK_SECOND));
	if (!got->refresh_token)
		return OK;
	return credential_put(op, step->id, "refresh_token", got->refresh_token,
			      0);
}

/*
 * What the answer of a refresh means for the grant that is to be ended. After
 * one whose answer was lost, invalid_grant may be said of the old token while
 * a new one lives that nobody here knows: that is not "already gone".
 */
static enum error end_refresh(struct op *op, const struct revoking *revoking,
			      const struct outbound_answer *answer,
			      struct step *step,
			      enum revocation_outcome *ret_outcome,
			      bool *ret_at_once)
{
	struct refreshed got;
	enum refresh_outcome outcome = refresh_judge(
		op, &revoking->grant, answer->status, answer->body,
		answer->length, &got, &step->answer);

	*ret_at_once = outcome == REFRESH_DONE;
	*ret_outcome = GRANT_REFUSED;
	if (outcome == REFRESH_DONE)
		TRY(keep_tokens(op, step, &got));
	if (outcome == REFRESH_GRANT_IS_GONE && !revoking->is_unsure)
		*ret_outcome = GRANT_WAS_GONE;
	else if (outcome == REFRESH_GRANT_IS_GONE)
		step->answer = arena_printf(
			&op->arena, "%s, after a refresh without an answer",
			step->answer);
	bool is_settled = outcome == REFRESH_DONE ||
			  (outcome == REFRESH_REFUSED && !revoking->is_unsure);
	return is_settled ? credential_drop(op, step->id, REFRESH_SENT) : OK;
}

/* What came back is judged, and the next try prepared. */
static enum error judge(struct op *op, const struct revoking *revoking,
			const struct outbound_answer *answer, struct step *step,
			enum revocation_outcome *ret_outcome, bool *ret_at_once)
{
	if (revoking->is_refresh)
		return end_refresh(op, revoking, answer, step, ret_outcome,
				   ret_at_once);
	*ret_outcome = revocation_judge(op, revoking->way, &revoking->grant,
					answer->status, answer->body,
					answer->length, &step->answer);
	*ret_at_once = *ret_outcome == GRANT_NEEDS_REFRESH;
	return *ret_at_once ? credential_drop(op, step->id, "access_token")
			    : OK;
}

enum error step_end_revoking(struct op *op, const struct revoking *revoking,
			     const struct outbound_answer *answer,
			     int64_t *ret_next_at)
{
	struct step step;
	enum revocation_outcome outcome = GRANT_BUSY;
	bool is_at_once = false;

	*ret_next_at = 0;
	TRY(store_step_get(op, revoking->step.id, &step));
	if (strcmp(step.state, STEP_WAITING) != 0)
		return OK; /* it was given up while it was tried */
	if (revoking->is_shared)
		return step_finish(op, &step, "grant.kept", "shared");
	step.attempts++;
	step.updated_at = op->now;
	step.answer = revoking->lack ? revoking->lack : answer->failure;
	if (answer->status)
		TRY(judge(op, revoking, answer, &step, &outcome, &is_at_once));
	if (outcome == GRANT_REVOKED)
		return step_finish(op, &step, "grant.revoked", "revoked");
	if (outcome == GRANT_WAS_GONE)
		return step_finish(op, &step, "grant.revoked", "already gone");
	step.next_at = is_at_once ? op->now
				  : job_next_at(op, step.attempts,
						answer->retry_after_us);
	*ret_next_at = step.next_at;
	return store_step_change(op, &step);
}
