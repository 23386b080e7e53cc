/* Connections: generated, listed, shown, deleted. */
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "core/deletion.h"
#include "dialects/ampersand/ampersand.h"

enum { SECRETS_MAX = 4 };

/* What a generate request brings, on its way to core. */
struct generated {
	struct connection_new new;
	struct new_credential secrets[SECRETS_MAX];
};

static void add_secret(struct generated *ret, const char *name,
		       const char *value, int64_t expires_at)
{
	if (!value)
		return;
	ret->secrets[ret->new.secret_count++] =
		(struct new_credential){name, value, expires_at};
}

static int64_t read_time(const struct amp_reader *in, const char *name)
{
	const char *text = amp_read_string(in, name, false, CLOCK_TEXT + 8);
	int64_t time = 0;

	if (text && !clock_parse(text, &time))
		op_issue(in->op, "body",
			 arena_printf(&in->op->arena, "%s%s", in->path, name),
			 "must be an RFC 3339 timestamp");
	return time;
}

/* accessToken or refreshToken: {token, issuedAt?, expiresAt?} */
static void read_token(const struct amp_reader *in, const char *name,
		       const char *secret, const char *issued_key,
		       json_t *settings, struct generated *ret)
{
	const json_t *object = amp_read_object(in, name, false);

	if (!object)
		return;
	struct amp_reader inside = amp_read_inside(in, name, object);
	const char *token =
		amp_read_string(&inside, "token", true, CREDENTIAL_MAX);
	int64_t expires_at = read_time(&inside, "expiresAt");
	const char *issued_at =
		amp_read_string(&inside, "issuedAt", false, CLOCK_TEXT + 8);

	(void)read_time(&inside, "issuedAt");
	if (issued_at)
		json_object_set_new(settings, issued_key,
				    json_string(issued_at));
	add_secret(ret, secret, token, expires_at);
}

static void read_scopes(const struct amp_reader *in, json_t *settings)
{
	json_t *scopes = json_object_get(in->object, "scopes");
	const json_t *scope;
	size_t i;

	if (!scopes || json_is_null(scopes))
		return;
	bool is_list = json_is_array(scopes);
	json_array_foreach(scopes, i, scope) {
		is_list = is_list && json_is_string(scope);
	}
	if (is_list)
		json_object_set(settings, "scopes", scopes);
	else
		op_issue(in->op, "body", "oauth2AuthorizationCode.scopes",
			 "must be a list of strings");
}

static void read_oauth2(const struct amp_reader *in, const json_t *object,
			struct generated *ret)
{
	struct amp_reader inside =
		amp_read_inside(in, "oauth2AuthorizationCode", object);
	json_t *settings = json_new_object(&in->op->arena);

	read_token(&inside, "accessToken", "access_token", "accessIssuedAt",
		   settings, ret);
	read_token(&inside, "refreshToken", "refresh_token", "refreshIssuedAt",
		   settings, ret);
	read_scopes(&inside, settings);
	if (!ret->new.secret_count)
		op_issue(in->op, "body", "oauth2AuthorizationCode",
			 "needs an accessToken or a refreshToken");
	ret->new.settings = json_text(&in->op->arena, settings);
}

static void read_basic(const struct amp_reader *in, const json_t *object,
		       struct generated *ret)
{
	struct amp_reader inside = amp_read_inside(in, "basicAuth", object);

	add_secret(ret, "username",
		   amp_read_string(&inside, "username", true, CREDENTIAL_MAX),
		   0);
	add_secret(ret, "password",
		   amp_read_string(&inside, "password", true, CREDENTIAL_MAX),
		   0);
}

static const char *const later[] = {"oauth2ClientCredentials",
				    "oauth2PasswordCredentials", "customAuth"};

/* The one kind of credential that the body has; its wire name. */
static const char *read_credentials(const struct amp_reader *in,
				    struct generated *ret)
{
	const char *key =
		amp_read_string(in, "apiKey", false, CREDENTIAL_MAX);
	const json_t *basic = amp_read_object(in, "basicAuth", false);
	const json_t *oauth2 =
		amp_read_object(in, "oauth2AuthorizationCode", false);
	int kinds = (key != NULL) + (basic != NULL) + (oauth2 != NULL);

	for (int i = 0; i < 3; i++)
		if (amp_read_object(in, later[i], false))
			return later[i];
	if (kinds != 1) {
		op_issue(in->op, "body", "apiKey",
			 "or basicAuth or oauth2AuthorizationCode is needed, "
			 "and only one of them");
		return NULL;
	}
	if (key) {
		if (!*key)
			op_issue(in->op, "body", "apiKey",
				 "must not be empty");
		add_secret(ret, "api_key", key, 0);
		return "apiKey";
	}
	if (basic) {
		read_basic(in, basic, ret);
		return "basicAuth";
	}
	read_oauth2(in, oauth2, ret);
	return "oauth2AuthorizationCode";
}

/* {NAME: {value, source, displayName?}} */
static const char *read_metadata(const struct amp_reader *in)
{
	static const char sources[] = "input token provider";
	const json_t *metadata =
		amp_read_object(in, "providerMetadata", false);
	struct arena *arena = &in->op->arena;
	const char *name;
	json_t *value;

	if (!metadata)
		return "{}";
	json_t *copy = json_keep(arena, json_deep_copy(metadata));
	json_object_foreach(copy, name, value) {
		const char *path =
			arena_printf(arena, "providerMetadata.%s", name);
		const char *source =
			json_string_value(json_object_get(value, "source"));

		if (!json_is_string(json_object_get(value, "value")))
			op_issue(in->op, "body", path, "needs a value");
		if (!source || !*source || !strstr(sources, source))
			op_issue(in->op, "body", path,
				 "needs a source: input, token or provider");
	}
	return json_text(arena, copy);
}

/* What the catalog says a provider takes, as a field of the body. */
static const char *wanted_field(const struct provider *provider)
{
	if (strcmp(provider->auth_type, "apiKey") == 0)
		return "apiKey";
	if (strcmp(provider->auth_type, "basic") == 0)
		return "basicAuth";
	if (strcmp(provider->auth_type, "custom") == 0)
		return "customAuth";
	if (provider->grant_type &&
	    strcmp(provider->grant_type, "clientCredentials") == 0)
		return "oauth2ClientCredentials";
	if (provider->grant_type &&
	    strcmp(provider->grant_type, "password") == 0)
		return "oauth2PasswordCredentials";
	return "oauth2AuthorizationCode";
}

static enum error check_provider(struct op *op, const char *field,
				 struct generated *ret)
{
	const struct provider *provider = catalog_find(ret->new.provider);

	if (!provider) {
		op_issue(op, "body", "provider", "%s is not in the catalog",
			 ret->new.provider);
		op_advise(op, "GET /v1/providers lists those there are.");
		return op_fail(op, ERR_INVALID, "there is no provider %s",
			       ret->new.provider);
	}
	const char *wanted = wanted_field(provider);
	if (strcmp(wanted, field) != 0) {
		op_issue(op, "body", field, "is not what %s takes: send %s",
			 provider->name, wanted);
		return op_fail(op, ERR_INVALID, "%s takes %s, not %s",
			       provider->name, wanted, field);
	}
	for (int i = 0; i < 3; i++)
		if (strcmp(later[i], field) == 0)
			return op_fail(op, ERR_INVALID,
				       "%s is not supported yet", field);
	/* imported tokens came from a code, with or without PKCE */
	ret->new.auth_scheme = provider->grant_type
				       ? "oauth2/authorizationCode"
				       : provider->auth_type;
	return OK;
}

static enum error read_generate(struct request *request, struct generated *ret)
{
	struct connection_new *new = &ret->new;
	struct amp_reader in;

	TRY(amp_read_body(request, &in));
	*ret = (struct generated){.new.settings = "{}"};
	new->provider = amp_read_string(&in, "provider", true, AMP_NAME_MAX);
	new->group_ref = amp_read_string(&in, "groupRef", true, AMP_REF_MAX);
	new->group_name = amp_read_string(&in, "groupName", false, AMP_REF_MAX);
	new->consumer_ref =
		amp_read_string(&in, "consumerRef", true, AMP_REF_MAX);
	new->consumer_name =
		amp_read_string(&in, "consumerName", false, AMP_REF_MAX);
	new->workspace_ref =
		amp_read_string(&in, "providerWorkspaceRef", false, AMP_REF_MAX);
	new->metadata = read_metadata(&in);
	const char *field = read_credentials(&in, ret);
	new->secrets = ret->secrets;
	TRY(amp_read_done(&in));
	return check_provider(&request->op, field, ret);
}

enum error amp_generate_connection(struct request *request)
{
	struct connection_view view;
	struct generated generated;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(read_generate(request, &generated));
	TRY(connection_create(&request->op, &generated.new, &view));
	struct json_writer w = amp_answer(request, 201);
	amp_put_connection(&w, NULL, project.id, &view, NULL, false);
	return OK;
}

enum error amp_list_connections(struct request *request)
{
	const struct connection_filter filter = {
		.provider = request_arg(request, "provider"),
		.group_ref = request_arg(request, "groupRef"),
		.consumer_ref = request_arg(request, "consumerRef"),
	};
	struct connection_list list;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(connection_list(&request->op, &filter, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		amp_put_connection(&w, NULL, project.id, &list.items[i], NULL,
				   false);
	json_end_array(&w);
	return OK;
}

static bool wants(const struct request *request, const char *name)
{
	const char *value = request_arg(request, name);

	return value && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

/* Reading credentials is an event, written before the answer. */
bool amp_connection_needs_writer(const struct request *request)
{
	return wants(request, "includeCreds") ||
	       wants(request, "includeRefreshToken");
}

static enum error refuse_refresh(struct request *request)
{
	const char *refresh = request_arg(request, "refresh");

	if (!refresh)
		return OK;
	if (strcmp(refresh, "force") != 0 && strcmp(refresh, "ifExpired") != 0) {
		op_issue(&request->op, "query", "refresh",
			 "must be force or ifExpired");
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "refresh must be force or ifExpired");
	}
	return op_fail(&request->op, ERR_UNSUPPORTED,
		       "this version does not refresh tokens");
}

enum error amp_get_connection(struct request *request)
{
	bool with_creds = false, with_refresh = false;
	struct credential_list credentials;
	struct op *op = &request->op;
	struct connection_view view;
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(request_flag(request, "includeCreds", &with_creds));
	TRY(request_flag(request, "includeRefreshToken", &with_refresh));
	with_creds = with_creds || with_refresh;
	if (with_creds)
		TRY(access_to_manage(op));
	TRY(amp_path_id(request, 1, "connection", &id));
	TRY(connection_get(op, id, &view));
	TRY(refuse_refresh(request));
	if (with_creds)
		TRY(credential_read(op, "connection", id, &credentials));
	struct json_writer w = amp_answer(request, 200);
	amp_put_connection(&w, NULL, project.id, &view,
			   with_creds ? &credentials : NULL, with_refresh);
	return OK;
}

enum error amp_delete_connection(struct request *request)
{
	struct project project;
	bool force = false;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_path_id(request, 1, "connection", &id));
	TRY(request_flag(request, "force", &force));
	TRY(delete_connection(&request->op, id, force));
	return amp_no_content(request);
}
