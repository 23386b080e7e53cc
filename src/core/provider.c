/* What follows from a provider's facts. */
#include <string.h>

#include "core/address.h"
#include "core/catalog.h"
#include "core/grant_call.h"

enum { KEEP_ALIVE_HOURS = 24 };

/* A connection's facts, and the first of them that does not fit. */
struct fitting {
	struct op *op;
	const char *workspace;
	const char *metadata;
	const char *word;
	const char *why; /* NULL: all do */
};

static const char *fact_of(const struct fitting *in, const char *word)
{
	if (strcmp(word, "workspace") == 0 && in->workspace)
		return in->workspace;
	return grant_call_fact(in->op, in->metadata, word);
}

static void try_address(struct fitting *in, const char *template)
{
	const char *at = template, *hole, *text, *rest;
	size_t length;

	while (at && !in->why &&
	       address_next_hole(at, &hole, &text, &length, &rest)) {
		const char *word = arena_strndup(&in->op->arena, text, length);
		const char *value = fact_of(in, word);

		in->word = word;
		if (value)
			in->why = address_value_fault(
				address_place_of(template, hole, rest), value);
		at = rest;
	}
}

const char *provider_facts_fault(struct op *op, const struct provider *provider,
				 const char *workspace, const char *metadata,
				 const char **ret_word)
{
	struct fitting in = {
		.op = op, .workspace = workspace, .metadata = metadata};
	const struct module *modules = provider->modules.items;

	try_address(&in, provider->base_url);
	try_address(&in, provider->auth_url);
	try_address(&in, provider->token_url);
	if (provider->health_check)
		try_address(&in, provider->health_check->url);
	for (size_t i = 0; i < provider->modules.count; i++)
		try_address(&in, modules[i].base_url);
	if (in.why)
		*ret_word = in.word;
	return in.why;
}

const struct module *provider_module(const struct provider *provider,
				     const char *name)
{
	const struct module *modules = provider->modules.items;

	for (size_t i = 0; i < provider->modules.count; i++)
		if (strcmp(modules[i].name, name) == 0)
			return &modules[i];
	return NULL;
}

/* False when there is none; NULL for the provider as a whole. */
static bool find_module(const struct provider *provider, const char *name,
			const struct module **ret)
{
	if (!name || !*name)
		name = provider->default_module;
	*ret = provider_module(provider, name);
	return *ret || strcmp(name, provider->default_module) == 0;
}

const struct support *provider_support(const struct provider *provider,
				       const char *module)
{
	const struct module *found;

	if (!find_module(provider, module, &found))
		return NULL;
	return found ? &found->support : &provider->support;
}

const char *provider_base_url(const struct provider *provider,
			      const char *module)
{
	const struct module *found;

	if (!find_module(provider, module, &found))
		return NULL;
	return found ? found->base_url : provider->base_url;
}

bool provider_uses_code(const struct provider *provider)
{
	return provider->grant_type &&
	       strncmp(provider->grant_type, "authorizationCode",
		       strlen("authorizationCode")) == 0;
}

bool provider_uses_pkce(const struct provider *provider)
{
	return provider->grant_type &&
	       strcmp(provider->grant_type, "authorizationCodePKCE") == 0;
}

bool provider_wants_basic(const struct provider *provider)
{
	return provider->client_auth &&
	       strcmp(provider->client_auth, "basic") == 0;
}

const char *provider_scope_delimiter(const struct provider *provider)
{
	return provider->scope_delimiter ? provider->scope_delimiter : " ";
}

const char *provider_scope(const struct provider *provider, const char *name)
{
	const struct catalog_pair *scopes = provider->scopes.items;

	for (size_t i = 0; i < provider->scopes.count; i++)
		if (strcmp(scopes[i].name, name) == 0)
			return scopes[i].value;
	return name;
}

int provider_keep_alive_hours(const struct provider *provider)
{
	return provider && provider->keep_alive_hours
		       ? provider->keep_alive_hours
		       : KEEP_ALIVE_HOURS;
}

const char *provider_token_header(const struct provider *provider)
{
	return provider->token_header ? provider->token_header
				      : "Authorization";
}

const char *provider_token_prefix(const struct provider *provider)
{
	if (!provider->token_header)
		return "Bearer ";
	return provider->token_prefix ? provider->token_prefix : "";
}
