/* Which operation serves what, and who may call. */
#include "core/access_token.h"
#include "dialects/dialect.h"
#include "dialects/upsun/upsun.h"

bool upsun_is_admin(const struct request *request)
{
	const struct principal *who = request->op.principal;

	return who && who->role == ROLE_ADMIN;
}

static enum error authenticate(struct request *request, struct principal *ret)
{
	return access_token_authenticate(&request->op, TOKEN_UPSUN_ACCESS,
					 request_bearer(request), ret);
}

/* Under both roots; below /api/projects a uuid is another dialect's. */
#define ROUTE(method, path, ...)                                               \
	{method, "/projects/{project}" path, __VA_ARGS__},                     \
	{                                                                      \
		method, "/api/projects/{project}" path, __VA_ARGS__            \
	}

/* Ending a path: one integration, its activities, one of them. */
#define ONE	 "/integrations/{integration}"
#define ACTIVITY "/activities/{activity}"

/*
 * A webhook's shared key is sealed, and an admin's read returns it. Opening
 * it is recorded, and whether there is one shows only when the integration
 * has been read: so all reads of integrations by an admin go to the writer.
 * A viewer's see null and stay where they are.
 */
static const struct route routes[] = {
	{METHOD_POST, "/oauth2/token", "exchange-token", upsun_exchange_token,
	 ROUTE_WRITE | ROUTE_PUBLIC | ROUTE_JSON_OR_FORM | UPSUN_ROUTE_OAUTH,
	 NULL},
	{METHOD_POST, "/oauth2/revoke", "revoke-token", upsun_revoke_token,
	 ROUTE_WRITE | ROUTE_PUBLIC | ROUTE_JSON_OR_FORM | UPSUN_ROUTE_OAUTH,
	 NULL},
	{METHOD_GET, "/users/me", "get-current-user", upsun_get_user, 0, NULL},
	{METHOD_GET, "/me", "get-current-user-deprecated", upsun_get_me, 0,
	 NULL},
	{METHOD_GET, "/projects", "list-projects", upsun_list_projects, 0,
	 NULL},
	ROUTE(METHOD_GET, "", "get-projects", upsun_get_project, 0, NULL),
	ROUTE(METHOD_GET, "/capabilities", "get-projects-capabilities",
	      upsun_get_capabilities, 0, NULL),

	ROUTE(METHOD_GET, "/integrations", "list-projects-integrations",
	      upsun_list_integrations, 0, upsun_is_admin),
	ROUTE(METHOD_POST, "/integrations", "create-projects-integrations",
	      upsun_create_integration, ROUTE_WRITE | ROUTE_JSON, NULL),
	ROUTE(METHOD_GET, ONE, "get-projects-integrations",
	      upsun_get_integration, 0, upsun_is_admin),
	ROUTE(METHOD_PATCH, ONE, "update-projects-integrations",
	      upsun_update_integration, ROUTE_WRITE | ROUTE_JSON, NULL),
	ROUTE(METHOD_DELETE, ONE, "delete-projects-integrations",
	      upsun_delete_integration, ROUTE_WRITE, NULL),

	ROUTE(METHOD_POST, ONE "/validate",
	      "action-projects-integrations-validate",
	      upsun_validate_integration, ROUTE_WRITE, NULL),
	ROUTE(METHOD_POST, ONE "/hook", "action-projects-integrations-hook",
	      upsun_take_hook, ROUTE_WRITE | ROUTE_PUBLIC | ROUTE_JSON_OR_FORM,
	      NULL),
	ROUTE(METHOD_POST, ONE "/hook-secret",
	      "action-projects-integrations-hook-secret",
	      upsun_renew_hook_secret, ROUTE_WRITE, NULL),
	ROUTE(METHOD_GET, "/health", "list-projects-health",
	      upsun_list_warnings, 0, NULL),
	ROUTE(METHOD_POST, "/health", "set-projects-health", upsun_set_warning,
	      ROUTE_WRITE | ROUTE_JSON, NULL),

	ROUTE(METHOD_GET, "/activities", "list-projects-activities",
	      upsun_list_activities, 0, NULL),
	ROUTE(METHOD_POST, "/activities", "create-projects-activities",
	      upsun_post_activity, ROUTE_WRITE | ROUTE_JSON, NULL),
	ROUTE(METHOD_GET, ACTIVITY, "get-projects-activities",
	      upsun_get_activity, 0, NULL),
	ROUTE(METHOD_PATCH, ACTIVITY, "update-projects-activities",
	      upsun_update_activity, ROUTE_WRITE | ROUTE_JSON, NULL),
	ROUTE(METHOD_POST, ACTIVITY "/cancel",
	      "action-projects-activities-cancel", upsun_cancel_activity,
	      ROUTE_WRITE, NULL),
	ROUTE(METHOD_GET, ACTIVITY "/log", "get-projects-activities-log",
	      upsun_get_activity_log, 0, NULL),
	ROUTE(METHOD_GET, ONE "/activities",
	      "list-projects-integrations-activities",
	      upsun_list_integration_activities, 0, NULL),
	ROUTE(METHOD_GET, ONE ACTIVITY, "get-projects-integrations-activities",
	      upsun_get_integration_activity, 0, NULL),
	ROUTE(METHOD_POST, ONE ACTIVITY "/cancel",
	      "action-projects-integrations-activities-cancel",
	      upsun_cancel_integration_activity, ROUTE_WRITE, NULL),
	ROUTE(METHOD_GET, ONE ACTIVITY "/log",
	      "get-projects-integrations-activities-log",
	      upsun_get_integration_activity_log, 0, NULL),
};

const struct dialect upsun_dialect = {
	.name = "upsun",
	.routes = routes,
	.route_count = sizeof(routes) / sizeof(*routes),
	.authenticate = authenticate,
	.write_error = upsun_write_error,
	.listening = &upsun_listening,
};
