/* Organizations: made, read, renamed; their builders, and adding one. */
#include "core/organization.h"

#include "dialects/ampersand/ampersand.h"

void amp_put_org(struct json_writer *w, const char *key,
		 const struct organization *org)
{
	json_begin_object(w, key);
	json_put_uuid(w, "id", org->id);
	json_put_string(w, "label", org->label);
	/* its only team is all its builders */
	json_put_uuid(w, "defaultTeamId", org->id);
	json_put_time(w, "createTime", org->created_at);
	if (org->updated_at)
		json_put_time(w, "updateTime", org->updated_at);
	json_end_object(w);
}

void amp_put_builder(struct arena *arena, struct json_writer *w,
		     const char *key, const struct builder *builder)
{
	json_begin_object(w, key);
	json_put_uuid(w, "id", builder->id);
	json_put_string(w, "idpProvider", "cleat");
	json_put_uuid(w, "idpRef", builder->id);
	json_put_time(w, "createTime", builder->created_at);
	json_put_optional(w, "firstName", builder->first_name);
	json_put_optional(w, "lastName", builder->last_name);
	json_put_optional(w, "fullName", builder_full_name(arena, builder));
	json_put_optional(w, "primaryEmail", builder->email);
	json_end_object(w);
}

enum error amp_enter_org(struct request *request, struct membership *ret)
{
	return organization_enter(&request->op, request->params[0], ret);
}

enum error amp_enter_org_to_manage(struct request *request,
				   struct membership *ret)
{
	TRY(amp_enter_org(request, ret));
	return organization_manage(&request->op, ret);
}

static enum error answer(struct request *request, int status,
			 const struct organization *org)
{
	struct json_writer w = amp_answer(request, status);

	amp_put_org(&w, NULL, org);
	return OK;
}

enum error amp_create_org(struct request *request)
{
	struct organization org;
	struct body_reader in;

	TRY(access_to_manage(&request->op));
	TRY(body_read(request, &in));
	const char *label = body_name(&in, "label", ORGANIZATION_LABEL_MAX);
	TRY(body_done(&in));
	TRY(organization_create(&request->op, label, &org));
	return answer(request, 201, &org);
}

enum error amp_get_org(struct request *request)
{
	struct membership own;

	TRY(amp_enter_org(request, &own));
	return answer(request, 200, &own.organization);
}

enum error amp_update_org(struct request *request)
{
	static const char *const names[] = {"label", NULL};
	struct organization org;
	struct amp_update update;
	struct membership own;

	TRY(amp_enter_org_to_manage(request, &own));
	TRY(amp_read_update(request, "org", &update));
	amp_check_mask(&update, names);
	TRY(body_done(&update.body));
	const char *label =
		body_name(&update.inside, "label", ORGANIZATION_LABEL_MAX);
	TRY(body_done(&update.body));
	TRY(organization_rename(&request->op, &own.organization, label, &org));
	return answer(request, 200, &org);
}

enum error amp_list_org_builders(struct request *request)
{
	struct builder_list list;
	struct membership own;

	TRY(amp_enter_org(request, &own));
	TRY(organization_builders(&request->op, own.organization.id, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		amp_put_builder(&request->op.arena, &w, NULL, &list.items[i]);
	json_end_array(&w);
	return OK;
}

enum error amp_add_user_to_org(struct request *request)
{
	struct membership own;
	struct body_reader in;

	TRY(amp_enter_org_to_manage(request, &own));
	TRY(body_read(request, &in));
	const char *id = body_string(&in, "builderId", true, AMP_NAME_MAX);
	TRY(body_done(&in));
	TRY(organization_add_known(&request->op, &own.organization, id));
	request->response.status = 201;
	return OK;
}
