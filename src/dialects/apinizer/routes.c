/* Apinizer's paths: below /apiops. */
#include "dialects/apinizer/apinizer.h"
#include "dialects/dialect.h"

#define PROJECTS    "/apiops/projects"
#define CONNECTIONS PROJECTS "/{project}/connections"
#define CONNECTION  CONNECTIONS "/{connection}"
#define LOOK_UP	    "/apiops/utility/connections"
#define VARIABLES   PROJECTS "/{project}/environmentVariables"
#define VARIABLE    VARIABLES "/{variable}"

static const struct route routes[] = {
	{METHOD_POST, "/apiops/auth/token", "find", apinizer_token,
	 ROUTE_WRITE | ROUTE_PUBLIC | ROUTE_JSON_OR_FORM, NULL},
	{METHOD_GET, PROJECTS, "find_3", apinizer_project_list, 0, NULL},
	{METHOD_GET, "/apiops/environments", "find_4",
	 apinizer_environment_list, 0, NULL},
	{METHOD_GET, PROJECTS "/{project}/environments", "findForProject",
	 apinizer_project_environments, 0, NULL},
	{METHOD_GET, CONNECTIONS, "listConnections", apinizer_connection_list,
	 0, NULL},
	/* Reading a secret is recorded, which needs the writer. */
	{METHOD_GET, CONNECTION, "getConnection", apinizer_connection_get, 0,
	 apinizer_may_manage},
	{METHOD_POST, CONNECTION, "addConnection", apinizer_connection_create,
	 ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_PUT, CONNECTION, "updateConnection", apinizer_connection_update,
	 ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_DELETE, CONNECTION, "deleteConnection",
	 apinizer_connection_delete, ROUTE_WRITE, NULL},
	/* It goes outside before it comes to the writer. */
	{METHOD_POST, CONNECTION "/test-connection", "testConnection",
	 apinizer_connection_test, 0, NULL},
	{METHOD_POST, LOOK_UP "/batch-names",
	 "batchResolveConnectionNamesConnectionsBatch-namesPost",
	 apinizer_connection_names, ROUTE_JSON, NULL},
	{METHOD_GET, LOOK_UP "/{connection}",
	 "getConnectionNameAndConnectionsGet", apinizer_connection_name, 0,
	 NULL},
	{METHOD_GET, LOOK_UP "/{connection}/full", "getFullConnectionByFullGet",
	 apinizer_connection_full, 0, apinizer_may_manage},
	{METHOD_GET, VARIABLES, "listEnvironmentVariables",
	 apinizer_variable_list, 0, NULL},
	{METHOD_GET, VARIABLE, "getEnvironmentVariable", apinizer_variable_get,
	 0, NULL},
	{METHOD_POST, VARIABLE, "addEnvironmentVariable",
	 apinizer_variable_create, ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_PUT, VARIABLE, "updateEnvironmentVariable",
	 apinizer_variable_update, ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_DELETE, VARIABLE, "deleteEnvironmentVariable",
	 apinizer_variable_delete, ROUTE_WRITE, NULL},
	{METHOD_GET, "/apiops/test/healthcheck", "health", apinizer_health,
	 ROUTE_PUBLIC, NULL},
	{METHOD_GET, "/apiops/test/hello/{name}", "hello", apinizer_hello, 0,
	 NULL},
};

const struct dialect apinizer_dialect = {
	.name = "apinizer",
	.routes = routes,
	.route_count = sizeof(routes) / sizeof(routes[0]),
	.authenticate = apinizer_authenticate,
	.write_error = apinizer_write_error,
};
