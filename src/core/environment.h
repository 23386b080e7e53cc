/* Environments: where a project's named connections are deployed. */
#ifndef CLEAT_CORE_ENVIRONMENT_H
#define CLEAT_CORE_ENVIRONMENT_H

#include <stddef.h>

#include "base/op.h"

enum { ENVIRONMENT_NAME_MAX = 128 }; /* characters */

struct environment {
	struct uuid id;
	const char *name; /* unique in the project */
	const char *kind; /* production, sandbox or test */
	int64_t created_at;
};

struct environment_list {
	struct environment *items;
	size_t count;
};

bool environment_kind_is_valid(const char *kind);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error environment_get(struct op *op, struct uuid id,
				      struct environment *ret);
MUST_CHECK enum error environment_find(struct op *op, const char *name,
				       struct environment *ret);

/* In the order of their names, from the one after `after` on. */
MUST_CHECK enum error environment_list(struct op *op, const char *after,
				       int64_t limit,
				       struct environment_list *ret);

/* ERR_IN_USE when one has the name; records environment.created. */
MUST_CHECK enum error environment_create(struct op *op, const char *name,
					 const char *kind,
					 struct environment *ret);

#endif
