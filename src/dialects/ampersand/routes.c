/* Ampersand's routes and who may call them. */
#include "core/consent.h"
#include "dialects/ampersand/ampersand.h"

#include "base/rs256.h"
#include "core/customer.h"
#include "dialects/dialect.h"
#include "dialects/problem.h"

#define ORG	     "/v1/orgs/{orgId}"
#define PROJECT	     "/v1/projects/{projectIdOrName}"
#define INTEGRATION  PROJECT "/integrations/{integrationId}"
#define INSTALLATION INTEGRATION "/installations/{installationId}"
/* Of a read, write or search host: on any other, below its name. */
#define PLANE "/v1/projects/{projectIdOrName}/integrations/{integrationId}"

enum {
	WRITE = ROUTE_WRITE,
	JSON = ROUTE_JSON,
	KEPT = ROUTE_KEPT,
	FRONTEND = ROUTE_FRONTEND,
	BUILDER = ROUTE_BUILDER,
	JSON_ERRORS = ROUTE_JSON_ERRORS,
	API_KEY = ROUTE_API_KEY,
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
	{METHOD_GET, PROJECT, "getProject", amp_get_project, FRONTEND, NULL},
	{METHOD_PATCH, PROJECT, "updateProject", amp_update_project,
	 WRITE | JSON, NULL},
	{METHOD_DELETE, PROJECT, "deleteProject", amp_delete_project, WRITE,
	 NULL},
	{METHOD_POST, PROJECT "/groups", "createGroup", amp_create_group,
	 WRITE | JSON, NULL},
	{METHOD_POST, PROJECT "/consumers", "createConsumer",
	 amp_create_consumer, WRITE | JSON, NULL},
	{METHOD_POST, "/v1/orgs", "createOrg", amp_create_org,
	 WRITE | JSON | BUILDER, NULL},
	{METHOD_GET, ORG, "getOrg", amp_get_org, BUILDER, NULL},
	{METHOD_PATCH, ORG, "updateOrg", amp_update_org, WRITE | JSON | BUILDER,
	 NULL},
	{METHOD_GET, ORG "/builders", "listOrgBuilders", amp_list_org_builders,
	 BUILDER, NULL},
	{METHOD_POST, ORG "/memberships", "addUserToOrg", amp_add_user_to_org,
	 WRITE | JSON | BUILDER, NULL},
	{METHOD_GET, ORG "/invites", "listOrgInvites", amp_list_org_invites,
	 BUILDER, NULL},
	{METHOD_POST, ORG "/invites", "createOrgInvite", amp_create_org_invite,
	 WRITE | JSON | BUILDER, NULL},
	{METHOD_GET, ORG "/invites/{inviteId}", "getOrgInvite",
	 amp_get_org_invite, BUILDER, NULL},
	{METHOD_DELETE, ORG "/invites/{inviteId}", "deleteOrgInvite",
	 amp_delete_org_invite, WRITE | BUILDER, NULL},
	{METHOD_POST, "/v1/invites:accept", "acceptInvite", amp_accept_invite,
	 WRITE | JSON | BUILDER, NULL},
	{METHOD_GET, "/v1/my-info", "getMyInfo", amp_get_my_info, BUILDER,
	 NULL},
	{METHOD_GET, ORG "/billingAccount", "getOrgBillingAccount",
	 amp_get_billing_account, BUILDER, NULL},
	{METHOD_POST, "/v1/billingAccounts/{billingAccountId}/portalSession",
	 "createBillingAccountSession", amp_create_billing_session,
	 JSON | BUILDER, NULL},
	{METHOD_GET, "/v1/claimed-domains", "checkClaimedDomain",
	 amp_check_claimed_domain, BUILDER, NULL},
	{METHOD_POST, "/v1/claimed-domains", "claimDomain", amp_claim_domain,
	 WRITE | JSON | BUILDER, NULL},
	{METHOD_GET, ORG "/claimed-domains", "listOrgClaimedDomains",
	 amp_list_claimed_domains, BUILDER, NULL},
	{METHOD_GET, PROJECT "/api-keys", "listApiKeys", amp_list_api_keys, 0,
	 NULL},
	{METHOD_POST, PROJECT "/api-keys", "createApiKey", amp_create_api_key,
	 WRITE | JSON, NULL},
	{METHOD_GET, PROJECT "/api-keys/{apiKey}", "getApiKey", amp_get_api_key,
	 0, NULL},
	{METHOD_DELETE, PROJECT "/api-keys/{apiKey}", "deleteApiKey",
	 amp_delete_api_key, WRITE, NULL},
	{METHOD_PATCH, PROJECT "/api-keys/{apiKey}", "updateApiKey",
	 amp_update_api_key, WRITE | JSON, NULL},
	{METHOD_GET, PROJECT "/jwt-keys", "listJWTKeys", amp_list_jwt_keys,
	 JSON_ERRORS, NULL},
	{METHOD_POST, PROJECT "/jwt-keys", "createJWTKey", amp_create_jwt_key,
	 WRITE | JSON | JSON_ERRORS, NULL},
	{METHOD_GET, PROJECT "/jwt-keys/{keyId}", "getJWTKey", amp_get_jwt_key,
	 JSON_ERRORS, NULL},
	{METHOD_PATCH, PROJECT "/jwt-keys/{keyId}", "updateJWTKey",
	 amp_update_jwt_key, WRITE | JSON | JSON_ERRORS, NULL},
	{METHOD_DELETE, PROJECT "/jwt-keys/{keyId}", "deleteJWTKey",
	 amp_delete_jwt_key, WRITE | JSON_ERRORS, NULL},
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
	{METHOD_PATCH, PROJECT "/connections/{connectionId}:oauth-update",
	 "oauthUpdate", amp_oauth_update, WRITE, NULL},
	{METHOD_POST, "/v1/oauth-connect", "oauthConnect", amp_oauth_connect,
	 WRITE | JSON | FRONTEND, NULL},
	{METHOD_POST, "/v1/custom-auth/connect", "customAuthConnect",
	 amp_custom_auth_connect, WRITE | JSON | FRONTEND, NULL},
	{METHOD_GET, CONSENT_CALLBACK, "oauthCallback", amp_oauth_callback,
	 WRITE | ROUTE_PUBLIC, NULL},
	{METHOD_GET, CONSENT_CUSTOM_CALLBACK, "customAuthCallback",
	 amp_custom_auth_callback, ROUTE_PUBLIC, NULL},
	{METHOD_GET, INTEGRATION "/installations", "listInstallations",
	 amp_list_installations, FRONTEND | KEPT, NULL},
	{METHOD_POST, INTEGRATION "/installations", "createInstallation",
	 amp_create_installation, WRITE | JSON | FRONTEND, NULL},
	{METHOD_GET, INSTALLATION, "getInstallation", amp_get_installation,
	 FRONTEND, NULL},
	{METHOD_DELETE, INSTALLATION, "deleteInstallation",
	 amp_delete_installation, WRITE | FRONTEND, NULL},
	{METHOD_PATCH, INSTALLATION, "updateInstallation",
	 amp_update_installation, WRITE | JSON | FRONTEND, NULL},
	{METHOD_PATCH, INTEGRATION "/objects/{objectName}/config-content",
	 "patchObjectConfigContent", amp_patch_config_content,
	 WRITE | JSON | FRONTEND, NULL},
	{METHOD_POST, INTEGRATION "/revisions", "createRevision",
	 amp_create_revision, WRITE | JSON, NULL},
	{METHOD_GET, INTEGRATION "/revisions/{revisionId}:hydrate",
	 "getHydratedRevision", amp_hydrate_revision, FRONTEND, NULL},
	{METHOD_GET, PROJECT "/installations", "listInstallationsForProject",
	 amp_list_project_installations, FRONTEND | KEPT, NULL},
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
	{METHOD_GET, INSTALLATION "/operations", "listOperations",
	 amp_list_operations, 0, NULL},
	{METHOD_GET, PROJECT "/operations/{operationId}", "getOperation",
	 amp_get_operation, 0, NULL},
	{METHOD_GET, PROJECT "/operations/{operationId}/logs",
	 "listOperationLogs", amp_list_operation_logs, 0, NULL},
	{METHOD_GET, INSTALLATION "/objects/{objectName}/backfill-progress",
	 "getBackfillProgress", amp_get_backfill_progress, 0, NULL},
	{METHOD_POST, INSTALLATION ":pause", "pauseReads", amp_pause_reads,
	 WRITE, NULL},
	{METHOD_POST, INSTALLATION ":unpause", "unpauseReads",
	 amp_unpause_reads, WRITE, NULL},
	{METHOD_GET, INTEGRATION "/objects/{objectName}/metadata",
	 "getObjectMetadataForInstallation", amp_get_installation_metadata, 0,
	 NULL},
	{METHOD_PUT, INTEGRATION "/object-metadata",
	 "upsertMetadataForInstallation", amp_put_installation_metadata,
	 WRITE | JSON, NULL},
	{METHOD_GET,
	 PROJECT "/providers/{provider}/objects/{objectName}/metadata",
	 "getObjectMetadataForConnection", amp_get_connection_metadata, 0,
	 NULL},
	{METHOD_PUT, PROJECT "/providers/{provider}/object-metadata",
	 "upsertMetadataForConnection", amp_put_connection_metadata,
	 WRITE | JSON, NULL},
	{METHOD_GET, "/v1/generate-upload-url", "generateUploadUrl",
	 amp_generate_upload_url, 0, NULL},
	{METHOD_PUT, "/v1/uploads/{uploadProject}/{uploadId}", "putUpload",
	 amp_put_upload, WRITE | ROUTE_PUBLIC, NULL},
	{METHOD_POST, "/read" PLANE "/installations/{installationId}:pause",
	 "pauseReadsOfRead", amp_pause_reads, WRITE, NULL},
	{METHOD_POST, "/read" PLANE "/installations/{installationId}:unpause",
	 "unpauseReadsOfRead", amp_unpause_reads, WRITE, NULL},
	{METHOD_POST, "/read" PLANE "/objects/{objectName}", "triggerRead",
	 amp_trigger_read, JSON, NULL},
	{METHOD_POST, "/read" PLANE "/objects/{objectName}:deliverResults",
	 "deliverResults", amp_deliver_results, JSON, NULL},
	{METHOD_POST, "/write" PLANE "/objects/{objectName}", "writeRecords",
	 amp_write_records, JSON, NULL},
	{METHOD_OTHER, "/proxy", "proxy", amp_pass_on, ROUTE_STREAM | API_KEY,
	 NULL},
	{METHOD_POST, "/search" PLANE, "searchRecords", amp_search_records,
	 JSON | FRONTEND, NULL},
};

/* Whose bearer token: its form tells a customer's from a builder's. */
static enum error authenticate_bearer(struct op *op, const char *token,
				      struct principal *ret)
{
	if (rs256_is_form(token))
		return customer_authenticate(op, token, ret);
	return access_token_authenticate(op, TOKEN_UPSUN_ACCESS, token, ret);
}

/* An API key in X-Api-Key, or a builder's or customer's bearer token. */
static enum error authenticate(struct request *request, struct principal *ret)
{
	const char *key = request_header(request, "X-Api-Key");
	const char *bearer = request_bearer(request);
	unsigned flags = request->route->flags;
	struct op *op = &request->op;

	if (!key && flags & ROUTE_API_KEY)
		return op_fail(op, ERR_UNAUTHENTICATED,
			       "this needs an API key in X-Api-Key");
	if (!key && !bearer)
		return op_fail(op, ERR_UNAUTHENTICATED,
			       "no API key and no bearer token was sent");
	TRY(key ? access_token_authenticate(op, TOKEN_AMPERSAND, key, ret)
		: authenticate_bearer(op, bearer, ret));
	if ((key || ret->customer) && flags & ROUTE_BUILDER)
		return op_fail(op, ERR_FORBIDDEN,
			       "this needs a builder's bearer token");
	if (ret->role == ROLE_FRONTEND && !(flags & ROUTE_FRONTEND))
		return op_fail(op, ERR_FORBIDDEN,
			       ret->customer ? "a customer's token may not do "
					       "this"
					     : "a key of the scope frontend "
					       "may not do this");
	return OK;
}

static const struct route_host hosts[] = {
	{"read.", "/v1/", "/read"},
	{"write.", "/v1/", "/write"},
	{"search.", "/v1/", "/search"},
	{"proxy.", "/", "/proxy"},
};

/* Told apart from an answer of the provider's, which never has the first. */
static void add_proxy_headers(struct request *request, enum error error)
{
	response_header(request, "X-Amp-Error", error_name(error));
	if (!request->retry_after_s)
		return;
	response_header(request, "X-Amp-Retry-After",
			arena_printf(&request->op.arena, "%lld",
				     (long long)request->retry_after_s));
	response_header(request, "X-Amp-Retryable", "true");
}

static void write_error(struct request *request, enum error error, int status)
{
	write_problem(request, error, status);
	if (request->route && request->route->flags & ROUTE_STREAM)
		add_proxy_headers(request, error);
	if (request->route && request->route->flags & ROUTE_JSON_ERRORS)
		request->response.content_type = "application/json";
}

const struct dialect ampersand_dialect = {
	.name = "ampersand",
	.is_for_browsers = true,
	.routes = routes,
	.route_count = sizeof(routes) / sizeof(*routes),
	.authenticate = authenticate,
	.write_error = write_error,
	.write_installation = amp_write_installation,
	.hosts = hosts,
	.host_count = sizeof(hosts) / sizeof(*hosts),
};
