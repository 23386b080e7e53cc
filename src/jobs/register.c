/* Registering webhooks at git providers. */
#include "core/registering.h"
#include "jobs/kinds.h"
#include "jobs/webhook_talk.h"

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct registering *registering =
		arena_alloc(&op->arena, sizeof(*registering));
	enum error error = registering_take(op, job, registering);

	*ret_state = error == OK ? registering : NULL;
	return error == ERR_NOT_FOUND ? OK : error;
}

static void run(struct op *op, void *state, struct client *client)
{
	struct registering *registering = state;

	if (registering)
		webhook_talk(op, client, &registering->talk);
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	const struct registering *registering = state;

	if (!registering)
		return OK; /* none is wanted any more */
	int64_t next_at;

	if (!webhook_talk_is_over(&registering->talk, ret))
		return OK;
	TRY(registering_end(op, job, registering, &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind register_job = {
	.name = REGISTERING_JOB,
	.begin = begin,
	.run = run,
	.end = end,
};
