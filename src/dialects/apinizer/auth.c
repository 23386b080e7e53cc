/* Who calls Apinizer's API, and its OAuth token endpoint (RFC 6749, 4.4). */
#include <string.h>

#include "base/clock.h"
#include "core/access_token.h"
#include "dialects/apinizer/apinizer.h"

enum { LIFETIME_S = 3600, FORM_ARGS_MAX = 16 };

struct client {
	const char *id;	    /* the project's name */
	const char *secret; /* an API token of that project */
};

enum error apinizer_authenticate(struct request *request, struct principal *ret)
{
	const char *token = request_bearer(request);
	bool is_short_lived =
		token && token_is_well_formed(token, TOKEN_APINIZER_ACCESS);

	return access_token_authenticate(&request->op,
					 is_short_lived ? TOKEN_APINIZER_ACCESS
							: TOKEN_APINIZER,
					 token, ret);
}

static const char *find_argument(const struct argument *args, size_t count,
				 const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(args[i].name, name) == 0 && *args[i].value)
			return args[i].value;
	return NULL;
}

static enum error read_client(struct request *request, struct client *ret)
{
	struct argument args[FORM_ARGS_MAX];
	const char *form = buf_cstr(&request->body);
	struct op *op = &request->op;
	size_t count = 0;

	if (strlen(form) != request->body.length ||
	    !url_split_args(&op->arena, form, args, FORM_ARGS_MAX, &count))
		return op_fail(op, ERR_MALFORMED, "the body is not a form");
	const char *grant = find_argument(args, count, "grant_type");
	if (!grant)
		return op_fail(op, ERR_MISSHAPEN, "grant_type is required");
	if (strcmp(grant, "client_credentials") != 0)
		return op_fail(op, ERR_INVALID,
			       "grant_type must be client_credentials");
	ret->id = find_argument(args, count, "client_id");
	ret->secret = find_argument(args, count, "client_secret");
	if (!ret->id || !ret->secret)
		return op_fail(op, ERR_MISSHAPEN,
			       "client_id and client_secret are required");
	return OK;
}

static enum error refuse_client(struct op *op)
{
	return op_fail(op, ERR_UNAUTHENTICATED,
		       "client_id or client_secret is not valid");
}

/* The secret must be a token of the project that the client says it is. */
static enum error check_client(struct op *op, const struct client *client,
			       struct principal *ret)
{
	struct project project;

	enum error error = access_token_authenticate(op, TOKEN_APINIZER,
						     client->secret, ret);
	if (error == ERR_UNAUTHENTICATED)
		return refuse_client(op);
	TRY(error);

	op->principal = ret;
	error = project_enter(op, PROJECT_BY_NAME, client->id, &project);
	op->principal = NULL;
	if (error == ERR_NOT_FOUND)
		return refuse_client(op);
	TRY(error);
	return uuid_equal(project.id, ret->project_id) ? OK : refuse_client(op);
}

enum error apinizer_token(struct request *request)
{
	struct op *op = &request->op;
	struct client client;
	struct principal owner;
	char token[TOKEN_TEXT];
	int64_t lifetime_us = LIFETIME_S * CLOCK_SECOND;

	TRY(read_client(request, &client));
	TRY(check_client(op, &client, &owner));
	TRY(access_token_exchange(op, TOKEN_APINIZER, client.secret,
				  TOKEN_APINIZER_ACCESS, &lifetime_us, token));

	struct json_writer w = json_writer_on(&request->response.body);
	request->response.status = 200;
	request->response.content_type = "application/json";
	response_header(request, "Cache-Control", "no-store");
	json_begin_object(&w, NULL);
	json_put_string(&w, "access_token", token);
	json_put_string(&w, "token_type", "Bearer");
	json_put_integer(&w, "expires_in", lifetime_us / CLOCK_SECOND);
	json_end_object(&w);
	return OK;
}
