/* Groups (the customer) and consumers (the person at the customer). */
#ifndef CLEAT_CORE_GROUP_H
#define CLEAT_CORE_GROUP_H

#include "base/op.h"

enum { REF_MAX = 256, PARTY_NAME_MAX = 256 };

/* A group or a consumer: both are a reference of the builder's and a name. */
struct party {
	struct uuid id;
	const char *ref;
	const char *name;
	int64_t created_at;
	int64_t updated_at; /* 0: never */
};

/*
 * Makes it, or renames it when it exists with another name. A NULL or empty
 * `name` keeps the old one, and is the reference for a new one.
 */
MUST_CHECK enum error group_ensure(struct op *op, const char *ref,
				   const char *name, struct party *ret);
MUST_CHECK enum error consumer_ensure(struct op *op, const char *ref,
				      const char *name, struct party *ret);

#endif
