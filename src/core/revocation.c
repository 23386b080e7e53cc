/* Making and judging calls that end grants. */
#include "core/revocation.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"

static int by_provider(const void *key, const void *row)
{
	return strcmp(key, ((const struct revocation *)row)->provider);
}

const struct revocation *revocation_find(const char *provider)
{
	return bsearch(provider, revocations, revocation_count,
		       sizeof(*revocations), by_provider);
}

bool revocation_is_possible(const struct revocation *revocation)
{
	return revocation && revocation->style != REVOKE_BY_NONE;
}

/* NAME: VALUE|NAME: VALUE of the table. */
static enum error add_own_headers(struct grant_call *making,
				  const struct revocation *r)
{
	struct arena *arena = &making->op->arena;
	const char *at = r->headers;

	while (at && *at) {
		size_t length = strcspn(at, "|");
		const char *line = arena_strndup(arena, at, length);
		const char *colon = strstr(line, ": ");
		const char *value;

		TRY(grant_call_fill(making, colon + 2, IN_TEXT, &value));
		grant_call_header(
			making,
			arena_strndup(arena, line, (size_t)(colon - line)),
			value);
		at += length + (at[length] == '|');
	}
	return OK;
}

static enum error add_client(struct grant_call *making,
			     const struct revocation *r, struct members *to)
{
	const struct grant_credentials *grant = making->grant;
	const char *id = "client_id", *secret = "client_secret";

	if (r->auth != CLIENT_AUTH_BODY)
		return OK;
	if (!grant->client_id)
		return grant_call_lacks(making->op, "the client id");
	if (r->client_names) {
		size_t length = strcspn(r->client_names, ",");

		id = arena_strndup(&making->op->arena, r->client_names, length);
		secret = r->client_names + length + 1;
	}
	grant_call_member(to, id, grant->client_id);
	grant_call_member(to, secret, grant->client_secret);
	return OK;
}

static enum error add_own_members(struct grant_call *making,
				  const struct revocation *r,
				  struct members *to)
{
	for (size_t i = 0; i < REVOCATION_MEMBERS_MAX; i++) {
		const struct member *own = &r->members[i];
		const char *value;

		if (!own->name)
			break;
		TRY(grant_call_fill(making, own->value, IN_TEXT, &value));
		grant_call_member(to, own->name, value);
	}
	return OK;
}

/* In a header; then the body is the table's, whole. */
static enum error put_token_in_header(struct grant_call *making,
				      const struct revocation *r)
{
	const char *body;

	if (r->token_in == TOKEN_IN_BEARER)
		grant_call_header(making, "Authorization",
				  arena_printf(&making->op->arena, "Bearer %s",
					       making->token));
	else
		grant_call_header(making, r->token_name, making->token);
	if (!r->body)
		return OK;
	TRY(grant_call_fill(making, r->body, IN_JSON, &body));
	grant_call_text(making, "application/json", body);
	return OK;
}

static enum error put_token(struct grant_call *making,
			    const struct revocation *r)
{
	struct op *op = making->op;
	struct outbound_call *call = &making->call;
	struct members members = {.count = 0};

	if (r->token_in == TOKEN_IN_BEARER || r->token_in == TOKEN_IN_HEADER)
		return put_token_in_header(making, r);
	if (r->token_in == TOKEN_IN_PATH)
		return OK;
	grant_call_member(&members, r->token_name, making->token);
	TRY(add_own_members(making, r, &members));
	TRY(add_client(making, r, &members));
	if (r->token_in == TOKEN_IN_QUERY)
		call->url = arena_printf(&op->arena, "%s%c%s", call->url,
					 strchr(call->url, '?') ? '&' : '?',
					 grant_call_form(op, &members));
	else
		grant_call_members(making, &members,
				   r->token_in == TOKEN_IN_JSON);
	return OK;
}

/*
 * Where a refresh token is wanted an access token is better than nothing. Not
 * the other way round: who is asked to end an access token and gets something
 * else may well say 200 (RFC 7009, 2.2).
 */
static const char *token_for(const struct revocation *r,
			     const struct grant_credentials *grant)
{
	if (r->takes_refresh_token && grant->refresh_token)
		return grant->refresh_token;
	return grant->access_token;
}

bool revocation_needs_access_token(const struct revocation *r)
{
	return !r->takes_refresh_token;
}

enum error revocation_make(struct op *op, const struct revocation *revocation,
			   const struct grant_credentials *grant,
			   struct outbound_call *ret)
{
	struct grant_call making = {
		.op = op,
		.grant = grant,
		.token = token_for(revocation, grant),
		.call.method = revocation->method,
	};

	if (!making.token)
		return grant_call_lacks(op, "the token");
	TRY(grant_call_fill(&making, grant->url ? grant->url : revocation->url,
			    IN_ADDRESS, &making.call.url));
	TRY(add_own_headers(&making, revocation));
	if (!revocation->headers || !strstr(revocation->headers, "Accept: "))
		grant_call_header(&making, "Accept", "application/json");
	if (revocation->auth == CLIENT_AUTH_BASIC)
		TRY(grant_call_basic(&making));
	TRY(put_token(&making, revocation));
	*ret = making.call;
	return OK;
}

static bool has_status(const int *list, int status)
{
	for (int i = 0; i < REVOCATION_STATUSES_MAX; i++)
		if (status && list[i] == status)
			return true;
	return false;
}

static bool is_in_list(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (list && *list) {
		size_t item = strcspn(list, ",");

		if (item == length && memcmp(list, word, length) == 0)
			return true;
		list += item + (list[item] == ',');
	}
	return false;
}

/* PATH=VALUE of the table holds in the body. */
static bool is_success(struct op *op, const struct revocation *r,
		       const char *body, size_t length)
{
	if (!r->success)
		return true;
	size_t path = strcspn(r->success, "=");
	const char *found =
		json_member(&op->arena, body, length,
			    arena_strndup(&op->arena, r->success, path));
	return found && strcmp(found, r->success + path + 1) == 0;
}

/* The provider knows nothing of this token, or not any more. */
static bool is_unknown(const struct revocation *r, int status, const char *code)
{
	if (grant_answer_is_about_request(code))
		return false;
	if (r->gone_errors)
		return code && is_in_list(r->gone_errors, code) &&
		       (r->success || has_status(r->gone, status));
	return has_status(r->gone, status);
}

enum revocation_outcome revocation_judge(struct op *op,
					 const struct revocation *revocation,
					 const struct grant_credentials *grant,
					 int status, const char *body,
					 size_t length, const char **ret_said)
{
	const char *code = grant_answer_code(op, body, length);
	bool may_have_expired = revocation_needs_access_token(revocation) &&
				grant->refresh_token && !grant->is_fresh;

	*ret_said = grant_answer_said(op, grant, status, code);
	if (has_status(revocation->ok, status) &&
	    is_success(op, revocation, body, length))
		return GRANT_REVOKED;
	bool unknown = is_unknown(revocation, status, code);
	if (may_have_expired && (unknown || status == 401))
		return GRANT_NEEDS_REFRESH;
	if (unknown)
		return GRANT_WAS_GONE;
	return status == 429 || status >= 500 ? GRANT_BUSY : GRANT_REFUSED;
}
