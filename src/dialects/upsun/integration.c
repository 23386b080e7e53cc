/* Third-party integrations: list, get, create, change, delete. */
#include <string.h>

#include "core/deletion.h"
#include "core/principal.h"
#include "dialects/upsun/upsun.h"

static const char *const read_here[] = {"type", NULL};
static const struct field_policy policy = {.others = read_here};

enum error upsun_find_integration(struct request *request,
				  struct integration *ret)
{
	return integration_find(&request->op, INTEGRATION_THIRD_PARTY,
				request->params[1], ret);
}

enum error upsun_list_integrations(struct request *request)
{
	struct project project;
	struct integration_list list;

	TRY(upsun_enter(request, &project));
	TRY(integration_list(&request->op, INTEGRATION_THIRD_PARTY, &list));
	struct json_writer w = upsun_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++) {
		struct upsun_entity entity = {&project, list.items[i], {0}};

		TRY(upsun_open_entity(request, &entity));
		TRY(upsun_write_entity(request, &w, NULL, &entity));
	}
	json_end_array(&w);
	return OK;
}

enum error upsun_get_integration(struct request *request)
{
	struct project project;
	struct upsun_entity entity = {.project = &project};

	TRY(upsun_enter(request, &project));
	TRY(upsun_find_integration(request, &entity.integration));
	TRY(upsun_open_entity(request, &entity));
	struct json_writer w = upsun_answer(request, 200);
	return upsun_write_entity(request, &w, NULL, &entity);
}

/* What the body is to make. */
static enum error read_type(struct request *request,
			    const struct field_table **ret)
{
	const json_t *type = json_object_get(request->json, "type");
	const struct field_table *found;

	if (!json_is_object(request->json))
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "must be a JSON object");
	found = json_is_string(type) ? upsun_type(json_string_value(type))
				     : NULL;
	if (!found) {
		op_issue(&request->op, "body", "type", "%s",
			 !type			? "is required"
			 : json_is_string(type) ? "is no type we know"
						: "must be a string");
		return op_fail(&request->op, ERR_MISSHAPEN, "no type");
	}
	*ret = found;
	return OK;
}

/* The secrets just stored, to be shown without opening them again. */
static struct credential_list given_secrets(struct op *op,
					    const struct field_values *values)
{
	struct credential_list list = {
		arena_alloc(&op->arena,
			    FIELD_SECRETS_MAX * sizeof(*list.items)),
		values->secret_count};

	for (size_t i = 0; i < list.count; i++) {
		const char *text = values->secrets[i].value;

		list.items[i].name = values->secrets[i].name;
		list.items[i].value = (struct secret){
			(const unsigned char *)text, text ? strlen(text) : 0};
	}
	return list;
}

/* The event that the change of this integration recorded. */
static enum error last_event(struct op *op, const char *type, struct uuid id,
			     struct event *ret)
{
	const struct event_filter filter = {
		.integration_id = id,
		.type = upsun_event_type(type),
		.limit = 1,
	};
	struct event_list list;

	TRY(event_list(op, &filter, &list));
	if (!list.count)
		return op_fail(op, ERR_INTERNAL, "a change left no event");
	*ret = list.items[0];
	return OK;
}

enum error upsun_create_integration(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct upsun_entity entity = {.project = &project};
	const struct field_table *type;
	struct field_values values;
	struct event event;

	TRY(upsun_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(read_type(request, &type));
	TRY(fields_read(op, type, request->json, NULL, &policy, &values));
	const struct integration new = {
		.family = INTEGRATION_THIRD_PARTY,
		.kind = type->type,
		.title = "",
		.settings = values.settings,
	};
	TRY(integration_create(op, &new, values.secrets, values.secret_count,
			       &entity.integration));
	TRY(last_event(op, "integration.add", entity.integration.id, &event));
	entity.secrets = given_secrets(op, &values);
	return upsun_write_result(request, 201, &entity, &event);
}

/* A patch may name the type, but not another one. */
static void check_type_is_kept(struct request *request, const char *type)
{
	const json_t *given = json_object_get(request->json, "type");

	if (given && (!json_is_string(given) ||
		      strcmp(json_string_value(given), type) != 0))
		op_issue(&request->op, "body", "type", "can't change");
}

/* Stores the body's fields over what the integration has. */
static enum error apply_patch(struct request *request,
			      struct integration *integration)
{
	struct op *op = &request->op;
	const struct field_table *type = upsun_type(integration->kind);
	struct integration changed = *integration;
	struct field_values values;

	if (!type)
		return op_fail(op, ERR_INTERNAL,
			       "an integration is of a type without a table");
	check_type_is_kept(request, type->type);
	TRY(fields_read(op, type, request->json, integration->settings, &policy,
			&values));
	if (op->issue_count)
		return op_fail(op, ERR_MISSHAPEN, "the type can't change");
	changed.settings = values.settings;
	return integration_update(op, &changed, values.secrets,
				  values.secret_count, integration);
}

enum error upsun_update_integration(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct upsun_entity entity = {.project = &project};
	struct event event;

	TRY(upsun_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(upsun_find_integration(request, &entity.integration));
	TRY(apply_patch(request, &entity.integration));
	TRY(last_event(op, "integration.update", entity.integration.id,
		       &event));
	TRY(upsun_open_entity(request, &entity));
	return upsun_write_result(request, 200, &entity, &event);
}

/* The answer embeds the integration as it was. A body is ignored. */
enum error upsun_delete_integration(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct upsun_entity entity = {.project = &project};
	struct event event;

	TRY(upsun_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(upsun_find_integration(request, &entity.integration));
	if (!op->is_dry_run)
		TRY(upsun_open_entity(request, &entity));
	TRY(delete_integration(op, INTEGRATION_THIRD_PARTY,
			       entity.integration.id, &event));
	return upsun_write_result(request, 200, &entity, &event);
}
