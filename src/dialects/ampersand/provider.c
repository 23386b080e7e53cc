/* Providers: the catalog in Ampersand's form. */
#include "dialects/ampersand/ampersand.h"

static void put_oauth2(struct json_writer *w, const struct provider *p)
{
	json_begin_object(w, "oauth2Opts");
	json_put_string(w, "grantType", p->grant_type);
	json_put_optional(w, "authURL", p->auth_url);
	json_put_string(w, "tokenURL", p->token_url ? p->token_url : "");
	json_put_bool(w, "explicitScopesRequired", p->needs_scopes);
	json_put_bool(w, "explicitWorkspaceRequired", p->needs_workspace);
	json_begin_object(w, "tokenMetadataFields");
	json_put_optional(w, "consumerRefField", p->token_consumer);
	json_put_optional(w, "scopesField", p->token_scopes);
	json_put_optional(w, "workspaceRefField", p->token_workspace);
	json_end_object(w);
	json_end_object(w);
}

static void put_api_key(struct json_writer *w, const struct provider *p)
{
	json_begin_object(w, "apiKeyOpts");
	json_put_string(w, "attachmentType", p->key_in);
	json_begin_object(w, p->key_in);
	json_put_string(w, "name", p->key_name);
	json_put_optional(w, "valuePrefix", p->key_prefix);
	json_end_object(w);
	json_end_object(w);
}

static void put_support(struct json_writer *w, const struct provider *p)
{
	json_begin_object(w, "support");
	json_begin_object(w, "bulkWrite");
	json_put_bool(w, "delete", p->can_bulk_delete);
	json_put_bool(w, "insert", p->can_bulk_insert);
	json_put_bool(w, "update", p->can_bulk_update);
	json_put_bool(w, "upsert", p->can_bulk_upsert);
	json_end_object(w);
	json_put_bool(w, "delete", p->can_delete);
	json_put_bool(w, "proxy", p->can_proxy);
	json_put_bool(w, "read", p->can_read);
	json_begin_object(w, "search");
	json_begin_object(w, "operators");
	json_put_bool(w, "equals", p->can_search);
	json_end_object(w);
	json_end_object(w);
	json_put_bool(w, "subscribe", p->can_subscribe);
	json_put_bool(w, "write", p->can_write);
	json_end_object(w);
}

static void put_provider(struct json_writer *w, const char *key,
			 const struct provider *p)
{
	json_begin_object(w, key);
	json_put_string(w, "name", p->name);
	json_put_string(w, "displayName", p->display_name);
	json_put_string(w, "authType", p->auth_type);
	json_put_string(w, "baseURL", p->base_url);
	json_put_string(w, "defaultModule", p->default_module);
	if (p->grant_type)
		put_oauth2(w, p);
	if (p->key_in)
		put_api_key(w, p);
	put_support(w, p);
	json_end_object(w);
}

enum error amp_list_providers(struct request *request)
{
	struct json_writer w = amp_answer(request, 200);

	json_begin_object(&w, NULL);
	for (size_t i = 0; i < catalog_count(); i++) {
		const struct provider *p = catalog_at(i);

		put_provider(&w, p->name, p);
	}
	json_end_object(&w);
	return OK;
}

enum error amp_get_provider(struct request *request)
{
	const char *name = request->params[0];
	const struct provider *p = catalog_find(name);

	if (!p)
		return op_fail(&request->op, ERR_NOT_FOUND,
			       "there is no provider %s", name);
	struct json_writer w = amp_answer(request, 200);
	put_provider(&w, NULL, p);
	return OK;
}
