/*
 * One try of a delivery: what is sent, and what comes of the answer.
 * (Standard Webhooks 1.0, "Webhook Headers" and "Operational considerations".)
 */
#ifndef CLEAT_CORE_SENDING_H
#define CLEAT_CORE_SENDING_H

#include "base/outbound_call.h"
#include "core/credential.h"
#include "core/delivery.h"
#include "core/integration.h"
#include "core/job.h"

#define SENDING_TIMEOUT_US INT64_C(15000000)

struct sending {
	struct delivery delivery;
	bool is_to_listener; /* an integration; else to the destination */
	struct destination destination;
	struct integration listener;
	struct credential_list keys;
	const char *body;
};

/* ERR_NOT_FOUND when this job has nothing to send (any more), or nothing can be
 * sent there: the delivery has failed then. */
MUST_CHECK enum error sending_begin(struct op *op, const struct job *job,
				    struct sending *ret);

/* Any thread; signed for the second that it is now. */
void sending_make(struct op *op, const struct sending *sending, int64_t now,
		  struct outbound_call *ret);

/*
 * Records the try, and what it means for the delivery and its destination.
 * `ret` is how its job ends.
 */
MUST_CHECK enum error sending_end(struct op *op, const struct job *job,
				  const struct sending *sending,
				  const struct outbound_answer *answer,
				  struct job_end *ret);

#endif
