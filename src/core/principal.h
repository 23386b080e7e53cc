/* Who asks, and what they may do. */
#ifndef CLEAT_CORE_PRINCIPAL_H
#define CLEAT_CORE_PRINCIPAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/op.h"
#include "base/utf8.h"

enum role {
	ROLE_VIEWER,   /* reads */
	ROLE_FRONTEND, /* a browser's key: its API lists what it may */
	ROLE_ADMIN,    /* everything in the project */
};

/* What a token may do that is no admin's. */
enum permission {
	PERMISSION_INTEGRATIONS = 1, /* change them, read secrets; execute */
	PERMISSION_PROJECT = 2,	     /* change and delete it, read its log */
	PERMISSION_EXECUTE = 4,	     /* let integrations make their calls */
};

enum { TOKEN_LABEL_MAX = 128 }; /* characters */

struct customer; /* core/customer.h */

/* Copied into caches, but for a customer: holds no other pointer. */
struct principal {
	struct uuid token_id; /* of the long-lived one, for a short-lived */
	struct uuid organization_id;
	struct uuid project_id;	 /* the token's own */
	struct uuid builder_id;	 /* whom the token acts for; nil: nobody */
	struct uuid reach_id;	 /* which token's projects it sees; nil: its */
	struct uuid user_id;	 /* whose it is, where it is anybody's own */
	bool sees_organization;	 /* all its projects, not just one */
	bool sees_made_projects; /* those in token_project as well */
	enum role role;
	unsigned permissions;		 /* besides what its role may */
	int64_t expires_at;		 /* 0: never */
	const struct customer *customer; /* NULL: not confined to one */
	char label[TOKEN_LABEL_MAX * UTF8_CHARACTER_MAX + 1];
};

/* ERR_FORBIDDEN unless the principal may change things. */
MUST_CHECK enum error access_to_write(struct op *op);

/* ERR_FORBIDDEN unless the principal may do everything in the project. */
MUST_CHECK enum error access_to_manage(struct op *op);
/* The same, of what no permission allows. */
MUST_CHECK enum error access_to_own(struct op *op);

/*
 * As a token's scopes have them, parted by commas: "integrations", "project",
 * "execute". Other words are none.
 */
unsigned permissions_of(const char *scopes);

/* ERR_FORBIDDEN unless it may do everything, or this. */
MUST_CHECK enum error access_to(struct op *op, enum permission permission);

bool principal_may(const struct principal *principal,
		   enum permission permission);
bool principal_can_write(const struct principal *principal);

#endif
