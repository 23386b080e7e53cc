/*
 * API tokens for access tokens (RFC 6749, with a grant type of its own) and
 * the end of an access token (RFC 7009). Clients send the parameters as a
 * form or as JSON, and name themselves by Basic, in the body, or not at all.
 */
#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "core/access_token.h"
#include "dialects/upsun/upsun.h"

enum { LIFETIME_S = 900, CLIENT_MAX = 256 };

struct params {
	struct argument items[REQUEST_ARGS_MAX];
	size_t count;
};

/* NULL when absent, and when empty (RFC 6749, 3.2). */
static const char *param(const struct params *params, const char *name)
{
	for (size_t i = 0; i < params->count; i++)
		if (strcmp(params->items[i].name, name) == 0)
			return *params->items[i].value ? params->items[i].value
						       : NULL;
	return NULL;
}

static enum error read_form(struct request *request, struct params *ret)
{
	struct op *op = &request->op;

	if (request->body.length &&
	    memchr(request->body.bytes, '\0', request->body.length))
		return op_fail(op, ERR_MALFORMED, "the form has a NUL byte");
	if (!url_split_args(&op->arena, buf_cstr(&request->body), ret->items,
			    REQUEST_ARGS_MAX, &ret->count))
		return op_fail(op, ERR_MALFORMED, "the form cannot be decoded");
	for (size_t i = 0; i < ret->count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(ret->items[i].name, ret->items[j].name) == 0)
				return op_fail(op, ERR_MISSHAPEN,
					       "a parameter is given twice");
	return OK;
}

static enum error read_json(struct request *request, struct params *ret)
{
	struct op *op = &request->op;
	const char *name, *why;
	json_t *object, *value;

	if (json_read(&op->arena, request->body.bytes, request->body.length,
		      &object, &why) != OK)
		return op_fail(op, ERR_MALFORMED, "%s", why);
	if (!json_is_object(object) ||
	    json_object_size(object) > REQUEST_ARGS_MAX)
		return op_fail(op, ERR_MISSHAPEN, "must be a JSON object");
	json_object_foreach (object, name, value) {
		if (json_is_null(value))
			continue;
		if (!json_is_string(value))
			return op_fail(op, ERR_MISSHAPEN,
				       "%.64s must be a string", name);
		ret->items[ret->count++] =
			(struct argument){name, json_string_value(value)};
	}
	return OK;
}

static enum error read_params(struct request *request, struct params *ret)
{
	const char *type = request_header(request, "Content-Type");
	static const char json[] = "application/json";

	*ret = (struct params){0};
	if (type && strncasecmp(type, json, sizeof(json) - 1) == 0)
		return read_json(request, ret);
	return read_form(request, ret);
}

/*
 * The clients are public: any name, and no secret. One that has a secret
 * believes itself known, and is not.
 */
static enum error refuse_secret(struct op *op, const char *secret)
{
	if (!secret || !*secret)
		return OK;
	return op_fail(op, ERR_FORBIDDEN, "clients here have no secret");
}

static enum error check_client(struct request *request,
			       const struct params *params)
{
	const char *header = request_header(request, "Authorization");
	char plain[CLIENT_MAX + 1] = "";
	size_t length = 0;

	if (!header || strncasecmp(header, "Basic ", 6) != 0)
		return refuse_secret(&request->op,
				     param(params, "client_secret"));
	header += 6 + strspn(header + 6, " ");
	if (sodium_base642bin((unsigned char *)plain, CLIENT_MAX, header,
			      strlen(header), NULL, &length, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		return op_fail(&request->op, ERR_FORBIDDEN,
			       "the client cannot be decoded");
	plain[length] = '\0';
	const char *colon = strchr(plain, ':');
	if (!colon || colon == plain)
		return op_fail(&request->op, ERR_FORBIDDEN,
			       "the client has no name");
	return refuse_secret(&request->op, colon + 1);
}

static enum error check_grant(struct op *op, const struct params *params)
{
	const char *type = param(params, "grant_type");

	if (!type)
		return op_fail(op, ERR_MISSHAPEN, "grant_type is required");
	if (strcmp(type, "api_token") != 0)
		return op_fail(op, ERR_INVALID,
			       "the grant type must be api_token");
	if (!param(params, "api_token"))
		return op_fail(op, ERR_MISSHAPEN, "api_token is required");
	return OK;
}

enum error upsun_exchange_token(struct request *request)
{
	struct params params;
	int64_t lifetime_us = LIFETIME_S * CLOCK_SECOND;
	char token[TOKEN_TEXT];

	TRY(read_params(request, &params));
	TRY(check_client(request, &params));
	TRY(check_grant(&request->op, &params));
	TRY(access_token_exchange(&request->op, TOKEN_UPSUN,
				  param(&params, "api_token"),
				  TOKEN_UPSUN_ACCESS, &lifetime_us, token));

	struct json_writer w = upsun_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_string(&w, "access_token", token);
	json_put_integer(&w, "expires_in", lifetime_us / CLOCK_SECOND);
	json_put_string(&w, "token_type", "bearer");
	json_end_object(&w);
	response_header(request, "Cache-Control", "no-store");
	response_header(request, "Pragma", "no-cache");
	return OK;
}

/* An unknown token has ended already; an API token is not ended this way. */
enum error upsun_revoke_token(struct request *request)
{
	struct params params;

	TRY(read_params(request, &params));
	TRY(check_client(request, &params));
	const char *token = param(&params, "token");
	if (!token)
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "token is required");
	if (token_is_well_formed(token, TOKEN_UPSUN))
		return op_fail(&request->op, ERR_INVALID,
			       "only access tokens end here");
	TRY(access_token_end(&request->op, TOKEN_UPSUN_ACCESS, token));

	struct json_writer w = upsun_answer(request, 200);
	json_begin_object(&w, NULL);
	json_end_object(&w);
	return OK;
}
