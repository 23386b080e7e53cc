/* Who asks, and what they may do. */
#ifndef CLEAT_CORE_PRINCIPAL_H
#define CLEAT_CORE_PRINCIPAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/op.h"

enum role {
	ROLE_VIEWER,   /* reads */
	ROLE_FRONTEND, /* a browser's key: its API lists what it may */
	ROLE_ADMIN,    /* everything in the project */
};

enum { TOKEN_LABEL_MAX = 128 };

struct customer; /* core/customer.h */

/* Copied into caches, but for a customer: holds no other pointer. */
struct principal {
	struct uuid token_id; /* of the long-lived one, for a short-lived */
	struct uuid organization_id;
	struct uuid project_id;	 /* the token's own */
	struct uuid builder_id;	 /* whom the token acts for; nil: nobody */
	bool sees_organization;	 /* all its projects, not just one */
	bool sees_made_projects; /* those in token_project as well */
	enum role role;
	int64_t expires_at;		 /* 0: never */
	const struct customer *customer; /* NULL: not confined to one */
	char label[TOKEN_LABEL_MAX + 1];
};

/* ERR_FORBIDDEN unless the principal may change things. */
MUST_CHECK enum error access_to_write(struct op *op);

/* ERR_FORBIDDEN unless the principal may do everything in the project. */
MUST_CHECK enum error access_to_manage(struct op *op);

bool principal_can_write(const struct principal *principal);

#endif
