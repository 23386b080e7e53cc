/* The tries at taking a webhook away. */
#include <string.h>

#include "base/clock.h"
#include "core/activity.h"
#include "core/deregistering.h"
#include "core/step.h"
#include "core/store.h"

/* As write_facts (deregistering.c) wrote it. */
static enum error read_facts(struct op *op, const struct step *step,
			     struct registration *ret)
{
	const char *sent_at = step_fact(op, step, "sentAt");

	*ret = (struct registration){
		.id = step->id,
		.integration_id = step->subject_id,
		.kind = step_fact(op, step, "provider"),
		.place = step_fact(op, step, "place"),
		.address = step_fact(op, step, "address"),
		.repository = step_fact(op, step, "repository"),
		.hook_url = step_fact(op, step, "url"),
		.hook_id = step_fact(op, step, "hookId"),
		.state = REGISTRATION_LEAVING,
	};
	if (!ret->kind || !git_webhook_way(ret->kind) || !ret->place ||
	    !ret->address || !ret->hook_url ||
	    (sent_at && !clock_parse(sent_at, &ret->sent_at)))
		return op_fail(op, ERR_INTERNAL, "a step's facts are damaged");
	return OK;
}

static enum error take_step(struct op *op, struct deregistering *ret)
{
	if (strcmp(ret->step.state, STEP_WAITING) != 0)
		return ERR_NOT_FOUND;
	TRY(read_facts(op, &ret->step, &ret->of));
	return credential_read(op, "step", ret->step.id, &ret->secrets);
}

static enum error take_moved(struct op *op, struct uuid id,
			     struct deregistering *ret)
{
	ret->step.kind = NULL;
	TRY(store_registration_get(op, id, &ret->of));
	return credential_use(op, id, &ret->secrets);
}

enum error deregistering_take(struct op *op, const struct job *job,
			      struct deregistering *ret)
{
	enum error error = store_step_get(op, job->subject_id, &ret->step);

	if (error == ERR_NOT_FOUND)
		TRY(take_moved(op, job->subject_id, ret));
	else if (error == OK)
		TRY(take_step(op, ret));
	else
		return error;
	git_webhook_begin(op, &ret->of, &ret->secrets, NULL, &ret->talk);
	if (ret->of.hook_id || ret->of.sent_at)
		return OK;
	ret->talk.outcome = GIT_WEBHOOK_DONE;
	ret->talk.answer = NULL; /* nothing was ever sent */
	return OK;
}

static const char *reason_of(const struct git_webhook_talk *talk)
{
	if (!talk->answer)
		return "never registered";
	return talk->was_there ? "deregistered" : "already gone";
}

static enum error end_step(struct op *op, const struct deregistering *tried,
			   int64_t *ret_next_at)
{
	const struct git_webhook_talk *talk = &tried->talk;
	struct step step;

	TRY(store_step_get(op, tried->step.id, &step));
	if (strcmp(step.state, STEP_WAITING) != 0)
		return OK; /* it was given up while it was tried */
	step.attempts += talk->answer != NULL;
	step.updated_at = op->now;
	step.answer = talk->answer;
	if (talk->outcome == GIT_WEBHOOK_DONE)
		return step_finish(op, &step, "webhook.deregistered",
				   reason_of(talk));
	step.next_at = job_next_at(op, step.attempts, talk->retry_after_us);
	*ret_next_at = step.next_at;
	return store_step_change(op, &step);
}

static enum error tell(struct op *op, const struct registration *of,
		       bool is_success, const char *log)
{
	struct integration its;
	enum error error = store_integration_get(op, INTEGRATION_THIRD_PARTY,
						 of->integration_id, &its);

	if (error == ERR_NOT_FOUND)
		its = (struct integration){.id = of->integration_id};
	else
		TRY(error);
	return activity_tell(op, DEREGISTERING_ACTIVITY, &its,
			     "Removing a webhook", is_success, log);
}

/* It is tried without end: its integration's deletion makes a step of it. */
static enum error fail_moved(struct op *op, const struct job *job,
			     const struct deregistering *tried,
			     int64_t *ret_next_at)
{
	*ret_next_at =
		job_next_at(op, job->attempts + 1, tried->talk.retry_after_us);
	if (job->attempts)
		return OK;
	return tell(op, &tried->of, false,
		    arena_printf(&op->arena,
				 "%s: %s. It is tried again; it can be "
				 "removed there by hand.\n",
				 tried->of.repository, tried->talk.answer));
}

static enum error end_moved(struct op *op, const struct job *job,
			    const struct deregistering *tried,
			    int64_t *ret_next_at)
{
	struct registration now;
	enum error error = store_registration_get(op, tried->of.id, &now);

	if (error == ERR_NOT_FOUND)
		return OK; /* a step has it now */
	TRY(error);
	if (tried->talk.outcome != GIT_WEBHOOK_DONE)
		return fail_moved(op, job, tried, ret_next_at);
	TRY(credential_drop(op, now.id, NULL));
	TRY(store_registration_remove(op, now.id));
	return tell(op, &now, true,
		    arena_printf(&op->arena, "%s: the webhook is %s.\n",
				 now.repository, reason_of(&tried->talk)));
}

enum error deregistering_end(struct op *op, const struct job *job,
			     const struct deregistering *tried,
			     int64_t *ret_next_at)
{
	*ret_next_at = 0;
	return tried->step.kind ? end_step(op, tried, ret_next_at)
				: end_moved(op, job, tried, ret_next_at);
}
