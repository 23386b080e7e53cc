/* Telling others, every hour, how far each chain has grown. */
#include "core/checkpoint.h"

#include <string.h>

#include "http/client.h"
#include "jobs/checkpoint.h"
#include "jobs/checkpoint_file.h"
#include "jobs/kinds.h"

#define RETRY_US INT64_C(60000000)

/* Set once, before any job runs. */
static const char *file_path, *url;

/* One turn, in the op's arena. */
struct telling {
	struct checkpoint_list list;
	struct signer signer;
	const char *lines;
	bool is_of_file;
	bool is_told;
	struct client_answer answer; /* of the URL */
};

void checkpoint_job_set(const char *to_file, const char *to_url)
{
	file_path = to_file;
	url = to_url;
}

static enum error begin(struct op *op, const struct job *job, void **ret_state)
{
	struct telling *telling = arena_alloc(&op->arena, sizeof(*telling));

	telling->is_of_file = strcmp(job->lane, "file") == 0;
	TRY(checkpoint_due(op, job->subject_id, &telling->list));
	TRY(signer_open(op, &telling->signer));
	*ret_state = telling;
	return OK;
}

static void post(struct op *op, struct telling *telling, struct client *client)
{
	const struct outbound_call call = {
		.method = "POST",
		.url = url,
		.headers = {{"Content-Type", "text/plain; charset=us-ascii"}},
		.header_count = 1,
		.body = telling->lines,
		.body_length = strlen(telling->lines),
	};
	struct client_answer *answer = &telling->answer;

	client_send(client, &op->arena, &call, 0, answer);
	telling->is_told = answer->failure == CLIENT_OK &&
			   answer->status >= 200 && answer->status < 300;
}

static void run(struct op *op, void *state, struct client *client)
{
	struct telling *telling = state;

	telling->lines = checkpoint_lines(&op->arena, &telling->signer, op->now,
					  &telling->list);
	if (!telling->list.count)
		telling->is_told = true;
	else if (telling->is_of_file)
		telling->is_told =
			checkpoint_file_add(file_path, telling->lines);
	else
		post(op, telling, client);
}

/* When to try again what was not told. */
static int64_t pause_of(const struct telling *telling)
{
	int64_t asked = telling->answer.retry_after_us;

	return asked > RETRY_US ? asked : RETRY_US;
}

static enum error end(struct op *op, const struct job *job, void *state,
		      struct job_end *ret)
{
	const struct telling *telling = state;
	bool is_all = telling->list.count < CHECKPOINTS_AT_ONCE;

	if (telling->answer.failure == CLIENT_STOPPED) {
		ret->what = JOB_GIVEN_UP; /* it was not tried to its end */
		return OK;
	}
	*ret = (struct job_end){
		.what = JOB_AGAIN,
		.due_at = op->now + pause_of(telling),
	};
	if (!telling->is_told)
		return OK;
	ret->due_at = is_all ? op->now + CHECKPOINT_EVERY_US : op->now;
	return checkpoint_told(op, job->subject_id, &telling->list);
}

const struct job_kind checkpoint_job = {
	.name = CHECKPOINT_JOB,
	.begin = begin,
	.run = run,
	.end = end,
};
