/* Ending grants at their providers. */
#include "core/step.h"
#include "jobs/answer.h"
#include "jobs/kinds.h"

/* One try, in the op's arena. */
struct attempt {
	struct revoking revoking;
	struct client_answer answer;
};

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct attempt *attempt = arena_alloc(&op->arena, sizeof(*attempt));
	enum error error =
		step_begin_revoking(op, job->subject_id, &attempt->revoking);

	*ret_state = error == OK ? attempt : NULL;
	return error == ERR_NOT_FOUND ? OK : error;
}

static void run(struct op *op, void *state, struct client *client)
{
	struct attempt *attempt = state;

	if (attempt && !attempt->revoking.lack && !attempt->revoking.is_shared)
		client_send(client, &op->arena, &attempt->revoking.call, 0,
			    &attempt->answer);
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	const struct attempt *attempt = state;
	struct outbound_answer answer;
	int64_t next_at;

	(void)job;
	if (!attempt)
		return OK; /* it was given up, or is done */
	if (!answer_take(&attempt->answer, &answer, ret))
		return OK;
	TRY(step_end_revoking(op, &attempt->revoking, &answer, &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind revoke_job = {
	.name = STEP_REVOKE,
	.begin = begin,
	.run = run,
	.end = end,
	.lane_max = 4,
};
