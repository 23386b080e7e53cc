/* Who may call the native API. */
#include <string.h>

#include "core/access_token.h"
#include "dialects/cleat/cleat.h"

static const char *const kinds[] = {
	TOKEN_AMPERSAND, TOKEN_UPSUN,	 TOKEN_UPSUN_ACCESS,
	TOKEN_GORULES,	 TOKEN_APINIZER, TOKEN_APINIZER_ACCESS,
};

static const char *kind_of(const char *token)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (token && token_is_of_kind(token, kinds[i]))
			return kinds[i];
	return TOKEN_AMPERSAND; /* refused as one that is not well-formed */
}

enum error cleat_authenticate(struct request *request, struct principal *ret)
{
	const char *token = request_bearer(request);

	if (!token)
		token = request_header(request, "X-Api-Key");
	if (!token)
		return op_fail(&request->op, ERR_UNAUTHENTICATED,
			       "no API key and no bearer token was sent");
	TRY(access_token_authenticate(&request->op, kind_of(token), token,
				      ret));
	if (ret->role == ROLE_FRONTEND)
		return op_fail(&request->op, ERR_FORBIDDEN,
			       "a browser's key may not call this API");
	return OK;
}

static enum project_handle handle_of(const char *text)
{
	uint64_t number;

	return id13_parse(text, &number) ? PROJECT_BY_SHORT_ID
					 : PROJECT_BY_ID_OR_NAME;
}

enum error cleat_enter(struct request *request)
{
	struct project project;
	const char *handle = request->params[0];

	return project_enter(&request->op, handle_of(handle), handle, &project);
}

enum error cleat_enter_to_manage(struct request *request)
{
	TRY(cleat_enter(request));
	return access_to_manage(&request->op);
}
