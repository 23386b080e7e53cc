/* From what the client got to what core judges. */
#ifndef CLEAT_JOBS_ANSWER_H
#define CLEAT_JOBS_ANSWER_H

#include "base/outbound_call.h"
#include "core/job.h"
#include "http/client.h"

/*
 * False when the call was stopped: it was not tried to its end, so the job is
 * given up. Texts stay the client's.
 */
bool answer_take(const struct client_answer *got, struct outbound_answer *ret,
		 struct job_end *ret_end);

#endif
