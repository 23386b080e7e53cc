/* Trying integrations outside. */
#include "core/validation.h"
#include "jobs/answer.h"
#include "jobs/kinds.h"

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct validation *validation =
		arena_alloc(&op->arena, sizeof(*validation));
	enum error error = validation_take(op, job, validation);

	*ret_state = error == OK ? validation : NULL;
	return error == ERR_NOT_FOUND ? OK : error;
}

/* What is stopped has failed: whoever asked may ask again. */
static void run(struct op *op, void *state, struct client *client)
{
	struct validation *validation = state;
	struct outbound_answer answer;
	struct outbound_call call;
	struct client_answer got;
	struct job_end ignored;

	while (validation && probe_next(&validation->probe, &call)) {
		client_send(client, &op->arena, &call, VALIDATION_CALL_US,
			    &got);
		(void)answer_take(&got, &answer, &ignored);
		probe_take(&validation->probe, &answer);
	}
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	(void)job;
	(void)ret;
	return state ? validation_end(op, state) : OK;
}

const struct job_kind validate_job = {
	.name = VALIDATION_JOB,
	.begin = begin,
	.run = run,
	.end = end,
};
