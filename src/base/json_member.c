/* One value of a JSON text. */
#include "base/json_member.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"

static json_t *step(struct arena *arena, const json_t *value, const char *name,
		    size_t length)
{
	return json_object_get(value, arena_strndup(arena, name, length));
}

/* NULL when the text is no JSON or there is no such member. */
static json_t *member(struct arena *arena, const char *json, size_t length,
		      const char *path)
{
	const char *why;
	json_t *value;

	if (json_read(arena, json, length, &value, &why) != OK)
		return NULL;
	while (value && *path) {
		size_t part = strcspn(path, ".");

		value = step(arena, value, path, part);
		path += part + (path[part] == '.');
	}
	return value;
}

static const char *text_of(struct arena *arena, const json_t *value)
{
	if (!value)
		return NULL;
	if (json_is_string(value))
		return arena_strdup(arena, json_string_value(value));
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *copy = text ? arena_strdup(arena, text) : NULL;
	free(text);
	return copy;
}

const char *json_member(struct arena *arena, const char *json, size_t length,
			const char *path)
{
	return text_of(arena, member(arena, json, length, path));
}

const char *json_member_text(struct arena *arena, const char *json,
			     size_t length, const char *path)
{
	const json_t *value = member(arena, json, length, path);

	return json_is_string(value) || json_is_number(value)
		       ? text_of(arena, value)
		       : NULL;
}

size_t json_texts(struct arena *arena, const char *json, size_t length,
		  const char *path, struct json_text *ret, size_t max)
{
	json_t *object = member(arena, json, length, path), *value;
	const char *name;
	size_t count = 0;

	json_object_foreach (object, name, value)
		if (json_is_string(value) && count < max)
			ret[count++] = (struct json_text){
				arena_strdup(arena, name),
				arena_strdup(arena, json_string_value(value))};
	return count;
}

size_t json_list_texts(struct arena *arena, const char *json, size_t length,
		       const char *path, struct json_text *ret, size_t max)
{
	json_t *object = member(arena, json, length, path), *list, *value;
	const char *name;
	size_t count = 0, i;

	json_object_foreach (object, name, list)
		json_array_foreach (list, i, value)
			if (json_is_string(value) && count < max)
				ret[count++] = (struct json_text){
					arena_strdup(arena, name),
					text_of(arena, value)};
	return count;
}

const char *json_words(struct arena *arena, const char *json, size_t length)
{
	const json_t *list = member(arena, json, length, ""), *value;
	const char *text = "";
	size_t i;

	json_array_foreach (list, i, value)
		if (json_is_string(value))
			text = arena_printf(arena, "%s%s%s", text,
					    *text ? " " : "",
					    json_string_value(value));
	return text;
}

const char *json_quote(struct arena *arena, const char *text)
{
	json_t *value = json_string(text);
	const char *quoted = NULL;

	if (value) {
		char *dumped = json_dumps(value, JSON_ENCODE_ANY);

		quoted = dumped ? arena_strdup(arena, dumped) : NULL;
		free(dumped);
	}
	json_decref(value);
	return quoted ? quoted : "null";
}
