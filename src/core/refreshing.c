/* When tokens are refreshed, who asks for it, and what they are told. */
#include "core/refreshing.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_member.h"
#include "core/assertion.h"
#include "core/catalog.h"
#include "core/refresh_plan.h"
#include "core/store.h"

#define HOUR_US	       (INT64_C(3600) * CLOCK_SECOND)
#define EARLY_MAX_US   (INT64_C(300) * CLOCK_SECOND)
#define USELESS_MAX_US (INT64_C(10) * CLOCK_SECOND)

static bool is_scheme(const struct refreshing *r, const char *scheme)
{
	return strcmp(r->auth_scheme, scheme) == 0;
}

bool refresh_is_possible(struct op *op, const struct refreshing *r,
			 const struct credential_list *secrets)
{
	const struct custom_connect *custom = catalog_custom(r->provider);

	if (strncmp(r->auth_scheme, "oauth2/authorizationCode", 24) == 0)
		return credential_find(secrets, "refresh_token") != NULL;
	if (is_scheme(r, "oauth2/clientCredentials"))
		return credential_find(secrets, "client_id") != NULL;
	if (is_scheme(r, "oauth2/password"))
		return credential_find(secrets, "password") != NULL;
	if (custom && custom->assertion)
		return assertion_is_possible(op, custom->assertion, secrets);
	return custom && custom->token_url &&
	       credential_find(secrets, "access_token");
}

int64_t refresh_keep_alive_us(const struct refreshing *r)
{
	return provider_keep_alive_hours(catalog_find(r->provider)) * HOUR_US;
}

/* When the access token was issued; now when that is not known. */
static int64_t issued_at(struct op *op, const struct refreshing *r)
{
	const char *text = json_member(&op->arena, r->settings,
				       strlen(r->settings), "accessIssuedAt");
	int64_t time;

	return text && clock_parse(text, &time) ? time : op->now;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Some time before it expires, and as keep-alive. */
static int64_t next_at(struct op *op, const struct refreshing *r,
		       const struct credential *access)
{
	int64_t next = op->now + refresh_keep_alive_us(r);

	if (!access)
		return op->now;
	if (!access->expires_at)
		return next;
	int64_t life = access->expires_at - issued_at(op, r);
	int64_t early = least(EARLY_MAX_US, life / 4);
	int64_t at = access->expires_at - (early > 0 ? early : 0);

	/* what came here when it had expired is refreshed for who asks */
	return at > op->now ? least(next, at) : next;
}

/* An access token that is about to expire is of no use to whoever gets it. */
static bool has_expired(struct op *op, const struct refreshing *r,
			const struct credential *access)
{
	if (!access || !access->expires_at)
		return !access;
	int64_t life = access->expires_at - issued_at(op, r);
	int64_t useless = least(USELESS_MAX_US, life / 10);

	return access->expires_at - (useless > 0 ? useless : 0) <= op->now;
}

static const char *lane_of(struct op *op, struct uuid id)
{
	char *lane = arena_alloc(&op->arena, UUID_TEXT);

	uuid_format(id, lane);
	return lane;
}

enum error refresh_set_job(struct op *op, struct uuid id, int64_t due_at)
{
	const struct job_new job = {
		.kind = REFRESHING_JOB,
		.subject_id = id,
		.due_at = due_at,
	};

	return job_replace(op, &job);
}

enum error refresh_plan(struct op *op, struct refreshing *r,
			const struct credential_list *secrets)
{
	r->due_at = 0;
	if (refresh_is_possible(op, r, secrets))
		r->due_at = next_at(op, r,
				    credential_find(secrets, "access_token"));
	TRY(store_refreshing_change(op, r));
	return r->due_at ? refresh_set_job(op, r->id, r->due_at) : OK;
}

bool refreshing_has_tokens(const char *auth_scheme)
{
	return strcmp(auth_scheme, "apiKey") != 0 &&
	       strcmp(auth_scheme, "basic") != 0;
}

enum error refreshing_plan(struct op *op, struct uuid id)
{
	struct credential_list secrets;
	struct refreshing r;

	TRY(store_refreshing_get(op, id, &r));
	if (!refreshing_has_tokens(r.auth_scheme))
		return OK;
	TRY(credential_use(op, id, &secrets));
	if (!refresh_is_possible(op, &r, &secrets))
		return OK;
	if (r.wanted_at)
		r.tries++; /* who waits for new tokens has some */
	r.failures = r.wanted_at = r.sent_at = 0;
	r.answer = NULL;
	return refresh_plan(op, &r, &secrets);
}

enum error refreshing_forget(struct op *op, struct uuid id)
{
	const char *lane = lane_of(op, id);

	TRY(store_job_drop_waiting(op, REFRESHING_JOB, lane));
	return store_job_lane_remove(op, REFRESHING_JOB, lane);
}

static enum error refused_for_good(struct op *op, const struct refreshing *r)
{
	op_advise(op, "Let the customer connect again.");
	return op_fail(
		op, ERR_INVALID,
		"the provider does not take its credentials any more%s%s",
		r->answer ? ": " : "", r->answer ? r->answer : "");
}

/* Nobody was asked, and it would be the same the next time. */
static bool is_lacking(const struct refreshing *r)
{
	return r->answer && !r->failures;
}

static enum error fails_now(struct op *op, const struct refreshing *r)
{
	if (is_lacking(r))
		return op_fail(op, ERR_INVALID,
			       "a new token can't be asked for: %s", r->answer);
	if (r->due_at > op->now)
		op->retry_at = r->due_at;
	return op_fail(op, ERR_BUSY, "the provider gives no new token: %s",
		       r->answer ? r->answer : "it has not answered");
}

static bool is_held(const struct op *op, const struct refreshing *r)
{
	return r->failures && !r->wanted_at && r->due_at > op->now;
}

/*
 * One that has the same grant was sent, and may have brought the one token that
 * works: until it is tried again nobody else is.
 */
static enum error refuse_if_sharer_is_held(struct op *op, struct uuid id)
{
	struct refreshing r;
	struct uuid *ids;
	size_t count;

	TRY(store_refreshing_sharers(op, id, &ids, &count));
	for (size_t i = 0; i < count; i++) {
		enum error error = store_refreshing_get(op, ids[i], &r);

		if (error == ERR_NOT_FOUND)
			continue;
		TRY(error);
		if (r.sent_at > op->now - REFRESH_SENT_MAX_US &&
		    is_held(op, &r))
			return fails_now(op, &r);
	}
	return OK;
}

static bool is_bad(const struct refreshing *r)
{
	return strcmp(r->status, "bad_credentials") == 0;
}

/* The job runs, or is due now. */
static enum error bring(struct op *op, struct refreshing *r)
{
	struct job_lane_use use;

	if (!r->wanted_at) {
		r->wanted_at = op->now;
		TRY(store_refreshing_change(op, r));
	}
	TRY(store_job_lane_running(op, REFRESHING_JOB, lane_of(op, r->id),
				   &use));
	return use.running ? OK : refresh_set_job(op, r->id, op->now);
}

enum error refreshing_ask(struct op *op, struct uuid id,
			  enum refreshing_when when,
			  struct refreshing_wait *ret)
{
	struct credential_list secrets;
	struct refreshing r;

	TRY(store_refreshing_get(op, id, &r));
	TRY(credential_use(op, id, &secrets));
	const struct credential *access =
		credential_find(&secrets, "access_token");
	*ret = (struct refreshing_wait){.id = id, .tries = r.tries};
	if (when != REFRESH_BY_FORCE && is_bad(&r))
		return refused_for_good(op, &r);
	if (when == REFRESH_IF_EXPIRED && !has_expired(op, &r, access))
		return OK;
	if (!refresh_is_possible(op, &r, &secrets))
		return is_bad(&r) ? refused_for_good(op, &r) : OK;
	if (when != REFRESH_BY_FORCE && is_held(op, &r))
		return fails_now(op, &r);
	TRY(refuse_if_sharer_is_held(op, id));
	ret->waits = true;
	return bring(op, &r);
}

enum error refreshing_look(struct op *op, const struct refreshing_wait *wait,
			   bool *ret)
{
	struct refreshing r;
	enum error error = store_refreshing_get(op, wait->id, &r);

	*ret = error == ERR_NOT_FOUND ||
	       (error == OK && r.tries != wait->tries);
	return error == ERR_NOT_FOUND ? OK : error;
}

enum error refreshing_outcome(struct op *op, const struct refreshing_wait *wait)
{
	struct refreshing r;

	TRY(store_refreshing_get(op, wait->id, &r));
	if (is_bad(&r))
		return refused_for_good(op, &r);
	if (r.answer || r.tries == wait->tries)
		return fails_now(op, &r);
	return OK;
}
