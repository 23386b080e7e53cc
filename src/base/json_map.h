/* Changing the texts of a JSON document. */
#ifndef CLEAT_BASE_JSON_MAP_H
#define CLEAT_BASE_JSON_MAP_H

#include <stddef.h>

#include "base/arena.h"

/* What is to stand in place of this text; NULL: it stays. */
typedef const char *json_map_fn(void *context, const char *text);

/*
 * The document with each string in it as `map` says, at any depth; names of
 * members stay. ERR_MALFORMED when it is no JSON. In the arena.
 */
MUST_CHECK enum error json_map(struct arena *arena, const char *json,
			       size_t length, json_map_fn *map, void *context,
			       const char **ret);

#endif
