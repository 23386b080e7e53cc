/* GoRules' paths: below /api/projects a uuid. */
#include "dialects/dialect.h"
#include "dialects/gorules/gorules.h"

#define PROJECTS     "/api/projects"
#define PROJECT	     PROJECTS "/{project:uuid}"
#define TOKENS	     "/api/users/service/{user}/personal-access-tokens"
#define TOKEN	     TOKENS "/{token}"
#define INTEGRATIONS PROJECT "/integrations"
#define INTEGRATION  INTEGRATIONS "/{integration}"

static const struct route routes[] = {
	{METHOD_GET, PROJECTS, "listProjects", gorules_project_list, 0, NULL},
	{METHOD_POST, PROJECTS, "createProject", gorules_project_create,
	 ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_GET, PROJECT, "getProject", gorules_project_get, 0, NULL},
	{METHOD_PUT, PROJECT, "updateProject", gorules_project_update,
	 ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_DELETE, PROJECT, "softDeleteProject", gorules_project_delete,
	 ROUTE_WRITE, NULL},
	{METHOD_PUT, PROJECT "/restore", "restoreProject",
	 gorules_project_restore, ROUTE_WRITE, NULL},
	{METHOD_GET, TOKENS, "listPersonalAccessTokens", gorules_token_list, 0,
	 NULL},
	{METHOD_POST, TOKENS, "createPersonalAccessToken", gorules_token_create,
	 ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_POST, TOKEN "/regenerate", "regeneratePersonalAccessToken",
	 gorules_token_regenerate, ROUTE_WRITE, NULL},
	{METHOD_DELETE, TOKEN, "deletePersonalAccessToken",
	 gorules_token_delete, ROUTE_WRITE, NULL},
	{METHOD_GET, "/api/audit-logs", "listAuditLogs", gorules_audit_list, 0,
	 NULL},
	{METHOD_GET, "/api/audit-logs/{entry}", "getAuditLog",
	 gorules_audit_get, 0, NULL},
	{METHOD_GET, INTEGRATIONS, "listIntegrations", gorules_integration_list,
	 0, NULL},
	{METHOD_POST, INTEGRATIONS, "createIntegration",
	 gorules_integration_create, ROUTE_WRITE | ROUTE_JSON, NULL},
	/* Reading a secret is recorded, which needs the writer. */
	{METHOD_GET, INTEGRATION, "getIntegration", gorules_integration_get, 0,
	 gorules_may_manage},
	{METHOD_PUT, INTEGRATION, "updateIntegration",
	 gorules_integration_update, ROUTE_WRITE | ROUTE_JSON, NULL},
	{METHOD_DELETE, INTEGRATION, "deleteIntegration",
	 gorules_integration_delete, ROUTE_WRITE, NULL},
	{METHOD_PUT, INTEGRATION "/restore", "restoreIntegration",
	 gorules_integration_restore, ROUTE_WRITE, NULL},
	{METHOD_POST, INTEGRATION "/execute", "executeIntegration",
	 gorules_integration_execute, ROUTE_JSON, NULL},
};

const struct dialect gorules_dialect = {
	.name = "gorules",
	.routes = routes,
	.route_count = sizeof(routes) / sizeof(routes[0]),
	.authenticate = gorules_authenticate,
	.write_error = gorules_write_error,
};
