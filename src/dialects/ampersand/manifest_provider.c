/* What a provider, or a part of it, can do of what a manifest asks. */
#include <string.h>

#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/manifest.h"

enum { SALESFORCE_SUBSCRIBED_MAX = 5 };

/* Part of a provider's API, with what Ampersand's connectors do there. */
struct module {
	const char *provider;
	const char *name;
	bool can_read;
	bool can_write;
	bool can_subscribe;
};

/*
 * Those that catalog/providers.tsv can't tell of, as it has a provider's
 * default module only, which can do what the provider can; and the one
 * default module that can do more. Derived from amp-labs/connectors (MIT),
 * see NOTICE.
 */
static const struct module modules[] = {
	{"goTo", "goToConnect", false, false, false},
	{"google", "calendar", true, true, true},
	{"google", "contacts", false, false, false},
	{"google", "gmail", true, true, true},
	{"googleWorkspaceDelegation", "contacts", false, false, false},
	{"googleWorkspaceDelegation", "gmail", true, true, false},
	{"linkedIn", "ads", true, true, false},
	{"meta", "whatsapp", false, false, false},
	{"netsuite", "restlet", true, true, false},
	{"netsuite", "suiteql", true, false, false},
	{"netsuiteM2M", "restlet", true, true, false},
	{"netsuiteM2M", "suiteql", true, false, false},
	{"pipedrive", "crm", false, false, false},
	{"salesforce", "account-engagement", true, true, false},
	{"salesforce", "account-engagement-demo", true, true, false},
	{"seismic", "integration", false, false, false},
	{"zoho", "bugtracker", false, false, false},
	{"zoho", "desk", true, true, false},
	{"zoho", "mail", true, true, true},
	{"zoho", "projects", false, false, false},
	{"zoho", "servicedeskplus", false, false, false},
};

/* False when the provider has no such module. */
static bool find_module(const struct provider *p, const char *name,
			struct module *ret)
{
	for (size_t i = 0; i < AMP_COUNT(modules); i++)
		if (strcmp(modules[i].provider, p->name) == 0 &&
		    strcmp(modules[i].name, name) == 0) {
			*ret = modules[i];
			return true;
		}
	*ret = (struct module){p->name, name, p->can_read, p->can_write,
			       p->can_subscribe};
	return strcmp(name, p->default_module) == 0;
}

static void check_actions(const struct amp_node *integration,
			  const struct provider *p, const struct module *module)
{
	const struct {
		const char *name;
		bool is_supported;
	} actions[] = {
		{"read", module->can_read},
		{"write", module->can_write},
		{"subscribe", module->can_subscribe},
		{"proxy", p->can_proxy},
	};

	for (size_t i = 0; i < AMP_COUNT(actions); i++) {
		struct amp_node action =
			amp_node_member(integration, actions[i].name);

		if (action.value && !actions[i].is_supported)
			amp_node_fault(&action, "is not supported for %s%s%s",
				       p->name, *module->name ? " " : "",
				       module->name);
	}
}

/* More than that Salesforce's own change events don't do. */
static void check_subscribed(const struct amp_node *integration,
			     const struct provider *p)
{
	struct amp_node subscribe = amp_node_member(integration, "subscribe");
	struct amp_node objects = amp_node_member(&subscribe, "objects");

	if (strcmp(p->name, "salesforce") == 0 &&
	    json_array_size(objects.value) > SALESFORCE_SUBSCRIBED_MAX)
		amp_node_fault(&objects, "must be %d at most for salesforce",
			       SALESFORCE_SUBSCRIBED_MAX);
}

void amp_check_provider(const struct amp_node *integration)
{
	struct amp_node provider = amp_node_member(integration, "provider");
	struct amp_node named = amp_node_member(integration, "module");
	const char *name = amp_node_text(&provider);
	struct module module;

	if (!name || !*name || strlen(name) > AMP_NAME_MAX)
		return; /* an issue of its own */
	const struct provider *p = catalog_find(name);
	if (!p) {
		amp_node_fault(&provider, "%s is not in the catalog", name);
		return;
	}
	const char *wanted = amp_node_text(&named);
	if (find_module(p, wanted ? wanted : p->default_module, &module))
		check_actions(integration, p, &module);
	else
		amp_node_fault(&named, "is no module of %s", name);
	check_subscribed(integration, p);
}
