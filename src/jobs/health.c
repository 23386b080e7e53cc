/* Looking whether new credentials are good. */
#include "core/health.h"
#include "jobs/answer.h"
#include "jobs/kinds.h"

/* A provider that does not answer holds no thread for long. */
#define CALL_US INT64_C(10000000)

/* One look, in the op's arena. */
struct attempt {
	struct health_look look;
	struct client_answer answer;
};

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct attempt *attempt = arena_alloc(&op->arena, sizeof(*attempt));

	*ret_state = attempt;
	return health_begin(op, job, &attempt->look);
}

static void run(struct op *op, void *state, struct client *client)
{
	struct attempt *attempt = state;

	if (attempt->look.is_sent)
		client_send(client, &op->arena, &attempt->look.call, CALL_US,
			    &attempt->answer);
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	const struct attempt *attempt = state;
	struct outbound_answer answer = {.status = 0};

	(void)job;
	if (!attempt->look.is_sent ||
	    !answer_take(&attempt->answer, &answer, ret))
		return OK;
	return health_end(op, &attempt->look, &answer);
}

const struct job_kind health_job = {
	.name = HEALTH_JOB,
	.begin = begin,
	.run = run,
	.end = end,
};
