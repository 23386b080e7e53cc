/* Pushing connections to workers, and removing them there. */
#include "core/deploying.h"
#include "jobs/answer.h"
#include "jobs/kinds.h"

#define TIMEOUT_US INT64_C(10000000) /* a worker is near */

/* One try, in the op's arena. */
struct attempt {
	struct deploying deploying;
	struct client_answer answer;
};

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct attempt *attempt = arena_alloc(&op->arena, sizeof(*attempt));
	enum error error =
		deploying_begin(op, job->subject_id, &attempt->deploying);

	*ret_state = error == OK ? attempt : NULL;
	return error == ERR_NOT_FOUND ? OK : error;
}

static void run(struct op *op, void *state, struct client *client)
{
	struct attempt *attempt = state;

	if (attempt && !attempt->deploying.lack)
		client_send(client, &op->arena, &attempt->deploying.call,
			    TIMEOUT_US, &attempt->answer);
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	const struct attempt *attempt = state;
	struct outbound_answer answer;
	int64_t next_at;

	if (!attempt)
		return OK; /* it was given up, or is settled */
	if (attempt->deploying.lack)
		answer = (struct outbound_answer){
			.failure = attempt->deploying.lack};
	else if (!answer_take(&attempt->answer, &answer, ret))
		return OK;
	TRY(deploying_end(op, &attempt->deploying, &answer, job->attempts,
			  &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind deploy_job = {
	.name = JOB_DEPLOY,
	.begin = begin,
	.run = run,
	.end = end,
};
