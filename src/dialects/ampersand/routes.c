/* Ampersand's routes and who may call them. */
#include "dialects/ampersand/ampersand.h"

#include "dialects/dialect.h"
#include "dialects/problem.h"

#define PROJECT	     "/v1/projects/{projectIdOrName}"
#define INTEGRATION  PROJECT "/integrations/{integrationId}"
#define INSTALLATION INTEGRATION "/installations/{installationId}"

enum {
	WRITE = ROUTE_WRITE,
	JSON = ROUTE_JSON,
	FRONTEND = ROUTE_FRONTEND,
	BUILDER = ROUTE_BUILDER,
};

static const struct route routes[] = {
	{METHOD_GET, "/v1/providers", "listProviders", amp_list_providers,
	 ROUTE_PUBLIC, NULL},
	{METHOD_GET, "/v1/providers/{provider}", "getProvider",
	 amp_get_provider, ROUTE_PUBLIC, NULL},
	{METHOD_GET, "/v1/projects", "listProjects", amp_list_projects, 0,
	 NULL},
	{METHOD_POST, "/v1/projects", "createProject", amp_create_project,
	 WRITE | JSON | BUILDER, NULL},
	{METHOD_GET, PROJECT, "getProject", amp_get_project, 0, NULL},
	{METHOD_GET, PROJECT "/api-keys", "listApiKeys", amp_list_api_keys, 0,
	 NULL},
	{METHOD_POST, PROJECT "/api-keys", "createApiKey", amp_create_api_key,
	 WRITE | JSON, NULL},
	{METHOD_GET, PROJECT "/api-keys/{apiKey}", "getApiKey", amp_get_api_key,
	 0, NULL},
	{METHOD_DELETE, PROJECT "/api-keys/{apiKey}", "deleteApiKey",
	 amp_delete_api_key, WRITE, NULL},
	{METHOD_GET, PROJECT "/integrations", "listIntegrations",
	 amp_list_integrations, FRONTEND, NULL},
	{METHOD_POST, PROJECT "/integrations", "createIntegration",
	 amp_create_integration, WRITE | JSON, NULL},
	{METHOD_PUT, PROJECT "/integrations:batch", "batchUpsertIntegrations",
	 amp_batch_integrations, WRITE | JSON, NULL},
	{METHOD_GET, INTEGRATION, "getIntegration", amp_get_integration,
	 FRONTEND, NULL},
	{METHOD_DELETE, INTEGRATION, "deleteIntegration",
	 amp_delete_integration, WRITE, NULL},
	{METHOD_POST, PROJECT "/connections:generate", "generateConnection",
	 amp_generate_connection, WRITE | JSON | FRONTEND, NULL},
	{METHOD_GET, PROJECT "/connections", "listConnections",
	 amp_list_connections, FRONTEND, NULL},
	{METHOD_GET, PROJECT "/connections/{connectionId}", "getConnection",
	 amp_get_connection, FRONTEND, amp_connection_needs_writer},
	{METHOD_PATCH, PROJECT "/connections/{connectionId}",
	 "updateConnection", amp_update_connection, WRITE | JSON, NULL},
	{METHOD_DELETE, PROJECT "/connections/{connectionId}",
	 "deleteConnection", amp_delete_connection, WRITE, NULL},
	{METHOD_GET, INTEGRATION "/installations", "listInstallations",
	 amp_list_installations, FRONTEND, NULL},
	{METHOD_POST, INTEGRATION "/installations", "createInstallation",
	 amp_create_installation, WRITE | JSON | FRONTEND, NULL},
	{METHOD_GET, INSTALLATION, "getInstallation", amp_get_installation,
	 FRONTEND, NULL},
	{METHOD_DELETE, INSTALLATION, "deleteInstallation",
	 amp_delete_installation, WRITE | FRONTEND, NULL},
	{METHOD_GET, PROJECT "/installations", "listInstallationsForProject",
	 amp_list_project_installations, FRONTEND, NULL},
	{METHOD_GET, PROJECT "/provider-apps", "listProviderApps",
	 amp_list_provider_apps, 0, NULL},
	{METHOD_POST, PROJECT "/provider-apps", "createProviderApp",
	 amp_create_provider_app, WRITE | JSON, NULL},
	{METHOD_PATCH, PROJECT "/provider-apps/{providerAppId}",
	 "updateProviderApp", amp_update_provider_app, WRITE | JSON, NULL},
	{METHOD_DELETE, PROJECT "/provider-apps/{providerAppId}",
	 "deleteProviderApp", amp_delete_provider_app, WRITE, NULL},
	{METHOD_GET, PROJECT "/destinations", "listDestinations",
	 amp_list_destinations, 0, NULL},
	{METHOD_POST, PROJECT "/destinations", "createDestination",
	 amp_create_destination, WRITE | JSON, NULL},
	{METHOD_GET, PROJECT "/destinations/{destination}", "getDestination",
	 amp_get_destination, 0, amp_destination_needs_writer},
	{METHOD_PATCH, PROJECT "/destinations/{destination}",
	 "updateDestination", amp_update_destination, WRITE | JSON, NULL},
	{METHOD_DELETE, PROJECT "/destinations/{destination}",
	 "deleteDestination", amp_delete_destination, WRITE, NULL},
	{METHOD_GET, PROJECT "/topics", "listTopics", amp_list_topics, 0, NULL},
	{METHOD_POST, PROJECT "/topics", "createTopic", amp_create_topic,
	 WRITE | JSON, NULL},
	{METHOD_PATCH, PROJECT "/topics/{topicId}", "updateTopic",
	 amp_update_topic, WRITE | JSON, NULL},
	{METHOD_DELETE, PROJECT "/topics/{topicId}", "deleteTopic",
	 amp_delete_topic, WRITE, NULL},
	{METHOD_GET, PROJECT "/notification-event-topic-routes",
	 "listEventTopicRoutes", amp_list_event_routes, 0, NULL},
	{METHOD_POST, PROJECT "/notification-event-topic-routes",
	 "createEventTopicRoute", amp_create_event_route, WRITE | JSON, NULL},
	{METHOD_DELETE, PROJECT "/notification-event-topic-routes/{routeId}",
	 "deleteEventTopicRoute", amp_delete_event_route, WRITE, NULL},
	{METHOD_GET, PROJECT "/topic-destination-routes",
	 "listTopicDestinationRoutes", amp_list_topic_routes, 0, NULL},
	{METHOD_POST, PROJECT "/topic-destination-routes",
	 "createTopicDestinationRoute", amp_create_topic_route, WRITE | JSON,
	 NULL},
	{METHOD_DELETE, PROJECT "/topic-destination-routes/{routeId}",
	 "deleteTopicDestinationRoute", amp_delete_topic_route, WRITE, NULL},
};

/* An API key in X-Api-Key, or a builder's bearer token. */
static enum error authenticate(struct request *request, struct principal *ret)
{
	const char *key = request_header(request, "X-Api-Key");
	const char *bearer = request_bearer(request);
	unsigned flags = request->route->flags;
	struct op *op = &request->op;

	if (!key && !bearer)
		return op_fail(op, ERR_UNAUTHENTICATED,
			       "no API key and no bearer token was sent");
	TRY(key ? access_token_authenticate(op, TOKEN_AMPERSAND, key, ret)
		: access_token_authenticate(op, TOKEN_UPSUN_ACCESS, bearer,
					    ret));
	if (key && flags & ROUTE_BUILDER)
		return op_fail(op, ERR_FORBIDDEN,
			       "this needs a builder's bearer token");
	if (ret->role == ROLE_FRONTEND && !(flags & ROUTE_FRONTEND))
		return op_fail(op, ERR_FORBIDDEN,
			       "a key of the scope frontend may not do this");
	return OK;
}

const struct dialect ampersand_dialect = {
	.name = "ampersand",
	.routes = routes,
	.route_count = sizeof(routes) / sizeof(*routes),
	.authenticate = authenticate,
	.write_error = write_problem,
};
