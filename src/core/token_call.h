/*
 * Calls to a provider's token address: what to send for each grant (RFC 6749,
 * 4.1.3, 4.3.2, 4.4.2 and 6; RFC 7636, 4.5), and what the answer holds. Sends
 * nothing itself.
 */
#ifndef CLEAT_CORE_TOKEN_CALL_H
#define CLEAT_CORE_TOKEN_CALL_H

#include <stdint.h>

#include "core/grant_call.h"

enum token_by {
	TOKEN_BY_CODE,
	TOKEN_BY_REFRESH,
	TOKEN_BY_CLIENT,
	TOKEN_BY_PASSWORD,
};

/* NULL where it does not apply. */
struct token_request {
	const char *provider;
	const struct grant_credentials *grant;
	enum token_by by;
	const char *code, *redirect_uri, *verifier;
	const char *username, *password;
	const char *scopes; /* as they are sent */
};

/*
 * The request, in the arena, to the grant's own token address or the
 * catalog's. The client shows itself as provider_wants_basic says. ERR_INVALID,
 * explained, when something that it needs is not known.
 */
MUST_CHECK enum error token_call_make(struct op *op,
				      const struct token_request *request,
				      struct outbound_call *ret);

/* All in the arena, NULL where it is not said. */
struct tokens {
	const char *access_token;
	const char *refresh_token;
	int64_t expires_in_s; /* of the access token; 0: not said */
	/* of the fields that the catalog names */
	const char *scopes, *workspace, *consumer;
	const char *fields; /* the others: core/token_fields.h */
};

/* A body that is a form as the JSON object of its members; JSON as it is. */
const char *token_answer_json(struct op *op, const char *body, size_t length);

/* False when there is no access token in this JSON text. */
bool token_answer_read(struct op *op, const char *provider, const char *json,
		       struct tokens *ret);

#endif
