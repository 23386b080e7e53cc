/* New tokens for GitLab integrations. */
#include "core/token_rotation.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_member.h"
#include "base/json_patch.h"
#include "base/url_encode.h"
#include "core/activity.h"
#include "core/deregistering.h"
#include "core/registering.h"
#include "core/store.h"

#define GITLAB "gitlab"
#define DAY_US (INT64_C(86400) * 1000000)

enum { WEEKS = 4, DATE_TEXT = 11, LIFE_PARTS = 4 };

static const char *setting(struct op *op, const struct integration *of,
			   const char *name)
{
	return json_member(&op->arena, of->settings, strlen(of->settings),
			   name);
}

static bool is_wanted(struct op *op, const struct integration *of)
{
	const char *wanted = setting(op, of, "rotate_token");

	return of->family == INTEGRATION_THIRD_PARTY &&
	       strcmp(of->kind, GITLAB) == 0 && wanted &&
	       strcmp(wanted, "true") == 0;
}

enum error token_rotation_plan(struct op *op, const struct integration *of,
			       bool has_new_token)
{
	struct job waiting;
	char lane[UUID_TEXT];
	const struct job_new job = {
		.kind = TOKEN_ROTATION_JOB, .lane = lane, .subject_id = of->id};

	if (of->family != INTEGRATION_THIRD_PARTY ||
	    strcmp(of->kind, GITLAB) != 0)
		return OK;
	uuid_format(of->id, lane);
	enum error error = store_job_first(op, job.kind, lane, &waiting);
	if (error == OK && is_wanted(op, of) && !has_new_token)
		return OK;
	if (error != OK && error != ERR_NOT_FOUND)
		return error;
	TRY(store_job_drop_waiting(op, job.kind, lane));
	return is_wanted(op, of) ? job_add(op, &job, NULL) : OK;
}

enum error token_rotation_is_under_way(struct op *op,
				       const struct integration *of, bool *ret)
{
	struct job_lane_use use = {.running = 0};
	struct job waiting;
	char lane[UUID_TEXT];

	*ret = false;
	if (!is_wanted(op, of))
		return OK;
	uuid_format(of->id, lane);
	TRY(store_job_lane_running(op, TOKEN_ROTATION_JOB, lane, &use));
	enum error error =
		store_job_first(op, TOKEN_ROTATION_JOB, lane, &waiting);
	if (error != OK && error != ERR_NOT_FOUND)
		return error;
	*ret = use.running || (error == OK && waiting.due_at <= op->now);
	return OK;
}

enum error token_rotation_take(struct op *op, const struct job *job,
			       struct token_rotation *ret)
{
	TRY(store_integration_get(op, INTEGRATION_THIRD_PARTY, job->subject_id,
				  &ret->integration));
	if (!is_wanted(op, &ret->integration))
		return ERR_NOT_FOUND;
	return credential_use(op, ret->integration.id, &ret->secrets);
}

static int64_t life_us(struct op *op, const struct integration *of)
{
	const char *weeks = setting(op, of, "rotate_token_validity_in_weeks");
	int64_t count = weeks ? strtoll(weeks, NULL, 10) : 0;

	return (count > 0 ? count : WEEKS) * 7 * DAY_US;
}

void token_rotation_make(struct op *op, const struct token_rotation *rotation,
			 struct outbound_call *ret)
{
	const struct integration *of = &rotation->integration;
	const struct credential *token =
		credential_find(&rotation->secrets, "token");
	char until[CLOCK_TEXT];

	clock_format(op->now + life_us(op, of), until);
	*ret = (struct outbound_call){
		.method = "POST",
		.url = url_below(
			&op->arena, setting(op, of, "base_url"),
			arena_printf(&op->arena,
				     "/api/v4/personal_access_tokens/self/"
				     "rotate?expires_at=%.*s",
				     DATE_TEXT - 1, until)),
		.headers = {{"PRIVATE-TOKEN",
			     token ? (const char *)token->value.bytes : ""}},
		.header_count = 1,
	};
}

static enum error record(struct op *op, const struct integration *of,
			 const char *failure)
{
	return activity_tell(op, TOKEN_ROTATION_ACTIVITY, of,
			     "Rotating the token", !failure,
			     failure ? arena_printf(&op->arena, "%s\n", failure)
				     : "The token is a new one.\n");
}

/* GitLab says a day; it ends as that day begins. */
static int64_t end_of(struct op *op, const char *day)
{
	int64_t at;

	return day && clock_parse(arena_printf(&op->arena, "%sT00:00:00Z", day),
				  &at)
		       ? at
		       : 0;
}

static enum error keep(struct op *op, struct integration *of, const char *token,
		       int64_t expires_at)
{
	char text[CLOCK_TEXT] = "";

	clock_format(expires_at, text);
	of->settings = json_patch_text(
		&op->arena, of->settings,
		arena_printf(&op->arena,
			     "[{\"op\":\"add\",\"path\":\"/token_expires_at\","
			     "\"value\":%s}]",
			     expires_at ? json_quote(&op->arena, text)
					: "null"));
	of->updated_at = op->now;
	TRY(credential_put(op, of->id, "token", token, expires_at));
	TRY(store_integration_change(op, of));
	return record(op, of, NULL);
}

static const char *said(struct op *op, const struct outbound_answer *answer,
			const char *name)
{
	return answer->status / 100 == 2 && answer->body
		       ? json_member_text(&op->arena, answer->body,
					  answer->length, name)
		       : NULL;
}

static enum error fail(struct op *op, const struct job *job,
		       const struct integration *of,
		       const struct outbound_answer *answer,
		       int64_t *ret_next_at)
{
	const char *why;

	if (!answer->status)
		why = arena_printf(&op->arena, "GitLab: %s.", answer->failure);
	else if (answer->status / 100 == 2)
		why = arena_printf(&op->arena,
				   "GitLab answered with %d, without a token.",
				   answer->status);
	else
		why = arena_printf(&op->arena, "GitLab answered with %d.",
				   answer->status);

	*ret_next_at =
		job_next_at(op, job->attempts + 8, answer->retry_after_us);
	return record(op, of, why);
}

/* Of one that went meanwhile: what is left of it lives by the new token. */
static enum error hand_over(struct op *op,
			    const struct token_rotation *rotation,
			    const char *token, bool is_there)
{
	const char *old = credential_text(&rotation->secrets, "token");
	struct uuid id = rotation->integration.id;
	struct integration hidden;

	if (!token || !old)
		return OK;
	TRY(deregistering_take_token(op, id, old, token));
	enum error error =
		is_there ? ERR_NOT_FOUND
			 : store_integration_hidden(op, INTEGRATION_THIRD_PARTY,
						    id, &hidden);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	return credential_put(op, id, "token", token, 0);
}

enum error token_rotation_end(struct op *op, const struct job *job,
			      const struct token_rotation *rotation,
			      const struct outbound_answer *answer,
			      int64_t *ret_next_at)
{
	const char *token = said(op, answer, "token");
	int64_t expires_at = end_of(op, said(op, answer, "expires_at"));
	struct integration of;
	enum error error = store_integration_get(op, INTEGRATION_THIRD_PARTY,
						 rotation->integration.id, &of);

	*ret_next_at = 0;
	if (error != OK && error != ERR_NOT_FOUND)
		return error;
	TRY(hand_over(op, rotation, token, error == OK));
	if (error == ERR_NOT_FOUND)
		return OK;
	if (!token)
		return fail(op, job, &of, answer, ret_next_at);
	TRY(keep(op, &of, token, expires_at));
	TRY(registering_token_rotated(op, &of));
	if (is_wanted(op, &of) && expires_at > op->now)
		*ret_next_at = expires_at - (expires_at - op->now) / LIFE_PARTS;
	return OK;
}
