/*
 * A new access token for a grant (RFC 6749, 6): what to send, and what the
 * answer means. Sends nothing itself.
 */
#ifndef CLEAT_CORE_REFRESH_H
#define CLEAT_CORE_REFRESH_H

#include <stdint.h>

#include "core/grant_call.h"

/*
 * The request, in the arena, to the catalog's token address of this provider
 * or the grant's own; as token_call_make has it (core/token_call.h).
 */
MUST_CHECK enum error refresh_make(struct op *op, const char *provider,
				   const struct grant_credentials *grant,
				   struct outbound_call *ret);

enum refresh_outcome {
	REFRESH_DONE,
	REFRESH_GRANT_IS_GONE, /* invalid_grant: there is nothing to end */
	REFRESH_REFUSED,       /* try again later; as with revocations */
	REFRESH_BUSY,	       /* try again later: 429 and 5xx */
};

struct refreshed {
	const char *access_token;
	const char *refresh_token; /* the old one is dead; NULL: it is not */
	int64_t expires_in_s;	   /* of the access token; 0: not said */
};

/*
 * What an answer means; `ret` is filled with REFRESH_DONE alone. `*ret_said`
 * as revocation_judge has it.
 */
enum refresh_outcome refresh_judge(struct op *op,
				   const struct grant_credentials *grant,
				   int status, const char *body, size_t length,
				   struct refreshed *ret,
				   const char **ret_said);

#endif
