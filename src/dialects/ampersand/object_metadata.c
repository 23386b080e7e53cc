/* Objects' fields: told by builders, and shown as they were told. */
#include <string.h>

#include "base/json_read.h"
#include "core/object_field.h"
#include "dialects/ampersand/ampersand.h"

static const char *const kept_alone =
	"This is kept here; the provider was not asked to change anything.";

static bool is_value_type(const char *text)
{
	static const char *const types[] = {
		"string", "boolean",  "singleSelect", "multiSelect", "date",
		"int",	  "datetime", "float",	      "reference",   "other"};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i], text) == 0)
			return true;
	return false;
}

static json_t *values_of(const json_t *options)
{
	json_t *made = json_array(), *value;
	size_t i;

	json_array_foreach (json_object_get(options, "values"), i, value)
		json_array_append_new(made,
				      json_pack("{s:O, s:O}", "value", value,
						"displayValue", value));
	return made;
}

static json_t *form_of(const json_t *definition)
{
	const json_t *options = json_object_get(definition, "stringOptions");
	const json_t *required = json_object_get(definition, "required");
	json_t *target = json_object_get(
		json_object_get(definition, "association"), "targetObject");
	json_t *type = json_object_get(definition, "valueType");
	bool is_known = is_value_type(json_string_value(type));
	json_t *made = json_pack(
		"{s:O, s:O, s:s, s:b, s:b, s:b}", "fieldName",
		json_object_get(definition, "fieldName"), "displayName",
		json_object_get(definition, "displayName"), "valueType",
		is_known ? json_string_value(type) : "other", "readOnly", 0,
		"isCustom", 1, "isRequired", json_is_true(required));

	if (!is_known)
		json_object_set(made, "providerType", type);
	if (target)
		json_object_set_new(made, "referenceTo",
				    json_pack("[O]", target));
	if (json_array_size(json_object_get(options, "values")))
		json_object_set_new(made, "values", values_of(options));
	return made;
}

enum error amp_told_fields(struct op *op, struct uuid connection_id,
			   const char *object, json_t **ret)
{
	struct object_field_list list;
	json_t *definition;
	const char *why;

	TRY(object_fields_list(op, connection_id, object, &list));
	json_t *made = json_new_object(&op->arena);
	for (size_t i = 0; i < list.count; i++) {
		const struct object_field *field = &list.items[i];

		TRY(json_read(&op->arena, field->definition,
			      strlen(field->definition), &definition, &why));
		json_object_set_new(made, field->name, form_of(definition));
	}
	*ret = made;
	return OK;
}

/* What was told is writable: excludeReadOnly leaves none of it out. */
static enum error answer_metadata(struct request *request,
				  struct uuid connection_id, const char *object,
				  const char *mapped)
{
	struct op *op = &request->op;
	json_t *fields;

	TRY(amp_told_fields(op, connection_id, object, &fields));
	if (!json_object_size(fields)) {
		op_advise(op, "Tell of the object's fields by PUT "
			      ".../object-metadata.");
		return op_fail(op, ERR_UNSUPPORTED,
			       "nothing was told of the fields of %s, and "
			       "this version does not ask the provider",
			       object);
	}
	struct json_writer w = amp_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_string(&w, "name", object);
	json_put_optional(&w, "mappedObjectName", mapped);
	json_put_raw(&w, "fields", json_text(&op->arena, fields));
	json_end_object(&w);
	return OK;
}

/* The name that the integration gives this object; NULL: none. */
static enum error mapped_name(struct op *op, struct uuid revision_id,
			      const char *object, const char **ret)
{
	struct revision revision;
	const json_t *one;
	json_t *content;
	const char *why;
	size_t i;

	*ret = NULL;
	TRY(revision_get(op, revision_id, &revision));
	TRY(json_read(&op->arena, revision.content, strlen(revision.content),
		      &content, &why));
	json_array_foreach (
		json_object_get(json_object_get(content, "read"), "objects"), i,
		one) {
		const char *name =
			json_string_value(json_object_get(one, "objectName"));

		if (name && strcmp(name, object) == 0)
			*ret = json_string_value(
				json_object_get(one, "mapToName"));
	}
	return OK;
}

static enum error read_query(struct request *request, const char **ret_group)
{
	bool ignored;

	TRY(request_flag(request, "excludeReadOnly", &ignored));
	return amp_group_of_query(request, ret_group);
}

enum error amp_get_installation_metadata(struct request *request)
{
	const char *object = request->params[2], *mapped, *group;
	struct installation_view view;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(amp_find_its_integration(request));
	TRY(read_query(request, &group));
	TRY(amp_find_installed(request, group, &view));
	TRY(mapped_name(&request->op, view.config.revision_id, object,
			&mapped));
	return answer_metadata(request, view.installation.connection_id, object,
			       mapped);
}

/* A provider that is in no catalog is no path of ours. */
static enum error find_provider(struct request *request)
{
	if (catalog_find(request->params[1]))
		return OK;
	return op_fail(&request->op, ERR_NOT_FOUND, "there is no provider %s",
		       request->params[1]);
}

enum error amp_get_connection_metadata(struct request *request)
{
	struct connection_view view;
	struct project project;
	const char *group;

	TRY(amp_enter(request, &project));
	TRY(find_provider(request));
	TRY(read_query(request, &group));
	TRY(object_connection(&request->op, group, request->params[1], &view));
	return answer_metadata(request, view.connection.id, request->params[2],
			       NULL);
}

static void put_result(struct json_writer *w, const struct object_field *field,
		       enum object_field_change change)
{
	static const char *const actions[] = {
		[OBJECT_FIELD_CREATED] = "create",
		[OBJECT_FIELD_UPDATED] = "update",
		[OBJECT_FIELD_UNCHANGED] = "none",
	};

	json_begin_object(w, field->name);
	json_put_string(w, "fieldName", field->name);
	json_put_string(w, "action", actions[change]);
	json_begin_array(w, "warnings");
	json_put_string(w, NULL, kept_alone);
	json_end_array(w);
	json_end_object(w);
}

/* The fields of one object follow each other. */
static enum error keep(struct request *request, struct uuid connection_id,
		       const struct amp_told *told)
{
	struct op *op = &request->op;
	enum object_field_change *changes =
		arena_alloc(&op->arena, (told->count + 1) * sizeof(*changes));
	const char *object = NULL;

	TRY(object_fields_put(op, connection_id, told->fields, told->count,
			      changes));
	struct json_writer w = amp_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_bool(&w, "success", true);
	json_begin_object(&w, "fields");
	for (size_t i = 0; i < told->count; i++) {
		const struct object_field *field = &told->fields[i];

		if (field->object != object && object)
			json_end_object(&w);
		if (field->object != object)
			json_begin_object(&w, field->object);
		object = field->object;
		put_result(&w, field, changes[i]);
	}
	if (object)
		json_end_object(&w);
	json_end_object(&w);
	json_end_object(&w);
	return OK;
}

enum error amp_put_installation_metadata(struct request *request)
{
	struct installation_view view;
	struct project project;
	struct amp_told told;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_find_its_integration(request));
	TRY(amp_read_told(request, &told));
	TRY(amp_find_installed(request, told.group, &view));
	return keep(request, view.installation.connection_id, &told);
}

enum error amp_put_connection_metadata(struct request *request)
{
	struct connection_view view;
	struct project project;
	struct amp_told told;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(find_provider(request));
	TRY(amp_read_told(request, &told));
	TRY(object_connection(&request->op, told.group, request->params[1],
			      &view));
	return keep(request, view.connection.id, &told);
}
