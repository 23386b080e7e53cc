/* Walking through a document's texts; json_read has bounded its depth. */
#include "base/json_map.h"

#include "base/json_read.h"

struct mapping {
	json_map_fn *map;
	void *context;
};

static json_t *map_value(const struct mapping *mapping, json_t *value);

static void map_object(const struct mapping *mapping, json_t *object)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, name, value)
	{
		json_t *mapped = map_value(mapping, value);

		if (mapped)
			json_object_set_new_nocheck(object, name, mapped);
	}
}

static void map_array(const struct mapping *mapping, json_t *array)
{
	json_t *value;
	size_t i;

	json_array_foreach (array, i, value) {
		json_t *mapped = map_value(mapping, value);

		if (mapped)
			json_array_set_new(array, i, mapped);
	}
}

/* A new value; NULL: it stays, with what is inside of it changed. */
static json_t *map_value(const struct mapping *mapping, json_t *value)
{
	const char *text = json_string_value(value);
	const char *to = text ? mapping->map(mapping->context, text) : NULL;

	if (json_is_object(value))
		map_object(mapping, value);
	else if (json_is_array(value))
		map_array(mapping, value);
	return to ? json_string_nocheck(to) : NULL;
}

enum error json_map(struct arena *arena, const char *json, size_t length,
		    json_map_fn *map, void *context, const char **ret)
{
	const struct mapping mapping = {map, context};
	const char *why;
	json_t *value;

	TRY(json_read(arena, json, length, &value, &why));
	json_t *mapped = map_value(&mapping, value);
	if (mapped)
		value = json_keep(arena, mapped);
	*ret = json_text(arena, value);
	return OK;
}
