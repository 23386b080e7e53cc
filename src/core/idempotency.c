/* Keeping and finding the answers of requests with a key. */
#include "core/idempotency.h"

#include <string.h>

#include "core/job.h"
#include "core/principal.h"
#include "core/project_key.h"
#include "core/store.h"

bool idempotency_key_is_valid(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if (text[i] < 0x21 || text[i] > 0x7e)
			return false;
	return length && length <= IDEMPOTENCY_KEY_MAX;
}

/* One for each token and key; what is sealed opens under it alone. */
static struct uuid row_id(struct op *op, const struct once *once)
{
	char token[UUID_TEXT];
	struct uuid id;

	uuid_format(op->principal->token_id, token);
	const char *text =
		arena_printf(&op->arena, "idempotency %s %s", token, once->key);
	struct digest digest = digest_make(&op->keys->sign, text, strlen(text));
	memcpy(id.bytes, digest.bytes, UUID_BYTES);
	return id;
}

static struct seal_place place_of(const struct op *op, struct uuid id,
				  int64_t key_version)
{
	return (struct seal_place){op->project_id, "idempotency", id, "body",
				   key_version};
}

/* ERR_NOT_FOUND when its key is gone, or it does not open. */
static enum error open_body(struct op *op, const struct kept_body *kept,
			    struct secret *ret)
{
	struct seal_place place = place_of(op, kept->id, kept->key_version);
	struct project_key key = {0};

	enum error error = project_key_use(op, kept->key_version, &key);
	if (error == OK &&
	    !seal_open(&op->arena, &key.key, &place, kept->sealed.bytes,
		       kept->sealed.length, ret))
		error = ERR_NOT_FOUND;
	key_wipe(&key.key);
	return error;
}

static enum error show_body(struct op *op, struct uuid id, struct kept_row *row)
{
	const struct kept_body kept = {
		id, row->key_version, {row->answer.body, row->answer.length}};
	struct secret plain;

	enum error error = open_body(op, &kept, &plain);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, ERR_IN_USE,
			       "this was done, but its answer cannot be "
			       "shown again");
	TRY(error);
	row->answer.body = plain.bytes;
	row->answer.length = plain.length;
	op->has_secrets = true;
	return OK;
}

static enum error find(struct op *op, const struct once *once,
		       struct kept_answer *ret)
{
	struct uuid id = row_id(op, once);
	struct kept_row row;

	TRY(store_idempotency_get(op, id, &row));
	if (row.created_at <= op->now - IDEMPOTENCY_LIFETIME_US)
		return ERR_NOT_FOUND;
	if (memcmp(row.fingerprint.bytes, once->fingerprint.bytes,
		   DIGEST_BYTES) != 0) {
		op_issue(op, "header", "Idempotency-Key",
			 "was used for another request");
		return op_fail(op, ERR_INVALID,
			       "this Idempotency-Key was used for another "
			       "request");
	}
	if (row.key_version)
		TRY(show_body(op, id, &row));
	*ret = row.answer;
	return OK;
}

enum error idempotency_find(struct op *op, const struct once *once,
			    struct kept_answer *ret)
{
	struct uuid own = op->project_id;

	op->project_id = op->principal->project_id;
	enum error error = find(op, once, ret);
	op->project_id = own;
	return error;
}

static enum error seal_body(struct op *op, struct uuid id, const void *body,
			    size_t length, struct kept_body *ret)
{
	struct project_key key;

	TRY(project_key_current(op, &key));
	struct seal_place place = place_of(op, id, key.version);
	seal(&op->arena, &key.key, &place, body, length, &ret->sealed.bytes,
	     &ret->sealed.length);
	key_wipe(&key.key);
	ret->id = id;
	ret->key_version = key.version;
	return OK;
}

enum error idempotency_reseal(struct op *op, const struct kept_body *kept)
{
	struct kept_body made;
	struct secret plain;

	enum error error = open_body(op, kept, &plain);
	if (error == ERR_NOT_FOUND)
		return OK; /* it can't be shown again in any case */
	TRY(error);
	TRY(seal_body(op, kept->id, plain.bytes, plain.length, &made));
	return store_idempotency_reseal(op, &made);
}

static enum error seal_answer(struct op *op, struct uuid id,
			      struct kept_row *row)
{
	struct kept_body sealed;

	TRY(seal_body(op, id, row->answer.body, row->answer.length, &sealed));
	row->key_version = sealed.key_version;
	row->answer.body = sealed.sealed.bytes;
	row->answer.length = sealed.sealed.length;
	return OK;
}

/* One sweep waits in each project that has kept answers. */
static enum error plan_sweep(struct op *op)
{
	const struct job_new sweep = {
		.kind = IDEMPOTENCY_JOB,
		.lane = IDEMPOTENCY_JOB,
		.subject_id = op->project_id,
		.due_at = op->now + IDEMPOTENCY_LIFETIME_US +
			  IDEMPOTENCY_GRACE_US,
	};
	struct job waiting;
	enum error error =
		store_job_first(op, sweep.kind, sweep.lane, &waiting);

	return error == ERR_NOT_FOUND ? job_add(op, &sweep, NULL) : error;
}

static enum error keep(struct op *op, const struct once *once,
		       const struct kept_answer *answer)
{
	struct uuid id = row_id(op, once);
	struct kept_row row = {
		.fingerprint = once->fingerprint,
		.answer = *answer,
		.created_at = op->now,
	};

	if (op->has_secrets)
		TRY(seal_answer(op, id, &row));
	enum error error = store_idempotency_put(
		op, id, &row, op->now - IDEMPOTENCY_LIFETIME_US);
	if (error == ERR_TAKEN)
		return op_fail(op, ERR_BUSY,
			       "a request with this Idempotency-Key is being "
			       "answered");
	TRY(error);
	return plan_sweep(op);
}

enum error idempotency_keep(struct op *op, const struct once *once,
			    const struct kept_answer *answer)
{
	struct uuid own = op->project_id;

	op->project_id = op->principal->project_id;
	enum error error = keep(op, once, answer);
	op->project_id = own;
	return error;
}

enum error idempotency_sweep(struct op *op, int64_t *ret_next_at)
{
	int64_t swept, oldest;

	TRY(store_idempotency_sweep(op, op->now - IDEMPOTENCY_LIFETIME_US,
				    IDEMPOTENCY_SWEEP_MAX, &swept));
	TRY(store_job_drop_waiting(op, IDEMPOTENCY_JOB, IDEMPOTENCY_JOB));
	*ret_next_at = 0;
	enum error error = store_idempotency_oldest(op, &oldest);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	*ret_next_at = swept == IDEMPOTENCY_SWEEP_MAX
			       ? op->now
			       : oldest + IDEMPOTENCY_LIFETIME_US +
					 IDEMPOTENCY_GRACE_US;
	return OK;
}
