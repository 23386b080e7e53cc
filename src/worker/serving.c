/*
 * What the worker answers: its server's pushes and removals, its
 * applications' questions, and whether it is well.
 */
#include <sodium.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_write.h"
#include "dialects/problem.h"
#include "http/metrics.h"
#include "http/router.h"
#include "worker/inside.h"

/* Who may call; nobody need be known for the rest. */
enum {
	BY_SERVER = ROUTE_FLAG_DIALECT,
	BY_APPLICATION = ROUTE_FLAG_DIALECT << 1,
};

enum { NAME_MAX_BYTES = 256 };

static struct json_writer begin(struct request *request, int status)
{
	request->response.status = status;
	request->response.content_type = "application/json";
	struct json_writer w = json_writer_on(&request->response.body);
	json_begin_object(&w, NULL);
	return w;
}

static struct holding *holding_of(const struct request *request)
{
	const struct worker_process *process = request->kept;

	return process->holding;
}

/* The same time is taken by each wrong one of this length. */
static bool is_same(const char *given, const char *wanted)
{
	return given && strlen(given) == strlen(wanted) &&
	       sodium_memcmp(given, wanted, strlen(wanted)) == 0;
}

static enum error check_server(struct request *request)
{
	struct worker_process *process = request->kept;
	const char *url = atomic_load(&process->url);
	struct holding_known known;

	holding_get_known(process->holding, &known);
	bool has_key = url && known.key[0] && strcmp(known.url, url) == 0;
	bool is_server = has_key && is_same(request_bearer(request), known.key);
	explicit_bzero(&known, sizeof(known));
	if (!has_key)
		return op_fail(&request->op, ERR_BUSY,
			       "this worker has not registered yet");
	if (is_server)
		return OK;
	op_advise(&request->op, "Send the key of the last registration.");
	return op_fail(&request->op, ERR_UNAUTHENTICATED,
		       "this is not the server's key");
}

static enum error check_application(struct request *request)
{
	const struct worker_process *process = request->kept;
	const struct worker_options *options = process->options;

	if (!options->serves_remote_applications &&
	    !request_is_of_this_machine(request))
		return op_fail(&request->op, ERR_FORBIDDEN,
			       "applications are answered on this machine");
	if (is_same(request_bearer(request), options->application_token))
		return OK;
	op_advise(&request->op, "Send the token for applications, which lies "
				"in the worker's folder.");
	return op_fail(&request->op, ERR_UNAUTHENTICATED,
		       "this is not the applications' token");
}

/* Another registration's call may be on its way still. */
static enum error check_worker(struct request *request)
{
	const struct worker_process *process = request->kept;
	const char *text = request_arg(request, "worker");
	struct holding_known known;
	struct uuid id;

	holding_get_known(process->holding, &known);
	bool is_ours =
		text && uuid_parse(text, &id) && uuid_equal(id, known.id);
	explicit_bzero(&known, sizeof(known));
	return is_ours ? OK
		       : op_fail(&request->op, ERR_IN_USE,
				 "this is not the worker that is called");
}

static enum error read_place(struct request *request, struct uuid *ret_id,
			     int64_t *ret_version)
{
	*ret_version = -1;
	TRY(check_worker(request));
	TRY(request_number(request, "version", 0, INT64_MAX, ret_version));
	if (*ret_version < 0)
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "version is needed");
	if (uuid_parse(request->params[0], ret_id))
		return OK;
	return op_fail(&request->op, ERR_NOT_FOUND, "%s is no connection's id",
		       request->params[0]);
}

/* It is on disk; else who called is to try again. */
static enum error confirm(struct request *request, bool is_saved, int status)
{
	if (!is_saved)
		return op_fail(&request->op, ERR_STORE,
			       "it can't be written to disk");
	struct json_writer w = begin(request, status);
	json_put_string(&w, "id", request->params[0]);
	json_end_object(&w);
	return OK;
}

/* Only what it may hand out is taken; a removal always is. */
static enum error check_push(struct request *request)
{
	const struct worker_process *process = request->kept;
	const char *of = json_string_value(
		json_object_get(request->json, "environment"));

	if (atomic_load(&process->has_ended))
		return op_fail(&request->op, ERR_BUSY,
			       "this worker's token has ended");
	if (of && strcmp(of, process->options->environment) == 0)
		return OK;
	return op_fail(&request->op, ERR_IN_USE,
		       "this is of another environment");
}

static enum error put_connection(struct request *request)
{
	struct op *op = &request->op;
	struct uuid id;
	int64_t version;

	TRY(read_place(request, &id, &version));
	TRY(check_push(request));
	const char *name =
		json_string_value(json_object_get(request->json, "name"));
	if (!name || !*name || strlen(name) > NAME_MAX_BYTES)
		return op_fail(op, ERR_INVALID,
			       "the connection has no name, or a long one");
	const char *document = arena_strndup(&op->arena, request->body.bytes,
					     request->body.length);
	bool is_saved =
		holding_put(holding_of(request), id, version, name, document);
	explicit_bzero((char *)(uintptr_t)document, request->body.length);
	return confirm(request, is_saved, 200);
}

static enum error delete_connection(struct request *request)
{
	struct uuid id;
	int64_t version;
	bool was_there;

	TRY(read_place(request, &id, &version));
	bool is_saved =
		holding_remove(holding_of(request), id, version, &was_there);
	return confirm(request, is_saved, was_there ? 200 : 404);
}

static enum error get_connection(struct request *request)
{
	struct op *op = &request->op;
	const char *name = request->params[0];

	op->has_secrets = true;
	const char *document =
		holding_find(holding_of(request), &op->arena, name);
	if (!document)
		return op_fail(op, ERR_NOT_FOUND,
			       "there is no connection %s here", name);
	request->response.status = 200;
	request->response.content_type = "application/json";
	response_header(request, "Cache-Control", "no-store");
	buf_text(&request->response.body, document);
	return OK;
}

static enum error list_connections(struct request *request)
{
	struct json_writer w = begin(request, 200);

	json_begin_array(&w, "connections");
	holding_write_list(holding_of(request), &w);
	json_end_array(&w);
	json_end_object(&w);
	return OK;
}

static enum error get_health(struct request *request)
{
	const struct worker_process *process = request->kept;
	struct holding_counts counts;

	holding_count(process->holding, &counts);
	struct json_writer w = begin(request, 200);
	json_put_string(&w, "status", "ok");
	json_put_bool(&w, "isRegistered", atomic_load(&process->is_registered));
	json_put_time(&w, "comparedAt", atomic_load(&process->compared_at));
	json_put_integer(&w, "connections", (int64_t)counts.connections);
	json_put_integer(&w, "missing", (int64_t)counts.missing);
	json_end_object(&w);
	return OK;
}

static enum error get_metrics(struct request *request)
{
	request->response.status = 200;
	request->response.content_type = "text/plain; version=0.0.4";
	http_write_metrics(request->server, &request->response.body);
	return OK;
}

static const struct route routes[] = {
	{METHOD_PUT, "/connections/{id}", "putConnection", put_connection,
	 ROUTE_JSON | BY_SERVER, NULL},
	{METHOD_DELETE, "/connections/{id}", "deleteConnection",
	 delete_connection, BY_SERVER, NULL},
	{METHOD_GET, "/connections/{id}", "getConnection", get_connection,
	 BY_APPLICATION, NULL},
	{METHOD_GET, "/connections", "listConnections", list_connections,
	 BY_APPLICATION, NULL},
	{METHOD_GET, "/healthz", "getHealth", get_health, ROUTE_PUBLIC, NULL},
	{METHOD_GET, "/metrics", "getMetrics", get_metrics, ROUTE_PUBLIC, NULL},
};

static enum error check_caller(struct request *request)
{
	if (request->route->flags & BY_SERVER)
		return check_server(request);
	if (request->route->flags & BY_APPLICATION)
		return check_application(request);
	return OK;
}

static enum error read_json(struct request *request)
{
	const char *why;

	if (!(request->route->flags & ROUTE_JSON))
		return OK;
	if (json_read(&request->op.arena, request->body.bytes,
		      request->body.length, &request->json, &why) != OK)
		return op_fail(&request->op, ERR_MALFORMED, "%s", why);
	return OK;
}

static enum error handle(struct request *request)
{
	TRY(check_caller(request));
	TRY(read_json(request));
	return request->route->handle(request);
}

static void answer_error(struct request *request, enum error error, int status)
{
	buf_clear(&request->response.body);
	request->response.header_count = 0;
	request->error = error;
	write_problem(request, error, status);
	if (request->response.status == 503)
		response_header(request, "Retry-After", "1");
}

static void serve(void *context, struct request *request,
		  const struct route_match *match)
{
	enum error error = OK;

	request->kept = context;
	if (match->route) {
		error = handle(request);
	} else if (match->allow) {
		op_explain(&request->op, "this path answers %s", match->allow);
		answer_error(request, ERR_METHOD, 0);
		response_header(request, "Allow", match->allow);
		return;
	} else {
		op_explain(&request->op, "there is nothing at this path");
		error = ERR_NOT_FOUND;
	}
	if (error != OK)
		answer_error(request, error, 0);
}

static void refuse(void *context, struct request *request,
		   const struct route_match *match, int status, const char *why)
{
	(void)context;
	(void)match;
	op_explain(&request->op, "%s", why);
	answer_error(request, status == 400 ? ERR_MALFORMED : ERR_TOO_LARGE,
		     status);
}

static void write_metrics(void *context, struct buf *out)
{
	const struct worker_process *process = context;
	struct holding_counts counts;

	holding_count(process->holding, &counts);
	buf_printf(out,
		   "# TYPE cleat_worker_connections gauge\n"
		   "cleat_worker_connections %zu\n"
		   "# TYPE cleat_worker_missing gauge\n"
		   "cleat_worker_missing %zu\n",
		   counts.connections, counts.missing);
}

static const char *owner_name(const void *owner)
{
	(void)owner;
	return "worker";
}

struct router *serving_router(void)
{
	static const struct route_set set = {
		.owner = routes,
		.routes = routes,
		.count = sizeof(routes) / sizeof(*routes),
	};

	return router_new(&set, 1);
}

void serving_fill(struct worker_process *process, struct router *router)
{
	process->http = (struct http_app){
		.context = process,
		.router = router,
		.metrics = metrics_new(router, owner_name),
		.serve = serve,
		.refuse = refuse,
		.write_metrics = write_metrics,
	};
}
