/* Answers and their links (HAL). */
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

struct upsun_reader upsun_reader_of(struct request *request,
				    const struct project *project)
{
	return (struct upsun_reader){request_origin(request), project,
				     upsun_is_admin(request)};
}

void upsun_begin_links_at(struct op *op, struct json_writer *w,
			  const char *origin, const char *path)
{
	json_begin_object(w, "_links");
	upsun_link(w, "self", arena_printf(&op->arena, "%s%s", origin, path));
}

void upsun_begin_links(struct request *request, struct json_writer *w,
		       const char *path)
{
	upsun_begin_links_at(&request->op, w, request_origin(request), path);
}
