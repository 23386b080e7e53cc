/*
 * What calls to a provider about one grant have in common: how they are made
 * and what may be said of their answers. Sends nothing itself.
 */
#ifndef CLEAT_CORE_GRANT_CALL_H
#define CLEAT_CORE_GRANT_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"
#include "base/outbound_call.h"

/* What is known of one grant; NULL where it is not. */
struct grant_credentials {
	const char *access_token;
	const char *refresh_token;
	const char *client_id;
	const char *client_secret;
	const char *workspace;
	/* JSON objects of facts: of the connection, then of its app */
	const char *metadata;
	const char *params;
	const char *url;       /* of revocation, in place of the table's */
	const char *token_url; /* in place of the catalog's */
	const char *scopes;    /* that the app names, by blanks */
	/* The provider has just issued the access token, so it is alive. */
	bool is_fresh;
};

/* One that is being made; all of it lies in the op's arena. */
struct grant_call {
	struct op *op;
	const struct grant_credentials *grant;
	const char *token; /* for {{.token}}; NULL: none */
	struct outbound_call call;
};

/* ERR_INVALID, explained: "WHAT is not known". */
MUST_CHECK enum error grant_call_lacks(struct op *op, const char *what);

/*
 * A member of a JSON object of facts: a text, a number, or one of these as
 * {"value": ...}. NULL when it is not there, or `facts` is NULL.
 */
const char *grant_call_fact(struct op *op, const char *facts, const char *word);

enum grant_call_place { IN_ADDRESS, IN_TEXT, IN_JSON };

/*
 * The text with {{.word}} filled in: workspace, clientId, clientSecret, token
 * or a member of the metadata or else the params: a text, a number, or one of
 * these as {"value": ...}, which may say beside it where it is from. In an
 * address it stays in its place (core/address.h); in a JSON text it may not
 * end a string. ERR_INVALID, explained.
 */
MUST_CHECK enum error grant_call_fill(struct grant_call *making,
				      const char *text,
				      enum grant_call_place place,
				      const char **ret);

/* Beyond OUTBOUND_HEADERS_MAX nothing is added. */
void grant_call_header(struct grant_call *making, const char *name,
		       const char *value);

/*
 * The client's id and secret, form-encoded first (RFC 6749, 2.3.1).
 * ERR_INVALID, explained, when one is not known.
 */
MUST_CHECK enum error grant_call_basic(struct grant_call *making);

/* The members of a body, one after the other. */
struct member {
	const char *name;
	const char *value;
};

enum { MEMBERS_MAX = 8 };

struct members {
	struct member items[MEMBERS_MAX];
	size_t count;
};

/* Nothing when the value is NULL. */
void grant_call_member(struct members *to, const char *name, const char *value);

/* application/x-www-form-urlencoded, in the arena. */
const char *grant_call_form(struct op *op, const struct members *members);

/* The body, with its Content-Type. */
void grant_call_members(struct grant_call *making,
			const struct members *members, bool is_json);
void grant_call_text(struct grant_call *making, const char *type,
		     const char *body);

/* The error's code as providers put it; NULL when the body names none. */
const char *grant_answer_code(struct op *op, const char *body, size_t length);

/* Does an error's code look like this secret, or a part of it. */
bool grant_answer_echoes(const char *code, const char *secret);

/*
 * What may be kept of an answer: the status and the error's code, without the
 * code when it looks like one of the grant's secrets.
 */
const char *grant_answer_said(struct op *op,
			      const struct grant_credentials *grant, int status,
			      const char *code);

/*
 * True for codes that blame the request or the client (RFC 6749, 5.2; RFC
 * 7009, 2.2.1): they say nothing about the grant.
 */
bool grant_answer_is_about_request(const char *code);

#endif
