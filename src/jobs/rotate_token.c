/* Getting new tokens for GitLab integrations. */
#include "core/token_rotation.h"
#include "jobs/answer.h"
#include "jobs/kinds.h"

/* One try, in the op's arena. */
struct attempt {
	struct token_rotation rotation;
	struct client_answer answer;
};

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct attempt *attempt = arena_alloc(&op->arena, sizeof(*attempt));
	enum error error = token_rotation_take(op, job, &attempt->rotation);

	*ret_state = error == OK ? attempt : NULL;
	return error == ERR_NOT_FOUND ? OK : error;
}

static void run(struct op *op, void *state, struct client *client)
{
	struct attempt *attempt = state;
	struct outbound_call call;

	if (!attempt)
		return;
	token_rotation_make(op, &attempt->rotation, &call);
	client_send(client, &op->arena, &call, 0, &attempt->answer);
}

/* What was stopped may have been done: it is recorded as not answered. */
static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	const struct attempt *attempt = state;
	struct outbound_answer answer;
	int64_t next_at;

	if (!attempt)
		return OK; /* it is not wanted any more */
	if (!answer_take(&attempt->answer, &answer, ret))
		*ret = (struct job_end){.what = JOB_DONE};
	TRY(token_rotation_end(op, job, &attempt->rotation, &answer, &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind rotate_token_job = {
	.name = TOKEN_ROTATION_JOB,
	.begin = begin,
	.run = run,
	.end = end,
};
