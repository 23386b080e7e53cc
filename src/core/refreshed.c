/* The tries of a refresh: what comes of them. */
#include "core/refreshing.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_member.h"
#include "base/json_write.h"
#include "core/assertion.h"
#include "core/catalog.h"
#include "core/connection.h"
#include "core/event.h"
#include "core/refresh.h"
#include "core/refresh_plan.h"
#include "core/step.h"
#include "core/store.h"

enum { SETTINGS_MAX = 256 * 1024 };

static enum error record(struct op *op, const char *type,
			 const struct refreshing *r, const char *why)
{
	const struct event_fact facts[] = {
		{"kind", r->provider, false},
		{"error", why, false},
	};

	return event_record(op, type, "connection", r->id, facts, 2, NULL);
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
	json_put_optional(&w, "requestedScopes", refresh_scopes(op, r));
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
	int64_t life = assertion_token_life_s(r->provider, got->expires_in_s);

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

	if (!got->refresh_token || refresh_is_of_client(&tried->refreshing))
		return OK;
	TRY(store_refreshing_sharers(op, tried->refreshing.id, &ids, &count));
	for (size_t i = 0; i < count; i++) {
		enum error error = store_refreshing_get(op, ids[i], &r);

		if (error == ERR_NOT_FOUND)
			continue;
		TRY(error);
		TRY(credential_use(op, r.id, &secrets));
		const char *has = credential_text(&secrets, "refresh_token");
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
	int64_t next = job_next_at(op, r->failures, answer->retry_after_us);
	int64_t last = op->now + refresh_keep_alive_us(r);
	return try_at(op, r, next < last ? next : last);
}

static enum error give_up(struct op *op, struct refreshing *r)
{
	struct connection touched = {.id = r->id, .group_id = r->group_id};

	/* that it is so was told; who waits is woken all the same */
	const char *type = strcmp(r->status, "bad_credentials") == 0
				   ? "connection.refresh.failed"
				   : "connection.error";

	r->status = "bad_credentials";
	r->failures++;
	r->due_at = r->wanted_at = r->sent_at = 0;
	TRY(store_refreshing_change(op, r));
	TRY(connection_touch(op, &touched));
	return record(op, type, r, r->answer);
}

/* Is what was sent still what the connection has? */
static enum error was_replaced(struct op *op,
			       const struct refreshing_try *tried, bool *ret)
{
	const struct credential_list *sent = &tried->secrets;
	struct credential_list now;

	TRY(credential_use(op, tried->refreshing.id, &now));
	*ret = false;
	for (size_t i = 0; i < sent->count; i++) {
		const char *name = sent->items[i].name;
		const char *has = credential_text(&now, name);

		if (strcmp(name, "access_token") != 0 &&
		    (!has || strcmp((const char *)sent->items[i].value.bytes,
				    has) != 0))
			*ret = true;
	}
	return OK;
}

/*
 * A client's own credentials, and a customer's own key, are refused by codes
 * that for a customer's grant would blame the app.
 */
static bool is_final(const struct refreshing *r, enum refresh_outcome outcome,
		     int status)
{
	bool is_ours =
		catalog_custom(r->provider) && !catalog_assertion(r->provider);

	if (outcome == REFRESH_GRANT_IS_GONE)
		return true;
	return refresh_is_of_client(r) && outcome == REFRESH_REFUSED &&
	       !is_ours && (status == 400 || status == 401);
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
		return refresh_go_on(op, job);
	enum error error = store_refreshing_get(op, job->subject_id, &r);
	if (error == ERR_NOT_FOUND) {
		TRY(hand_over(op, tried, answer));
		return refresh_go_on(op, job);
	}
	TRY(error);
	TRY(was_replaced(op, tried, &is_replaced));
	if (is_replaced)
		return start_anew(op, &r);
	r.tries++;
	if (tried->lack) {
		/* nobody was asked: no failure of the provider's */
		r.answer = tried->lack;
		r.failures = 0;
		return try_at(op, &r, op->now + refresh_keep_alive_us(&r));
	}
	if (answer->status)
		return judge(op, tried, answer, &r);
	r.answer = answer->failure;
	return put_off(op, &r, answer);
}
