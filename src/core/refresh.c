/* Making and judging calls for new access tokens. */
#include "core/refresh.h"

#include <string.h>

#include "core/token_call.h"

enum error refresh_make(struct op *op, const char *provider,
			const struct grant_credentials *grant,
			struct outbound_call *ret)
{
	const struct token_request request = {
		.provider = provider,
		.grant = grant,
		.by = TOKEN_BY_REFRESH,
	};

	return token_call_make(op, &request, ret);
}

static bool read_tokens(struct op *op, const struct grant_credentials *grant,
			const char *json, struct refreshed *ret)
{
	struct tokens found;

	/* what else is in the answer was said when the grant was given */
	if (!token_answer_read(op, "", json, &found))
		return false;
	if (found.refresh_token && grant->refresh_token &&
	    strcmp(found.refresh_token, grant->refresh_token) == 0)
		found.refresh_token = NULL;
	*ret = (struct refreshed){
		.access_token = found.access_token,
		.refresh_token = found.refresh_token,
		.expires_in_s = found.expires_in_s,
	};
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
	const char *json = token_answer_json(op, body, length);
	const char *code = grant_answer_code(op, json, strlen(json));

	bool is_done = status == 200 && read_tokens(op, grant, json, ret);

	/* the new tokens are secrets that the grant does not know yet */
	*ret_said = grant_answer_said(op, grant, status, is_done ? NULL : code);
	if (is_done)
		return REFRESH_DONE;
	if (status < 500 && is_gone(code))
		return REFRESH_GRANT_IS_GONE;
	return status == 429 || status >= 500 ? REFRESH_BUSY : REFRESH_REFUSED;
}
