/* Projects, in Ampersand's form. */
#include "core/project.h"

#include "dialects/ampersand/ampersand.h"

static void put_project(struct json_writer *w, const struct project *project,
			bool with_entitlements)
{
	json_begin_object(w, NULL);
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
		put_project(&w, &projects.items[i], false);
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
	put_project(&w, &project, with_entitlements);
	return OK;
}

enum error amp_create_project(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct body_reader in;
	struct uuid org;

	TRY(access_to_manage(op));
	TRY(body_read(request, &in));
	const char *title =
		body_string(&in, "appName", true, PROJECT_TITLE_MAX);
	const char *name = body_string(&in, "name", true, AMP_NAME_MAX);
	const char *org_id = body_string(&in, "orgId", true, AMP_NAME_MAX);
	TRY(body_done(&in));
	if (!uuid_parse(org_id, &org) ||
	    !uuid_equal(org, op->principal->organization_id)) {
		op_issue(op, "body", "orgId", "is unknown");
		return op_fail(op, ERR_INVALID, "there is no organization %s",
			       org_id);
	}
	TRY(project_create(op, name, title, &project));
	struct json_writer w = amp_answer(request, 201);
	put_project(&w, &project, false);
	return OK;
}
