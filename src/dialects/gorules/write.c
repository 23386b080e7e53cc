/* From the core to GoRules' wire. */
#include <string.h>

#include "base/json_read.h"
#include "dialects/gorules/gorules.h"

struct json_writer gorules_answer(struct request *request, int status)
{
	request->response.status = status;
	request->response.content_type = "application/json";
	return json_writer_on(&request->response.body);
}

void gorules_answer_ok(struct request *request)
{
	struct json_writer w = gorules_answer(request, 200);

	json_begin_object(&w, NULL);
	json_put_string(&w, "status", "ok");
	json_end_object(&w);
}

void gorules_write_project(struct json_writer *w, const char *key,
			   const struct project *project)
{
	json_begin_object(w, key);
	json_put_uuid(w, "id", project->id);
	json_put_string(w, "name", project->title);
	json_put_string(w, "key", project->name);
	json_put_uuid(w, "organisationId", project->organization_id);
	json_put_string(w, "version", project->version);
	json_put_bool(w, "protected", project->is_protected);
	json_put_time(w, "createdAt", project->created_at);
	json_put_time(w, "updatedAt", project->updated_at);
	json_put_time(w, "deletedAt", project->deleted_at);
	json_end_object(w);
}

/* A list of headers or cookies, with the opened values in their places. */
static void write_entries(struct op *op, struct json_writer *w, const char *in,
			  const json_t *list,
			  const struct credential_list *secrets)
{
	json_begin_array(w, in);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);
		bool has_name = json_object_get(entry, "name");
		const char *value =
			json_string_value(json_object_get(entry, "value"));

		if (!value) {
			const struct credential *secret = credential_find(
				secrets,
				gorules_secret_name(&op->arena, in, list, i));
			value = secret ? (const char *)secret->value.bytes
				       : NULL;
		}
		json_begin_object(w, NULL);
		json_put_string(w, has_name ? "name" : "key",
				gorules_entry_name(entry));
		json_put_string(w, "value", value);
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_config(struct op *op, struct json_writer *w,
			 const char *settings,
			 const struct credential_list *secrets)
{
	const char *name;
	json_t *config, *value;

	if (!secrets || !secrets->count ||
	    gorules_stored_config(op, settings, &config) != OK) {
		json_put_raw(w, "config", settings);
		return;
	}
	json_begin_object(w, "config");
	json_object_foreach (config, name, value) {
		if (strcmp(name, "headers") == 0 ||
		    strcmp(name, "cookies") == 0)
			write_entries(op, w, name, value, secrets);
		else
			json_put_raw(w, name, json_text(&op->arena, value));
	}
	json_end_object(w);
}

void gorules_write_integration(struct op *op, struct json_writer *w,
			       const struct integration *integration,
			       const struct credential_list *secrets)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", integration->id);
	json_put_string(w, "type", integration->kind);
	write_config(op, w, integration->settings, secrets);
	json_put_string(w, "name", integration->title);
	json_put_string(w, "kind", integration->handle);
	json_put_uuid(w, "projectId", op->project_id);
	json_put_time(w, "createdAt", integration->created_at);
	json_put_time(w, "updatedAt", integration->updated_at);
	json_put_optional(w, "description", integration->description);
	json_put_optional(w, "group", integration->category);
	json_put_time(w, "deletedAt", integration->deleted_at);
	json_end_object(w);
}
