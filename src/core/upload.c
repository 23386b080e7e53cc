/* Giving addresses out, keeping what comes, and removing it. */
#include "core/upload.h"

#include <sodium.h>
#include <string.h>

#include "core/job.h"
#include "core/principal.h"
#include "core/project.h"
#include "core/store.h"

static bool is_over(const struct op *op, struct uuid id)
{
	int64_t made_at = uuid_time_us(id);

	/* ids of the future are nobody's */
	return made_at > op->now + UPLOAD_LIFETIME_US ||
	       made_at + UPLOAD_LIFETIME_US <= op->now;
}

static void sign(struct op *op, const struct upload_address *address,
		 char ret[static DIGEST_TEXT])
{
	char project[UUID_TEXT], id[UUID_TEXT];

	uuid_format(address->project_id, project);
	uuid_format(address->id, id);
	const char *text = arena_printf(&op->arena, "upload %s %s %s", project,
					id, address->md5);
	struct digest digest = digest_make(&op->keys->sign, text, strlen(text));
	digest_format(&digest, ret);
}

void upload_address_make(struct op *op, const char *md5,
			 struct upload_address *ret)
{
	*ret = (struct upload_address){
		.project_id = op->principal->project_id,
		.id = uuid_make(op->now),
		.md5 = md5,
	};
	sign(op, ret, ret->signature);
}

static enum error refuse_unless_signed(struct op *op,
				       const struct upload_address *to)
{
	char signature[DIGEST_TEXT];

	sign(op, to, signature);
	if (strlen(to->signature) == sizeof(signature) - 1 &&
	    sodium_memcmp(signature, to->signature, sizeof(signature)) == 0 &&
	    !is_over(op, to->id))
		return OK;
	op_advise(op, "Ask for another upload URL.");
	return op_fail(op, ERR_FORBIDDEN,
		       "this upload URL was not given out, or is over");
}

/* One sweep waits in each project that has uploads. */
static enum error plan_sweep(struct op *op)
{
	const struct job_new sweep = {
		.kind = UPLOAD_SWEEP_JOB,
		.lane = UPLOAD_SWEEP_JOB,
		.subject_id = op->project_id,
		.due_at = op->now + UPLOAD_LIFETIME_US + 1000,
	};
	struct job waiting;
	enum error error =
		store_job_first(op, sweep.kind, sweep.lane, &waiting);

	return error == ERR_NOT_FOUND ? job_add(op, &sweep, NULL) : error;
}

enum error upload_put(struct op *op, const struct upload_address *to,
		      const void *bytes, size_t length)
{
	struct project project;
	char id[UUID_TEXT];

	TRY(refuse_unless_signed(op, to));
	uuid_format(to->project_id, id);
	TRY(store_project_find(op, PROJECT_BY_ID, id, &project));
	op->project_id = project.id;
	TRY(store_upload_put(op, to->id, bytes, length));
	TRY(store_upload_trim(op, UPLOADS_KEPT));
	return plan_sweep(op);
}

enum error upload_get(struct op *op, struct uuid project_id, struct uuid id,
		      struct upload_content *ret)
{
	struct uuid entered = op->project_id;

	if (!uuid_equal(project_id, op->principal->project_id) ||
	    is_over(op, id))
		return ERR_NOT_FOUND;
	op->project_id = project_id;
	enum error error = store_upload_get(op, id, ret);
	op->project_id = entered;
	return error;
}

enum error upload_sweep(struct op *op, int64_t *ret_next_at)
{
	struct uuid oldest;

	TRY(store_upload_sweep(op,
			       uuid_first_at(op->now - UPLOAD_LIFETIME_US)));
	TRY(store_job_drop_waiting(op, UPLOAD_SWEEP_JOB, UPLOAD_SWEEP_JOB));
	*ret_next_at = 0;
	enum error error = store_upload_oldest(op, &oldest);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	*ret_next_at = uuid_time_us(oldest) + UPLOAD_LIFETIME_US + 1000;
	return OK;
}
