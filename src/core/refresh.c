/* Making and judging calls for new access tokens. */
#include "core/refresh.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"
#include "core/catalog.h"
#include "core/revocation.h"

enum { EXPIRES_IN_MAX_S = 366 * 86400 };

static const char *address_of(const char *provider,
			      const struct grant_credentials *grant)
{
	const struct provider *known = catalog_find(provider);

	if (grant->token_url)
		return grant->token_url;
	return known ? known->token_url : NULL;
}

static enum error add_client(struct grant_call *making, const char *provider,
			     struct members *members)
{
	const struct revocation *r = revocation_find(provider);

	if (r && r->auth == CLIENT_AUTH_BASIC)
		return grant_call_basic(making);
	if (!making->grant->client_id)
		return grant_call_lacks(making->op, "the client id");
	if (!making->grant->client_secret)
		return grant_call_lacks(making->op, "the client secret");
	grant_call_member(members, "client_id", making->grant->client_id);
	grant_call_member(members, "client_secret",
			  making->grant->client_secret);
	return OK;
}

enum error refresh_make(struct op *op, const char *provider,
			const struct grant_credentials *grant,
			struct outbound_call *ret)
{
	struct grant_call making = {
		.op = op, .grant = grant, .call.method = "POST"};
	struct members members = {.count = 0};
	const char *url = address_of(provider, grant);

	if (!url)
		return grant_call_lacks(op, "the token address");
	if (!grant->refresh_token)
		return grant_call_lacks(op, "the refresh token");
	TRY(grant_call_fill(&making, url, IN_ADDRESS, &making.call.url));
	grant_call_header(&making, "Accept", "application/json");
	grant_call_member(&members, "grant_type", "refresh_token");
	grant_call_member(&members, "refresh_token", grant->refresh_token);
	TRY(add_client(&making, provider, &members));
	grant_call_members(&making, &members, false);
	*ret = making.call;
	return OK;
}

static const char *text_at(struct op *op, const char *body, size_t length,
			   const char *name)
{
	const char *text = json_member(&op->arena, body, length, name);

	return text && *text ? text : NULL;
}

/* Some send the number as a text; what is no sensible time is not said. */
static int64_t expires_in(struct op *op, const char *body, size_t length)
{
	const char *text = text_at(op, body, length, "expires_in");
	char *end = NULL;
	long long seconds = text ? strtoll(text, &end, 10) : 0;

	if (!text || *end || seconds < 0 || seconds > EXPIRES_IN_MAX_S)
		return 0;
	return seconds;
}

static bool read_tokens(struct op *op, const struct grant_credentials *grant,
			const char *body, size_t length, struct refreshed *ret)
{
	struct refreshed found = {
		.access_token = text_at(op, body, length, "access_token"),
		.refresh_token = text_at(op, body, length, "refresh_token"),
		.expires_in_s = expires_in(op, body, length),
	};

	if (!found.access_token)
		return false;
	if (found.refresh_token && grant->refresh_token &&
	    strcmp(found.refresh_token, grant->refresh_token) == 0)
		found.refresh_token = NULL;
	*ret = found;
	return true;
}

/* RFC 6749, 5.2 says invalid_grant; Slack, with 200, its own words. */
static bool is_gone(const char *code)
{
	static const char *const codes[] = {
		"invalid_grant", "invalid_refresh_token", "token_revoked"};

	for (size_t i = 0; code && i < sizeof(codes) / sizeof(*codes); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

enum refresh_outcome refresh_judge(struct op *op,
				   const struct grant_credentials *grant,
				   int status, const char *body, size_t length,
				   struct refreshed *ret, const char **ret_said)
{
	const char *code = grant_answer_code(op, body, length);

	bool is_done =
		status == 200 && read_tokens(op, grant, body, length, ret);

	/* the new tokens are secrets that the grant does not know yet */
	*ret_said = grant_answer_said(op, grant, status, is_done ? NULL : code);
	if (is_done)
		return REFRESH_DONE;
	if (status < 500 && is_gone(code))
		return REFRESH_GRANT_IS_GONE;
	return status == 429 || status >= 500 ? REFRESH_BUSY : REFRESH_REFUSED;
}
