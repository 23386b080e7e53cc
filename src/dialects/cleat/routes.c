/* The native API's routes, and what is the server's own. */
#include <string.h>

#include "core/store.h"
#include "dialects/cleat/cleat.h"
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
	TRY(store_answers(&request->op));
	return answer_text(request, "ok\n");
}

/* New requests should come here: not while it drains. */
static enum error readyz(struct request *request)
{
	if (http_is_draining(request->server))
		return op_fail(&request->op, ERR_BUSY,
			       "the server is stopping");
	TRY(store_answers(&request->op));
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

#define PROJECT "/cleat/v1/projects/{project}"

static const struct route routes[] = {
	{METHOD_GET, "/healthz", "getHealth", healthz,
	 ROUTE_PUBLIC | ROUTE_FREE, NULL},
	{METHOD_GET, "/readyz", "getReadiness", readyz,
	 ROUTE_PUBLIC | ROUTE_FREE, NULL},
	{METHOD_GET, "/metrics", "getMetrics", metrics,
	 ROUTE_PUBLIC | ROUTE_FREE, NULL},
	{METHOD_GET, "/openapi/{name}", "getOpenApi", document,
	 ROUTE_PUBLIC | ROUTE_FREE, NULL},
	{METHOD_GET, "/.well-known/cleat-keys", "listKeys", cleat_list_keys,
	 ROUTE_PUBLIC, NULL},
	{METHOD_DELETE, PROJECT, "deleteProject", cleat_delete_project,
	 ROUTE_WRITE, NULL},
	{METHOD_POST, PROJECT "/deletions:plan", "planDeletion",
	 cleat_plan_deletion, ROUTE_JSON, NULL},
	{METHOD_POST, PROJECT "/deletions", "runDeletion", cleat_run_deletion,
	 ROUTE_WRITE | ROUTE_JSON | ROUTE_IDEMPOTENT, NULL},
	{METHOD_GET, PROJECT "/deletions", "listDeletions",
	 cleat_list_deletions, 0, NULL},
	{METHOD_GET, PROJECT "/deletions/{deletion}", "getDeletion",
	 cleat_get_deletion, 0, NULL},
	{METHOD_GET, PROJECT "/deletions/{deletion}/certificate",
	 "getCertificate", cleat_get_certificate, 0, NULL},
	{METHOD_POST, PROJECT "/deletions/{deletion}/steps/{step}:retry",
	 "retryStep", cleat_retry_step, ROUTE_WRITE | ROUTE_IDEMPOTENT, NULL},
	{METHOD_POST, PROJECT "/deletions/{deletion}/steps/{step}:abandon",
	 "abandonStep", cleat_abandon_step,
	 ROUTE_WRITE | ROUTE_JSON | ROUTE_IDEMPOTENT, NULL},
	{METHOD_GET, PROJECT "/events", "listEvents", cleat_list_events, 0,
	 NULL},
	{METHOD_GET, PROJECT "/groups", "listGroups", cleat_list_groups, 0,
	 NULL},
	{METHOD_POST, PROJECT "/groups", "createGroup", cleat_create_group,
	 ROUTE_WRITE | ROUTE_JSON | ROUTE_IDEMPOTENT, NULL},
	{METHOD_GET, PROJECT "/groups/{group}", "getGroup", cleat_get_group, 0,
	 NULL},
	{METHOD_PATCH, PROJECT "/groups/{group}", "updateGroup",
	 cleat_update_group, ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_DELETE, PROJECT "/groups/{group}", "deleteGroup",
	 cleat_delete_group, ROUTE_WRITE, NULL},
	{METHOD_DELETE, PROJECT "/consumers/{consumer}", "deleteConsumer",
	 cleat_delete_consumer, ROUTE_WRITE, NULL},
	{METHOD_GET, PROJECT "/environments", "listEnvironments",
	 cleat_list_environments, 0, NULL},
	{METHOD_POST, PROJECT "/environments", "createEnvironment",
	 cleat_create_environment, ROUTE_WRITE | ROUTE_JSON | ROUTE_IDEMPOTENT,
	 NULL},
	{METHOD_GET, PROJECT "/environments/{environment}", "getEnvironment",
	 cleat_get_environment, 0, NULL},
	{METHOD_DELETE, PROJECT "/environments/{environment}",
	 "deleteEnvironment", cleat_delete_environment, ROUTE_WRITE, NULL},
	{METHOD_GET, PROJECT "/workers", "listWorkers", cleat_list_workers, 0,
	 NULL},
	{METHOD_DELETE, PROJECT "/workers/{worker}", "deleteWorker",
	 cleat_delete_worker, ROUTE_WRITE, NULL},
	{METHOD_GET, PROJECT "/deliveries", "listDeliveries",
	 cleat_list_deliveries, 0, NULL},
	{METHOD_GET, PROJECT "/deliveries/{delivery}", "getDelivery",
	 cleat_get_delivery, 0, NULL},
	{METHOD_POST, PROJECT "/deliveries/{delivery}:replay", "replayDelivery",
	 cleat_replay_delivery, ROUTE_WRITE | ROUTE_IDEMPOTENT, NULL},
	{METHOD_GET, PROJECT "/destinations/{destination}", "getDestination",
	 cleat_get_destination, 0, NULL},
	{METHOD_POST, PROJECT "/destinations/{destination}:enable",
	 "enableDestination", cleat_enable_destination,
	 ROUTE_WRITE | ROUTE_IDEMPOTENT, NULL},
	{METHOD_POST, PROJECT "/destinations/{destination}:replay",
	 "replayDestination", cleat_replay_destination,
	 ROUTE_WRITE | ROUTE_JSON | ROUTE_IDEMPOTENT, NULL},
	{METHOD_GET, PROJECT "/trash", "listTrash", cleat_list_trash, 0, NULL},
	{METHOD_POST, PROJECT "/{kind}/{id}:restore", "restore", cleat_restore,
	 ROUTE_WRITE | ROUTE_IDEMPOTENT, NULL},
	{METHOD_POST, PROJECT "/{kind}/{id}:purge", "purge", cleat_purge,
	 ROUTE_WRITE | ROUTE_IDEMPOTENT, NULL},
	{METHOD_GET, PROJECT "/policies", "listPolicies", cleat_list_policies,
	 0, NULL},
	{METHOD_PUT, PROJECT "/policies/{policy}", "setPolicy",
	 cleat_set_policy, ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_GET, PROJECT "/holds", "listHolds", cleat_list_holds, 0, NULL},
	{METHOD_PUT, PROJECT "/holds/{held}/{heldId}", "putHold",
	 cleat_put_hold, ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_DELETE, PROJECT "/holds/{held}/{heldId}", "liftHold",
	 cleat_lift_hold, ROUTE_WRITE, NULL},
};

const struct dialect cleat_dialect = {
	.name = "cleat",
	.is_for_browsers = true,
	.routes = routes,
	.route_count = sizeof(routes) / sizeof(*routes),
	.authenticate = cleat_authenticate,
	.write_error = write_problem,
};
