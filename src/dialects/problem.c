/* Writing problem details. */
#include "dialects/problem.h"

#include "base/clock.h"
#include "base/json_write.h"
#include "http/server.h"

struct problem_kind {
	int status;
	bool is_retryable;
	const char *remedy; /* when the op advises none */
};

static struct problem_kind kind_of(enum error error)
{
	switch (error) {
	case ERR_MALFORMED:
	case ERR_MISSHAPEN:
		return (struct problem_kind){
			400, false, "Correct the request and send it again."};
	case ERR_INVALID:
	case ERR_TAKEN:
		return (struct problem_kind){
			422, false, "Correct the values and send it again."};
	case ERR_UNAUTHENTICATED:
		return (struct problem_kind){
			401, false,
			"Send a valid API key in X-Api-Key, or a "
			"bearer token in Authorization."};
	case ERR_FORBIDDEN:
		return (struct problem_kind){403, false,
					     "Use a key that may do this."};
	case ERR_NOT_FOUND:
		return (struct problem_kind){
			404, false, "Check the identifiers that were sent."};
	case ERR_METHOD:
		return (struct problem_kind){405, false,
					     "Use a method that Allow names."};
	case ERR_CHANGED:
		return (struct problem_kind){412, false,
					     "Look at what has changed."};
	case ERR_HELD:
	case ERR_IN_USE:
		return (struct problem_kind){
			409, false,
			"Look at the causes: they stand in the way."};
	case ERR_TOO_LARGE:
		return (struct problem_kind){413, false,
					     "Send or ask for less."};
	case ERR_BUSY:
		return (struct problem_kind){503, true, "Try again later."};
	case ERR_UNSUPPORTED:
		return (struct problem_kind){
			501, false,
			"Look into the documents for what this "
			"version does."};
	case ERR_STORE:
		return (struct problem_kind){
			503, true, "Look whether it was done, then try again."};
	default:
		return (struct problem_kind){
			500, false, "Report this with the request id."};
	}
}

/* Issues are then about fields; else they are what stands in the way. */
static bool is_of_input(enum error error)
{
	return error == ERR_MALFORMED || error == ERR_MISSHAPEN ||
	       error == ERR_INVALID || error == ERR_TAKEN;
}

static void put_causes(struct json_writer *w, const struct op *op,
		       bool with_fields)
{
	json_begin_array(w, "causes");
	if (!op->issue_count && op->detail)
		json_put_string(w, NULL, op->detail);
	for (size_t i = 0; i < op->issue_count; i++) {
		const struct issue *issue = &op->issues[i];
		struct buf text;

		buf_init(&text, 16 * 1024);
		if (with_fields)
			buf_printf(&text, "%s ", issue->field);
		buf_printf(&text, "%s", issue->why);
		json_put_string(w, NULL, buf_cstr(&text));
		buf_release(&text);
	}
	json_end_array(w);
}

static void put_issues(struct json_writer *w, const struct op *op, int status)
{
	if (!op->issue_count)
		return;
	json_begin_array(w, "issues");
	for (size_t i = 0; i < op->issue_count; i++) {
		const struct issue *issue = &op->issues[i];

		json_begin_object(w, NULL);
		json_put_string(w, "title", "Invalid input");
		json_put_integer(w, "status", status);
		json_put_string(w, "detail", issue->why);
		json_put_string(w, "in", issue->in);
		json_put_string(w, "name", issue->field);
		json_end_object(w);
	}
	json_end_array(w);
}

void write_problem(struct request *request, enum error error, int status)
{
	struct problem_kind kind = kind_of(error);
	struct op *op = &request->op;
	char instance[9 + UUID_TEXT] = "urn:uuid:", now[CLOCK_TEXT];

	if (!status)
		status = kind.status;
	if (status == 401)
		response_header(request, "WWW-Authenticate", "Bearer");
	uuid_format(uuid_make(op->now), instance + 9);
	clock_format(op->now, now);
	request->response.status = status;
	request->response.content_type = "application/problem+json";

	struct json_writer w = json_writer_on(&request->response.body);
	json_begin_object(&w, NULL);
	json_put_string(&w, "type", "about:blank");
	json_put_string(&w, "title", http_reason(status));
	json_put_integer(&w, "status", status);
	json_put_string(&w, "detail",
			op->detail ? op->detail : http_reason(status));
	json_put_string(&w, "instance", instance);
	json_put_string(&w, "subsystem", "api");
	json_put_string(&w, "time", now);
	json_put_string(&w, "requestId", op->request_id);
	put_causes(&w, op, is_of_input(error));
	json_put_string(&w, "remedy", op->remedy ? op->remedy : kind.remedy);
	json_put_bool(&w, "retryable", kind.is_retryable);
	if (is_of_input(error))
		put_issues(&w, op, status);
	json_end_object(&w);
}
