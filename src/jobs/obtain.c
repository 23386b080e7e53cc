/* Obtaining tokens for connections. */
#include "core/obtaining.h"
#include "jobs/answer.h"
#include "jobs/kinds.h"

/* The one try, in the op's arena. */
struct attempt {
	struct obtained obtained;
	struct client_answer answer;
};

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct attempt *attempt = arena_alloc(&op->arena, sizeof(*attempt));
	enum error error =
		obtaining_begin(op, job->subject_id, &attempt->obtained);

	*ret_state = error == OK ? attempt : NULL;
	return error == ERR_NOT_FOUND ? OK : error;
}

static void run(struct op *op, void *state, struct client *client)
{
	struct attempt *attempt = state;

	if (attempt && attempt->obtained.is_sent)
		client_send(client, &op->arena, &attempt->obtained.call, 0,
			    &attempt->answer);
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	struct attempt *attempt = state;
	struct outbound_answer answer = {.status = 0};
	int64_t next_at;

	(void)job;
	if (!attempt)
		return OK; /* its record is gone */
	/* stopped: it is not sent again, so it is known to be lost */
	if (attempt->obtained.is_sent &&
	    !answer_take(&attempt->answer, &answer, ret))
		*ret = (struct job_end){.what = JOB_DONE};
	TRY(obtaining_end(op, &attempt->obtained, &answer, &next_at));
	if (next_at)
		*ret = (struct job_end){.what = JOB_AGAIN, .due_at = next_at};
	return OK;
}

const struct job_kind obtain_job = {
	.name = OBTAINING_JOB,
	.begin = begin,
	.run = run,
	.end = end,
};
