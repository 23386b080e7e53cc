/* One value of a JSON text. */
#include "base/json_member.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"

static const json_t *step(struct arena *arena, const json_t *value,
			  const char *name, size_t length)
{
	return json_object_get(value, arena_strndup(arena, name, length));
}

const char *json_member(struct arena *arena, const char *json, size_t length,
			const char *path)
{
	const char *why;
	json_t *root;

	if (json_read(arena, json, length, &root, &why) != OK)
		return NULL;
	const json_t *value = root;
	while (value && *path) {
		size_t part = strcspn(path, ".");

		value = step(arena, value, path, part);
		path += part + (path[part] == '.');
	}
	if (!value)
		return NULL;
	if (json_is_string(value))
		return arena_strdup(arena, json_string_value(value));
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *copy = text ? arena_strdup(arena, text) : NULL;
	free(text);
	return copy;
}
