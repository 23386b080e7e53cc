/* Talks about webhooks. */
#include "jobs/webhook_talk.h"

#include "jobs/answer.h"

static bool take_one(struct op *op, struct client *client,
		     const struct outbound_call *call,
		     struct git_webhook_talk *talk)
{
	struct outbound_answer answer;
	struct client_answer got;
	struct job_end ignored;

	client_send(client, &op->arena, call, GIT_WEBHOOK_CALL_US, &got);
	if (!answer_take(&got, &answer, &ignored))
		return false;
	git_webhook_take(talk, &answer);
	return true;
}

/* Each call has its time, and few enough are made for the job's claim. */
void webhook_talk(struct op *op, struct client *client,
		  struct git_webhook_talk *talk)
{
	struct outbound_call call;
	bool is_stopped = false;

	while (!is_stopped && git_webhook_next(talk, &call))
		is_stopped = !take_one(op, client, &call, talk);
}

bool webhook_talk_is_over(const struct git_webhook_talk *talk,
			  struct job_end *ret_end)
{
	if (talk->outcome != GIT_WEBHOOK_TALKS)
		return true;
	ret_end->what = JOB_GIVEN_UP;
	return false;
}
