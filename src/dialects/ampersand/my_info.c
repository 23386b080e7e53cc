/* Who asks: a builder, with what that is in an organization and projects. */
#include "core/organization.h"
#include "dialects/ampersand/ampersand.h"

/* The caller adds what it is a role in, and ends it. */
static void begin_role(struct json_writer *w, const char *key, const char *role,
		       const struct builder *builder)
{
	json_begin_object(w, key);
	json_put_string(w, "role", role);
	json_put_string(w, "principalType", "builder");
	json_put_uuid(w, "principalId", builder->id);
}

static void put_projects(struct request *request, struct json_writer *w,
			 const struct builder *builder,
			 const struct project_list *projects)
{
	bool is_admin = request->op.principal->role == ROLE_ADMIN;
	char id[UUID_TEXT];

	json_begin_object(w, "projectRoles");
	for (size_t i = 0; i < projects->count; i++) {
		uuid_format(projects->items[i].id, id);
		begin_role(w, arena_strdup(&request->op.arena, id),
			   is_admin ? "admin" : "viewer", builder);
		amp_put_project(w, "project", &projects->items[i], false);
		json_end_object(w);
	}
	json_end_object(w);
}

/* That one, else the one that was joined first; NULL when there is none. */
static const struct membership *choose(const struct membership_list *list,
				       struct uuid wanted)
{
	for (size_t i = 0; i < list->count; i++)
		if (uuid_equal(list->items[i].organization.id, wanted))
			return &list->items[i];
	return list->count ? &list->items[0] : NULL;
}

enum error amp_answer_builder_info(struct request *request,
				   struct uuid organization_id)
{
	struct op *op = &request->op;
	struct project_list projects;
	struct membership_list list;
	struct builder builder;

	TRY(builder_of_op(op, &builder));
	TRY(organization_list(op, &list));
	TRY(project_list(op, &projects));
	const struct membership *own = choose(&list, organization_id);
	struct json_writer w = amp_answer(request, 200);
	json_begin_object(&w, NULL);
	amp_put_builder(&op->arena, &w, "builder", &builder);
	put_projects(request, &w, &builder, &projects);
	if (own) {
		begin_role(&w, "orgRole", own->is_owner ? "owner" : "member",
			   &builder);
		amp_put_org(&w, "org", &own->organization);
		json_end_object(&w);
	}
	json_end_object(&w);
	return OK;
}

enum error amp_get_my_info(struct request *request)
{
	return amp_answer_builder_info(request,
				       request->op.principal->organization_id);
}
