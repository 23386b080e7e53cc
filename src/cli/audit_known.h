/* Checkpoints out of a file, by project. */
#ifndef CLEAT_CLI_AUDIT_KNOWN_H
#define CLEAT_CLI_AUDIT_KNOWN_H

#include "core/checkpoint.h"

struct known {
	struct checkpoint *items; /* by project and number */
	size_t count, capacity;
	bool has_fault; /* a line that is none of this store's: printed */
};

/*
 * With signatures verified by the store's keys. `path` NULL: none. ERR_INVALID
 * when the file cannot be read. Release it also after errors.
 */
MUST_CHECK enum error known_read(struct op *op, const char *path,
				 struct known *ret);
void known_release(struct known *known);

/* Those of this project; they live until the release. */
struct checkpoint_list known_of(const struct known *known,
				struct uuid project_id);

#endif
