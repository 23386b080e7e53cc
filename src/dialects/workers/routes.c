/* Workers' paths, and who may call them: a worker's token, of a project. */
#include "core/access_token.h"
#include "dialects/dialect.h"
#include "dialects/problem.h"
#include "dialects/workers/workers.h"

#define WORKER "/workers/v1/workers/{worker}"

static const struct route routes[] = {
	{METHOD_POST, "/workers/v1/register", "registerWorker",
	 workers_register, ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_POST, WORKER "/heartbeat", "beat", workers_heartbeat,
	 ROUTE_WRITE, NULL},
	{METHOD_GET, WORKER "/connections", "listDeployed",
	 workers_list_connections, 0, NULL},
};

static enum error authenticate(struct request *request, struct principal *ret)
{
	return access_token_authenticate(&request->op, TOKEN_WORKER,
					 request_bearer(request), ret);
}

const struct dialect workers_dialect = {
	.name = "workers",
	.routes = routes,
	.route_count = sizeof(routes) / sizeof(*routes),
	.authenticate = authenticate,
	.write_error = write_problem,
};
