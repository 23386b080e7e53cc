/* Tokens: API keys, personal access tokens, and short-lived access tokens. */
#ifndef CLEAT_CORE_ACCESS_TOKEN_H
#define CLEAT_CORE_ACCESS_TOKEN_H

#include "base/op.h"
#include "base/token.h"
#include "core/principal.h"

/* The three letters of a token's kind; base/token.h has its form. */
#define TOKEN_AMPERSAND	      "amp"
#define TOKEN_UPSUN	      "ups"
#define TOKEN_UPSUN_ACCESS    "upa"
#define TOKEN_GORULES	      "pat"
#define TOKEN_APINIZER	      "apz"
#define TOKEN_APINIZER_ACCESS "apa"
#define TOKEN_WORKER	      "wrk"

struct access_token {
	struct uuid id;
	struct uuid project_id;
	struct uuid organization_id;
	struct uuid parent_id;	/* what an access token was exchanged for */
	struct uuid builder_id; /* whom it acts for; nil: its project */
	struct uuid reach_id;	/* sees what this one does; nil: its own */
	const char *kind;
	const char *handle;
	const char *label;
	const char *scopes; /* comma-separated */
	enum role role;
	bool is_active;
	int64_t created_at;
	int64_t expires_at;  /* 0: never */
	int64_t lifetime_us; /* from each new text on; 0: as expires_at */
};

struct access_token_list {
	struct access_token *items;
	size_t count;
};

struct access_token_new {
	const char *kind;
	const char *label;
	const char *scopes;
	enum role role;
	int64_t expires_at; /* 0: never */
	/* Whose an Upsun API token is; nil: who owns the organization. Whose
	 * a personal one is; nil: the organization's own. */
	struct uuid builder_id;
	struct uuid reach_id; /* as above */
	int64_t lifetime_us;  /* as above */
};

/*
 * Makes one in the op's project. `ret_text` is the token itself: it is not
 * stored and never seen again. Records token.created.
 */
MUST_CHECK enum error access_token_create(struct op *op,
					  const struct access_token_new *new,
					  struct access_token *ret,
					  char ret_text[static TOKEN_TEXT]);

/* Of one kind, or of all when NULL; without access tokens; oldest first. */
MUST_CHECK enum error access_token_list(struct op *op, const char *kind,
					struct access_token_list *ret);

/* By its handle or its whole text. ERR_NOT_FOUND. */
MUST_CHECK enum error access_token_find(struct op *op, const char *kind,
					const char *handle_or_text,
					struct access_token *ret);

/*
 * Stores label, scopes, role and is_active, from the next request on. Records
 * token.updated.
 */
MUST_CHECK enum error access_token_update(struct op *op,
					  const struct access_token *changed);

/*
 * A new text for it: the old one is none any more. Records token.regenerated.
 */
MUST_CHECK enum error access_token_renew(struct op *op,
					 struct access_token *token,
					 char ret_text[static TOKEN_TEXT]);

/* Gone at once, with the access tokens it was exchanged for. ERR_NOT_FOUND.
 * Inside of core/removal.c. */
MUST_CHECK enum error access_token_erase(struct op *op, struct uuid id);

/*
 * Whose token this is. ERR_UNAUTHENTICATED when it is not well-formed, not of
 * this kind, unknown, inactive or expired. Needs no project.
 */
MUST_CHECK enum error access_token_authenticate(struct op *op, const char *kind,
						const char *text,
						struct principal *ret);

/*
 * May who began something with this token of the op's project go on with it?
 * ERR_UNAUTHENTICATED when it is gone, inactive or expired, ERR_FORBIDDEN when
 * it may not do everything in the project. Nothing is remembered.
 */
MUST_CHECK enum error access_token_look(struct op *op, struct uuid id);

/*
 * A short-lived token of `kind` for a long-lived one of `parent_kind`, with
 * its rights, in its project. `*lifetime_us` is what is asked for, and then
 * what was given: not more than is left of the long-lived one.
 * ERR_UNAUTHENTICATED as above.
 */
MUST_CHECK enum error
access_token_exchange(struct op *op, const char *parent_kind,
		      const char *parent_text, const char *kind,
		      int64_t *lifetime_us, char ret_text[static TOKEN_TEXT]);

/* Ends this access token; no error when there is none such. */
MUST_CHECK enum error access_token_end(struct op *op, const char *kind,
				       const char *text);

#endif
