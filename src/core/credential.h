/* Credentials: sealed values that belong to a connection or integration. */
#ifndef CLEAT_CORE_CREDENTIAL_H
#define CLEAT_CORE_CREDENTIAL_H

#include "base/op.h"

enum { CREDENTIAL_MAX = 64 * 1024 };

struct credential {
	const char *name;
	struct secret value;
	int64_t expires_at; /* 0: not known */
};

struct credential_list {
	struct credential *items;
	size_t count;
};

/* What secrets an owner has, without what they are. */
struct credential_names {
	const char **items;
	size_t count;
};

/* A secret to seal with what it belongs to; NULL `value` erases it. */
struct new_credential {
	const char *name;
	const char *value;
	int64_t expires_at; /* 0: not known */
};

/* Seals and stores, in place of an older one of this name. */
MUST_CHECK enum error credential_put(struct op *op, struct uuid owner_id,
				     const char *name, const char *value,
				     int64_t expires_at);

/* Each of them put, or dropped where its value is NULL. */
MUST_CHECK enum error credential_put_all(struct op *op, struct uuid owner_id,
					 const struct new_credential *secrets,
					 size_t count);

/*
 * Opens all that the owner has. Records connection.credentials.read or the
 * like with `owner_kind` first, so it needs a writing session.
 */
MUST_CHECK enum error credential_read(struct op *op, const char *owner_kind,
				      struct uuid owner_id,
				      struct credential_list *ret);

/*
 * The same for a call of our own that has a record of its own: nobody is shown
 * them, and no event is recorded.
 */
MUST_CHECK enum error credential_use(struct op *op, struct uuid owner_id,
				     struct credential_list *ret);

/* Opens none of them, so nothing is recorded. In order of name. */
MUST_CHECK enum error credential_names(struct op *op, struct uuid owner_id,
				       struct credential_names *ret);

/* Seals all that one owner has for another one as well; shows none of it. */
MUST_CHECK enum error credential_copy(struct op *op, struct uuid from_owner,
				      struct uuid to_owner);

struct project_key; /* core/project_key.h */
struct sealed;	    /* core/store.h */

/*
 * Seals one of the owner's anew, under the current key. `older` is the key
 * that the last one was sealed under, or zero; the caller wipes it.
 */
MUST_CHECK enum error credential_reseal(struct op *op, struct uuid owner_id,
					const struct sealed *sealed,
					struct project_key *older);

/* The value of this name, NULL when the list has none. */
const struct credential *credential_find(const struct credential_list *list,
					 const char *name);

/* The same as text. */
const char *credential_text(const struct credential_list *list,
			    const char *name);

/* Erases one, or all when `name` is NULL. */
MUST_CHECK enum error credential_drop(struct op *op, struct uuid owner_id,
				      const char *name);

#endif
