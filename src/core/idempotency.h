/*
 * Idempotency keys (draft-ietf-httpapi-idempotency-key-header): what a caller
 * asks for under a key of its own is done once. Who asks again, within a day,
 * gets the first answer again. A failure is not kept: its change was undone,
 * so that the next try is a first one.
 *
 * A key is the caller's: its token's, or the long-lived token's that it was
 * exchanged for. Another token's same key is another key.
 */
#ifndef CLEAT_CORE_IDEMPOTENCY_H
#define CLEAT_CORE_IDEMPOTENCY_H

#include "base/op.h"

enum { IDEMPOTENCY_KEY_MAX = 255, IDEMPOTENCY_SWEEP_MAX = 256 };

/* A kept answer is given for so long; then its key may be used anew. */
#define IDEMPOTENCY_LIFETIME_US (INT64_C(86400) * 1000000)

/* What removes those that are older, and how long after. */
#define IDEMPOTENCY_JOB	     "idempotency"
#define IDEMPOTENCY_GRACE_US (INT64_C(3600) * 1000000)

/* A request that is to be done once. */
struct once {
	const char *key;
	struct digest fingerprint; /* of all that makes it this request */
};

struct kept_answer {
	int status;
	const char *content_type; /* NULL: no body */
	const char *headers;	  /* lines of "Name: value\n", "" for none */
	const void *body;
	size_t length;
};

/* 1 to IDEMPOTENCY_KEY_MAX visible ASCII characters. */
bool idempotency_key_is_valid(const char *text);

/*
 * The answer that the caller's key has, in the arena; op->has_secrets is set
 * when it may show some. ERR_NOT_FOUND: this is the first time. ERR_INVALID:
 * the key was used for another request. ERR_IN_USE: it was done, but with a
 * key of the project that is gone, so that the answer can't be opened.
 */
MUST_CHECK enum error idempotency_find(struct op *op, const struct once *once,
				       struct kept_answer *ret);

/*
 * In the change's own transaction; sealed when op->has_secrets. ERR_BUSY when
 * another process has meanwhile done it: then this one must be undone.
 */
MUST_CHECK enum error idempotency_keep(struct op *op, const struct once *once,
				       const struct kept_answer *answer);

/*
 * Removes up to IDEMPOTENCY_SWEEP_MAX old ones of the op's project.
 * `*ret_next_at` is when to come again; 0: none is kept. On the writer, by
 * the claimed job of the kind: one planned meanwhile is dropped for it.
 */
MUST_CHECK enum error idempotency_sweep(struct op *op, int64_t *ret_next_at);

struct kept_body; /* core/store.h */

/* Seals it anew, under the current key of the op's project. */
MUST_CHECK enum error idempotency_reseal(struct op *op,
					 const struct kept_body *kept);

#endif
