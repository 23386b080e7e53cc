/* Provider apps: listed, made, changed, deleted. */
#include "core/provider_app.h"

#include <string.h>

#include "base/json_read.h"
#include "base/utf8.h"
#include "core/consent.h"
#include "core/deletion.h"
#include "dialects/ampersand/ampersand.h"

enum { SCOPES_MAX = 200 };

enum error amp_list_provider_apps(struct request *request)
{
	struct provider_app_list list;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(provider_app_list(&request->op, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		amp_put_provider_app(&w, NULL, project.id, &list.items[i]);
	json_end_array(&w);
	return OK;
}

static const char *read_provider(const struct body_reader *in)
{
	const char *name = body_string(in, "provider", true, AMP_NAME_MAX);

	if (name && !catalog_find(name))
		body_invalid(in, "provider", "%s is not in the catalog", name);
	return name;
}

static const char *read_scopes(const struct body_reader *in)
{
	const json_t *scopes = body_strings(in, "scopes");
	const json_t *scope;
	size_t i;

	if (json_array_size(scopes) > SCOPES_MAX)
		body_invalid(in, "scopes", "is over %d", SCOPES_MAX);
	json_array_foreach (scopes, i, scope) {
		const char *text = json_string_value(scope);

		if (text && utf8_count(text) > AMP_REF_MAX)
			body_invalid(in, "scopes",
				     "holds one of over %d characters",
				     AMP_REF_MAX);
		else if (text && (!*text || strpbrk(text, " \t\r\n")))
			body_invalid(in, "scopes",
				     "holds one that is empty, or has blanks");
	}
	return scopes ? json_text(&in->op->arena, scopes) : "[]";
}

/* Addresses that are called in place of the catalog's, with their variables. */
static bool is_address(const char *name)
{
	static const char *const names[] = {"authUrl", "tokenUrl",
					    "revocationUrl", "checkUrl"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void read_param(const struct body_reader *in, const char *name)
{
	const char *text = body_string(in, name, false, AMP_TEXT_MAX);

	if (!text || !is_address(name))
		return;
	if (strncmp(text, "https://", 8) != 0 &&
	    strncmp(text, "http://", 7) != 0 && strncmp(text, "{{", 2) != 0)
		body_invalid(in, name, "must begin with https://");
	else if (strpbrk(text, "# \t\r\n"))
		body_invalid(in, name,
			     "must have neither a fragment nor blanks");
}

/* {authQueryParams?: {NAME: [TEXT]}, providerParams?: {NAME: TEXT}} */
static const char *read_metadata(const struct body_reader *in)
{
	const json_t *object = body_object(in, "metadata", false);
	json_t *kept = json_new_object(&in->op->arena);
	json_t *value;
	const char *name;

	if (!object)
		return "{}";
	struct body_reader inside = body_inside(in, "metadata", object);
	json_t *query = (json_t *)(uintptr_t)body_object(
		&inside, "authQueryParams", false);
	json_t *params = (json_t *)(uintptr_t)body_object(
		&inside, "providerParams", false);
	struct body_reader in_query =
		body_inside(&inside, "authQueryParams", query);
	struct body_reader in_params =
		body_inside(&inside, "providerParams", params);

	json_object_foreach (query, name, value) {
		if (json_is_null(value))
			body_misshapen(&in_query, name, "must be a list");
		else if (body_strings(&in_query, name) && consent_is_ours(name))
			body_invalid(&in_query, name,
				     "is said by Cleat itself");
	}
	json_object_foreach (params, name, value) {
		read_param(&in_params, name);
	}
	if (query)
		json_object_set(kept, "authQueryParams", query);
	if (params)
		json_object_set(kept, "providerParams", params);
	const char *text = json_text(&in->op->arena, kept);
	if (strlen(text) > AMP_TEXT_MAX)
		body_invalid(in, "metadata", "is over %d bytes", AMP_TEXT_MAX);
	return text;
}

/* What the mask names; all without a mask. */
static void read_app(const struct body_reader *in, const json_t *mask,
		     struct provider_app *app, const char **secret)
{
	if (amp_masks(mask, "externalRef"))
		app->external_ref =
			body_string(in, "externalRef", false, AMP_REF_MAX);
	if (amp_masks(mask, "provider"))
		app->provider = read_provider(in);
	if (amp_masks(mask, "clientId"))
		app->client_id = body_string(in, "clientId", true, AMP_URL_MAX);
	if (amp_masks(mask, "clientSecret"))
		*secret = body_string(in, "clientSecret", true, CREDENTIAL_MAX);
	if (amp_masks(mask, "scopes"))
		app->scopes = read_scopes(in);
	if (amp_masks(mask, "metadata"))
		app->metadata = read_metadata(in);
}

static enum error answer(struct request *request, const struct project *project,
			 const struct provider_app *app)
{
	struct json_writer w = amp_answer(request, 200);

	amp_put_provider_app(&w, NULL, project->id, app);
	return OK;
}

enum error amp_create_provider_app(struct request *request)
{
	struct provider_app app = {.scopes = "[]", .metadata = "{}"};
	const char *secret = NULL;
	struct project project;
	struct body_reader in;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(body_read(request, &in));
	read_app(&in, NULL, &app, &secret);
	TRY(body_done(&in));
	TRY(provider_app_create(&request->op, &app, secret, &app));
	return answer(request, &project, &app);
}

enum error amp_update_provider_app(struct request *request)
{
	static const char *const names[] = {
		"externalRef", "clientId", "clientSecret", "provider", "scopes",
		"metadata",    NULL};
	const char *secret = NULL;
	struct amp_update update;
	struct provider_app app;
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_path_id(request, 1, "provider app", &id));
	TRY(provider_app_get(&request->op, id, &app));
	TRY(amp_read_update(request, "providerApp", &update));
	amp_check_mask(&update, names);
	TRY(body_done(&update.body));
	read_app(&update.inside, update.mask, &app, &secret);
	TRY(body_done(&update.body));
	TRY(provider_app_update(&request->op, &app, secret, &app));
	return answer(request, &project, &app);
}

enum error amp_delete_provider_app(struct request *request)
{
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_path_id(request, 1, "provider app", &id));
	enum error error = delete_provider_app(&request->op, id);
	/* this API says 422 here, and 409 for other things in use */
	TRY(error == ERR_IN_USE ? ERR_INVALID : error);
	return amp_no_content(request);
}
