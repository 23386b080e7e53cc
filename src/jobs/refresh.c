/* Refreshing the tokens of connections. */
#include "core/refreshing.h"
#include "jobs/answer.h"
#include "jobs/kinds.h"

/* One try, in the op's arena. */
struct attempt {
	struct refreshing_try tried;
	struct client_answer answer;
};

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct attempt *attempt = arena_alloc(&op->arena, sizeof(*attempt));

	*ret_state = attempt;
	return refreshing_begin(op, job, &attempt->tried);
}

static void run(struct op *op, void *state, struct client *client)
{
	struct attempt *attempt = state;

	if (attempt->tried.is_sent)
		client_send(client, &op->arena, &attempt->tried.call, 0,
			    &attempt->answer);
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	const struct attempt *attempt = state;
	struct outbound_answer answer = {.status = 0};

	if (attempt->tried.is_sent &&
	    !answer_take(&attempt->answer, &answer, ret))
		return OK;
	return refreshing_end(op, job, &attempt->tried, &answer);
}

const struct job_kind refresh_job = {
	.name = REFRESHING_JOB,
	.begin = begin,
	.run = run,
	.end = end,
};
