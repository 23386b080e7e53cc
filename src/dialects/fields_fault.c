/* Types, sizes, allowed values: what a field's value must be. */
#include "dialects/fields_fault.h"

#include <string.h>
#include <strings.h>

#include "http/outbound.h"

static bool has(const struct field *field, unsigned flag)
{
	return (field->flags & flag) != 0;
}

const char *field_allowed_value(const struct field *field, const char *text)
{
	for (const char *const *v = field->values; *v; v++)
		if (strcmp(*v, text) == 0 ||
		    (has(field, FIELD_FOLDED) && strcasecmp(*v, text) == 0))
			return *v;
	return NULL;
}

static const char *allowed_fault(struct op *op, const struct field *field)
{
	const char *list = "";

	for (const char *const *v = field->values; *v; v++)
		list = arena_printf(&op->arena, "%s%s%s", list,
				    *list ? ", " : "", *v);
	return arena_printf(&op->arena, "must be one of: %s", list);
}

static int64_t most_of(const struct field *field, int64_t otherwise)
{
	return field->most ? field->most : otherwise;
}

static const char *size_fault(struct op *op, const struct field *field,
			      size_t size, int64_t most, const char *unit)
{
	if (size == 0 && (field->least > 0 || has(field, FIELD_REQUIRED)))
		return "must not be empty";
	if ((int64_t)size < field->least)
		return arena_printf(&op->arena, "must have at least %lld %s",
				    (long long)field->least, unit);
	if ((int64_t)size > most)
		return arena_printf(&op->arena, "must have at most %lld %s",
				    (long long)most, unit);
	return NULL;
}

/* The same for a string and for one of a list. */
static const char *text_fault(struct op *op, const struct field *field,
			      const json_t *value)
{
	if (field->values &&
	    !field_allowed_value(field, json_string_value(value)))
		return allowed_fault(op, field);
	return field->check ? field->check(value) : NULL;
}

static const char *string_fault(struct op *op, const struct field *field,
				const json_t *value)
{
	int64_t most =
		most_of(field, has(field, FIELD_SECRET) ? CREDENTIAL_MAX
							: FIELD_TEXT_MAX);
	const char *why;

	if (!json_is_string(value))
		return "must be a string";
	why = size_fault(op, field, json_string_length(value), most, "bytes");
	return why ? why : text_fault(op, field, value);
}

static const char *integer_fault(struct op *op, const struct field *field,
				 const json_t *value)
{
	if (!json_is_integer(value))
		return "must be an integer";
	if ((field->least || field->most) &&
	    (json_integer_value(value) < field->least ||
	     json_integer_value(value) > field->most))
		return arena_printf(&op->arena, "must be from %lld to %lld",
				    (long long)field->least,
				    (long long)field->most);
	return field->check ? field->check(value) : NULL;
}

/* One string inside a list or map; its size has limits of its own. */
static const char *item_fault(struct op *op, const struct field *field,
			      const json_t *value)
{
	if (!json_is_string(value))
		return "must be a string";
	if (json_string_length(value) > FIELD_TEXT_MAX)
		return arena_printf(&op->arena, "must have at most %d bytes",
				    FIELD_TEXT_MAX);
	return text_fault(op, field, value);
}

static const char *string_list_fault(struct op *op, const struct field *field,
				     const json_t *value)
{
	const char *why;

	if (!json_is_array(value))
		return "must be a list of strings";
	why = size_fault(op, field, json_array_size(value),
			 most_of(field, FIELD_ITEMS_MAX), "items");
	for (size_t i = 0; !why && i < json_array_size(value); i++) {
		why = item_fault(op, field, json_array_get(value, i));
		if (why)
			why = arena_printf(&op->arena, "item %zu %s", i + 1,
					   why);
	}
	return why;
}

static const char *string_map_fault(struct op *op, const struct field *field,
				    json_t *value)
{
	const char *key, *why;
	json_t *item;

	if (!json_is_object(value))
		return "must be an object of strings";
	why = size_fault(op, field, json_object_size(value),
			 most_of(field, FIELD_ITEMS_MAX), "members");
	if (why)
		return why;
	json_object_foreach (value, key, item) {
		why = strlen(key) > FIELD_TEXT_MAX
			      ? "has too long a name"
			      : item_fault(op, field, item);
		if (why)
			return arena_printf(&op->arena, "member %.64s %s", key,
					    why);
	}
	return NULL;
}

static const char *container_fault(struct op *op, const struct field *field,
				   const json_t *value)
{
	bool is_list = field->type == FIELD_LIST;
	size_t size =
		is_list ? json_array_size(value) : json_object_size(value);
	const char *why;

	if (is_list ? !json_is_array(value) : !json_is_object(value))
		return is_list ? "must be a list" : "must be an object";
	why = size_fault(op, field, size, most_of(field, FIELD_ITEMS_MAX),
			 is_list ? "items" : "members");
	if (why)
		return why;
	return field->check ? field->check(value) : NULL;
}

const char *field_fault(struct op *op, const struct field *field, json_t *value)
{
	switch (field->type) {
	case FIELD_STRING:
		return string_fault(op, field, value);
	case FIELD_INTEGER:
		return integer_fault(op, field, value);
	case FIELD_BOOLEAN:
		return json_is_boolean(value) ? NULL : "must be true or false";
	case FIELD_STRING_LIST:
		return string_list_fault(op, field, value);
	case FIELD_STRING_MAP:
		return string_map_fault(op, field, value);
	case FIELD_LIST:
	case FIELD_OBJECT:
	case FIELD_MAP:
		break;
	}
	return container_fault(op, field, value);
}

const char *field_check_url(const json_t *value)
{
	return outbound_url_form_fault(json_string_value(value));
}
