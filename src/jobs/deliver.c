/* Sending events to their destinations. */
#include "base/clock.h"
#include "core/sending.h"
#include "jobs/answer.h"
#include "jobs/kinds.h"

/*
 * First tries begin in the order of events, each when the one before has ended
 * or, when that hangs, so long after it began.
 */
#define GAP_US INT64_C(100000)

static int64_t timeout_us = SENDING_TIMEOUT_US;

/* One try, in the op's arena. */
struct attempt {
	struct sending sending;
	struct client_answer answer;
};

void deliver_set_timeout(int64_t us)
{
	timeout_us = us;
}

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct attempt *attempt = arena_alloc(&op->arena, sizeof(*attempt));
	enum error error = sending_begin(op, job, &attempt->sending);

	*ret_state = error == OK ? attempt : NULL;
	return error == ERR_NOT_FOUND ? OK : error;
}

static void run(struct op *op, void *state, struct client *client)
{
	struct attempt *attempt = state;
	struct outbound_call call;

	if (!attempt)
		return;
	sending_make(op, &attempt->sending, clock_now(), &call);
	client_send(client, &op->arena, &call, timeout_us, &attempt->answer);
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	const struct attempt *attempt = state;
	struct outbound_answer answer;

	if (!attempt)
		return OK; /* it has ended, or another job tries it */
	if (!answer_take(&attempt->answer, &answer, ret))
		return OK;
	return sending_end(op, job, &attempt->sending, &answer, ret);
}

const struct job_kind deliver_job = {
	.name = DELIVERY_JOB,
	.begin = begin,
	.run = run,
	.end = end,
	.lane_max = 3,
	.lane_gap_us = GAP_US,
};
