/*
 * What a provider's token answer says besides tokens, by the fields that the
 * catalog names: facts of the connection, as if its owner had told them.
 */
#ifndef CLEAT_CORE_TOKEN_FIELDS_H
#define CLEAT_CORE_TOKEN_FIELDS_H

#include "base/op.h"
#include "core/catalog.h"

enum { TOKEN_FIELD_MAX = 2048 }; /* of one value */

/*
 * {NAME: {value, source, displayName}} of those that are in this answer; NULL
 * when none is. A text, a number or a truth value alone is one. Where the
 * field has a `capture`, a POSIX extended regular expression, the value is what
 * its first group matches, or all that matches when it has no group; none
 * without a match. In the arena.
 */
const char *token_fields_read(struct op *op, const struct provider *provider,
			      const char *json);

/* These facts with those fields over them; NULL is none. In the arena. */
const char *token_fields_over(struct op *op, const char *metadata,
			      const char *fields);

/* NULL, or why a `path` or a `capture` can't be, as the rest of a sentence. */
const char *token_fields_path_fault(const char *path);
const char *token_fields_capture_fault(const char *capture);

#endif
