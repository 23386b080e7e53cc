/* How errors look: Upsun's own, OAuth's, and that of a bad access token. */
#include <string.h>

#include "dialects/upsun/upsun.h"
#include "http/server.h"

static const int statuses[] = {
	[OK] = 500, /* never asked for */
	[ERR_MALFORMED] = 400,
	[ERR_MISSHAPEN] = 400,
	[ERR_INVALID] = 400,
	[ERR_UNAUTHENTICATED] = 401,
	[ERR_FORBIDDEN] = 403,
	[ERR_NOT_FOUND] = 404,
	[ERR_METHOD] = 405,
	[ERR_TAKEN] = 409,
	[ERR_IN_USE] = 409,
	[ERR_HELD] = 409,
	[ERR_CHANGED] = 409,
	[ERR_TOO_LARGE] = 413,
	[ERR_BUSY] = 503,
	[ERR_STORE] = 503,
	[ERR_INTERNAL] = 500,
};

static void write_oauth_body(struct request *request, int status,
			     const char *error, const char *description)
{
	struct json_writer w = upsun_answer(request, status);

	json_begin_object(&w, NULL);
	json_put_string(&w, "error", error);
	json_put_string(&w, "error_description", description);
	json_end_object(&w);
}

static bool is_of_request(enum error error)
{
	return error == ERR_MALFORMED || error == ERR_MISSHAPEN ||
	       error == ERR_NOT_FOUND || error == ERR_METHOD ||
	       error == ERR_TOO_LARGE;
}

/*
 * Of the token endpoint. A bad API token is 400, never 401: clients take a
 * 401 as the word to ask for a token, and would wait for themselves.
 */
static void write_oauth_error(struct request *request, enum error error,
			      int status)
{
	const char *why = request->op.detail;

	if (!status && is_of_request(error))
		status = statuses[error];
	if (status) {
		write_oauth_body(request, status,
				 status < 500 ? "invalid_request"
					      : "temporarily_unavailable",
				 why ? why : http_reason(status));
		return;
	}
	switch (error) {
	case ERR_UNAUTHENTICATED:
		write_oauth_body(request, 400, "invalid_grant",
				 "Invalid API token.");
		break;
	case ERR_FORBIDDEN:
		response_header(request, "WWW-Authenticate",
				"Basic realm=\"cleat\"");
		write_oauth_body(request, 401, "invalid_client", why);
		break;
	case ERR_INVALID: /* of the two routes, by what each is for */
		write_oauth_body(request, 400,
				 request->route->handle == upsun_revoke_token
					 ? "unsupported_token_type"
					 : "unsupported_grant_type",
				 why);
		break;
	case ERR_BUSY:
	case ERR_STORE:
		write_oauth_body(request, 503, "temporarily_unavailable",
				 "Try again later.");
		break;
	default:
		write_oauth_body(request, statuses[error], "server_error",
				 http_reason(statuses[error]));
	}
}

static bool is_told_already(const struct op *op, size_t i)
{
	for (size_t before = 0; before < i; before++)
		if (strcmp(op->issues[before].field, op->issues[i].field) == 0)
			return true;
	return false;
}

/* What of a request is to blame, where no field of it is. */
static const char *part_of(int status)
{
	switch (status) {
	case 403:
		return "access";
	case 404:
	case 405:
	case 414:
		return "path";
	case 431:
		return "headers";
	default:
		return "body";
	}
}

/*
 * From each field to why; of two issues with a field, the first. What went
 * wrong on our side is for the log.
 */
static void write_detail(const struct op *op, struct json_writer *w, int status)
{
	json_begin_object(w, "detail");
	for (size_t i = 0; i < op->issue_count; i++)
		if (!is_told_already(op, i))
			json_put_string(w, op->issues[i].field,
					op->issues[i].why);
	if (!op->issue_count && op->detail && status < 500)
		json_put_string(w, part_of(status), op->detail);
	json_end_object(w);
}

/* Of the token endpoint, and of what only looks like it. */
static bool is_oauth(const struct request *request)
{
	static const char below[] = "/oauth2/";

	return request->route
		       ? request->route->flags & UPSUN_ROUTE_OAUTH
		       : request->target && strncmp(request->target, below,
						    strlen(below)) == 0;
}

void upsun_write_error(struct request *request, enum error error, int status)
{
	if (is_oauth(request)) {
		write_oauth_error(request, error, status);
		return;
	}
	if (error == ERR_UNAUTHENTICATED && !status) {
		response_header(request, "WWW-Authenticate", "Bearer");
		write_oauth_body(request, 401, "invalid_token",
				 "Invalid access token.");
		return;
	}
	if (!status)
		status = statuses[error];
	struct json_writer w = upsun_answer(request, status);
	json_begin_object(&w, NULL);
	json_put_string(&w, "status", "error");
	json_put_string(&w, "message", http_reason(status));
	json_put_integer(&w, "code", status);
	write_detail(&request->op, &w, status);
	json_end_object(&w);
}
