/* Taking the client's answers over. */
#include "jobs/answer.h"

bool answer_take(const struct client_answer *got, struct outbound_answer *ret,
		 struct job_end *ret_end)
{
	*ret = (struct outbound_answer){
		.status = got->status,
		.failure = client_failure_name(got->failure),
		.body = got->body,
		.length = got->body_length,
		.retry_after_us = got->retry_after_us,
		.took_us = got->took_us,
	};
	if (got->failure != CLIENT_STOPPED)
		return true;
	ret_end->what = JOB_GIVEN_UP;
	return false;
}
