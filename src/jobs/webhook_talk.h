/* Talking with a git provider about a webhook, by the client. */
#ifndef CLEAT_JOBS_WEBHOOK_TALK_H
#define CLEAT_JOBS_WEBHOOK_TALK_H

#include "core/git_webhook.h"
#include "core/job.h"
#include "http/client.h"

/* Makes its calls, until it is over, or was stopped. */
void webhook_talk(struct op *op, struct client *client,
		  struct git_webhook_talk *talk);

/* False when it was stopped: the job is given up, and is tried again. */
bool webhook_talk_is_over(const struct git_webhook_talk *talk,
			  struct job_end *ret_end);

#endif
