/*
 * A revision as a customer's setup page shows it: with names for people. Of
 * what only the provider knows (fields that the manifest does not name, their
 * types) it has what builders told of the connection's objects; the rest is
 * left out, as the contract allows.
 */
#include <string.h>

#include "base/json_read.h"
#include "dialects/ampersand/ampersand.h"

/* In the answer without a change, where they are there. */
static const char *const of_object[] = {
	"objectName", "mapToName", "mapToDisplayName",	"destination",
	"schedule",   "backfill",  "optionalFieldsAuto"};
static const char *const of_field[] = {"fieldName", "mapToName",
				       "mapToDisplayName", "default", "prompt"};
static const char *const of_told[] = {"fieldName", "displayName"};
static const char *const of_write[] = {"objectName", "valueDefaults"};
static const char *const of_all[] = {"name", "displayName", "module",
				     "provider", "proxy"};

static json_t *copy(const json_t *from, const char *const *keys, size_t count)
{
	json_t *made = json_object();

	for (size_t i = 0; i < count; i++) {
		json_t *value = json_object_get(from, keys[i]);

		if (value)
			json_object_set(made, keys[i], value);
	}
	return made;
}

#define COPY(from, keys) copy(from, keys, sizeof(keys) / sizeof(*(keys)))

/* Nothing but the provider's own name for it is known. */
static void name_for_people(json_t *made, const char *name)
{
	json_t *value = json_object_get(made, name);

	if (value && *json_string_value(value))
		json_object_set(made, "displayName", value);
}

static void put_fields(json_t *into, const json_t *object, const char *key)
{
	const json_t *fields = json_object_get(object, key);
	json_t *list, *field;
	size_t i;

	if (!fields)
		return;
	list = json_array();
	json_array_foreach (fields, i, field) {
		json_t *made = COPY(field, of_field);

		name_for_people(made, "fieldName");
		json_array_append_new(list, made);
	}
	json_object_set_new(into, key, list);
}

static json_t *hydrate_read(const json_t *object)
{
	json_t *made = COPY(object, of_object);

	name_for_people(made, "objectName");
	put_fields(made, object, "requiredFields");
	put_fields(made, object, "optionalFields");
	return made;
}

static json_t *hydrate_write(const json_t *object)
{
	json_t *made = COPY(object, of_write);

	name_for_people(made, "objectName");
	return made;
}

static void put_action(json_t *into, const json_t *manifest, const char *key,
		       json_t *(*hydrate)(const json_t *object))
{
	const json_t *action = json_object_get(manifest, key);
	json_t *list, *object;
	size_t i;

	if (!action)
		return;
	list = json_array();
	json_array_foreach (json_object_get(action, "objects"), i, object) {
		json_array_append_new(list, hydrate(object));
	}
	json_object_set_new(into, key, json_pack("{s:o}", "objects", list));
}

/* Fields of the manifest are called what was told, where anything was. */
static void rename_fields(json_t *fields, const json_t *told)
{
	json_t *field;
	size_t i;

	json_array_foreach (fields, i, field) {
		const char *name =
			json_string_value(json_object_get(field, "fieldName"));
		json_t *known = name ? json_object_get(told, name) : NULL;

		if (known)
			json_object_set(field, "displayName",
					json_object_get(known, "displayName"));
	}
}

/* A person maps to these. The list is deprecated, and what pages use. */
static void add_told(json_t *object, json_t *told)
{
	json_t *list = json_array(), *field;
	const char *name;

	json_object_foreach (told, name, field) {
		json_array_append_new(list, COPY(field, of_told));
	}
	json_object_set(object, "allFieldsMetadata", told);
	json_object_set_new(object, "allFields", list);
	rename_fields(json_object_get(object, "requiredFields"), told);
	rename_fields(json_object_get(object, "optionalFields"), told);
}

static enum error add_all_told(struct op *op, struct uuid connection_id,
			       const json_t *content)
{
	const json_t *read = json_object_get(content, "read");
	json_t *object, *told;
	size_t i;

	json_array_foreach (json_object_get(read, "objects"), i, object) {
		TRY(amp_told_fields(op, connection_id,
				    json_string_value(json_object_get(
					    object, "objectName")),
				    &told));
		if (json_object_size(told))
			add_told(object, told);
	}
	return OK;
}

static enum error find_revision(struct request *request,
				const struct integration *of,
				struct revision *ret)
{
	struct op *op = &request->op;
	struct uuid id;

	TRY(amp_path_id(request, 2, "revision", &id));
	enum error error = revision_get(op, id, ret);
	if (error == ERR_NOT_FOUND ||
	    (error == OK && !uuid_equal(ret->integration_id, of->id)))
		return op_fail(op, ERR_NOT_FOUND, "there is no revision %s",
			       request->params[2]);
	return error;
}

/* The one that it is shown for must be able to use it. */
static enum error find_connection(struct request *request,
				  const struct integration *of,
				  struct uuid *ret)
{
	const char *text = request_arg(request, "connectionId");
	struct connection_view connection;
	struct op *op = &request->op;

	if (!text) {
		op_issue(op, "query", "connectionId", "is required");
		return op_fail(op, ERR_MISSHAPEN, "connectionId is required");
	}
	if (!uuid_parse(text, ret))
		return op_fail(op, ERR_NOT_FOUND, "there is no connection %s",
			       text);
	TRY(connection_get(op, *ret, &connection));
	if (strcmp(connection.connection.kind, of->kind) == 0)
		return OK;
	op_issue(op, "query", "connectionId", "is for %s, not %s",
		 connection.connection.kind, of->kind);
	return op_fail(op, ERR_INVALID, "the connection is another provider's");
}

enum error amp_hydrate_revision(struct request *request)
{
	struct op *op = &request->op;
	struct integration integration;
	struct revision revision;
	struct uuid connection_id;
	struct project project;
	json_t *manifest;
	const char *why;

	TRY(amp_enter(request, &project));
	TRY(amp_path_integration(request, &integration));
	TRY(find_revision(request, &integration, &revision));
	TRY(find_connection(request, &integration, &connection_id));
	TRY(json_read(&op->arena, revision.content, strlen(revision.content),
		      &manifest, &why));
	json_t *content = json_keep(&op->arena, COPY(manifest, of_all));
	put_action(content, manifest, "read", hydrate_read);
	put_action(content, manifest, "write", hydrate_write);
	TRY(add_all_told(op, connection_id, content));

	struct json_writer w = amp_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_uuid(&w, "id", revision.id);
	json_put_string(&w, "specVersion", revision.spec_version);
	json_put_time(&w, "createTime", revision.created_at);
	json_put_raw(&w, "content", json_text(&op->arena, content));
	json_end_object(&w);
	return OK;
}
