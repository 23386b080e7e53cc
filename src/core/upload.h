/*
 * Uploads: a file that a caller sends beforehand, to a signed address, and
 * names afterwards. An upload is its token's project's, its id says when its
 * address was given out, and it is there for UPLOAD_LIFETIME_US from then.
 */
#ifndef CLEAT_CORE_UPLOAD_H
#define CLEAT_CORE_UPLOAD_H

#include "base/hash.h"
#include "base/op.h"

#define UPLOAD_LIFETIME_US (INT64_C(900) * 1000000)
#define UPLOAD_SWEEP_JOB   "upload_sweep"

enum { UPLOADS_KEPT = 16 }; /* of a project: an older one makes room */

struct upload_content {
	const void *bytes;
	size_t length;
};

/* Where one goes, and that we said so. */
struct upload_address {
	struct uuid project_id, id;
	const char *md5; /* base64 that it must have; "": any */
	char signature[DIGEST_TEXT];
};

/* Of the principal's own project. */
void upload_address_make(struct op *op, const char *md5,
			 struct upload_address *ret);

/*
 * Keeps a file at an address that was given out: no principal is asked.
 * ERR_FORBIDDEN when it was not, or too long ago; ERR_NOT_FOUND when its
 * project is gone.
 */
MUST_CHECK enum error upload_put(struct op *op, const struct upload_address *to,
				 const void *bytes, size_t length);

/*
 * One of the principal's own project. ERR_NOT_FOUND when it was not sent, is
 * another project's, or too old.
 */
MUST_CHECK enum error upload_get(struct op *op, struct uuid project_id,
				 struct uuid id, struct upload_content *ret);

/*
 * Removes those of the op's project that are too old. `*ret_next_at` is when
 * to come again; 0: there is none. By the claimed job of the kind.
 */
MUST_CHECK enum error upload_sweep(struct op *op, int64_t *ret_next_at);

#endif
