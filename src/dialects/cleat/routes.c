/* What is the server's own: health, metrics, documents. */
#include <string.h>

#include "base/json_write.h"
#include "dialects/dialect.h"
#include "dialects/problem.h"
#include "http/embedded.h"
#include "http/server.h"

static enum error answer_text(struct request *request, const char *text)
{
	request->response.status = 200;
	request->response.content_type = "text/plain; charset=utf-8";
	buf_text(&request->response.body, text);
	return OK;
}

/* The process is up, and the store answered this request's session. */
static enum error healthz(struct request *request)
{
	return answer_text(request, "ok\n");
}

/* New requests should come here: not while it drains. */
static enum error readyz(struct request *request)
{
	if (http_is_draining(request->server))
		return op_fail(&request->op, ERR_BUSY,
			       "the server is stopping");
	return answer_text(request, "ready\n");
}

static enum error metrics(struct request *request)
{
	request->response.status = 200;
	request->response.content_type = "text/plain; version=0.0.4";
	http_write_metrics(request->server, &request->response.body);
	return OK;
}

static enum error document(struct request *request)
{
	const char *name = request->params[0];

	for (const struct embedded_file *f = embedded_files; f->name; f++) {
		if (strcmp(f->name, name) != 0)
			continue;
		request->response.status = 200;
		request->response.content_type = "application/json";
		buf_add(&request->response.body, f->bytes, f->length);
		return OK;
	}
	return op_fail(&request->op, ERR_NOT_FOUND, "there is no document %s",
		       name);
}

static const struct route routes[] = {
	{METHOD_GET, "/healthz", "getHealth", healthz, ROUTE_PUBLIC, NULL},
	{METHOD_GET, "/readyz", "getReadiness", readyz, ROUTE_PUBLIC, NULL},
	{METHOD_GET, "/metrics", "getMetrics", metrics, ROUTE_PUBLIC, NULL},
	{METHOD_GET, "/openapi/{name}", "getOpenApi", document, ROUTE_PUBLIC,
	 NULL},
};

static enum error authenticate(struct request *request, struct principal *ret)
{
	(void)ret;
	return op_fail(&request->op, ERR_UNAUTHENTICATED, "not allowed");
}

const struct dialect cleat_dialect = {
	.name = "cleat",
	.routes = routes,
	.route_count = sizeof(routes) / sizeof(*routes),
	.authenticate = authenticate,
	.write_error = write_problem,
};
