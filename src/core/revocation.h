/*
 * Ending a grant at its provider: what to send, and what the answer means.
 * catalog/revocations.tsv as a table; sends nothing itself.
 */
#ifndef CLEAT_CORE_REVOCATION_H
#define CLEAT_CORE_REVOCATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"
#include "base/outbound_call.h"

enum { REVOCATION_STATUSES_MAX = 3, REVOCATION_ANSWER_MAX = 200 };

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
	const char *gone_errors;  /* comma-separated; NULL: any */
	const char *success;	  /* PATH=VALUE of the body; NULL: any */
	const char *headers;	  /* NAME: VALUE|... */
	const char *body;	  /* a JSON object */
	const char *client_names; /* ID,SECRET in a body */
};

extern const struct revocation revocations[]; /* in strcmp order */
extern const size_t revocation_count;

/* NULL when nothing is known of this provider. */
const struct revocation *revocation_find(const char *provider);

/* True when there is a call at all. */
bool revocation_is_possible(const struct revocation *revocation);

/* What is known of one grant; NULL where it is not. */
struct grant_credentials {
	const char *access_token;
	const char *refresh_token;
	const char *client_id;
	const char *client_secret;
	const char *workspace;
	const char *metadata; /* a JSON object */
	const char *url;      /* in place of the table's */
};

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
	GRANT_REFUSED, /* try again later; an operator may have to look */
	GRANT_BUSY,    /* try again later: 429 and 5xx */
};

/*
 * What an answer means. `*ret_said` is the status and the error's code, never
 * anything else of the body; at most REVOCATION_ANSWER_MAX bytes.
 */
enum revocation_outcome revocation_judge(struct op *op,
					 const struct revocation *revocation,
					 int status, const char *body,
					 size_t length, const char **ret_said);

#endif
