/* What is kept of a call. */
#include "server/proxy_call.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

/* A piece of work on the writer that nobody waits for. */
struct recording {
	struct work work;
	struct op op;
	struct passing passing;
	struct passing_outcome outcome;
};

static enum error run_recording(struct work *work)
{
	struct recording *recording = (struct recording *)work;
	enum error error = passing_record(work->op, &recording->passing,
					  &recording->outcome);

	/* with the installation its operations have gone */
	return error == ERR_NOT_FOUND ? OK : error;
}

static void recorded(struct work *work, enum error error)
{
	struct recording *recording = (struct recording *)work;

	if (error != OK)
		log_error("a call's operation is not recorded", "request_id",
			  work->op->request_id, "error", error_name(error),
			  NULL);
	op_release(&recording->op);
	free(recording);
}

void proxy_call_record(struct proxy_call *call, const char *failure)
{
	struct recording *recording = memory_zalloc(sizeof(*recording));
	const struct client_streamed *result = &call->result;

	proxy_call_begin_op(call, &recording->op);
	recording->work = (struct work){
		.op = &recording->op,
		.run = run_recording,
		.done = recorded,
	};
	recording->passing = passing_copy(&recording->op.arena, &call->passing);
	recording->outcome = (struct passing_outcome){
		.status = result->status,
		.failure = failure ? arena_strdup(&recording->op.arena, failure)
				   : NULL,
		.sent = result->sent,
		.received = result->received,
		.took_us = clock_monotonic() - call->began,
		.is_refreshed = call->is_refreshed,
	};
	if (!writer_give(call->proxy->parts.writer, &recording->work))
		recorded(&recording->work, ERR_BUSY);
}
