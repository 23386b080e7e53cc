/*
 * Templates: text with `{{ expression }}` in it. What an expression stands for
 * is written as its place asks, so that no value gets out of it.
 */
#ifndef CLEAT_DIALECTS_GORULES_TEMPLATE_H
#define CLEAT_DIALECTS_GORULES_TEMPLATE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"

enum template_place {
	TEMPLATE_URL,	 /* percent-encoded in path, query and fragment */
	TEMPLATE_HEADER, /* one line */
	TEMPLATE_COOKIE, /* percent-encoded where RFC 6265 asks for it */
	TEMPLATE_TEXT,	 /* as it is */
};

bool template_has_any(const char *text);

/* NULL, or why it can't be rendered whatever is put in: the rest of a
 * sentence. */
const char *template_fault(struct arena *arena, const char *text);

/* Does a URL take its scheme, host or port from an expression? */
bool template_chooses_host(const char *url);

/* NULL, with the text in the arena; or why not, as above. */
const char *template_render(struct arena *arena, enum template_place place,
			    const char *text, const json_t *root,
			    const char **ret);

#endif
