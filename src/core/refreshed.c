/* The tries of a refresh. */
#include "core/refreshing.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_member.h"
#include "base/json_write.h"
#include "base/random.h"
#include "core/catalog.h"
#include "core/connection.h"
#include "core/event.h"
#include "core/grant_client.h"
#include "core/refresh.h"
#include "core/refresh_plan.h"
#include "core/step.h"
#include "core/store.h"
#include "core/token_call.h"

enum { SETTINGS_MAX = 256 * 1024 };

/* A call that was sent before is over by then, or nobody hears of it. */
#define SENT_MAX_US (INT64_C(120) * CLOCK_SECOND)

static const char *secret(const struct credential_list *list, const char *name)
{
	const struct credential *found = credential_find(list, name);

	return found ? (const char *)found->value.bytes : NULL;
}

static bool is_scheme(const struct refreshing *r, const char *scheme)
{
	return strcmp(r->auth_scheme, scheme) == 0;
}

/* Whose own credentials get the token: nothing rotates. */
static bool is_of_client(const struct refreshing *r)
{
	return strncmp(r->auth_scheme, "oauth2/authorizationCode", 24) != 0;
}

static const char *scopes_of(struct op *op, const struct refreshing *r)
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
		.scopes = scopes_of(op, r),
	};

	if (!is_of_client(r))
		return refresh_make(op, r->provider, &tried->grant,
				    &tried->call);
	if (custom && custom->token_url) {
		request.scopes = custom->token_scope;
		if (!tried->grant.token_url)
			tried->grant.token_url = custom->token_url;
	} else {
		tried->grant.client_id = secret(secrets, "client_id");
		tried->grant.client_secret = secret(secrets, "client_secret");
	}
	if (is_scheme(r, "oauth2/password")) {
		request.by = TOKEN_BY_PASSWORD;
		request.username = secret(secrets, "username");
		request.password = secret(secrets, "password");
	}
	return token_call_make(op, &request, &tried->call);
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
		.access_token = secret(&tried->secrets, "access_token"),
		.refresh_token = secret(&tried->secrets, "refresh_token"),
	};
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
		TRY(store_refreshing_sharer(op, r->id, op->now - SENT_MAX_US,
					    &is_busy));
		if (!is_busy && refresh_is_possible(r, &tried.secrets))
			TRY(prepare(op, &tried));
	}
	*ret = tried;
	return OK;
}

static enum error record(struct op *op, const char *type,
			 const struct refreshing *r, const char *why)
{
	const struct event_fact facts[] = {
		{"kind", r->provider, false},
		{"error", why, false},
	};

	return event_record(op, type, "connection", r->id, facts, 2, NULL);
}

/* Nothing was sent: it is planned as it should be. */
static enum error go_on(struct op *op, const struct job *job)
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
	if (!refresh_is_possible(&r, &secrets))
		return OK;
	/* another one with its grant is at it */
	int64_t at = is_due(op, &r) ? op->now + CLOCK_SECOND : r.due_at;
	return at ? refresh_set_job(op, r.id, at) : OK;
}

static const char *settings_with(struct op *op, const struct refreshing *r,
				 bool has_rotated)
{
	char now[CLOCK_TEXT];
	const char *scopes = json_member(&op->arena, r->settings,
					 strlen(r->settings), "scopes");
	const char *consumer = json_member_text(
		&op->arena, r->settings, strlen(r->settings), CONNECTION_USER);
	const char *refresh =
		json_member_text(&op->arena, r->settings, strlen(r->settings),
				 "refreshIssuedAt");
	struct buf text;

	clock_format(op->now, now);
	buf_init(&text, SETTINGS_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_string(&w, "accessIssuedAt", now);
	json_put_optional(&w, "refreshIssuedAt", has_rotated ? now : refresh);
	if (scopes)
		json_put_raw(&w, "scopes", scopes);
	json_put_optional(&w, "requestedScopes", scopes_of(op, r));
	json_put_optional(&w, CONNECTION_USER, consumer);
	json_end_object(&w);
	const char *settings =
		text.is_overfull ? r->settings
				 : arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return settings;
}

/* The rotated token is the only one that is left: it is kept with the rest. */
static enum error keep_tokens(struct op *op, struct refreshing *r,
			      const struct refreshed *got)
{
	struct credential_list secrets;
	struct connection touched = {.id = r->id, .group_id = r->group_id};
	int64_t life = got->expires_in_s;

	TRY(credential_put(op, r->id, "access_token", got->access_token,
			   life ? op->now + life * CLOCK_SECOND : 0));
	if (got->refresh_token)
		TRY(credential_put(op, r->id, "refresh_token",
				   got->refresh_token, 0));
	r->settings = settings_with(op, r, got->refresh_token != NULL);
	r->status = "created";
	r->failures = r->wanted_at = r->sent_at = 0;
	r->answer = NULL;
	TRY(credential_use(op, r->id, &secrets));
	TRY(refresh_plan(op, r, &secrets));
	TRY(connection_touch(op, &touched));
	return record(op, "connection.refreshed", r, NULL);
}

/* Others that live by the token that was sent would be left with a dead one. */
static enum error tell_sharers(struct op *op,
			       const struct refreshing_try *tried,
			       const struct refreshed *got)
{
	const char *sent = tried->grant.refresh_token;
	struct credential_list secrets;
	struct refreshing r;
	struct uuid *ids;
	size_t count;

	if (!got->refresh_token || is_of_client(&tried->refreshing))
		return OK;
	TRY(store_refreshing_sharers(op, tried->refreshing.id, &ids, &count));
	for (size_t i = 0; i < count; i++) {
		enum error error = store_refreshing_get(op, ids[i], &r);

		if (error == ERR_NOT_FOUND)
			continue;
		TRY(error);
		TRY(credential_use(op, r.id, &secrets));
		const char *has = secret(&secrets, "refresh_token");
		if (!has || strcmp(has, sent) != 0)
			continue;
		r.tries++;
		TRY(keep_tokens(op, &r, got));
	}
	return OK;
}

static enum error try_at(struct op *op, struct refreshing *r, int64_t due_at)
{
	bool was_wanted = r->wanted_at != 0;

	r->due_at = due_at;
	r->wanted_at = 0;
	TRY(store_refreshing_change(op, r));
	TRY(refresh_set_job(op, r->id, r->due_at));
	/* who waits is woken by it */
	return was_wanted
		       ? record(op, "connection.refresh.failed", r, r->answer)
		       : OK;
}

/* Later, the more often it has failed the later. */
static enum error put_off(struct op *op, struct refreshing *r,
			  const struct outbound_answer *answer)
{
	r->failures++;
	int64_t pause = job_backoff_us(r->failures, random_u64());
	if (answer->retry_after_us > pause)
		pause = answer->retry_after_us;
	if (pause > refresh_keep_alive_us(r))
		pause = refresh_keep_alive_us(r);
	return try_at(op, r, op->now + pause);
}

static enum error give_up(struct op *op, struct refreshing *r)
{
	struct connection touched = {.id = r->id, .group_id = r->group_id};

	r->status = "bad_credentials";
	r->failures++;
	r->due_at = r->wanted_at = r->sent_at = 0;
	TRY(store_refreshing_change(op, r));
	TRY(connection_touch(op, &touched));
	return record(op, "connection.error", r, r->answer);
}

/* Is what was sent still what the connection has? */
static enum error was_replaced(struct op *op,
			       const struct refreshing_try *tried, bool *ret)
{
	const char *const names[] = {"refresh_token", "client_id",
				     "client_secret", "username", "password"};
	struct credential_list now;

	TRY(credential_use(op, tried->refreshing.id, &now));
	*ret = false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *sent = secret(&tried->secrets, names[i]);
		const char *has = secret(&now, names[i]);

		if (sent && (!has || strcmp(sent, has) != 0))
			*ret = true;
	}
	return OK;
}

/*
 * A client's own credentials are refused by codes that for a customer's grant
 * would blame the app.
 */
static bool is_final(const struct refreshing *r, enum refresh_outcome outcome,
		     int status)
{
	if (outcome == REFRESH_GRANT_IS_GONE)
		return true;
	return is_of_client(r) && outcome == REFRESH_REFUSED &&
	       !catalog_custom(r->provider) && (status == 400 || status == 401);
}

static enum error judge(struct op *op, const struct refreshing_try *tried,
			const struct outbound_answer *answer,
			struct refreshing *r)
{
	struct refreshed got;
	enum refresh_outcome outcome =
		refresh_judge(op, &tried->grant, answer->status, answer->body,
			      answer->length, &got, &r->answer);

	if (outcome == REFRESH_DONE) {
		TRY(tell_sharers(op, tried, &got));
		return keep_tokens(op, r, &got);
	}
	if (is_final(r, outcome, answer->status)) {
		if (tried->is_unsure)
			r->answer = arena_printf(
				&op->arena,
				"%s, after a refresh whose answer was lost",
				r->answer);
		return give_up(op, r);
	}
	/* it has said that it did nothing: the token is as it was */
	if (outcome == REFRESH_REFUSED && !tried->is_unsure)
		r->sent_at = 0;
	return put_off(op, r, answer);
}

/* The connection went meanwhile: what it got is to be ended with the rest. */
static enum error hand_over(struct op *op, const struct refreshing_try *tried,
			    const struct outbound_answer *answer)
{
	struct refreshed got = {.access_token = NULL};
	const char *said;

	if (!answer->status ||
	    refresh_judge(op, &tried->grant, answer->status, answer->body,
			  answer->length, &got, &said) == REFRESH_BUSY)
		return OK;
	return step_take_tokens(op, tried->refreshing.id, &got);
}

/* What was sent is of a grant that is not this connection's any more. */
static enum error start_anew(struct op *op, struct refreshing *r)
{
	struct credential_list secrets;
	bool is_wanted = r->wanted_at != 0;

	r->failures = r->sent_at = 0;
	TRY(credential_use(op, r->id, &secrets));
	TRY(refresh_plan(op, r, &secrets));
	return is_wanted ? refresh_set_job(op, r->id, op->now) : OK;
}

enum error refreshing_end(struct op *op, const struct job *job,
			  const struct refreshing_try *tried,
			  const struct outbound_answer *answer)
{
	struct refreshing r;
	bool is_replaced;

	if (!tried->is_sent && !tried->lack)
		return go_on(op, job);
	enum error error = store_refreshing_get(op, job->subject_id, &r);
	if (error == ERR_NOT_FOUND) {
		TRY(hand_over(op, tried, answer));
		return go_on(op, job);
	}
	TRY(error);
	TRY(was_replaced(op, tried, &is_replaced));
	if (is_replaced)
		return start_anew(op, &r);
	r.tries++;
	if (tried->lack) {
		/* nobody was asked: no failure of the provider's */
		r.answer = tried->lack;
		return try_at(op, &r, op->now + refresh_keep_alive_us(&r));
	}
	if (answer->status)
		return judge(op, tried, answer, &r);
	r.answer = answer->failure;
	return put_off(op, &r, answer);
}
