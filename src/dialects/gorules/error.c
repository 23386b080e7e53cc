/* Who calls GoRules' API, and how its errors look. */
#include <string.h>

#include "core/access_token.h"
#include "core/event_origin.h"
#include "dialects/gorules/gorules.h"

enum { AGENT_MAX = 256 };

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
	{422, "Unprocessable Entity"},
	{431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"},
	{502, "Bad Gateway"},
	{503, "Service Unavailable"},
	{504, "Gateway Timeout"},
};

/* Text of ASCII, cut where it gets long: it is anybody's. */
static const char *agent_of(struct request *request)
{
	const char *agent = request_header(request, "User-Agent");

	if (!agent)
		return NULL;
	char *text = arena_strndup(&request->op.arena, agent,
				   strnlen(agent, AGENT_MAX));
	for (char *c = text; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			*c = '?';
	return text;
}

/* What its audit log shows of who asks, with what is recorded. */
static void set_origin(struct request *request, const struct principal *who)
{
	struct event_origin *origin =
		arena_alloc(&request->op.arena, sizeof(*origin));

	*origin = (struct event_origin){
		.user_id = who->user_id,
		.address = request_address(request),
		.agent = agent_of(request),
	};
	request->op.origin = origin;
}

enum error gorules_authenticate(struct request *request, struct principal *ret)
{
	const char *token = request_bearer(request);

	if (!token)
		return op_fail(&request->op, ERR_UNAUTHENTICATED,
			       "Unauthorized");
	TRY(access_token_authenticate(&request->op, TOKEN_GORULES, token, ret));
	set_origin(request, ret);
	return OK;
}

static const char *phrase_of(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].phrase;
	return "Error";
}

/* For 400 a list of all that is wrong, else one sentence. */
static void put_message(struct json_writer *w, struct op *op, enum error error,
			int status, const char *phrase)
{
	bool is_ours = status == 500 || error == ERR_STORE;
	const char *sentence = op->detail && !is_ours ? op->detail : phrase;

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
	put_message(&w, &request->op, error, status, phrase_of(status));
	json_put_string(&w, "error", phrase_of(status));
	json_end_object(&w);
}
