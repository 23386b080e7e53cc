/* Connections made from credentials that the caller has. */
#include <string.h>

#include "base/clock.h"
#include "base/json_member.h"
#include "base/json_read.h"
#include "core/consent.h"
#include "core/obtaining.h"
#include "dialects/ampersand/ampersand.h"

/* What a generate request brings, on its way to core. */
struct generated {
	struct connection_new new;
	struct new_credential secrets[AMP_CUSTOM_INPUTS];
	/* of obtaining.h, when the provider is to be asked first; else NULL */
	const char *way;
	const char *scopes;
};

static void add_secret(struct generated *ret, const char *name,
		       const char *value, int64_t expires_at)
{
	if (!value)
		return;
	ret->secrets[ret->new.secret_count++] =
		(struct new_credential){name, value, expires_at};
}

static int64_t read_time(const struct body_reader *in, const char *name)
{
	const char *text = body_string(in, name, false, CLOCK_TEXT + 8);
	int64_t time = 0;

	if (text && !clock_parse(text, &time))
		body_invalid(in, name, "must be an RFC 3339 timestamp");
	return time;
}

/* accessToken or refreshToken: {token, issuedAt?, expiresAt?}. Is it there? */
static bool read_token(const struct body_reader *in, const char *name,
		       const char *secret, const char *issued_key,
		       json_t *settings, struct generated *ret)
{
	const json_t *object = body_object(in, name, false);

	if (!object)
		return false;
	struct body_reader inside = body_inside(in, name, object);
	const char *token = body_name(&inside, "token", CREDENTIAL_MAX);
	int64_t expires_at = read_time(&inside, "expiresAt");
	int64_t issued_at = read_time(&inside, "issuedAt");
	char issued[CLOCK_TEXT];

	if (issued_at) {
		clock_format(issued_at, issued);
		json_object_set_new(settings, issued_key, json_string(issued));
	}
	add_secret(ret, secret, token, expires_at);
	return true;
}

static void read_oauth2(const struct body_reader *in, const char *name,
			struct generated *ret)
{
	const json_t *object = body_object(in, name, true);

	if (!object)
		return;
	struct body_reader inside = body_inside(in, name, object);
	json_t *settings = json_new_object(&in->op->arena);

	bool has_access = read_token(&inside, "accessToken", "access_token",
				     "accessIssuedAt", settings, ret);
	bool has_refresh = read_token(&inside, "refreshToken", "refresh_token",
				      "refreshIssuedAt", settings, ret);
	json_t *scopes = body_strings(&inside, "scopes");
	if (scopes)
		json_object_set(settings, "scopes", scopes);
	if (!has_access && !has_refresh)
		body_invalid(in, name,
			     "needs an accessToken or a refreshToken");
	ret->new.settings = json_text(&in->op->arena, settings);
}

static void read_basic(const struct body_reader *in, const char *name,
		       struct generated *ret)
{
	const json_t *object = body_object(in, name, true);

	if (!object)
		return;
	struct body_reader inside = body_inside(in, name, object);
	struct amp_user user = amp_read_user(&inside);

	add_secret(ret, "username", user.name, 0);
	add_secret(ret, "password", user.password, 0);
}

static void read_api_key(const struct body_reader *in, const char *name,
			 struct generated *ret)
{
	add_secret(ret, "api_key", body_name(in, name, CREDENTIAL_MAX), 0);
}

/* The client's own id and secret, and scopes. */
static void read_client(const struct body_reader *in, const char *name,
			struct generated *ret)
{
	const json_t *object = body_object(in, name, true);
	struct body_reader inside = body_inside(in, name, object);

	if (!object)
		return;
	add_secret(ret, "client_id",
		   body_string(&inside, "clientId", true, CREDENTIAL_MAX), 0);
	add_secret(ret, "client_secret",
		   body_string(&inside, "clientSecret", true, CREDENTIAL_MAX),
		   0);
	const json_t *scopes = body_strings(&inside, "scopes");
	if (json_array_size(scopes)) {
		const char *text = json_text(&in->op->arena, scopes);

		ret->scopes = json_words(&in->op->arena, text, strlen(text));
	}
	ret->way = OBTAINING_BY_CLIENT;
}

static void read_password(const struct body_reader *in, const char *name,
			  struct generated *ret)
{
	const json_t *object = body_object(in, name, true);
	struct body_reader inside = body_inside(in, name, object);

	if (!object)
		return;
	read_client(in, name, ret);
	add_secret(ret, "username",
		   body_string(&inside, "username", true, CREDENTIAL_MAX), 0);
	add_secret(ret, "password",
		   body_string(&inside, "password", true, CREDENTIAL_MAX), 0);
	ret->way = OBTAINING_BY_PASSWORD;
}

static void read_custom(const struct body_reader *in, const char *name,
			struct generated *ret)
{
	const struct custom_connect *custom = catalog_custom(ret->new.provider);

	if (!custom)
		return; /* a provider that is told to take something else */
	if (custom->redirect || custom->check_url)
		body_invalid(in, name,
			     "takes several steps: use custom-auth/connect");
	else
		ret->new.secret_count = amp_read_custom(
			in, custom, ret->new.workspace_ref, ret->secrets);
	if (custom->assertion)
		ret->way = OBTAINING_BY_CUSTOM;
}

/* A kind of credential, by its name on the wire. */
struct kind {
	const char *name;
	/* of the catalog; NULL grant: any other */
	const char *auth_type, *grant_type;
	void (*read)(const struct body_reader *in, const char *name,
		     struct generated *ret);
};

static const struct kind kinds[] = {
	{"apiKey", "apiKey", NULL, read_api_key},
	{"basicAuth", "basic", NULL, read_basic},
	{"customAuth", "custom", NULL, read_custom},
	{"oauth2ClientCredentials", "oauth2", "clientCredentials", read_client},
	{"oauth2PasswordCredentials", "oauth2", "password", read_password},
	{"oauth2AuthorizationCode", "oauth2", NULL, read_oauth2},
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* NULL for a provider that takes none of them. */
static const struct kind *kind_of(const struct provider *provider)
{
	const char *grant = provider->grant_type;

	for (int i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].auth_type, provider->auth_type) == 0 &&
		    (!kinds[i].grant_type ||
		     (grant && strcmp(kinds[i].grant_type, grant) == 0)))
			return &kinds[i];
	return NULL;
}

/* NULL, with issues, when the body has none of them or several. */
static const struct kind *only_kind(const struct body_reader *in,
				    const struct kind *wanted)
{
	const struct kind *found = NULL;
	int count = 0;

	for (int i = 0; i < KINDS; i++) {
		const json_t *value =
			json_object_get(in->object, kinds[i].name);

		if (!value || json_is_null(value))
			continue;
		if (count++)
			body_invalid(in, kinds[i].name,
				     "may not be there with %s", found->name);
		else
			found = &kinds[i];
	}
	if (!count)
		body_invalid(in, wanted ? wanted->name : kinds[0].name,
			     wanted ? "is needed for this provider"
				    : "or another credential is needed");
	return count == 1 ? found : NULL;
}

static bool takes_none(const struct provider *provider)
{
	return provider && strcmp(provider->auth_type, "none") == 0;
}

static bool has_any(const struct body_reader *in)
{
	bool is_there = false;

	for (int i = 0; i < KINDS; i++) {
		const json_t *value =
			json_object_get(in->object, kinds[i].name);

		is_there = is_there || (value && !json_is_null(value));
	}
	return is_there;
}

/* The one credential of the body, which must be what the provider takes. */
static void read_credential(const struct body_reader *in,
			    const struct provider *provider,
			    struct generated *ret)
{
	const struct kind *wanted = provider ? kind_of(provider) : NULL;

	if (takes_none(provider) && !has_any(in))
		return;
	const struct kind *kind = only_kind(in, wanted);
	if (!kind)
		return;
	if (provider && kind != wanted)
		body_invalid(in, kind->name, "is not what %s takes%s%s",
			     provider->name, wanted ? ": send " : "",
			     wanted ? wanted->name : "");
	kind->read(in, kind->name, ret);
}

/* Imported tokens came from a code, with or without PKCE. */
static const char *scheme_of(const struct provider *provider)
{
	if (provider->grant_type)
		return "oauth2/authorizationCode";
	return strcmp(provider->auth_type, "custom") == 0 ? "none"
							  : provider->auth_type;
}

static enum error check_app(struct op *op, const struct connection_new *new)
{
	struct provider_app app;

	if (uuid_is_nil(new->provider_app_id))
		return OK;
	return consent_app(op, new->provider, new->provider_app_id, &app);
}

static enum error read_generate(struct request *request, struct generated *ret)
{
	struct connection_new *new = &ret->new;
	struct body_reader in;

	TRY(body_read(request, &in));
	*ret = (struct generated){.new.settings = "{}"};
	const struct provider *provider = amp_read_provider(&in);
	new->provider = provider ? provider->name : "";
	new->parties = amp_read_parties(&in);
	new->workspace_ref =
		body_string(&in, "providerWorkspaceRef", false, AMP_REF_MAX);
	new->metadata = amp_read_provider_metadata(&in);
	new->provider_app_id = amp_read_app_id(&in);
	amp_check_facts(&in, provider, new->workspace_ref, new->metadata);
	read_credential(&in, provider, ret);
	new->secrets = ret->secrets;
	TRY(body_done(&in));
	new->auth_scheme = provider ? scheme_of(provider) : "";
	return check_app(&request->op, new);
}

/* The provider is asked for a token before there is a connection. */
static enum error obtain(struct request *request,
			 const struct generated *generated)
{
	const struct connection_new *new = &generated->new;
	const struct obtaining_new obtaining = {
		.stage = OBTAINING_COME,
		.way = generated->way,
		.provider = new->provider,
		.provider_app_id = new->provider_app_id,
		.parties = new->parties,
		.workspace_ref = new->workspace_ref,
		.metadata = new->metadata,
		.scopes = generated->scopes,
		.secrets = new->secrets,
		.secret_count = new->secret_count,
	};
	struct obtaining made;

	TRY(obtaining_add(&request->op, &obtaining, NULL, &made));
	return amp_wait_for(request, made.id);
}

enum error amp_generate_connection(struct request *request)
{
	struct connection_view view;
	struct generated generated;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	if (request->kept) {
		TRY(amp_obtained(request, &view));
	} else {
		TRY(read_generate(request, &generated));
		if (generated.way)
			return obtain(request, &generated);
		TRY(connection_create(&request->op, &generated.new, &view));
	}
	struct json_writer w = amp_answer(request, 201);
	amp_put_connection(&w, NULL, project.id, &view, NULL, false);
	return OK;
}
