/* Projects, in Ampersand's form. */
#include "core/project.h"

#include "core/deletion.h"
#include "dialects/ampersand/ampersand.h"

void amp_put_project(struct json_writer *w, const char *key,
		     const struct project *project, bool with_entitlements)
{
	json_begin_object(w, key);
	json_put_uuid(w, "id", project->id);
	json_put_string(w, "name", project->name);
	json_put_string(w, "appName", project->title);
	json_put_uuid(w, "orgId", project->organization_id);
	json_put_time(w, "createTime", project->created_at);
	if (project->updated_at != project->created_at)
		json_put_time(w, "updateTime", project->updated_at);
	if (with_entitlements) {
		/* one's own server carries nobody's brand */
		json_begin_object(w, "entitlements");
		json_begin_object(w, "brandingRemoval");
		json_put_bool(w, "value", true);
		json_end_object(w);
		json_end_object(w);
	}
	json_end_object(w);
}

enum error amp_list_projects(struct request *request)
{
	struct project_list projects;

	TRY(project_list(&request->op, &projects));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < projects.count; i++)
		amp_put_project(&w, NULL, &projects.items[i], false);
	json_end_array(&w);
	return OK;
}

enum error amp_get_project(struct request *request)
{
	bool with_entitlements = false;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(request_flag(request, "includeEntitlements", &with_entitlements));
	struct json_writer w = amp_answer(request, 200);
	amp_put_project(&w, NULL, &project, with_entitlements);
	return OK;
}

/* An organization that the body names; it must be the caller's own. */
static enum error enter_org(struct op *op, const char *id,
			    struct membership *ret)
{
	enum error error = organization_enter(op, id, ret);

	if (error != ERR_NOT_FOUND)
		return error;
	op_issue(op, "body", "orgId", "is unknown");
	return op_fail(op, ERR_INVALID, "there is no organization %s", id);
}

enum error amp_create_project(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct membership own;
	struct body_reader in;

	TRY(access_to_manage(op));
	TRY(body_read(request, &in));
	const char *title =
		body_string(&in, "appName", true, PROJECT_TITLE_MAX);
	const char *name = body_string(&in, "name", true, AMP_NAME_MAX);
	const char *org_id = body_string(&in, "orgId", true, AMP_NAME_MAX);
	TRY(body_done(&in));
	TRY(enter_org(op, org_id, &own));
	TRY(project_create_in(op, own.organization.id, name, title, &project));
	struct json_writer w = amp_answer(request, 201);
	amp_put_project(&w, NULL, &project, false);
	return OK;
}

enum error amp_update_project(struct request *request)
{
	static const char *const names[] = {"appName", "name", NULL};
	const char *name = NULL, *title = NULL;
	struct amp_update update;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(amp_read_update(request, "project", &update));
	amp_check_mask(&update, names);
	TRY(body_done(&update.body));
	if (amp_masks(update.mask, "appName"))
		title = body_string(&update.inside, "appName", true,
				    PROJECT_TITLE_MAX);
	if (amp_masks(update.mask, "name"))
		name = body_string(&update.inside, "name", true, AMP_NAME_MAX);
	TRY(body_done(&update.body));
	TRY(project_update(&request->op, &project, name, title, &project));
	struct json_writer w = amp_answer(request, 200);
	amp_put_project(&w, NULL, &project, false);
	return OK;
}

/* With all that it has, for good: its tokens are refused from then on. */
enum error amp_delete_project(struct request *request)
{
	struct op *op = &request->op;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(delete_project(op));
	return amp_no_content(request);
}
