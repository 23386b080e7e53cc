/* Connections changed by mask: their facts, or new credentials of their kind.
 */
#include <string.h>

#include "base/json_member.h"
#include "base/json_read.h"
#include "core/custom_auth.h"
#include "core/obtaining.h"
#include "dialects/ampersand/ampersand.h"

enum { SECRETS_MAX = 4 };

/* What an update brings, on its way to core. */
struct updated {
	struct connection_change change;
	struct new_credential secrets[SECRETS_MAX];
	const char *way; /* of obtaining.h, when they get tokens; else NULL */
};

static void add_secret(struct updated *ret, const char *name, const char *value)
{
	ret->secrets[ret->change.secret_count++] =
		(struct new_credential){name, value, 0};
}

static void read_text(const struct body_reader *in, struct updated *ret,
		      const char *key, const char *name)
{
	add_secret(ret, name, body_string(in, key, true, CREDENTIAL_MAX));
}

static void read_api_key(const struct body_reader *in, struct updated *ret)
{
	add_secret(ret, "api_key", body_name(in, "apiKey", CREDENTIAL_MAX));
}

static void read_user(const struct body_reader *in, struct updated *ret)
{
	struct amp_user user = amp_read_user(in);

	add_secret(ret, "username", user.name);
	add_secret(ret, "password", user.password);
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
	read_text(in, ret, "clientId", "client_id");
	read_text(in, ret, "clientSecret", "client_secret");

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
	read_text(in, ret, "username", "username");
	read_text(in, ret, "password", "password");
	read_client(in, ret);
}

/* A kind of credential, and the connections that live by it. */
struct kind {
	const char *mask;
	const char *auth_scheme;
	bool is_object;
	const char *way;
	void (*read)(const struct body_reader *in, struct updated *ret);
};

static const struct kind kinds[] = {
	{"apiKey", "apiKey", false, NULL, read_api_key},
	{"basicAuth", "basic", true, NULL, read_user},
	{"oauth2ClientCredentials", "oauth2/clientCredentials", true,
	 OBTAINING_BY_CLIENT, read_client},
	{"oauth2PasswordCredentials", "oauth2/password", true,
	 OBTAINING_BY_PASSWORD, read_user_and_client},
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
	ret->way = kind->way;
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

/* With other facts some need another token. */
static enum error keep_inputs(struct op *op, const struct amp_update *update,
			      const struct connection *of, struct updated *ret)
{
	struct connection_change *change = &ret->change;

	if (change->secret_count ||
	    (!amp_masks(update->mask, "providerWorkspaceRef") &&
	     !amp_masks(update->mask, "providerMetadata")))
		return OK;
	TRY(custom_auth_inputs(op, of, &change->secrets,
			       &change->secret_count));
	if (change->secret_count)
		ret->way = OBTAINING_BY_CUSTOM;
	return OK;
}

/* As when it is generated: the provider gives a token first. */
static enum error obtain(struct request *request,
			 const struct connection_view *view,
			 const struct updated *updated)
{
	const struct connection_change *change = &updated->change;
	struct op *op = &request->op;
	const struct obtaining_new obtaining = {
		.stage = OBTAINING_COME,
		.way = updated->way,
		.provider = view->connection.kind,
		.provider_app_id = view->app.id,
		.connection_id = view->connection.id,
		.parties = {.group_ref = view->group.ref,
			    .consumer_ref = view->consumer.ref},
		.workspace_ref = change->workspace_ref,
		.metadata = change->metadata,
		.scopes = json_member_text(&op->arena, change->settings,
					   strlen(change->settings),
					   "requestedScopes"),
		.secrets = change->secrets,
		.secret_count = change->secret_count,
	};
	struct obtaining made;

	TRY(obtaining_add(op, &obtaining, NULL, &made));
	return amp_wait_for(request, made.id);
}

static enum error read_and_change(struct request *request, struct uuid id,
				  struct connection_view *ret)
{
	static const char *const names[] = {"providerWorkspaceRef",
					    "providerMetadata",
					    "apiKey",
					    "basicAuth",
					    "oauth2ClientCredentials",
					    "oauth2PasswordCredentials",
					    NULL};
	struct amp_update update;
	struct updated updated;

	TRY(connection_get(&request->op, id, ret));
	TRY(amp_read_update(request, "connection", &update));
	amp_check_mask(&update, names);
	TRY(body_done(&update.body));
	read_update(&update, &ret->connection, &updated);
	TRY(body_done(&update.body));
	TRY(keep_inputs(&request->op, &update, &ret->connection, &updated));
	if (updated.way)
		return obtain(request, ret, &updated);
	return connection_update(&request->op, ret, &updated.change, ret);
}

enum error amp_update_connection(struct request *request)
{
	struct connection_view view;
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_path_id(request, 1, "connection", &id));
	if (request->kept)
		TRY(amp_obtained(request, &view));
	else
		TRY(read_and_change(request, id, &view));
	if (request->is_over)
		return OK; /* it is waited for */
	struct json_writer w = amp_answer(request, 200);
	amp_put_connection(&w, NULL, project.id, &view, NULL, false);
	return OK;
}
