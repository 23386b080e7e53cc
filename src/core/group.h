/* Groups (the customer) and consumers (the person at the customer). */
#ifndef CLEAT_CORE_GROUP_H
#define CLEAT_CORE_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "base/op.h"

enum { REF_MAX = 256, PARTY_NAME_MAX = 256 }; /* characters */

/* A group or a consumer: both are a reference of the builder's and a name. */
struct party {
	struct uuid id;
	const char *ref;
	const char *name;
	int64_t created_at;
	int64_t updated_at; /* 0: never */
};

/* Whose a connection is to be; a NULL name is not said. */
struct parties {
	const char *group_ref, *group_name;
	const char *consumer_ref, *consumer_name;
};

/*
 * Makes it, or renames it when it exists with another name. A NULL or empty
 * `name` keeps the old one, and is the reference for a new one.
 */
MUST_CHECK enum error group_ensure(struct op *op, const char *ref,
				   const char *name, struct party *ret);
MUST_CHECK enum error consumer_ensure(struct op *op, const char *ref,
				      const char *name, struct party *ret);

struct party_list {
	struct party *items;
	size_t count;
};

/* What a group has that is not deleted. */
struct group_counts {
	int64_t installations;
	int64_t connections;
};

/* ERR_NOT_FOUND; also by those below. `ret_counts` may be NULL. */
MUST_CHECK enum error group_get(struct op *op, const char *ref,
				struct party *ret,
				struct group_counts *ret_counts);

/* In the order of their references, from the one after `after` on. */
MUST_CHECK enum error group_list(struct op *op, const char *after,
				 int64_t limit, struct party_list *ret);

/* Named by its reference without a `name`. ERR_IN_USE when it exists. */
MUST_CHECK enum error group_create(struct op *op, const char *ref,
				   const char *name, struct party *ret);

/* The same of a consumer. */
MUST_CHECK enum error consumer_create(struct op *op, const char *ref,
				      const char *name, struct party *ret);

MUST_CHECK enum error group_rename(struct op *op, const char *ref,
				   const char *name, struct party *ret);

#endif
