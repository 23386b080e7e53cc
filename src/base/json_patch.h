/*
 * Changes to a JSON value: add, remove and replace of JSON Patch (RFC 6902,
 * 4.1 to 4.3), at a place that a JSON Pointer names (RFC 6901).
 */
#ifndef CLEAT_BASE_JSON_PATCH_H
#define CLEAT_BASE_JSON_PATCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum json_patch_op {
	JSON_PATCH_ADD,
	JSON_PATCH_REMOVE,
	JSON_PATCH_REPLACE,
};

/* By its name in a patch; false for one that is none of them. */
bool json_patch_named(const char *name, enum json_patch_op *ret);

/*
 * Makes one change to `*root`, which is NULL where nothing is: at first, or
 * after its removal. NULL, or why it can't be made ("names nothing that is
 * there"), with nothing changed. `value` becomes a part of the root; it is
 * not looked at by a removal.
 */
const char *json_patch_apply(struct arena *arena, json_t **root,
			     enum json_patch_op op, const char *pointer,
			     json_t *value);

/*
 * The same of texts: `patch` is a list of changes as RFC 6902 writes it. One
 * that can't be made is left out; `text` comes back when none changes it. Both
 * are our own: what is no JSON is a defect.
 */
const char *json_patch_text(struct arena *arena, const char *text,
			    const char *patch);

/* How deep it is nested: 0 for a number, 1 for an empty list. */
size_t json_levels(const json_t *value);

#endif
