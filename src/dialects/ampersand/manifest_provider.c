/* What a provider, or a part of it, can do of what a manifest asks. */
#include <string.h>

#include "base/utf8.h"
#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/manifest.h"

enum { SALESFORCE_SUBSCRIBED_MAX = 5 };

/* A proxy goes to the provider as a whole, unless it is told otherwise. */
static bool can_proxy(const struct amp_node *integration,
		      const struct provider *p, const struct support *module)
{
	struct amp_node proxy = amp_node_member(integration, "proxy");
	struct amp_node use = amp_node_member(&proxy, "useModule");

	return json_is_true(use.value) ? module->can_proxy
				       : p->support.can_proxy;
}

static void check_actions(const struct amp_node *integration,
			  const struct provider *p, const char *name,
			  const struct support *module)
{
	const struct {
		const char *name;
		bool is_supported;
	} actions[] = {
		{"read", module->can_read},
		{"write", module->can_write},
		{"subscribe", module->can_subscribe},
		{"proxy", can_proxy(integration, p, module)},
	};

	for (size_t i = 0; i < AMP_COUNT(actions); i++) {
		struct amp_node action =
			amp_node_member(integration, actions[i].name);

		if (action.value && !actions[i].is_supported)
			amp_node_fault(&action, "is not supported for %s%s%s",
				       p->name, *name ? " " : "", name);
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

	if (!name || !*name || utf8_count(name) > AMP_NAME_MAX)
		return; /* an issue of its own */
	const struct provider *p = catalog_find(name);
	if (!p) {
		amp_node_fault(&provider, "%s is not in the catalog", name);
		return;
	}
	const char *wanted = amp_node_text(&named);
	const struct support *support = provider_support(p, wanted);
	if (support)
		check_actions(integration, p,
			      wanted ? wanted : p->default_module, support);
	else
		amp_node_fault(&named, "is no module of %s", name);
	check_subscribed(integration, p);
}
