/*
 * Ending a grant at its provider: what to send, and what the answer means.
 * catalog/revocations.tsv as a table; sends nothing itself.
 */
#ifndef CLEAT_CORE_REVOCATION_H
#define CLEAT_CORE_REVOCATION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/grant_call.h"

enum {
	REVOCATION_STATUSES_MAX = 3,
	REVOCATION_MEMBERS_MAX = 2,
	REVOCATION_ANSWER_MAX = 200,
};

struct revocation {
	const char *provider;
	enum {
		REVOKE_BY_NONE,	     /* the provider has no such call */
		REVOKE_BY_REVOKE,    /* RFC 7009, not always to the letter */
		REVOKE_BY_PATH,	     /* the token is in the address */
		REVOKE_BY_SELF,	     /* the token ends itself */
		REVOKE_BY_UNINSTALL, /* the app is removed */
	} style;
	const char *method;
	const char *url; /* with {{.word}} */
	enum {
		CLIENT_AUTH_NONE,
		CLIENT_AUTH_BASIC, /* RFC 6749, 2.3.1 */
		CLIENT_AUTH_BODY,
	} auth;
	enum {
		TOKEN_IN_FORM,
		TOKEN_IN_JSON,
		TOKEN_IN_QUERY,
		TOKEN_IN_BEARER,
		TOKEN_IN_HEADER,
		TOKEN_IN_PATH,
	} token_in;
	const char *token_name;
	bool takes_refresh_token; /* else the access token */
	bool ends_grant;	  /* else one token alone */
	int ok[REVOCATION_STATUSES_MAX];
	int gone[REVOCATION_STATUSES_MAX];
	const char *gone_errors; /* comma-separated; NULL: any */
	const char *success;	 /* PATH=VALUE of the body; NULL: any */
	const char *headers;	 /* NAME: VALUE|... */
	/* beside the token and the client, with {{.word}}; NULL: no more */
	struct member members[REVOCATION_MEMBERS_MAX];
	const char *body;	  /* where no token is in it: all of it */
	const char *client_names; /* ID,SECRET in a body */
};

extern const struct revocation revocations[]; /* in strcmp order */
extern const size_t revocation_count;

/* NULL when nothing is known of this provider. */
const struct revocation *revocation_find(const char *provider);

/* True when there is a call at all. */
bool revocation_is_possible(const struct revocation *revocation);

/*
 * True when an access token is sent: one that has expired ends nothing, and
 * the answer is then the same as for a grant that is gone, or even a 200. So
 * where there is a refresh token, refresh first (core/refresh.h).
 */
bool revocation_needs_access_token(const struct revocation *revocation);

/*
 * The request that ends it, in the arena. ERR_INVALID, explained, when
 * something that it needs is not known: the token, the client's secret, a
 * word of the address.
 */
MUST_CHECK enum error revocation_make(struct op *op,
				      const struct revocation *revocation,
				      const struct grant_credentials *grant,
				      struct outbound_call *ret);

enum revocation_outcome {
	GRANT_REVOKED,
	GRANT_WAS_GONE,
	GRANT_NEEDS_REFRESH, /* its access token may only have expired */
	GRANT_REFUSED,	     /* try again later; an operator may have to look */
	GRANT_BUSY,	     /* try again later: 429 and 5xx */
};

/*
 * What an answer means. GRANT_NEEDS_REFRESH comes only where there is a
 * refresh token and the access token is not fresh. `*ret_said` is the status
 * and the error's code, never anything else of the body and never a secret of
 * the grant; at most REVOCATION_ANSWER_MAX bytes.
 */
enum revocation_outcome revocation_judge(struct op *op,
					 const struct revocation *revocation,
					 const struct grant_credentials *grant,
					 int status, const char *body,
					 size_t length, const char **ret_said);

#endif
