/*
 * The caller: a builder, whom the token acts for, named by its label. What is
 * not known of them is empty (in the form its schema asks for).
 */
#include "core/builder.h"
#include "core/principal.h"
#include "core/project.h"
#include "dialects/upsun/upsun.h"

#define NO_ADDRESS "nobody@cleat.invalid" /* RFC 2606: never anybody's */
#define NO_PICTURE "about:blank"
#define NO_COUNTRY "ZZ" /* ISO 3166-1 keeps it free for such use */

static const char *user_name(const struct request *request)
{
	const char *label = request->op.principal->label;

	return *label ? label : "builder";
}

static const char *or_else(const char *text, const char *other)
{
	return text ? text : other;
}

enum error upsun_get_user(struct request *request)
{
	struct builder who;

	TRY(builder_of_op(&request->op, &who));
	struct json_writer w = upsun_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_uuid(&w, "id", who.id);
	json_put_bool(&w, "deactivated", false);
	json_put_string(&w, "namespace", "cleat");
	json_put_string(&w, "username", user_name(request));
	json_put_string(&w, "email", or_else(who.email, NO_ADDRESS));
	json_put_bool(&w, "email_verified", who.email != NULL);
	json_put_string(&w, "first_name", or_else(who.first_name, ""));
	json_put_string(&w, "last_name", or_else(who.last_name, ""));
	json_put_string(&w, "picture", NO_PICTURE);
	json_put_string(&w, "company", "");
	json_put_string(&w, "website", request_origin(request));
	json_put_string(&w, "country", NO_COUNTRY);
	json_put_time(&w, "created_at", who.created_at);
	json_put_time(&w, "updated_at", who.created_at);
	json_end_object(&w);
	return OK;
}

static void write_project(struct request *request, struct json_writer *w,
			  const struct project *project)
{
	const char *url = arena_printf(
		&request->op.arena, "%s%s", request_origin(request),
		upsun_project_path(&request->op, project));

	json_begin_object(w, NULL);
	json_put_string(w, "id", project->short_id);
	json_put_string(w, "name", project->name);
	json_put_string(w, "title", project->title);
	json_put_string(w, "uri", url);
	json_put_string(w, "endpoint", url);
	json_put_uuid(w, "owner", project->organization_id);
	json_put_string(w, "status", "active");
	json_put_time(w, "created_at", project->created_at);
	json_end_object(w);
}

static void write_projects(struct request *request, struct json_writer *w,
			   const struct project_list *list)
{
	json_begin_array(w, "projects");
	for (size_t i = 0; i < list->count; i++)
		write_project(request, w, &list->items[i]);
	json_end_array(w);
}

/* The older form, with the projects in it. */
enum error upsun_get_me(struct request *request)
{
	struct project_list list;
	struct builder who;

	TRY(builder_of_op(&request->op, &who));
	TRY(project_list(&request->op, &list));
	struct json_writer w = upsun_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_uuid(&w, "id", who.id);
	json_put_uuid(&w, "uuid", who.id);
	json_put_string(&w, "username", user_name(request));
	json_put_string(&w, "display_name", user_name(request));
	json_put_integer(&w, "status", 1);
	json_put_string(&w, "mail", or_else(who.email, NO_ADDRESS));
	json_begin_array(&w, "ssh_keys");
	json_end_array(&w);
	json_put_bool(&w, "has_key", false);
	write_projects(request, &w, &list);
	json_begin_array(&w, "roles");
	json_end_array(&w);
	json_put_string(&w, "picture", NO_PICTURE);
	json_end_object(&w);
	return OK;
}
