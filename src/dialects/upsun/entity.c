/* An integration as answers show it, and the answer to a change of one. */
#include "dialects/upsun/upsun.h"
#include "http/server.h"

enum error upsun_open_entity(struct request *request,
			     struct upsun_entity *entity)
{
	const struct field_table *type = upsun_type(entity->integration.kind);

	entity->secrets = (struct credential_list){0};
	if (!type || !field_table_shows_secrets(type) ||
	    !upsun_is_admin(request))
		return OK;
	return credential_read(&request->op, "integration",
			       entity->integration.id, &entity->secrets);
}

/* Those alone that this caller may use, and that its type has. */
static void write_links(struct request *request, struct json_writer *w,
			const struct upsun_entity *entity)
{
	struct op *op = &request->op;
	struct arena *arena = &op->arena;
	const char *path = upsun_integration_path(op, entity->project,
						  &entity->integration);
	const char *kind = entity->integration.kind;
	bool is_admin = upsun_is_admin(request);

	upsun_begin_links(request, w, path, "Integration");
	if (is_admin) {
		upsun_action_link(w, "#edit", path,
				  "update-projects-integrations");
		upsun_action_link(w, "#delete", path,
				  "delete-projects-integrations");
	}
	if (is_admin && upsun_takes_hooks(kind))
		upsun_action_link(w, "#hook",
				  arena_printf(arena, "%s/hook", path),
				  "action-projects-integrations-hook");
	if (is_admin && upsun_can_be_tried(kind))
		upsun_action_link(w, "#validate",
				  arena_printf(arena, "%s/validate", path),
				  "action-projects-integrations-validate");
	upsun_link(w, "activities", arena_printf(arena, "%s/activities", path));
	json_end_object(w);
}

enum error upsun_write_entity(struct request *request, struct json_writer *w,
			      const char *key,
			      const struct upsun_entity *entity)
{
	const struct integration *integration = &entity->integration;
	const struct field_table *type = upsun_type(integration->kind);

	if (!type)
		return op_fail(&request->op, ERR_INTERNAL,
			       "an integration is of a type without a table");
	json_begin_object(w, key);
	json_put_string(w, "id", integration->handle);
	json_put_time(w, "created_at", integration->created_at);
	json_put_time(w, "updated_at", integration->updated_at);
	json_put_string(w, "type", integration->kind);
	json_put_string(w, "role", "");
	TRY(fields_write(&request->op, w, type, integration->settings,
			 &entity->secrets));
	write_links(request, w, entity);
	json_end_object(w);
	return OK;
}

enum error upsun_write_result(struct request *request, int status,
			      const struct upsun_entity *entity,
			      const struct event *event)
{
	struct upsun_reader reader = upsun_reader_of(request, entity->project);
	struct json_writer w = upsun_answer(request, status);
	struct activity activity;

	TRY(activity_of_event(&request->op, event, &activity));
	json_begin_object(&w, NULL);
	json_put_string(&w, "status", http_reason(status));
	json_put_integer(&w, "code", status);
	json_begin_object(&w, "_embedded");
	TRY(upsun_write_entity(request, &w, "entity", entity));
	json_begin_array(&w, "activities");
	TRY(upsun_write_activity(&request->op, &w, &reader, NULL, &activity));
	json_end_array(&w);
	json_end_object(&w);
	upsun_begin_links(request, &w,
			  upsun_integration_path(&request->op, entity->project,
						 &entity->integration),
			  "Integration");
	json_end_object(&w);
	json_end_object(&w);
	return OK;
}
