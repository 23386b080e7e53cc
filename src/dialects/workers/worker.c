/* A worker makes itself known, says that it is there, and asks what it is to
 * have. */
#include "core/worker.h"

#include <string.h>

#include "base/json_write.h"
#include "core/deployment.h"
#include "core/environment.h"
#include "core/principal.h"
#include "dialects/body.h"
#include "dialects/workers/workers.h"
#include "http/outbound.h"

static void enter(struct request *request)
{
	request->op.project_id = request->op.principal->project_id;
}

static enum error enter_to_manage(struct request *request)
{
	enter(request);
	return access_to_manage(&request->op);
}

static enum error path_id(struct request *request, struct uuid *ret)
{
	if (uuid_parse(request->params[0], ret))
		return OK;
	return op_fail(&request->op, ERR_NOT_FOUND, "there is no worker %s",
		       request->params[0]);
}

static struct json_writer begin(struct request *request, int status)
{
	request->response.status = status;
	request->response.content_type = "application/json";
	struct json_writer w = json_writer_on(&request->response.body);
	json_begin_object(&w, NULL);
	return w;
}

/* Paths are put behind it. */
static const char *read_url(const struct body_reader *in)
{
	const char *url = body_string(in, "url", true, WORKER_URL_MAX);
	const char *why =
		url ? outbound_url_fault(url, in->op->rules, in->op->rule_count)
		    : NULL;

	if (url && !why && url[strcspn(url, "?#")])
		why = "must not have a query or a fragment";
	if (why)
		body_invalid(in, "url", "%s", why);
	return url;
}

/* The key that each call to the worker carries is in the answer. */
static enum error answer_worker(struct request *request,
				const struct worker *worker)
{
	char key[WORKER_KEY_TEXT];

	request->op.has_secrets = true;
	worker_key(&request->op, worker->url, key);
	struct json_writer w = begin(request, 200);
	json_put_uuid(&w, "id", worker->id);
	json_put_uuid(&w, "environmentId", worker->environment_id);
	json_put_string(&w, "environment", worker->environment);
	json_put_string(&w, "name", worker->name);
	json_put_string(&w, "url", worker->url);
	json_put_string(&w, "key", key);
	json_put_integer(&w, "heartbeatSeconds", WORKER_HEARTBEAT_S);
	json_end_object(&w);
	return OK;
}

enum error workers_register(struct request *request)
{
	struct op *op = &request->op;
	struct body_reader in;
	struct worker worker;

	TRY(enter_to_manage(request));
	TRY(body_read(request, &in));
	const char *environment =
		body_name(&in, "environment", ENVIRONMENT_NAME_MAX);
	const char *name = body_name(&in, "name", WORKER_NAME_MAX);
	const char *url = read_url(&in);
	TRY(body_done(&in));
	TRY(worker_register(op, environment, name, url, &worker));
	return answer_worker(request, &worker);
}

enum error workers_heartbeat(struct request *request)
{
	struct worker worker;
	bool again = false;
	struct uuid id;

	TRY(enter_to_manage(request));
	TRY(path_id(request, &id));
	TRY(request_flag(request, "again", &again));
	TRY(worker_heartbeat(&request->op, id, again, &worker));
	struct json_writer w = begin(request, 200);
	json_put_uuid(&w, "id", worker.id);
	json_put_time(&w, "seenAt", worker.seen_at);
	json_end_object(&w);
	return OK;
}

static enum error answer_same(struct request *request)
{
	request->response.status = 204;
	return OK;
}

enum error workers_list_connections(struct request *request)
{
	struct deployed_set set;
	struct uuid id;
	int64_t since = -1;

	enter(request);
	TRY(path_id(request, &id));
	TRY(request_number(request, "since", 0, INT64_MAX, &since));
	TRY(deployed_set_get(&request->op, id, since, &set));
	if (set.is_same)
		return answer_same(request);
	struct json_writer w = begin(request, 200);
	json_put_integer(&w, "version", set.version);
	json_begin_array(&w, "connections");
	for (size_t i = 0; i < set.list.count; i++) {
		json_begin_object(&w, NULL);
		json_put_uuid(&w, "id", set.list.items[i].connection_id);
		json_put_integer(&w, "version", set.list.items[i].version);
		json_put_bool(&w, "pending",
			      !deployment_is_settled(&set.list.items[i]));
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	return OK;
}
