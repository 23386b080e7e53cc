/* What core needs of a store: keys, and what is sealed under them. See store.h.
 */
#ifndef CLEAT_CORE_STORE_SEALED_H
#define CLEAT_CORE_STORE_SEALED_H

#include "core/idempotency.h"
#include "core/signing_key.h"

/* The store's master key and own keys, as they lie in it. */
struct master_key_row {
	struct digest id; /* keyring_newest of the one that it wants */
	struct sealed_bytes token, sign;
	int64_t rotations;
	int64_t since;
};

/*
 * Until the transaction's end no other process goes on behind this: for what
 * is of the whole store.
 */
MUST_CHECK enum error store_exclude(struct op *op);

MUST_CHECK enum error store_master_key_get(struct op *op,
					   struct master_key_row *ret);
MUST_CHECK enum error store_master_key_add(struct op *op,
					   const struct master_key_row *new);

/* `to` takes the place of the one with this id. */
MUST_CHECK enum error store_master_key_replace(struct op *op,
					       const struct digest *id,
					       const struct master_key_row *to);

/* A version of a project's key. */
struct project_key_row {
	int64_t version;
	struct sealed_bytes sealed;
	const char *stage;
	struct uuid reached_id;
	const char *reached_name;
	int64_t resealed;
	int64_t created_at;
	int64_t settled_at; /* 0: not yet */
};

MUST_CHECK enum error store_project_key_current(struct op *op,
						struct project_key_row *ret);
MUST_CHECK enum error store_project_key_get(struct op *op, int64_t version,
					    struct project_key_row *ret);
/* Version, sealed, stage, created_at and settled_at. */
MUST_CHECK enum error store_project_key_add(struct op *op,
					    const struct project_key_row *new);
/* That version seals what is new. */
MUST_CHECK enum error store_project_key_switch(struct op *op, int64_t version);
/* Stage, reached_..., resealed and settled_at. */
MUST_CHECK enum error store_project_key_reach(struct op *op,
					      const struct project_key_row *to);
/* Removes those before it. */
MUST_CHECK enum error store_project_key_retire(struct op *op, int64_t version);
MUST_CHECK enum error store_project_key_count(struct op *op, int64_t *ret);

/* A project's key, of any project. */
struct sealed_key {
	struct uuid project_id;
	int64_t version;
	struct sealed_bytes sealed;
};

struct sealed_key_list {
	struct sealed_key *items;
	size_t count;
};

/* Those of the whole store in order, after this one. */
MUST_CHECK enum error store_project_key_walk(struct op *op,
					     struct uuid after_project,
					     int64_t after_version,
					     int64_t limit,
					     struct sealed_key_list *ret);
/* Sealed anew. */
MUST_CHECK enum error store_project_key_reseal(struct op *op,
					       const struct sealed_key *to);

/* Secrets: sealed blobs by owner and name. */
struct sealed {
	const char *name;
	int64_t key_version;
	const unsigned char *blob;
	size_t length;
	int64_t expires_at;
};

MUST_CHECK enum error store_secret_put(struct op *op, struct uuid owner_id,
				       const struct sealed *sealed);
struct owned_secret {
	struct uuid owner_id;
	struct sealed sealed;
};

struct owned_secret_list {
	struct owned_secret *items;
	size_t count;
};

/* All of the project's in order, those after this one; NULL: of this owner. */
MUST_CHECK enum error store_secret_walk(struct op *op, struct uuid after_owner,
					const char *after_name, int64_t limit,
					struct owned_secret_list *ret);
MUST_CHECK enum error store_secret_list(struct op *op, struct uuid owner_id,
					struct sealed **ret, size_t *ret_count);
MUST_CHECK enum error store_secret_remove(struct op *op, struct uuid owner_id,
					  const char *name);
MUST_CHECK enum error store_secret_remove_all(struct op *op,
					      struct uuid owner_id);

/* The store's keys, oldest first. */
MUST_CHECK enum error store_signing_key_add(struct op *op,
					    const struct signing_key *new);
MUST_CHECK enum error store_signing_key_reseal(struct op *op,
					       const struct signing_key *key);
MUST_CHECK enum error store_signing_key_list(struct op *op,
					     struct signing_key_list *ret);

/* A kept answer as it lies in the store. */
struct kept_row {
	struct digest fingerprint;
	struct kept_answer answer; /* with its body sealed, if it is */
	int64_t key_version;	   /* 0: not sealed */
	int64_t created_at;
};

MUST_CHECK enum error store_idempotency_get(struct op *op, struct uuid id,
					    struct kept_row *ret);
/* In place of one made by `expired_by`; ERR_TAKEN by a later one. */
MUST_CHECK enum error store_idempotency_put(struct op *op, struct uuid id,
					    const struct kept_row *row,
					    int64_t expired_by);
/* Those made by then, the oldest first, at most `limit`. */
MUST_CHECK enum error store_idempotency_sweep(struct op *op, int64_t by,
					      int64_t limit, int64_t *ret);
MUST_CHECK enum error store_idempotency_oldest(struct op *op, int64_t *ret_at);

/* Its body alone. */
struct kept_body {
	struct uuid id;
	int64_t key_version; /* 0: not sealed */
	struct sealed_bytes sealed;
};

struct kept_body_list {
	struct kept_body *items;
	size_t count;
};

/* All of the project's in order, those after this one. */
MUST_CHECK enum error store_idempotency_walk(struct op *op, struct uuid after,
					     int64_t limit,
					     struct kept_body_list *ret);
MUST_CHECK enum error store_idempotency_reseal(struct op *op,
					       const struct kept_body *to);

#endif
