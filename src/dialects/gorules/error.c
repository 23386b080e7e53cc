/* Who calls GoRules' API, and how its errors look. */
#include "core/access_token.h"
#include "dialects/gorules/gorules.h"

struct reason {
	int status;
	const char *phrase;
};

static const int status_of[] = {
	[ERR_MALFORMED] = 400, [ERR_MISSHAPEN] = 400,
	[ERR_INVALID] = 400,   [ERR_UNAUTHENTICATED] = 401,
	[ERR_FORBIDDEN] = 403, [ERR_NOT_FOUND] = 404,
	[ERR_METHOD] = 405,    [ERR_TAKEN] = 409,
	[ERR_IN_USE] = 409,    [ERR_HELD] = 409,
	[ERR_TOO_LARGE] = 413, [ERR_BUSY] = 503,
	[ERR_STORE] = 503,     [ERR_INTERNAL] = 500,
};

static const struct reason reasons[] = {
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{408, "Request Timeout"},
	{409, "Conflict"},
	{413, "Payload Too Large"},
	{414, "URI Too Long"},
	{415, "Unsupported Media Type"},
	{429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"},
	{503, "Service Unavailable"},
};

enum error gorules_authenticate(struct request *request, struct principal *ret)
{
	const char *token = request_bearer(request);

	if (!token)
		return op_fail(&request->op, ERR_UNAUTHENTICATED,
			       "Unauthorized");
	return access_token_authenticate(&request->op, TOKEN_GORULES, token,
					 ret);
}

static const char *phrase_of(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].phrase;
	return "Error";
}

/* For 400 a list of all that is wrong, else one sentence. */
static void put_message(struct json_writer *w, struct op *op, int status,
			const char *phrase)
{
	const char *sentence = op->detail && status < 500 ? op->detail : phrase;

	if (status != 400) {
		json_put_string(w, "message", sentence);
		return;
	}
	json_begin_array(w, "message");
	for (size_t i = 0; i < op->issue_count; i++)
		json_put_string(w, NULL,
				arena_printf(&op->arena, "%s %s",
					     op->issues[i].field,
					     op->issues[i].why));
	if (!op->issue_count)
		json_put_string(w, NULL, sentence);
	json_end_array(w);
}

void gorules_write_error(struct request *request, enum error error, int status)
{
	struct response *response = &request->response;
	struct json_writer w = json_writer_on(&response->body);

	if (!status)
		status = status_of[error];
	response->status = status;
	response->content_type = "application/json";
	if (status == 401)
		response_header(request, "WWW-Authenticate", "Bearer");
	json_begin_object(&w, NULL);
	json_put_integer(&w, "statusCode", status);
	put_message(&w, &request->op, status, phrase_of(status));
	json_put_string(&w, "error", phrase_of(status));
	json_end_object(&w);
}
