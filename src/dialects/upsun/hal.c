/* Answers and their links (HAL). */
#include <stdlib.h>
#include <string.h>

#include "dialects/upsun/actions.h"
#include "dialects/upsun/upsun.h"

struct json_writer upsun_answer(struct request *request, int status)
{
	request->response.status = status;
	/* no charset: with one, the JavaScript client reads text */
	request->response.content_type = "application/json";
	return json_writer_on(&request->response.body);
}

const char *upsun_project_path(struct op *op, const struct project *project)
{
	return arena_printf(&op->arena, "/api/projects/%s", project->short_id);
}

const char *upsun_integration_path(struct op *op, const struct project *project,
				   const struct integration *integration)
{
	return arena_printf(&op->arena, "/api/projects/%s/integrations/%s",
			    project->short_id, integration->handle);
}

void upsun_link(struct json_writer *w, const char *rel, const char *path)
{
	json_begin_object(w, rel);
	json_put_string(w, "href", path);
	json_end_object(w);
}

static const char *meta_of(const char *operation)
{
	const struct upsun_action *action = upsun_actions;

	while (action->operation && strcmp(action->operation, operation) != 0)
		action++;
	if (!action->operation)
		abort(); /* the document has no such operation */
	return action->meta;
}

void upsun_action_link(struct json_writer *w, const char *rel, const char *path,
		       const char *operation)
{
	json_begin_object(w, rel);
	json_put_string(w, "href", path);
	json_put_raw(w, "meta", meta_of(operation));
	json_end_object(w);
}

struct upsun_reader upsun_reader_of(struct request *request,
				    const struct project *project)
{
	return (struct upsun_reader){request_origin(request), project,
				     upsun_is_admin(request)};
}

static void write_self(struct op *op, struct json_writer *w, const char *href,
		       const char *schema)
{
	json_begin_object(w, "self");
	json_put_string(w, "href", href);
	json_begin_object(w, "meta");
	json_put_string(w, "$ref",
			arena_printf(&op->arena,
				     "/openapi/upsun.json#/components/schemas/"
				     "%s",
				     schema));
	json_end_object(w);
	json_end_object(w);
}

void upsun_begin_links_at(struct op *op, struct json_writer *w,
			  const char *origin, const char *path,
			  const char *schema)
{
	json_begin_object(w, "_links");
	write_self(op, w, arena_printf(&op->arena, "%s%s", origin, path),
		   schema);
}

void upsun_begin_links(struct request *request, struct json_writer *w,
		       const char *path, const char *schema)
{
	upsun_begin_links_at(&request->op, w, request_origin(request), path,
			     schema);
}
