/* Connections changed by mask: their facts, or new credentials of their kind.
 */
#include <string.h>

#include "base/json_member.h"
#include "base/json_read.h"
#include "dialects/ampersand/ampersand.h"

enum { SECRETS_MAX = 4 };

/* What an update brings, on its way to core. */
struct updated {
	struct connection_change change;
	struct new_credential secrets[SECRETS_MAX];
};

static void add_secret(const struct body_reader *in, struct updated *ret,
		       const char *key, const char *name)
{
	const char *value = body_string(in, key, true, CREDENTIAL_MAX);

	ret->secrets[ret->change.secret_count++] =
		(struct new_credential){name, value, 0};
}

static void read_api_key(const struct body_reader *in, struct updated *ret)
{
	add_secret(in, ret, "apiKey", "api_key");
}

static void read_user(const struct body_reader *in, struct updated *ret)
{
	add_secret(in, ret, "username", "username");
	add_secret(in, ret, "password", "password");
}

/* Those that are shown, and what the next token is asked for. */
static void set_scopes(struct op *op, json_t *settings, json_t *scopes)
{
	const char *text = json_text(&op->arena, scopes);

	json_object_set(settings, "scopes", scopes);
	if (json_array_size(scopes))
		json_object_set_new(settings, "requestedScopes",
				    json_string(json_words(&op->arena, text,
							   strlen(text))));
	else
		json_object_del(settings, "requestedScopes");
}

static void read_client(const struct body_reader *in, struct updated *ret)
{
	add_secret(in, ret, "clientId", "client_id");
	add_secret(in, ret, "clientSecret", "client_secret");

	json_t *scopes = body_strings(in, "scopes");
	const char *old = ret->change.settings, *why;
	json_t *settings;

	if (!scopes ||
	    json_read(&in->op->arena, old, strlen(old), &settings, &why) != OK)
		return;
	set_scopes(in->op, settings, scopes);
	ret->change.settings = json_text(&in->op->arena, settings);
}

static void read_user_and_client(const struct body_reader *in,
				 struct updated *ret)
{
	read_user(in, ret);
	read_client(in, ret);
}

/* A kind of credential, and the connections that live by it. */
struct kind {
	const char *mask;
	const char *auth_scheme;
	bool is_object;
	void (*read)(const struct body_reader *in, struct updated *ret);
};

static const struct kind kinds[] = {
	{"apiKey", "apiKey", false, read_api_key},
	{"basicAuth", "basic", true, read_user},
	{"oauth2ClientCredentials", "oauth2/clientCredentials", true,
	 read_client},
	{"oauth2PasswordCredentials", "oauth2/password", true,
	 read_user_and_client},
};

static void read_kind(const struct body_reader *in, const struct kind *kind,
		      struct updated *ret)
{
	struct body_reader inside = *in;

	if (kind->is_object) {
		const json_t *object = body_object(in, kind->mask, true);

		if (!object)
			return;
		inside = body_inside(in, kind->mask, object);
	}
	kind->read(&inside, ret);
}

/* The masked credentials, which must be of the connection's own kind. */
static void read_credentials(const struct amp_update *update,
			     const struct connection *of, struct updated *ret)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!amp_masks(update->mask, kinds[i].mask))
			continue;
		if (strcmp(kinds[i].auth_scheme, of->auth_scheme) == 0)
			read_kind(&update->inside, &kinds[i], ret);
		else
			body_invalid(&update->inside, kinds[i].mask,
				     "is not what the connection lives by: %s",
				     of->auth_scheme);
	}
}

/* An empty one is none. */
static const char *read_workspace(const struct body_reader *in)
{
	const char *ref =
		body_string(in, "providerWorkspaceRef", false, AMP_REF_MAX);

	return ref && *ref ? ref : NULL;
}

static void read_update(const struct amp_update *update,
			const struct connection *of, struct updated *ret)
{
	const struct body_reader *in = &update->inside;
	struct connection_change *change = &ret->change;

	*ret = (struct updated){.change = {.workspace_ref = of->workspace_ref,
					   .metadata = of->metadata,
					   .settings = of->settings}};
	change->secrets = ret->secrets;
	if (amp_masks(update->mask, "providerWorkspaceRef"))
		change->workspace_ref = read_workspace(in);
	if (amp_masks(update->mask, "providerMetadata"))
		change->metadata = amp_read_provider_metadata(in);
	amp_check_facts(in, catalog_find(of->kind), change->workspace_ref,
			change->metadata);
	read_credentials(update, of, ret);
}

enum error amp_update_connection(struct request *request)
{
	static const char *const names[] = {"providerWorkspaceRef",
					    "providerMetadata",
					    "apiKey",
					    "basicAuth",
					    "oauth2ClientCredentials",
					    "oauth2PasswordCredentials",
					    NULL};
	struct op *op = &request->op;
	struct connection_view view;
	struct amp_update update;
	struct updated updated;
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(op));
	TRY(amp_path_id(request, 1, "connection", &id));
	TRY(connection_get(op, id, &view));
	TRY(amp_read_update(request, "connection", &update));
	amp_check_mask(&update, names);
	TRY(body_done(&update.body));
	read_update(&update, &view.connection, &updated);
	TRY(body_done(&update.body));
	TRY(connection_update(op, &view, &updated.change, &view));
	struct json_writer w = amp_answer(request, 200);
	amp_put_connection(&w, NULL, project.id, &view, NULL, false);
	return OK;
}
