/* Walking through all that a project's older keys have sealed. */
#include "core/key_rotation.h"

#include <string.h>

#include "core/credential.h"
#include "core/event.h"
#include "core/job.h"
#include "core/project_key.h"
#include "core/store.h"

static enum error tell(struct op *op, const char *type, int64_t version)
{
	const struct event_fact facts[] = {
		{"version",
		 arena_printf(&op->arena, "%lld", (long long)version), true},
	};

	return event_record(op, type, "project", op->project_id, facts, 1,
			    NULL);
}

/* One that runs sees the new key when it ends, and goes on. */
static enum error add_job(struct op *op)
{
	const struct job_new job = {
		.kind = KEY_ROTATION_JOB,
		.lane = KEY_ROTATION_JOB,
		.subject_id = op->project_id,
	};
	struct job waiting;
	enum error error = store_job_first(op, job.kind, job.lane, &waiting);

	return error == ERR_NOT_FOUND ? job_add(op, &job, NULL) : error;
}

enum error key_rotation_begin(struct op *op)
{
	struct project_key_row was;

	TRY(store_project_key_current(op, &was));
	int64_t version = was.version + 1;
	TRY(project_key_make(op, version, false));
	TRY(store_project_key_switch(op, version));
	TRY(add_job(op));
	return tell(op, "key.rotated", version);
}

/* `*at` moves along; less than a batch is the last one. */
static enum error reseal_secrets(struct op *op, struct project_key_row *at,
				 size_t *ret_count)
{
	struct project_key older = {0};
	struct owned_secret_list some;
	enum error error = OK;

	TRY(store_secret_walk(op, at->reached_id, at->reached_name,
			      KEY_ROTATION_BATCH, &some));
	for (size_t i = 0; i < some.count && error == OK; i++) {
		const struct owned_secret *secret = &some.items[i];

		at->reached_id = secret->owner_id;
		at->reached_name = secret->sealed.name;
		if (secret->sealed.key_version == at->version)
			continue;
		error = credential_reseal(op, secret->owner_id, &secret->sealed,
					  &older);
		at->resealed++;
	}
	key_wipe(&older.key);
	*ret_count = some.count;
	return error;
}

static enum error reseal_answers(struct op *op, struct project_key_row *at,
				 size_t *ret_count)
{
	struct kept_body_list some;

	TRY(store_idempotency_walk(op, at->reached_id, KEY_ROTATION_BATCH,
				   &some));
	for (size_t i = 0; i < some.count; i++) {
		const struct kept_body *kept = &some.items[i];

		at->reached_id = kept->id;
		if (kept->key_version == 0 || kept->key_version == at->version)
			continue;
		TRY(idempotency_reseal(op, kept));
		at->resealed++;
	}
	*ret_count = some.count;
	return OK;
}

static void begin_stage(struct project_key_row *at, const char *stage)
{
	at->stage = stage;
	at->reached_id = (struct uuid){{0}};
	at->reached_name = NULL;
}

/* Nothing is sealed under them any more. */
static enum error retire_older(struct op *op, struct project_key_row *at)
{
	begin_stage(at, KEY_STAGE_SETTLED);
	at->settled_at = op->now;
	TRY(store_project_key_retire(op, at->version));
	return tell(op, "key.settled", at->version);
}

enum error key_rotation_go_on(struct op *op, bool *ret_is_settled)
{
	struct project_key_row at;
	size_t count;

	TRY(store_project_key_current(op, &at));
	*ret_is_settled = strcmp(at.stage, KEY_STAGE_SETTLED) == 0;
	if (*ret_is_settled)
		return OK;
	if (strcmp(at.stage, KEY_STAGE_SECRETS) == 0) {
		TRY(reseal_secrets(op, &at, &count));
		if (count < KEY_ROTATION_BATCH)
			begin_stage(&at, KEY_STAGE_ANSWERS);
	} else {
		TRY(reseal_answers(op, &at, &count));
		*ret_is_settled = count < KEY_ROTATION_BATCH;
		if (*ret_is_settled)
			TRY(retire_older(op, &at));
	}
	return store_project_key_reach(op, &at);
}

enum error key_rotation_status(struct op *op, struct key_status *ret)
{
	struct project_key_row row;
	int64_t count;

	TRY(store_project_key_current(op, &row));
	TRY(store_project_key_count(op, &count));
	*ret = (struct key_status){
		.version = row.version,
		.since = row.created_at,
		.is_settled = strcmp(row.stage, KEY_STAGE_SETTLED) == 0,
		.settled_at = row.settled_at,
		.resealed = row.resealed,
		.older_count = count - 1,
	};
	return OK;
}
