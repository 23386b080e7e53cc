/* Walking a pointer and changing what it ends at. */
#include "base/json_patch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"

#define NOTHING "names nothing that is there"

bool json_patch_named(const char *name, enum json_patch_op *ret)
{
	static const char *const names[] = {"add", "remove", "replace"};

	for (int i = JSON_PATCH_ADD; i <= JSON_PATCH_REPLACE; i++)
		if (strcmp(names[i], name) == 0) {
			*ret = (enum json_patch_op)i;
			return true;
		}
	return false;
}

/* The next token, unescaped (RFC 6901, 4); NULL for a bad escape. */
static const char *read_token(struct arena *arena, const char **at)
{
	size_t length = strcspn(*at, "/");
	char *token = arena_strndup(arena, *at, length);
	char *out = token;

	for (const char *in = token; *in; in++) {
		if (*in == '~' && in[1] != '0' && in[1] != '1')
			return NULL;
		if (*in == '~')
			*out++ = *++in == '0' ? '~' : '/';
		else
			*out++ = *in;
	}
	*out = '\0';
	*at += length;
	return token;
}

/* An index without a leading zero and below `end`. */
static bool read_index(const char *token, size_t end, size_t *ret)
{
	size_t index = 0;

	if (!*token || (*token == '0' && token[1]))
		return false;
	for (; *token; token++) {
		if (*token < '0' || *token > '9')
			return false;
		index = index * 10 + (size_t)(*token - '0');
		if (index >= end)
			return false;
	}
	*ret = index;
	return true;
}

static json_t *child_of(json_t *of, const char *token)
{
	size_t index;

	if (json_is_object(of))
		return json_object_get(of, token);
	if (json_is_array(of) && read_index(token, json_array_size(of), &index))
		return json_array_get(of, index);
	return NULL;
}

static const char *change_member(json_t *object, enum json_patch_op op,
				 const char *name, json_t *value)
{
	if (op != JSON_PATCH_ADD && !json_object_get(object, name))
		return NOTHING;
	if (op == JSON_PATCH_REMOVE)
		json_object_del(object, name);
	else
		json_object_set(object, name, value);
	return NULL;
}

static const char *change_item(json_t *array, enum json_patch_op op,
			       const char *token, json_t *value)
{
	size_t size = json_array_size(array), index = size;
	bool is_end = op == JSON_PATCH_ADD && strcmp(token, "-") == 0;

	if (!is_end &&
	    !read_index(token, size + (op == JSON_PATCH_ADD), &index))
		return NOTHING;
	if (op == JSON_PATCH_ADD)
		json_array_insert(array, index, value);
	else if (op == JSON_PATCH_REPLACE)
		json_array_set(array, index, value);
	else
		json_array_remove(array, index);
	return NULL;
}

static const char *change_root(json_t **root, enum json_patch_op op,
			       json_t *value)
{
	if (op != JSON_PATCH_ADD && !*root)
		return NOTHING;
	*root = op == JSON_PATCH_REMOVE ? NULL : value;
	return NULL;
}

const char *json_patch_apply(struct arena *arena, json_t **root,
			     enum json_patch_op op, const char *pointer,
			     json_t *value)
{
	const char *at = pointer, *token = NULL;
	json_t *of = *root;

	if (!*pointer)
		return change_root(root, op, value);
	while (*at == '/') {
		if (token)
			of = child_of(of, token);
		at++;
		token = read_token(arena, &at);
		if (!token)
			break;
	}
	if (!token)
		return "is no JSON Pointer";
	if (json_is_object(of))
		return change_member(of, op, token, value);
	if (json_is_array(of))
		return change_item(of, op, token, value);
	return NOTHING;
}

static json_t *read_own(struct arena *arena, const char *text)
{
	const char *why;
	json_t *value;

	if (json_read(arena, text, strlen(text), &value, &why) != OK)
		abort();
	return value;
}

const char *json_patch_text(struct arena *arena, const char *text,
			    const char *patch)
{
	const json_t *changes = read_own(arena, patch);
	json_t *root = read_own(arena, text);
	bool is_changed = false;
	const json_t *change;
	enum json_patch_op op;
	size_t i;

	json_array_foreach (changes, i, change) {
		const char *name =
			json_string_value(json_object_get(change, "op"));
		const char *path =
			json_string_value(json_object_get(change, "path"));

		if (!name || !path || !json_patch_named(name, &op))
			abort();
		is_changed =
			!json_patch_apply(arena, &root, op, path,
					  json_object_get(change, "value")) ||
			is_changed;
	}
	if (!is_changed || !root)
		return text;
	const char *changed = json_text(arena, root);
	return strcmp(changed, text) == 0 ? text : changed;
}

size_t json_levels(const json_t *value)
{
	json_t *some = (json_t *)(uintptr_t)value;
	size_t deepest = 0, levels, i;
	const char *name;
	json_t *inner;

	json_array_foreach (some, i, inner) {
		levels = json_levels(inner);
		deepest = levels > deepest ? levels : deepest;
	}
	json_object_foreach (some, name, inner) {
		levels = json_levels(inner);
		deepest = levels > deepest ? levels : deepest;
	}
	return deepest + (json_is_array(value) || json_is_object(value));
}
