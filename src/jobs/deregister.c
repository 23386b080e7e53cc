/* Taking webhooks away at git providers. */
#include "core/deregistering.h"
#include "jobs/kinds.h"
#include "jobs/webhook_talk.h"

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct deregistering *deregistering =
		arena_alloc(&op->arena, sizeof(*deregistering));
	enum error error = deregistering_take(op, job, deregistering);

	*ret_state = error == OK ? deregistering : NULL;
	return error == ERR_NOT_FOUND ? OK : error;
}

static void run(struct op *op, void *state, struct client *client)
{
	struct deregistering *deregistering = state;

	if (deregistering)
		webhook_talk(op, client, &deregistering->talk);
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	const struct deregistering *deregistering = state;
	int64_t next_at;

	if (!deregistering)
		return OK; /* it is done, or was given up */
	if (!webhook_talk_is_over(&deregistering->talk, ret))
		return OK;
	TRY(deregistering_end(op, job, deregistering, &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind deregister_job = {
	.name = STEP_DEREGISTER,
	.begin = begin,
	.run = run,
	.end = end,
};
