/* What answers have in common, whatever their API. */
#include "base/clock.h"
#include "base/log.h"
#include "server/serve.h"

/* In seconds: what is known of it, or soon. */
static const char *retry_after(struct request *request)
{
	const struct op *op = &request->op;
	int64_t wait_s = request->retry_after_s;

	if (!wait_s)
		wait_s = clock_seconds_until(op->now, op->retry_at);
	return arena_printf(&request->op.arena, "%lld",
			    wait_s ? (long long)wait_s : 1LL);
}

void serve_answer_error(struct request *request, const struct dialect *dialect,
			enum error error, int status)
{
	struct response *response = &request->response;

	buf_clear(&response->body);
	response->status = 0;
	response->content_type = NULL;
	response->header_count = 0;
	request->error = error;
	if (!status && error == ERR_BUSY && request->retry_after_s)
		status = 429;
	if (error == ERR_STORE) /* not for what was explained on the way */
		op_explain(&request->op, "the store failed");
	dialect->write_error(request, error, status);
	if (response->status == 503 || error == ERR_BUSY)
		response_header(request, "Retry-After", retry_after(request));
	if (error == ERR_STORE || error == ERR_INTERNAL)
		log_error("request failed", "request_id",
			  request->op.request_id, "error", error_name(error),
			  "detail",
			  request->op.detail ? request->op.detail : "", NULL);
}

void serve_answer_plan(struct request *request)
{
	buf_clear(&request->response.body);
	request->response.status = 200;
	request->response.content_type = "application/vnd.cleat.plan+json";
	buf_text(&request->response.body, request->op.plan);
}

void serve_name_deletion(struct request *request)
{
	char *id;

	if (uuid_is_nil(request->op.deletion_id))
		return;
	id = arena_alloc(&request->op.arena, UUID_TEXT);
	uuid_format(request->op.deletion_id, id);
	response_header(request, "Cleat-Deletion", id);
}
