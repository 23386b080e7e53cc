/* Looking one value up in a JSON text, for those who need no more. */
#ifndef CLEAT_BASE_JSON_MEMBER_H
#define CLEAT_BASE_JSON_MEMBER_H

#include <stddef.h>

#include "base/arena.h"

/*
 * The value at a dotted path: a string as its text, anything else as JSON.
 * NULL when the text is no JSON or there is no such member. In the arena.
 */
const char *json_member(struct arena *arena, const char *json, size_t length,
			const char *path);

/* The same of a text or a number alone: NULL when it is anything else. */
const char *json_member_text(struct arena *arena, const char *json,
			     size_t length, const char *path);

struct json_text {
	const char *name;
	const char *value;
};

/*
 * The members with a string, at most `max`, of the object at this path. How
 * many; none when there is no such object.
 */
size_t json_texts(struct arena *arena, const char *json, size_t length,
		  const char *path, struct json_text *ret, size_t max);

/*
 * The same of an object whose members are lists: a pair for each string in
 * one of them, in their order.
 */
size_t json_list_texts(struct arena *arena, const char *json, size_t length,
		       const char *path, struct json_text *ret, size_t max);

/* The strings of an array, parted by spaces; "" when there are none. */
const char *json_words(struct arena *arena, const char *json, size_t length);

/* A text as a JSON string, in the arena. */
const char *json_quote(struct arena *arena, const char *text);

#endif
