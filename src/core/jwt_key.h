/*
 * The public keys of builders: who holds the private half of one signs tokens
 * for the project's customers (core/customer.h).
 */
#ifndef CLEAT_CORE_JWT_KEY_H
#define CLEAT_CORE_JWT_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"

enum { JWT_KEY_LABEL_MAX = 255 }; /* characters */

struct jwt_key {
	struct uuid id; /* what a token names as its kid */
	struct uuid project_id;
	const char *label;
	const char *public_key; /* PEM: base/rsa_key.h */
	bool is_active;		/* else no token of it is taken */
	int64_t created_at;
	int64_t updated_at;
};

struct jwt_key_list {
	struct jwt_key *items;
	size_t count;
};

/* Oldest first; those that are active alone, or all. */
MUST_CHECK enum error jwt_key_list(struct op *op, bool is_active_alone,
				   struct jwt_key_list *ret);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error jwt_key_get(struct op *op, struct uuid id,
				  struct jwt_key *ret);

/*
 * ERR_INVALID, with an issue of `publicKeyPem`, for what is no RSA key that
 * may be used. Records jwt_key.created.
 */
MUST_CHECK enum error jwt_key_create(struct op *op, const char *label,
				     const char *pem, struct jwt_key *ret);

/* Stores label and is_active; records jwt_key.updated. */
MUST_CHECK enum error jwt_key_update(struct op *op,
				     const struct jwt_key *changed,
				     struct jwt_key *ret);

/* No token of it is taken any more; records jwt_key.deleted. Inside of
 * core/removal.c. */
MUST_CHECK enum error jwt_key_erase(struct op *op, struct uuid id);

#endif
