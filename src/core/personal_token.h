/*
 * Personal access tokens: of somebody, for some projects or for all that who
 * made it reaches, with permissions of their own.
 *
 * Each lies in one of its projects and ends with that one. Whoever manages a
 * project that a user's token lies in sees the token; a new text of it is for
 * those alone who see all that it reaches.
 */
#ifndef CLEAT_CORE_PERSONAL_TOKEN_H
#define CLEAT_CORE_PERSONAL_TOKEN_H

#include "core/access_token.h"

enum { PERSONAL_NOTE_MAX = 100, PERSONAL_PROJECTS_MAX = 100 };

struct personal_token {
	struct access_token token;
	struct uuid user_id;
	bool is_for_all; /* that its maker reaches, now or later */
	/* Else those, as far as who asks sees them. */
	struct uuid *projects;
	size_t project_count;
};

struct personal_token_list {
	struct personal_token *items;
	size_t count;
};

struct personal_token_new {
	const char *note;
	bool is_for_all;
	const struct uuid *projects; /* one at least, unless it is for all */
	size_t project_count;
	bool is_owner;	     /* may do everything */
	const char *scopes;  /* else this (core/principal.h) */
	int64_t lifetime_us; /* 0: for ever */
};

/*
 * `user` is the id of the caller's organization, whose service user it is, or
 * of a member of it. ERR_NOT_FOUND, before anything else, when it is nobody's;
 * ERR_FORBIDDEN unless the caller may do everything.
 */
MUST_CHECK enum error personal_token_user(struct op *op, const char *user,
					  struct uuid *ret);

/*
 * ERR_MISSHAPEN, with an issue for each project that the caller does not see.
 * Records token.created.
 */
MUST_CHECK enum error
personal_token_create(struct op *op, struct uuid user_id,
		      const struct personal_token_new *new,
		      struct personal_token *ret,
		      char ret_text[static TOKEN_TEXT]);

/* In the projects that the caller sees, oldest first. */
MUST_CHECK enum error personal_token_list(struct op *op, struct uuid user_id,
					  struct personal_token_list *ret);

/*
 * A new text for it, and its whole lifetime anew. ERR_NOT_FOUND;
 * ERR_FORBIDDEN when it reaches what the caller does not.
 */
MUST_CHECK enum error
personal_token_regenerate(struct op *op, struct uuid user_id, const char *id,
			  struct personal_token *ret,
			  char ret_text[static TOKEN_TEXT]);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error personal_token_delete(struct op *op, struct uuid user_id,
					    const char *id);

#endif
