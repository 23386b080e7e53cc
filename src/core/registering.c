/* Webhooks at git providers: wanted, registered, refused. */
#include "core/registering.h"

#include <string.h>

#include "core/activity.h"
#include "core/deregistering.h"
#include "core/git_hook.h"
#include "core/listening.h"
#include "core/store.h"
#include "core/token_rotation.h"

/* The one that is not on its way out; ERR_NOT_FOUND. */
static enum error find_current(struct op *op, struct uuid integration_id,
			       struct registration *ret)
{
	struct registration_list all;

	TRY(store_registration_of(op, integration_id, &all));
	for (size_t i = 0; i < all.count; i++)
		if (!registration_is(&all.items[i], REGISTRATION_LEAVING)) {
			*ret = all.items[i];
			return OK;
		}
	return ERR_NOT_FOUND;
}

enum error registering_leave(struct op *op, const struct integration *to)
{
	struct registration now, then = {.kind = NULL};
	enum error error;

	if (to->family != INTEGRATION_THIRD_PARTY)
		return OK;
	error = find_current(op, to->id, &now);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	TRY(listening_hook_url(op, to, &then.hook_url));
	if (git_webhook_place(op, to, &then) &&
	    strcmp(then.address, now.address) == 0 &&
	    (!then.hook_url || strcmp(then.hook_url, now.hook_url) == 0))
		return OK;
	if (deregistering_is_needed(&now))
		return deregister_moved(op, &now);
	return store_registration_remove(op, now.id);
}

static enum error want(struct op *op, const struct integration *of,
		       struct registration *wanted)
{
	wanted->id = uuid_make(op->now);
	wanted->integration_id = of->id;
	wanted->state = REGISTRATION_WANTED;
	wanted->created_at = op->now;
	return store_registration_add(op, wanted);
}

enum error registering_plan(struct op *op, const struct integration *of,
			    bool is_anew)
{
	struct registration now, wanted = {.kind = NULL};

	if (!git_webhook_place(op, of, &wanted))
		return OK;
	TRY(listening_hook_url(op, of, &wanted.hook_url));
	if (!wanted.hook_url)
		return OK;
	enum error error = find_current(op, of->id, &now);
	if (error == ERR_NOT_FOUND) {
		TRY(want(op, of, &wanted));
	} else {
		TRY(error);
		if (!is_anew && strcmp(now.place, wanted.place) == 0)
			return OK;
		now.place = wanted.place;
		now.state = REGISTRATION_WANTED;
		TRY(store_registration_change(op, &now));
	}
	TRY(git_hook_need_secret(op, of));
	return job_replace(op, &(struct job_new){
				       .kind = REGISTERING_JOB,
				       .subject_id = of->id,
			       });
}

enum error registering_restored(struct op *op, struct uuid id)
{
	struct integration of;
	enum error error =
		store_integration_get(op, INTEGRATION_THIRD_PARTY, id, &of);

	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	TRY(registering_leave(op, &of));
	return registering_plan(op, &of, true);
}

enum error registering_token_rotated(struct op *op,
				     const struct integration *of)
{
	struct registration now;
	enum error error = find_current(op, of->id, &now);

	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	return registration_is(&now, REGISTRATION_REFUSED)
		       ? registering_plan(op, of, true)
		       : OK;
}

/* From now on there may be one: the answer may be lost. */
static enum error note_sent(struct op *op, const struct registration *of)
{
	struct registration sent = *of;

	sent.sent_at = op->now;
	return store_registration_change(op, &sent);
}

enum error registering_take(struct op *op, const struct job *job,
			    struct registering *ret)
{
	const char *secret;

	TRY(store_integration_get(op, INTEGRATION_THIRD_PARTY, job->subject_id,
				  &ret->integration));
	TRY(find_current(op, job->subject_id, &ret->registration));
	TRY(credential_use(op, ret->integration.id, &ret->secrets));
	secret = credential_text(&ret->secrets, GIT_HOOK_SECRET);
	git_webhook_begin(op, &ret->registration, &ret->secrets,
			  secret ? secret : "", &ret->talk);
	return note_sent(op, &ret->registration);
}

static enum error tell(struct op *op, const struct registering *tried,
		       bool is_success, const char *log)
{
	return activity_tell(op, REGISTERING_ACTIVITY, &tried->integration,
			     "Registering the webhook", is_success, log);
}

/* GitLab ends a token as soon as it is rotated, whoever uses it just then. */
static enum error has_another_token(struct op *op,
				    const struct registering *tried, bool *ret)
{
	const char *used = credential_text(&tried->secrets, "token"), *now;
	struct credential_list secrets;

	*ret = false;
	if (tried->talk.status != 401)
		return OK;
	TRY(credential_use(op, tried->integration.id, &secrets));
	now = credential_text(&secrets, "token");
	*ret = used && now && strcmp(used, now) != 0;
	return *ret ? OK
		    : token_rotation_is_under_way(op, &tried->integration, ret);
}

/* What is known of it after this try. */
static void settle(const struct op *op, const struct registering *tried,
		   struct registration *now)
{
	const struct git_webhook_talk *talk = &tried->talk;

	if (talk->has_seen_all)
		now->hook_id = talk->of.hook_id;
	now->sent_at = talk->has_seen_all ? 0 : tried->registration.sent_at;
	if (talk->may_have_made)
		now->sent_at = op->now;
}

static enum error end_refused(struct op *op, const struct registering *tried)
{
	const struct registration *of = &tried->registration;

	return tell(op, tried, false,
		    arena_printf(&op->arena,
				 "%s: %s.\nThe webhook can't be registered "
				 "with these credentials. Set it up there by "
				 "hand: %s, with the secret that "
				 "hook-secret gives.\n",
				 of->repository, tried->talk.answer,
				 of->hook_url));
}

static enum error end_busy(struct op *op, const struct job *job,
			   const struct registering *tried, bool is_quiet,
			   int64_t *ret_next_at)
{
	*ret_next_at =
		job_next_at(op, job->attempts + 1, tried->talk.retry_after_us);
	if (is_quiet || job->attempts)
		return OK;
	return tell(op, tried, false,
		    arena_printf(&op->arena, "%s: %s. It is tried again.\n",
				 tried->registration.repository,
				 tried->talk.answer));
}

static enum error end_talk(struct op *op, const struct job *job,
			   const struct registering *tried,
			   struct registration *now, int64_t *ret_next_at)
{
	bool is_rotated, is_done = tried->talk.outcome == GIT_WEBHOOK_DONE;

	TRY(has_another_token(op, tried, &is_rotated));
	settle(op, tried, now);
	if (is_done)
		now->state = REGISTRATION_THERE;
	else if (tried->talk.outcome == GIT_WEBHOOK_REFUSED && !is_rotated)
		now->state = REGISTRATION_REFUSED;
	TRY(store_registration_change(op, now));
	if (is_done)
		return tell(op, tried, true,
			    arena_printf(&op->arena,
					 "%s: %s, its webhook %s calls %s.\n",
					 now->repository, tried->talk.answer,
					 now->hook_id, now->hook_url));
	if (registration_is(now, REGISTRATION_REFUSED))
		return end_refused(op, tried);
	return end_busy(op, job, tried, is_rotated, ret_next_at);
}

enum error registering_end(struct op *op, const struct job *job,
			   const struct registering *tried,
			   int64_t *ret_next_at)
{
	struct registration now;
	enum error error =
		store_registration_get(op, tried->registration.id, &now);

	*ret_next_at = 0;
	if (error == ERR_NOT_FOUND) /* a step knows where to look for it */
		return deregistering_hurry(op, tried->integration.id);
	TRY(error);
	if (!registration_is(&now, REGISTRATION_LEAVING))
		return end_talk(op, job, tried, &now, ret_next_at);
	settle(op, tried, &now);
	TRY(store_registration_change(op, &now));
	return deregistering_hurry(op, tried->integration.id);
}
