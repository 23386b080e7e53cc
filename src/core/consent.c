/* Who is sent to a provider, and who comes back from it. */
#include "core/consent.h"

#include <string.h>

#include "core/consent_address.h"
#include "core/step.h"
#include "core/store.h"

enum { CODE_WORD_MAX = 64 };

static enum error refuse(struct op *op, const char *field, const char *why)
{
	op_issue(op, "body", field, "%s", why);
	return op_fail(op, ERR_INVALID, "%s %s", field, why);
}

static enum error no_app(struct op *op, const char *provider)
{
	op_advise(op, "Create a provider app first.");
	return refuse(op, "provider",
		      arena_printf(&op->arena,
				   "has no provider app in this project: %s",
				   provider));
}

enum error consent_app(struct op *op, const char *provider, struct uuid id,
		       struct provider_app *ret)
{
	bool is_found;

	if (uuid_is_nil(id)) {
		TRY(step_find_app(op, id, provider, ret, &is_found));
		return is_found ? OK : no_app(op, provider);
	}
	enum error error = store_provider_app_get(op, id, ret);
	if (error == ERR_NOT_FOUND ||
	    (error == OK && strcmp(ret->provider, provider) != 0))
		return refuse(op, "providerAppId",
			      "is no provider app of this provider");
	return error;
}

/* scheme://host:port of an address. */
static const char *origin_of(struct op *op, const char *url)
{
	const char *host = strstr(url, "://");

	if (!host)
		return url;
	host += 3;
	return arena_strndup(&op->arena, url,
			     (size_t)(host - url) + strcspn(host, "/?#"));
}

enum error consent_own_url(struct op *op, const struct provider_app *app,
			   const char **ret)
{
	const char *own = step_param(op, app, CONSENT_AUTH_URL);

	if (own && strncmp(own, "https://", 8) != 0 &&
	    strncmp(own, "http://", 7) != 0)
		return refuse(op, "provider",
			      "has an app whose authUrl is no http address");
	*ret = own;
	return OK;
}

static enum error auth_url(struct grant_call *making,
			   const struct provider *provider,
			   const struct provider_app *app, const char **ret)
{
	struct op *op = making->op;
	const char *url;

	TRY(consent_own_url(op, app, &url));
	if (!url)
		TRY(grant_call_fill(making, provider->auth_url, IN_ADDRESS,
				    &url));
	const char *taken = consent_address_takes(op, url);
	if (taken)
		return refuse(op, "provider",
			      arena_printf(&op->arena,
					   "has an address that says %s, "
					   "which Cleat does",
					   taken));
	*ret = url;
	return OK;
}

static const struct provider *asks_people(const char *name)
{
	const struct provider *provider = catalog_find(name);

	return provider && provider->auth_url ? provider : NULL;
}

enum error consent_explain_lack(struct op *op, enum error error)
{
	/* it has a field of its own */
	bool is_workspace =
		op->detail && strncmp(op->detail, "workspace ", 10) == 0;

	if (error == ERR_INVALID && !op->issue_count)
		return refuse(op,
			      is_workspace ? "providerWorkspaceRef"
					   : "providerMetadata",
			      arena_printf(&op->arena, "is not enough: %s",
					   op->detail));
	return error;
}

static enum error ask(struct op *op, const struct provider *provider,
		      const struct provider_app *app,
		      struct obtaining_new *with, const char **ret_url)
{
	const struct grant_credentials grant = {
		.client_id = app->client_id,
		.workspace = with->workspace_ref,
		.metadata = with->metadata,
		.params = step_param(op, app, STEP_PARAMS),
	};
	struct grant_call making = {.op = op, .grant = &grant};
	struct new_credential *verifier =
		arena_alloc(&op->arena, sizeof(*verifier));
	char state[OBTAINING_TICKET_TEXT];
	struct obtaining made;
	const char *url = NULL;

	TRY(consent_explain_lack(op, auth_url(&making, provider, app, &url)));
	TRY(consent_explain_lack(
		op, consent_scopes(&making, provider, app, &with->scopes)));
	if (provider->needs_scopes && !with->scopes)
		return refuse(op, "provider",
			      "takes no request without scopes: "
			      "the provider app names none");
	*verifier = (struct new_credential){.name = "code_verifier"};
	if (provider_uses_pkce(provider)) {
		verifier->value = consent_verifier(op);
		with->secrets = verifier;
		with->secret_count = 1;
	}
	with->issuer = step_param(op, app, CONSENT_ISSUER);
	with->auth_origin = origin_of(op, url);
	with->provider_app_id = app->id;
	TRY(obtaining_add(op, with, state, &made));
	const char *text = consent_address(op, url, provider, app, with,
					   verifier->value, state);
	if (!text)
		return refuse(op, "provider", "has a long address");
	*ret_url = text;
	return OK;
}

enum error consent_ask(struct op *op, const struct consent_new *new,
		       const char **ret_url)
{
	const struct provider *provider = asks_people(new->provider);
	struct obtaining_new with = {
		.stage = OBTAINING_ASKED,
		.way = OBTAINING_BY_CODE,
		.provider = new->provider,
		.parties = new->parties,
		.workspace_ref = new->workspace_ref,
		.metadata = new->metadata,
		.redirect_uri = arena_printf(&op->arena, "%s%s", new->origin,
					     CONSENT_CALLBACK),
	};
	struct provider_app app;

	if (!provider)
		return refuse(op, "provider",
			      "asks nobody for consent: use "
			      "connections:generate");
	TRY(consent_app(op, new->provider, new->provider_app_id, &app));
	return ask(op, provider, &app, &with, ret_url);
}

enum error consent_ask_again(struct op *op, struct uuid id, const char *origin,
			     const char **ret_url)
{
	struct connection_view view;
	struct provider_app app;
	struct grant_place place;

	TRY(connection_get(op, id, &view));
	const struct connection *of = &view.connection;
	const struct provider *provider = asks_people(of->kind);
	struct obtaining_new with = {
		.stage = OBTAINING_ASKED,
		.way = OBTAINING_BY_CODE,
		.provider = of->kind,
		.connection_id = id,
		.parties = {.group_ref = view.group.ref,
			    .consumer_ref = view.consumer.ref},
		.workspace_ref = of->workspace_ref,
		.metadata = of->metadata,
		.redirect_uri = arena_printf(&op->arena, "%s%s", origin,
					     CONSENT_CALLBACK),
	};
	if (!provider ||
	    strncmp(of->auth_scheme, "oauth2/authorizationCode", 24) != 0) {
		op_issue(op, "path", "connectionId",
			 "names one that has no tokens of a consent");
		return op_fail(op, ERR_INVALID,
			       "the connection has no tokens of a consent");
	}
	TRY(store_grant_place(op, id, &place));
	struct uuid app_id = place.provider_app_id;
	enum error error = store_provider_app_get(op, app_id, &app);
	if (error == ERR_NOT_FOUND)
		app_id = (struct uuid){{0}};
	else
		TRY(error);
	TRY(consent_app(op, of->kind, app_id, &app));
	return ask(op, provider, &app, &with, ret_url);
}

/* RFC 9207, 2.4: an answer of another server than the one that was asked. */
static bool is_of_issuer(struct op *op, const struct obtaining *obtaining,
			 const char *issuer)
{
	const char *known = obtaining_fact(op, obtaining, "issuer");
	const char *origin = obtaining_fact(op, obtaining, "authOrigin");

	if (known)
		return issuer && strcmp(issuer, known) == 0;
	return !issuer ||
	       (origin && strcmp(origin_of(op, issuer), origin) == 0);
}

/* RFC 6749, 4.1.2.1 has few words; anything else is not repeated. */
static const char *error_word(struct op *op, const char *error)
{
	size_t length = strspn(error, "abcdefghijklmnopqrstuvwxyz_");

	if (error[length] || !length || length > CODE_WORD_MAX)
		return "the provider says no";
	return arena_printf(&op->arena, "the provider says %s", error);
}

static const char *refusal_of(struct op *op, const struct obtaining *obtaining,
			      const struct consent_return *with)
{
	if (!is_of_issuer(op, obtaining, with->issuer))
		return "the answer is not of the provider that was asked";
	if (with->error)
		return error_word(op, with->error);
	if (!with->code || !*with->code)
		return "the provider has sent no code";
	return NULL;
}

enum error consent_come_back(struct op *op, const struct consent_return *with,
			     struct obtaining *ret, const char **ret_refusal)
{
	static const char unknown[] =
		"this request for a connection is not known, was used "
		"already, or is over ten minutes old";
	struct obtaining found;

	*ret_refusal = unknown;
	enum error error =
		with->state ? obtaining_of_ticket(op, with->state, &found)
			    : ERR_NOT_FOUND;
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	if (strcmp(found.stage, OBTAINING_ASKED) != 0 ||
	    strcmp(found.way, OBTAINING_BY_CODE) != 0 ||
	    found.expires_at <= op->now)
		return OK;
	*ret_refusal = refusal_of(op, &found, with);
	if (*ret_refusal)
		return obtaining_fail(op, &found, *ret_refusal);
	op->has_secrets = true;
	TRY(credential_put(op, found.id, "code", with->code, 0));
	TRY(obtaining_come(op, &found));
	*ret = found;
	return OK;
}
