/* What came of an execution: its output, or why there is none. */
#include <inttypes.h>

#include "base/json_read.h"
#include "dialects/gorules/execution.h"
#include "dialects/gorules/expression.h"

/* The target was not reached, or not heard to the end. */
static enum error fail_of(struct op *op, enum client_failure failure,
			  int *ret_status)
{
	const char *why = client_failure_name(failure);

	*ret_status = 502;
	switch (failure) {
	case CLIENT_BLOCKED:
	case CLIENT_BAD_URL:
		*ret_status = 422;
		return op_fail(op, ERR_INVALID,
			       "the target can't be called: %s", why);
	case CLIENT_TIMED_OUT:
		*ret_status = 504;
		return op_fail(op, ERR_BUSY,
			       "the target did not answer within the timeout");
	case CLIENT_STOPPED:
		*ret_status = 503;
		return op_fail(op, ERR_BUSY, "the call was stopped");
	case CLIENT_TOO_LARGE:
		return op_fail(op, ERR_BUSY,
			       "the target's answer is over %d bytes",
			       CLIENT_ANSWER_MAX);
	default:
		return op_fail(op, ERR_BUSY, "the target is unreachable: %s",
			       why);
	}
}

static enum error pick(struct op *op, const char *output,
		       const struct client_answer *answer,
		       const json_t **ret_output, int *ret_status)
{
	const json_t *picked;
	const char *why;
	json_t *body;

	if (json_read(&op->arena, answer->body, answer->body_length, &body,
		      &why) != OK) {
		*ret_status = 502;
		return op_fail(op, ERR_BUSY, "the target's answer is %s", why);
	}
	*ret_output = body;
	if (!*output)
		return OK;
	why = expression_of(&op->arena, output, body, &picked);
	*ret_status = 422;
	if (why)
		return op_fail(op, ERR_INVALID, "config.output %s", why);
	if (!picked)
		return op_fail(op, ERR_INVALID,
			       "config.output: there is no %s in the target's "
			       "answer",
			       output);
	*ret_output = picked;
	return OK;
}

enum error gorules_outcome(struct op *op, const char *output,
			   const struct client_answer *answer,
			   const json_t **ret_output, int *ret_status)
{
	bool is_success = answer->status >= 200 && answer->status < 300;

	*ret_output = json_null();
	if (answer->failure != CLIENT_OK)
		return fail_of(op, answer->failure, ret_status);
	if (!answer->body_length)
		return OK;
	enum error error = pick(op, output, answer, ret_output, ret_status);
	if (error == OK || is_success)
		return error;
	/* an error page: its status says what there is to say */
	*ret_output = json_null();
	return OK;
}

const char *gorules_performance(struct arena *arena, int64_t took_us)
{
	if (took_us < 1000)
		return arena_printf(arena, "%" PRId64 "µs", took_us);
	if (took_us < 1000000)
		return arena_printf(arena, "%.1fms", (double)took_us / 1e3);
	return arena_printf(arena, "%.1fs", (double)took_us / 1e6);
}
