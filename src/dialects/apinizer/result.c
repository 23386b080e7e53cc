/*
 * Answers for clients of both generations: `success`
 * and `status`, `error_description` and `resultMessage`.
 */
#include <string.h>

#include "dialects/apinizer/apinizer.h"
#include "http/router.h"

struct failure {
	int status;
	const char *error;
	const char *sentence; /* for what has no explanation, or must not */
};

static const int status_of[] = {
	[ERR_MALFORMED] = 400, [ERR_MISSHAPEN] = 400,
	[ERR_INVALID] = 400,   [ERR_UNAUTHENTICATED] = 401,
	[ERR_FORBIDDEN] = 400, [ERR_NOT_FOUND] = 404,
	[ERR_METHOD] = 405,    [ERR_TAKEN] = 400,
	[ERR_IN_USE] = 400,    [ERR_HELD] = 400,
	[ERR_TOO_LARGE] = 413, [ERR_BUSY] = 503,
	[ERR_STORE] = 503,     [ERR_INTERNAL] = 500,
};

static const struct failure failures[] = {
	{400, "bad_request", "The request is not valid"},
	{401, "unauthorized_client", "Invalid token"},
	{404, "not_found", "Not found"},
	{405, "method_not_allowed", "Method is not allowed"},
	{408, "request_timeout", "The request took too long"},
	{413, "payload_too_large", "The body is too large"},
	{414, "uri_too_long", "The URL is too long"},
	{415, "unsupported_media_type", "The media type is not supported"},
	{429, "too_many_requests", "Too many requests"},
	{431, "headers_too_large", "The headers are too large"},
	{503, "temporarily_unavailable", "Try again later"},
	{500, "server_error", "An internal error occurred"},
};

struct json_writer apinizer_begin(struct request *request, int status)
{
	struct json_writer w = json_writer_on(&request->response.body);

	request->response.status = status;
	request->response.content_type = "application/json";
	json_begin_object(&w, NULL);
	return w;
}

void apinizer_put_success(struct json_writer *w, bool is_success)
{
	json_put_bool(w, "success", is_success);
	json_put_string(w, "status", is_success ? "SUCCESS" : "FAILURE");
}

struct json_writer apinizer_begin_list(struct request *request)
{
	struct json_writer w = apinizer_begin(request, 200);

	apinizer_put_success(&w, true);
	json_begin_array(&w, "resultList");
	return w;
}

void apinizer_end_list(struct json_writer *w, size_t count)
{
	json_end_array(w);
	json_put_integer(w, "resultCount", (int64_t)count);
	json_end_object(w);
}

struct json_writer apinizer_begin_test(struct request *request, bool is_passed,
				       const char *sentence)
{
	struct json_writer w = apinizer_begin(request, 200);

	apinizer_put_success(&w, is_passed);
	json_put_string(&w, "resultMessage", sentence);
	return w;
}

enum error apinizer_write_connection(struct op *op, struct json_writer *w,
				     const struct project *project,
				     const struct connection *connection,
				     const struct credential_list *secrets)
{
	const struct field_table *type = apinizer_type(connection->kind);
	char id[UUID_TEXT];

	if (!type)
		return op_fail(op, ERR_INTERNAL, "a stored type is unknown");
	uuid_format(connection->id, id);
	json_begin_object(w, NULL);
	json_put_string(w, "id", id);
	json_put_string(w, "type", type->type);
	json_put_string(w, "name", connection->name);
	json_put_string(w, "description", connection->description);
	json_put_bool(w, "deployToWorker", connection->is_deployed);
	json_put_bool(w, "enabled", connection->is_enabled);
	json_put_string(w, "projectName", project->name);
	TRY(fields_write(op, w, type, connection->settings, secrets));
	json_end_object(w);
	return OK;
}

static const struct failure *failure_of(int status)
{
	const size_t count = sizeof(failures) / sizeof(failures[0]);

	for (size_t i = 0; i < count; i++)
		if (failures[i].status == status)
			return &failures[i];
	return &failures[count - 1];
}

/* RFC 6749, 5.2, for the token endpoint. */
static const char *oauth_error(enum error error, const char *otherwise)
{
	switch (error) {
	case ERR_MALFORMED:
	case ERR_MISSHAPEN:
		return "invalid_request";
	case ERR_INVALID:
		return "unsupported_grant_type";
	case ERR_UNAUTHENTICATED:
		return "invalid_client";
	default:
		return otherwise;
	}
}

/* Every issue in one sentence, else what the op says. */
static const char *sentence_of(struct op *op, const struct failure *failure)
{
	const char *all = "";

	for (size_t i = 0; i < op->issue_count; i++)
		all = arena_printf(&op->arena, "%s%s%s %s", all,
				   *all ? "; " : "", op->issues[i].field,
				   op->issues[i].why);
	if (*all)
		return all;
	return op->detail ? op->detail : failure->sentence;
}

void apinizer_write_error(struct request *request, enum error error, int status)
{
	bool is_oauth =
		request->route && request->route->handle == apinizer_token;
	struct op *op = &request->op;

	if (!status)
		status = status_of[error];
	const struct failure *failure = failure_of(status);
	const char *sentence = failure->sentence;
	if (error == ERR_FORBIDDEN)
		sentence = "User does not have required permission for this "
			   "operation!";
	else if (status < 500 && (status != 401 || is_oauth))
		sentence = sentence_of(op, failure);

	if (status == 401)
		response_header(request, "WWW-Authenticate", "Bearer");
	struct json_writer w = apinizer_begin(request, status);
	if (!is_oauth)
		apinizer_put_success(&w, false);
	json_put_string(&w, "error",
			is_oauth ? oauth_error(error, failure->error)
				 : failure->error);
	json_put_string(&w, "error_description", sentence);
	if (!is_oauth)
		json_put_string(&w, "resultMessage", sentence);
	json_end_object(&w);
}
