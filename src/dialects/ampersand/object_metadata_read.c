/* Reading what a builder tells of objects' fields. */
#include <string.h>

#include "base/json_read.h"
#include "base/utf8.h"
#include "dialects/ampersand/ampersand.h"

enum { AT_ONCE_MAX = 500 };

static void check_number(const struct body_reader *in, const char *name,
			 bool is_whole)
{
	const json_t *value = json_object_get(in->object, name);

	if (!value || json_is_null(value))
		return;
	if (is_whole ? !json_is_integer(value) : !json_is_number(value))
		body_misshapen(in, name,
			       is_whole ? "must be a whole number"
					: "must be a number");
}

static void check_options(const struct body_reader *in)
{
	const json_t *texts = body_object(in, "stringOptions", false);
	const json_t *numbers = body_object(in, "numericOptions", false);
	struct body_reader t = body_inside(in, "stringOptions", texts);
	struct body_reader n = body_inside(in, "numericOptions", numbers);

	check_number(&t, "length", true);
	(void)body_string(&t, "pattern", false, AMP_TEXT_MAX);
	(void)body_strings(&t, "values");
	(void)body_bool(&t, "valuesRestricted");
	(void)body_string(&t, "defaultValue", false, AMP_TEXT_MAX);
	check_number(&n, "precision", true);
	check_number(&n, "scale", true);
	check_number(&n, "min", false);
	check_number(&n, "max", false);
	check_number(&n, "defaultValue", false);
}

static void check_association(const struct body_reader *in)
{
	static const char *const texts[] = {"targetField", "cardinality",
					    "onDelete",
					    "reverseLookupFieldName"};
	const json_t *object = body_object(in, "association", false);

	if (!object)
		return;
	struct body_reader a = body_inside(in, "association", object);

	(void)body_string(&a, "associationType", true, AMP_NAME_MAX);
	(void)body_string(&a, "targetObject", true, AMP_NAME_MAX);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		(void)body_string(&a, texts[i], false, AMP_NAME_MAX);
	(void)body_bool(&a, "required");
	const json_t *labels = body_object(&a, "labels", false);
	struct body_reader l = body_inside(&a, "labels", labels);

	(void)body_string(&l, "singular", false, AMP_NAME_MAX);
	(void)body_string(&l, "plural", false, AMP_NAME_MAX);
}

static void read_definition(const struct body_reader *in, const char *object,
			    struct object_field *ret)
{
	ret->object = object;
	ret->name = body_name(in, "fieldName", AMP_NAME_MAX);
	(void)body_string(in, "displayName", true, AMP_NAME_MAX);
	(void)body_string(in, "description", false, AMP_TEXT_MAX);
	(void)body_string(in, "valueType", true, AMP_NAME_MAX);
	(void)body_bool(in, "required");
	(void)body_bool(in, "unique");
	(void)body_bool(in, "indexed");
	check_options(in);
	check_association(in);
	ret->definition = json_text(&in->op->arena, in->object);
	if (strlen(ret->definition) > OBJECT_FIELD_MAX)
		body_misshapen(in, "fieldName", "has too long a definition");
}

static bool is_told_twice(const struct amp_told *told,
			  const struct object_field *f)
{
	for (size_t i = 0; f->name && i < told->count; i++)
		if (told->fields[i].name &&
		    strcmp(told->fields[i].object, f->object) == 0 &&
		    strcmp(told->fields[i].name, f->name) == 0)
			return true;
	return false;
}

/* One object's list: [{fieldName, ...}, ...] */
static void read_list(const struct body_reader *in, const char *object,
		      const json_t *list, struct amp_told *told)
{
	const json_t *one;
	size_t i;

	if (!json_is_array(list)) {
		body_misshapen(in, object, "must be a list");
		return;
	}
	json_array_foreach (list, i, one) {
		const char *at =
			arena_printf(&in->op->arena, "%s[%zu]", object, i);
		struct object_field *to = &told->fields[told->count];

		if (told->count == AT_ONCE_MAX) {
			body_misshapen(in, object, "makes too many at once");
			return;
		}
		if (!json_is_object(one)) {
			body_misshapen(in, at, "must be an object");
			continue;
		}
		struct body_reader inside = body_inside(in, at, one);
		read_definition(&inside, object, to);
		if (is_told_twice(told, to))
			body_misshapen(&inside, "fieldName", "is there twice");
		told->count++;
	}
}

enum error amp_read_told(struct request *request, struct amp_told *ret)
{
	struct arena *arena = &request->op.arena;
	struct body_reader in;

	TRY(body_read(request, &in));
	*ret = (struct amp_told){
		.group = body_string(&in, "groupRef", true, AMP_REF_MAX),
		.fields =
			arena_alloc(arena, AT_ONCE_MAX * sizeof(*ret->fields)),
	};
	json_t *all = (json_t *)(uintptr_t)body_object(&in, "fields", true);
	struct body_reader inside = body_inside(&in, "fields", all);

	for (void *at = all ? json_object_iter(all) : NULL; at;
	     at = json_object_iter_next(all, at)) {
		const char *object = json_object_iter_key(at);

		if (!*object || utf8_count(object) > AMP_NAME_MAX)
			body_misshapen(&in, "fields", "names no object");
		else
			read_list(&inside, object, json_object_iter_value(at),
				  ret);
	}
	return amp_body_done(&in);
}
