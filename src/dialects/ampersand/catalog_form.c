/* A provider's members on the wire. */
#include "dialects/ampersand/catalog_form.h"

#include <string.h>
#include <strings.h>

#include "base/hop_by_hop.h"
#include "core/address.h"
#include "core/catalog.h"
#include "core/consent.h"
#include "core/token_fields.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define FORM(members, type)                                                    \
	{                                                                      \
		members, COUNT(members), sizeof(struct type)                   \
	}

/* One member of struct `of`; what follows sets more of it. */
#define M(wire, kind, of, field, ...)                                          \
	{                                                                      \
		.name = (wire), .type = FORM_##kind,                           \
		.offset = offsetof(struct of, field), __VA_ARGS__              \
	}
#define NEEDED .is_required = true

/* One that the credentials go into: not one that says how a call is made. */
static const char *header_fault(const char *name)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
				    "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (name[strspn(name, token)])
		return "must be the name of a header";
	if (strcasecmp(name, "Host") == 0 ||
	    strcasecmp(name, "Content-Length") == 0 || hop_by_hop_is(name))
		return "is a header that every call has of its own";
	return NULL;
}

/* What a caller's path and query are put behind. */
static const char *base_fault(const char *url)
{
	return strpbrk(url, "?#") ? "must have neither a query nor a fragment"
				  : address_template_fault(url);
}

static const char *const auth_types[] = {"oauth2", "apiKey", "basic", "jwt",
					 "custom", "none",   NULL};
static const char *const grant_types[] = {
	"authorizationCode", "authorizationCodePKCE", "clientCredentials",
	"password", NULL};
static const char *const token_places[] = {"accessTokenHeaderAttachment", NULL};
static const char *const key_places[] = {"query", "header", NULL};
static const char *const basic_fields[] = {"username", "password", NULL};
static const char *const assertion_grants[] = {"jwtBearer", "clientCredentials",
					       NULL};
static const char *const scope_places[] = {"claim", "claimList", "form", NULL};
static const char *const client_auths[] = {"basic", "body", NULL};
static const char *const delimiters[] = {" ", ",", NULL};
static const char *const input_fields[] = {"fieldTypeText", "fieldTypePassword",
					   "fieldTypeSelect", NULL};

static const struct form_member option_members[] = {
	M("value", TEXT, catalog_pair, value, NEEDED),
	M("label", TEXT, catalog_pair, name, NEEDED),
};
static const struct form option_form = FORM(option_members, catalog_pair);

static const struct form_member header_members[] = {
	M("name", TEXT, catalog_pair, name, NEEDED, .fault = header_fault),
	M("valueTemplate", TEXT, catalog_pair, value, NEEDED),
};
static const struct form header_form = FORM(header_members, catalog_pair);

static const struct form_member query_members[] = {
	M("name", TEXT, catalog_pair, name, NEEDED),
	M("valueTemplate", TEXT, catalog_pair, value, NEEDED),
};
static const struct form query_form = FORM(query_members, catalog_pair);

static const struct form_member input_members[] = {
	M("name", TEXT, catalog_input, name, NEEDED),
	M("displayName", TEXT, catalog_input, display_name, ),
	M("prompt", TEXT, catalog_input, prompt, ),
	M("defaultValue", TEXT, catalog_input, default_value, ),
	M("docsURL", TEXT, catalog_input, docs_url, ),
	M("moduleDependencies", KEYS, catalog_input, modules, ),
};
static const struct form input_form = FORM(input_members, catalog_input);

static const struct form_member found_members[] = {
	M("name", TEXT, catalog_input, name, NEEDED),
	M("moduleDependencies", KEYS, catalog_input, modules, ),
};
static const struct form found_form = FORM(found_members, catalog_input);

static const struct form_member custom_input_members[] = {
	M("name", TEXT, catalog_input, name, NEEDED),
	M("displayName", TEXT, catalog_input, display_name, NEEDED),
	M("prompt", TEXT, catalog_input, prompt, ),
	M("docsURL", TEXT, catalog_input, docs_url, ),
	M("fieldType", TEXT, catalog_input, field_type, .words = input_fields),
	M("options", LIST, catalog_input, options, .form = &option_form),
};
static const struct form custom_input_form =
	FORM(custom_input_members, catalog_input);

static const struct form_member assertion_members[] = {
	M("grantType", TEXT, assertion_way, grant, NEEDED,
	  .words = assertion_grants),
	M("algorithms", TEXTS, assertion_way, algorithms, NEEDED),
	M("key", TEXT, assertion_way, key, NEEDED),
	M("keyID", TEXT, assertion_way, key_id, ),
	M("issuer", TEXT, assertion_way, issuer, NEEDED),
	M("subject", TEXT, assertion_way, subject, ),
	M("audience", TEXT, assertion_way, audience, ),
	M("otherAudience", TEXT, assertion_way, other_audience, ),
	M("otherAudienceFor", TEXTS, assertion_way, other_for, ),
	M("scopesIn", TEXT, assertion_way, scopes_in, .words = scope_places),
	M("scopes", TEXTS, assertion_way, scopes, ),
	M("withID", BOOL, assertion_way, has_id, ),
	M("tokenURL", TEXT, assertion_way, token_url, NEEDED,
	  .fault = address_template_fault),
	M("lifetimeSeconds", INTEGER, assertion_way, lifetime_s, NEEDED),
	M("tokenLifetimeSeconds", INTEGER, assertion_way, token_lifetime_s, ),
};
static const struct form assertion_form =
	FORM(assertion_members, assertion_way);

static const struct form_member custom_members[] = {
	M("headers", LIST, custom_auth, headers, .form = &header_form),
	M("queryParams", LIST, custom_auth, query, .form = &query_form),
	M("inputs", LIST, custom_auth, inputs, .form = &custom_input_form),
	M("providerInputs", LIST, custom_auth, app_inputs,
	  .form = &custom_input_form),
	M("multiStep", BOOL, custom_auth, has_steps, ),
	M("assertion", OBJECT, custom_auth, assertion, .is_ours = true,
	  .form = &assertion_form),
};
static const struct form custom_form = FORM(custom_members, custom_auth);

static const struct form_member key_as_basic_members[] = {
	M("fieldUsed", TEXT, basic_auth, field, .words = basic_fields),
	M("keyFormat", TEXT, basic_auth, format, ),
};
static const struct form key_as_basic_form =
	FORM(key_as_basic_members, basic_auth);

static const struct form_member basic_members[] = {
	M("apiKeyAsBasic", BOOL, basic_auth, is_api_key, ),
	M("apiKeyAsBasicOpts", PART, basic_auth, field,
	  .form = &key_as_basic_form),
	M("docsURL", TEXT, basic_auth, docs_url, ),
};
static const struct form basic_form = FORM(basic_members, basic_auth);

static const struct form_member token_field_members[] = {
	M("name", TEXT, catalog_field, name, NEEDED),
	M("displayName", TEXT, catalog_field, display_name, NEEDED),
	M("path", TEXT, catalog_field, path, NEEDED,
	  .fault = token_fields_path_fault),
	M("capture", TEXT, catalog_field, capture,
	  .fault = token_fields_capture_fault),
};
static const struct form token_field_form =
	FORM(token_field_members, catalog_field);

static const struct form_member token_answer_members[] = {
	M("consumerRefField", TEXT, provider, token_consumer, ),
	M("scopesField", TEXT, provider, token_scopes, ),
	M("workspaceRefField", TEXT, provider, token_workspace, ),
	M("otherFields", LIST, provider, token_fields,
	  .form = &token_field_form),
};
static const struct form token_answer_form =
	FORM(token_answer_members, provider);

static const struct form_member token_header_members[] = {
	M("name", TEXT, provider, token_header, NEEDED, .fault = header_fault),
	M("valuePrefix", TEXT, provider, token_prefix, ),
};
static const struct form token_header_form =
	FORM(token_header_members, provider);

static const struct form_member token_place_members[] = {
	M("attachmentType", TEXT, provider, token_in, NEEDED,
	  .words = token_places),
	M("header", PART, provider, token_header, .form = &token_header_form),
	M("docsURL", TEXT, provider, token_docs_url, ),
};
static const struct form token_place_form = FORM(token_place_members, provider);

static const struct form_member oauth2_members[] = {
	M("grantType", TEXT, provider, grant_type, NEEDED,
	  .words = grant_types),
	M("authURL", TEXT, provider, auth_url, .fault = address_template_fault),
	M("tokenURL", TEXT, provider, token_url, NEEDED,
	  .fault = address_template_fault),
	M("explicitScopesRequired", BOOL, provider, needs_scopes, NEEDED),
	M("explicitWorkspaceRequired", BOOL, provider, needs_workspace, NEEDED),
	M("audience", TEXTS, provider, audiences, ),
	M("scopeMappings", PAIRS, provider, scopes, ),
	M("tokenMetadataFields", PART, provider, grant_type, NEEDED,
	  .form = &token_answer_form),
	M("docsURL", TEXT, provider, oauth2_docs_url, ),
	M("authURLParams", PAIRS, provider, auth_params, ),
	M("accessTokenOpts", PART, provider, token_in,
	  .form = &token_place_form),
	M("keepAliveIntervalHours", INTEGER, provider, keep_alive_hours, ),
	M("clientAuth", TEXT, provider, client_auth, .is_ours = true,
	  .words = client_auths),
	M("scopeDelimiter", TEXT, provider, scope_delimiter, .is_ours = true,
	  .words = delimiters),
	M("defaultScopes", TEXTS, provider, default_scopes, .is_ours = true),
};
static const struct form oauth2_form = FORM(oauth2_members, provider);

static const struct form_member key_header_members[] = {
	M("name", TEXT, provider, key_name, NEEDED, .fault = header_fault),
	M("valuePrefix", TEXT, provider, key_prefix, ),
};
static const struct form key_header_form = FORM(key_header_members, provider);

static const struct form_member key_query_members[] = {
	M("name", TEXT, provider, key_name, NEEDED),
};
static const struct form key_query_form = FORM(key_query_members, provider);

static const struct form_member key_members[] = {
	M("attachmentType", TEXT, provider, key_in, NEEDED,
	  .words = key_places),
	M("query", PART, provider, key_in, .when = "query", NEEDED,
	  .form = &key_query_form),
	M("header", PART, provider, key_in, .when = "header", NEEDED,
	  .form = &key_header_form),
	M("docsURL", TEXT, provider, key_docs_url, ),
};
static const struct form key_form = FORM(key_members, provider);

static const struct form_member bulk_members[] = {
	M("insert", BOOL, support, can_bulk_insert, NEEDED),
	M("update", BOOL, support, can_bulk_update, NEEDED),
	M("upsert", BOOL, support, can_bulk_upsert, NEEDED),
	M("delete", BOOL, support, can_bulk_delete, NEEDED),
};
static const struct form bulk_form = FORM(bulk_members, support);

static const struct form_member operator_members[] = {
	M("equals", BOOL, support, can_search, NEEDED),
};
static const struct form operator_form = FORM(operator_members, support);
static const struct form_member search_members[] = {
	M("operators", PART, support, can_read, NEEDED, .form = &operator_form),
};
static const struct form search_form = FORM(search_members, support);

static const struct form_member batch_write_members[] = {
	M("supported", BOOL, batch_write, is_supported, NEEDED),
	M("defaultRecordLimit", INTEGER, batch_write, limit, ),
	M("objectRecordLimits", LIMITS, batch_write, limits, ),
};
static const struct form batch_write_form =
	FORM(batch_write_members, batch_write);

static const struct form_member batch_members[] = {
	M("create", INLINE, batch_writes, create, NEEDED,
	  .form = &batch_write_form),
	M("update", INLINE, batch_writes, update, NEEDED,
	  .form = &batch_write_form),
	M("upsert", INLINE, batch_writes, upsert, NEEDED,
	  .form = &batch_write_form),
	M("delete", INLINE, batch_writes, remove, NEEDED,
	  .form = &batch_write_form),
};
static const struct form batch_form = FORM(batch_members, batch_writes);

static const struct form_member event_members[] = {
	M("create", BOOL, event_support, can_create, ),
	M("update", BOOL, event_support, can_update, ),
	M("delete", BOOL, event_support, can_delete, ),
	M("passThrough", BOOL, event_support, can_pass_through, ),
};
static const struct form event_form = FORM(event_members, event_support);

static const struct form_member support_members[] = {
	M("bulkWrite", PART, support, can_read, NEEDED, .form = &bulk_form),
	M("proxy", BOOL, support, can_proxy, NEEDED),
	M("read", BOOL, support, can_read, NEEDED),
	M("subscribe", BOOL, support, can_subscribe, NEEDED),
	M("write", BOOL, support, can_write, NEEDED),
	M("delete", BOOL, support, can_delete, NEEDED),
	M("subscribeSupport", OBJECT, support, events, .form = &event_form),
	M("batchWrite", OBJECT, support, batch, .form = &batch_form),
	M("search", PART, support, can_read, NEEDED, .form = &search_form),
};
static const struct form support_form = FORM(support_members, support);

static const struct form_member needs_members[] = {
	M("registration", BOOL, subscribe_needs, registration, ),
	M("maintenance", BOOL, subscribe_needs, maintenance, ),
	M("postProcess", BOOL, subscribe_needs, post_process, ),
	M("subscribeByAPI", BOOL, subscribe_needs, by_api, ),
};
static const struct form needs_form = FORM(needs_members, subscribe_needs);

static const struct form_member module_members[] = {
	M("displayName", TEXT, module, display_name, NEEDED),
	M("baseURL", TEXT, module, base_url, NEEDED, .fault = base_fault),
	M("support", INLINE, module, support, NEEDED, .form = &support_form),
	M("subscribeRequirements", OBJECT, module, needs, .form = &needs_form),
};
static const struct form module_form = FORM(module_members, module);

static const struct form_member health_members[] = {
	M("url", TEXT, health_check, url, NEEDED,
	  .fault = address_template_fault),
	M("method", TEXT, health_check, method, ),
	M("successStatusCodes", INTEGERS, health_check, statuses, ),
};
static const struct form health_form = FORM(health_members, health_check);

static const struct form_member logo_members[] = {
	M("iconURL", TEXT, logo, icon_url, ),
	M("logoURL", TEXT, logo, logo_url, ),
};
static const struct form logo_form = FORM(logo_members, logo);

static const struct form_member media_members[] = {
	M("regular", OBJECT, media, regular, .form = &logo_form),
	M("darkMode", OBJECT, media, dark, .form = &logo_form),
};
static const struct form media_form = FORM(media_members, media);

static const struct form_member metadata_members[] = {
	M("input", LIST, provider, inputs, .form = &input_form),
	M("postAuthentication", LIST, provider, found, .form = &found_form),
};
static const struct form metadata_form = FORM(metadata_members, provider);

static const struct form_member app_members[] = {
	M("authQueryParams", LIST, provider, app_query, .form = &input_form),
	M("providerParams", LIST, provider, app_inputs, .form = &input_form),
};
static const struct form app_form = FORM(app_members, provider);

static const struct form_member provider_members[] = {
	M("name", TEXT, provider, name, NEEDED),
	M("displayName", TEXT, provider, display_name, ),
	M("authType", TEXT, provider, auth_type, NEEDED, .words = auth_types),
	M("baseURL", TEXT, provider, base_url, NEEDED, .fault = base_fault),
	M("defaultModule", TEXT, provider, default_module, NEEDED,
	  .may_be_empty = true),
	M("oauth2Opts", PART, provider, grant_type, .form = &oauth2_form),
	M("apiKeyOpts", PART, provider, key_in, .form = &key_form),
	M("basicOpts", OBJECT, provider, basic, .form = &basic_form),
	M("customOpts", OBJECT, provider, custom, .form = &custom_form),
	M("support", INLINE, provider, support, NEEDED, .form = &support_form),
	M("authHealthCheck", OBJECT, provider, health_check,
	  .form = &health_form),
	M("postAuthInfoNeeded", BOOL, provider, asks_after, ),
	M("media", OBJECT, provider, media, .form = &media_form),
	M("labels", PAIRS, provider, labels, ),
	M("subscribeRequirements", OBJECT, provider, needs,
	  .form = &needs_form),
	M("modules", NAMED, provider, modules, .form = &module_form),
	M("metadata", PART, provider, inputs, .form = &metadata_form),
	M("providerAppMetadata", PART, provider, app_inputs, .form = &app_form),
};
const struct form amp_provider_form = FORM(provider_members, provider);
