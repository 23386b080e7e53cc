/* Projects. What a project of Upsun's has and one of ours has not is empty. */
#include "core/principal.h"
#include "dialects/upsun/upsun.h"

enum error upsun_enter(struct request *request, struct project *ret)
{
	return project_enter(&request->op, PROJECT_BY_SHORT_ID,
			     request->params[0], ret);
}

static void write_status(struct json_writer *w)
{
	json_begin_object(w, "status");
	json_put_string(w, "code", "provisioned");
	json_put_string(w, "message", "ok");
	json_end_object(w);
}

static void write_repository(struct json_writer *w)
{
	json_begin_object(w, "repository");
	json_put_string(w, "url", "");
	json_put_null(w, "client_ssh_key");
	json_end_object(w);
}

static void write_subscription(struct json_writer *w)
{
	json_begin_object(w, "subscription");
	json_put_string(w, "license_uri", "");
	json_put_integer(w, "storage", 0);
	json_put_integer(w, "included_users", 0);
	json_put_string(w, "subscription_management_uri", "");
	json_put_bool(w, "restricted", false);
	json_put_bool(w, "suspended", false);
	json_put_integer(w, "user_licenses", 0);
	json_end_object(w);
}

static void write_links(struct request *request, struct json_writer *w,
			const struct project *project)
{
	struct op *op = &request->op;
	const char *path = upsun_project_path(op, project);

	upsun_begin_links(request, w, path, "Project");
	upsun_link(w, "integrations",
		   arena_printf(&op->arena, "%s/integrations", path));
	upsun_link(w, "activities",
		   arena_printf(&op->arena, "%s/activities", path));
	upsun_link(w, "capabilities",
		   arena_printf(&op->arena, "%s/capabilities", path));
	json_end_object(w);
}

static void write_project(struct request *request, struct json_writer *w,
			  const struct project *project)
{
	json_begin_object(w, NULL);
	json_put_string(w, "id", project->short_id);
	json_put_time(w, "created_at", project->created_at);
	json_put_time(w, "updated_at", project->updated_at);
	json_begin_object(w, "attributes");
	json_end_object(w);
	json_put_string(w, "title", project->title);
	json_put_string(w, "description", "");
	json_put_uuid(w, "owner", project->organization_id);
	json_put_null(w, "namespace");
	json_put_uuid(w, "organization", project->organization_id);
	json_put_null(w, "default_branch");
	write_status(w);
	json_put_string(w, "timezone", "UTC");
	json_put_string(w, "region", "");
	write_repository(w);
	json_put_null(w, "default_domain");
	write_subscription(w);
	json_put_null(w, "maintenance");
	write_links(request, w, project);
	json_end_object(w);
}

enum error upsun_get_project(struct request *request)
{
	struct project project;

	TRY(upsun_enter(request, &project));
	struct json_writer w = upsun_answer(request, 200);
	write_project(request, &w, &project);
	return OK;
}

enum error upsun_list_projects(struct request *request)
{
	struct project_list list;

	TRY(project_list(&request->op, &list));
	struct json_writer w = upsun_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		write_project(request, &w, &list.items[i]);
	json_end_array(&w);
	return OK;
}
