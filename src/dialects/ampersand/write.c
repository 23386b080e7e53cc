/* Core structs as Ampersand's JSON. */
#include <string.h>

#include "dialects/ampersand/ampersand.h"

static void put_party(struct json_writer *w, const char *key,
		      struct uuid project, const struct party *party,
		      const char *ref, const char *name)
{
	json_begin_object(w, key);
	json_put_string(w, ref, party->ref);
	json_put_string(w, name, party->name);
	json_put_uuid(w, "projectId", project);
	json_put_time(w, "createTime", party->created_at);
	if (party->updated_at)
		json_put_time(w, "updateTime", party->updated_at);
	json_end_object(w);
}

void amp_put_group(struct json_writer *w, const char *key, struct uuid project,
		   const struct party *group)
{
	put_party(w, key, project, group, "groupRef", "groupName");
}

void amp_put_consumer(struct json_writer *w, const char *key,
		      struct uuid project, const struct party *consumer)
{
	put_party(w, key, project, consumer, "consumerRef", "consumerName");
}

static void put_token(struct json_writer *w, const char *key,
		      const struct credential *token, const char *issued_at)
{
	json_begin_object(w, key);
	json_put_string(w, "token", (const char *)token->value.bytes);
	json_put_optional(w, "issuedAt", issued_at);
	if (token->expires_at)
		json_put_time(w, "expiresAt", token->expires_at);
	json_end_object(w);
}

static void put_oauth2(struct json_writer *w, const struct connection *about,
		       const struct credential_list *credentials,
		       bool with_refresh_token)
{
	const struct credential *access =
		credential_find(credentials, "access_token");
	const struct credential *refresh =
		credential_find(credentials, "refresh_token");
	json_t *facts = json_loads(about->settings, 0, NULL);

	json_begin_object(w, "oauth2AuthorizationCode");
	if (access)
		put_token(w, "accessToken", access,
			  json_string_value(
				  json_object_get(facts, "accessIssuedAt")));
	if (refresh && with_refresh_token)
		put_token(w, "refreshToken", refresh,
			  json_string_value(
				  json_object_get(facts, "refreshIssuedAt")));
	const json_t *scopes = json_object_get(facts, "scopes");
	if (scopes) {
		size_t i;
		json_t *scope;

		json_begin_array(w, "scopes");
		json_array_foreach (scopes, i, scope) {
			json_put_string(w, NULL, json_string_value(scope));
		}
		json_end_array(w);
	}
	json_end_object(w);
	json_decref(facts);
}

static void put_credentials(struct json_writer *w,
			    const struct connection *about,
			    const struct credential_list *credentials,
			    bool with_refresh_token)
{
	const struct credential *key = credential_find(credentials, "api_key");
	const struct credential *user =
		credential_find(credentials, "username");
	const struct credential *password =
		credential_find(credentials, "password");

	if (key)
		json_put_string(w, "apiKey", (const char *)key->value.bytes);
	if (strcmp(about->auth_scheme, "basic") == 0 && user && password) {
		json_begin_object(w, "basicAuth");
		json_put_string(w, "username", (const char *)user->value.bytes);
		json_put_string(w, "password",
				(const char *)password->value.bytes);
		json_end_object(w);
	}
	if (strncmp(about->auth_scheme, "oauth2/", 7) == 0)
		put_oauth2(w, about, credentials, with_refresh_token);
}

void amp_put_provider_app(struct json_writer *w, const char *key,
			  struct uuid project, const struct provider_app *app)
{
	json_begin_object(w, key);
	json_put_uuid(w, "id", app->id);
	json_put_uuid(w, "projectId", project);
	json_put_optional(w, "externalRef", app->external_ref);
	json_put_string(w, "provider", app->provider);
	json_put_string(w, "clientId", app->client_id);
	if (strcmp(app->scopes, "[]") != 0)
		json_put_raw(w, "scopes", app->scopes);
	if (strcmp(app->metadata, "{}") != 0)
		json_put_raw(w, "metadata", app->metadata);
	json_put_time(w, "createTime", app->created_at);
	if (app->updated_at)
		json_put_time(w, "updateTime", app->updated_at);
	json_end_object(w);
}

/* Who agreed, as the provider names them. */
static void put_provider_consumer(struct json_writer *w,
				  const struct connection *about)
{
	json_t *facts;

	if (!strstr(about->settings, CONNECTION_USER))
		return;
	facts = json_loads(about->settings, 0, NULL);
	json_put_optional(
		w, "providerConsumerRef",
		json_string_value(json_object_get(facts, CONNECTION_USER)));
	json_decref(facts);
}

void amp_put_connection(struct json_writer *w, const char *key,
			struct uuid project, const struct connection_view *view,
			const struct credential_list *credentials,
			bool with_refresh_token)
{
	const struct connection *c = &view->connection;

	json_begin_object(w, key);
	json_put_uuid(w, "id", c->id);
	json_put_uuid(w, "projectId", project);
	json_put_string(w, "provider", c->kind);
	if (!uuid_is_nil(view->app.id))
		amp_put_provider_app(w, "providerApp", project, &view->app);
	amp_put_group(w, "group", project, &view->group);
	amp_put_consumer(w, "consumer", project, &view->consumer);
	json_put_optional(w, "providerWorkspaceRef", c->workspace_ref);
	if (strcmp(c->metadata, "{}") != 0)
		json_put_raw(w, "providerMetadata", c->metadata);
	put_provider_consumer(w, c);
	json_put_time(w, "createTime", c->created_at);
	if (c->updated_at)
		json_put_time(w, "updateTime", c->updated_at);
	json_put_string(w, "authScheme", c->auth_scheme);
	json_put_string(w, "status", c->status);
	if (credentials)
		put_credentials(w, c, credentials, with_refresh_token);
	json_end_object(w);
}

static void put_config(struct json_writer *w, const struct config *config)
{
	json_begin_object(w, "config");
	json_put_uuid(w, "id", config->id);
	json_put_uuid(w, "revisionId", config->revision_id);
	json_put_time(w, "createTime", config->created_at);
	json_put_string(w, "createdBy", config->created_by);
	json_put_raw(w, "content", config->content);
	json_end_object(w);
}

void amp_put_installation(struct json_writer *w, struct uuid project,
			  const struct installation_view *view)
{
	const struct installation *i = &view->installation;

	json_begin_object(w, NULL);
	json_put_uuid(w, "id", i->id);
	json_put_uuid(w, "projectId", project);
	json_put_uuid(w, "integrationId", i->integration_id);
	amp_put_group(w, "group", project, &view->group);
	json_put_string(w, "healthStatus",
			view->is_healthy ? "healthy" : "unhealthy");
	json_put_optional(w, "lastOperationStatus", view->operation_status);
	amp_put_connection(w, "connection", project, &view->connection, NULL,
			   false);
	json_put_time(w, "createTime", i->created_at);
	json_put_string(w, "createdBy", i->created_by);
	if (i->updated_at)
		json_put_time(w, "updateTime", i->updated_at);
	put_config(w, &view->config);
	json_end_object(w);
}

const char *amp_write_installation(struct op *op,
				   const struct installation_view *view)
{
	struct buf text;

	buf_init(&text, RESPONSE_BODY_MAX);
	struct json_writer w = json_writer_on(&text);
	amp_put_installation(&w, op->project_id, view);
	const char *document =
		text.is_overfull ? NULL
				 : arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return document;
}

void amp_put_integration(struct json_writer *w, struct uuid project,
			 const struct integration *integration,
			 const struct revision *revision)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", integration->id);
	json_put_uuid(w, "projectId", project);
	json_put_string(w, "name", integration->handle);
	json_put_string(w, "provider", integration->kind);
	json_put_time(w, "createTime", integration->created_at);
	if (integration->updated_at != integration->created_at)
		json_put_time(w, "updateTime", integration->updated_at);
	json_begin_object(w, "latestRevision");
	json_put_uuid(w, "id", revision->id);
	json_put_string(w, "specVersion", revision->spec_version);
	json_put_time(w, "createTime", revision->created_at);
	json_put_raw(w, "content", revision->content);
	json_end_object(w);
	json_end_object(w);
}
