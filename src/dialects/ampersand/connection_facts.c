/* What a connection's owner tells about it: facts for the provider's addresses.
 */
#include <string.h>

#include "base/json_read.h"
#include "dialects/ampersand/ampersand.h"

static void read_fact(const struct body_reader *in)
{
	static const char *const sources[] = {"input", "token", "provider"};
	const char *source = body_string(in, "source", true, AMP_NAME_MAX);
	bool is_known = false;

	if (!json_object_get(in->object, "value"))
		body_misshapen(in, "value", "is required");
	(void)body_string(in, "value", false, CREDENTIAL_MAX);
	for (int i = 0; i < 3; i++)
		is_known =
			is_known || (source && strcmp(source, sources[i]) == 0);
	if (source && !is_known)
		body_invalid(in, "source", "must be input, token or provider");
}

/* {NAME: {value, source, displayName?}} */
const char *amp_read_provider_metadata(const struct body_reader *in)
{
	static const char key[] = "providerMetadata";
	json_t *metadata = json_object_get(in->object, key);
	const char *name;
	json_t *fact;

	if (!body_object(in, key, false))
		return "{}";
	struct body_reader all = body_inside(in, key, metadata);
	json_object_foreach (metadata, name, fact)
		if (body_object(&all, name, true)) {
			struct body_reader one = body_inside(&all, name, fact);

			read_fact(&one);
		}
	return json_text(&in->op->arena, metadata);
}

void amp_check_facts(const struct body_reader *in,
		     const struct provider *provider, const char *workspace,
		     const char *metadata)
{
	struct arena *arena = &in->op->arena;
	const char *word, *why;

	if (!provider)
		return;
	why = provider_facts_fault(in->op, provider, workspace, metadata,
				   &word);
	if (!why)
		return;
	if (workspace && strcmp(word, "workspace") == 0)
		body_invalid(in, "providerWorkspaceRef", "%s", why);
	else
		body_invalid(in,
			     arena_printf(arena, "providerMetadata.%s", word),
			     "%s", why);
}
