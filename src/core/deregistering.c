/* Webhooks that are taken away at their providers. */
#include "core/deregistering.h"

#include <string.h>

#include "base/json_write.h"
#include "core/activity.h"
#include "core/git_hook.h"
#include "core/step.h"
#include "core/store.h"

enum { FACTS_MAX = 64 * 1024 };

/* What was sent has arrived by then, or never does. */
#define ARRIVAL_US (GIT_WEBHOOK_TALK_US + GIT_WEBHOOK_CALL_US)

bool deregistering_is_needed(const struct registration *of)
{
	return of->hook_id || of->sent_at ||
	       !registration_is(of, REGISTRATION_REFUSED);
}

struct effect deregistering_effect(const struct registration *of)
{
	return (struct effect){
		.what = EFFECT_DEREGISTERED,
		.kind = EFFECT_OF_WEBHOOK,
		.id = of->id,
		.name = of->repository,
		.provider = of->kind,
		.hook_id = of->hook_id,
		.integration_id = of->integration_id,
	};
}

enum error deregistering_find(struct op *op, struct uuid integration_id,
			      struct registration_list *ret)
{
	struct registration_list all;
	size_t count = 0;

	TRY(uuid_is_nil(integration_id)
		    ? store_registration_list(op, INT64_MAX, &all)
		    : store_registration_of(op, integration_id, &all));
	for (size_t i = 0; i < all.count; i++)
		if (deregistering_is_needed(&all.items[i]))
			all.items[count++] = all.items[i];
	*ret = (struct registration_list){all.items, count};
	return OK;
}

/* What the step shows and needs, but for its secrets. */
static const char *write_facts(struct op *op, const struct registration *of)
{
	struct buf text;

	buf_init(&text, FACTS_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_string(&w, "provider", of->kind);
	json_put_string(&w, "repository", of->repository);
	json_put_optional(&w, "hookId", of->hook_id);
	json_put_string(&w, "url", of->hook_url);
	json_put_string(&w, "address", of->address);
	json_put_raw(&w, "place", of->place);
	if (of->sent_at)
		json_put_time(&w, "sentAt", of->sent_at);
	json_end_object(&w);
	const char *facts = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return facts;
}

/* In a lane of its own. Not before what is under way has arrived. */
static enum error add_job(struct op *op, struct uuid subject_id,
			  const struct registration *of)
{
	struct job_new job = {
		.kind = STEP_DEREGISTER,
		.subject_id = subject_id,
	};

	if (of->sent_at && of->sent_at + ARRIVAL_US > op->now)
		job.due_at = of->sent_at + ARRIVAL_US;
	return job_add(op, &job, NULL);
}

static enum error bring_job(struct op *op, struct uuid subject_id)
{
	char lane[UUID_TEXT];

	uuid_format(subject_id, lane);
	return job_bring(op, STEP_DEREGISTER, lane, subject_id);
}

enum error deregistering_retry(struct op *op, struct uuid step_id)
{
	return bring_job(op, step_id);
}

/* All that authenticates, without what the provider signs by. */
static enum error copy_secrets(struct op *op, struct uuid from, struct uuid to)
{
	TRY(credential_copy(op, from, to));
	return credential_drop(op, to, GIT_HOOK_SECRET);
}

static enum error add_step(struct op *op, struct record *record,
			   const struct registration *of)
{
	const struct step step = {
		.id = uuid_make(op->now),
		.deletion_id = record->id,
		.kind = STEP_DEREGISTER,
		.subject_kind = "integration",
		.subject_id = of->integration_id,
		.facts = write_facts(op, of),
		.state = STEP_WAITING,
		.created_at = op->now,
	};
	bool is_leaving = registration_is(of, REGISTRATION_LEAVING);

	record->has_steps = true;
	TRY(copy_secrets(op, is_leaving ? of->id : of->integration_id,
			 step.id));
	TRY(store_step_add(op, &step));
	return add_job(op, step.id, of);
}

enum error deregister(struct op *op, struct record *record,
		      const struct registration *of)
{
	const struct effect effect = deregistering_effect(of);

	if (deregistering_is_needed(of)) {
		TRY(add_step(op, record, of));
		TRY(record_effect(op, record, &effect));
	}
	TRY(credential_drop(op, of->id, NULL));
	return store_registration_remove(op, of->id);
}

enum error deregister_all(struct op *op, struct record *record,
			  struct uuid integration_id)
{
	struct registration_list all;

	TRY(store_registration_of(op, integration_id, &all));
	for (size_t i = 0; i < all.count; i++)
		TRY(deregister(op, record, &all.items[i]));
	return OK;
}

enum error deregister_moved(struct op *op, const struct registration *of)
{
	struct registration leaving = *of;

	leaving.state = REGISTRATION_LEAVING;
	TRY(copy_secrets(op, of->integration_id, of->id));
	TRY(store_registration_change(op, &leaving));
	return add_job(op, of->id, of);
}

enum error deregistering_hurry(struct op *op, struct uuid integration_id)
{
	struct registration_list leaving;
	struct step_list steps;

	TRY(store_steps_deregister(op, integration_id, &steps));
	for (size_t i = 0; i < steps.count; i++)
		TRY(bring_job(op, steps.items[i].id));
	TRY(store_registration_of(op, integration_id, &leaving));
	for (size_t i = 0; i < leaving.count; i++)
		if (registration_is(&leaving.items[i], REGISTRATION_LEAVING))
			TRY(bring_job(op, leaving.items[i].id));
	return OK;
}

static enum error renew_token(struct op *op, struct uuid owner_id,
			      const char *old, const char *token)
{
	struct credential_list secrets;

	TRY(credential_use(op, owner_id, &secrets));
	const char *has = credential_text(&secrets, "token");
	if (!has || strcmp(has, old) != 0)
		return OK;
	TRY(credential_put(op, owner_id, "token", token, 0));
	return bring_job(op, owner_id);
}

enum error deregistering_take_token(struct op *op, struct uuid integration_id,
				    const char *old, const char *token)
{
	struct registration_list leaving;
	struct step_list steps;

	TRY(store_steps_deregister(op, integration_id, &steps));
	for (size_t i = 0; i < steps.count; i++)
		TRY(renew_token(op, steps.items[i].id, old, token));
	TRY(store_registration_of(op, integration_id, &leaving));
	for (size_t i = 0; i < leaving.count; i++)
		if (registration_is(&leaving.items[i], REGISTRATION_LEAVING))
			TRY(renew_token(op, leaving.items[i].id, old, token));
	return OK;
}
