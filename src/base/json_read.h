/* Reading JSON from outside: strict, with limits (RFC 8259). */
#ifndef CLEAT_BASE_JSON_READ_H
#define CLEAT_BASE_JSON_READ_H

#include <jansson.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum { JSON_DEPTH_MAX = 64 };

/*
 * Once, before all else: jansson runs out of memory as we do. By itself it
 * takes a text for no JSON then, or leaves a member out.
 */
void json_start(void);

/*
 * Parses one value: UTF-8, no duplicate keys, no NUL in strings, no text
 * after it, at most JSON_DEPTH_MAX levels. The value lives as long as the
 * arena. ERR_MALFORMED with `*ret_why` (in the arena) when it is not that.
 */
MUST_CHECK enum error json_read(struct arena *arena, const char *bytes,
				size_t length, json_t **ret,
				const char **ret_why);

/* A new object or array that lives as long as the arena. */
json_t *json_new_object(struct arena *arena);
json_t *json_new_array(struct arena *arena);

/* Makes the arena drop this reference; returns it. */
json_t *json_keep(struct arena *arena, json_t *value);

/* Compact text with the keys in their order, in the arena. */
const char *json_text(struct arena *arena, const json_t *value);

/*
 * The same for somebody's eyes, or somebody else's reader: 0.1 stays 0.1. All
 * its numbers are as short as the longest of them may be and still be exact.
 */
const char *json_text_short(struct arena *arena, const json_t *value);

#endif
