/*
 * Expressions of templates and output paths: the part of ZEN's language that
 * says where a value is. Paths (`a.b`, `a["b c"]`, `a[0]`, `$` for all of it),
 * literals, and `??` for what is there when the rest is not.
 */
#ifndef CLEAT_DIALECTS_GORULES_EXPRESSION_H
#define CLEAT_DIALECTS_GORULES_EXPRESSION_H

#include <jansson.h>

#include "base/arena.h"

/*
 * Reads one at `*at` and moves that behind it and the blanks after it. NULL,
 * or why it is none, as the rest of a sentence. `*ret` is what it stands for
 * in `root`: NULL when there is nothing. Without a root its form alone is
 * looked at.
 */
const char *expression_read(struct arena *arena, const char **at,
			    const json_t *root, const json_t **ret);

/* The same of a whole text. */
const char *expression_of(struct arena *arena, const char *text,
			  const json_t *root, const json_t **ret);

#endif
