/* An operator's providers: a file in the form of the answer of listProviders.
 */
#include "dialects/ampersand/catalog_file.h"

#include <string.h>

#include "base/json_read.h"
#include "core/address.h"
#include "core/provider_auth.h"
#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/catalog_assertion.h"
#include "dialects/ampersand/catalog_form.h"
#include "dialects/ampersand/manifest.h"

enum { PROVIDERS_MAX = 1000 };

static void check_auth(const struct amp_node *node, const struct provider *p)
{
	const struct {
		const char *auth_type, *member;
		bool is_needed;
	} parts[] = {
		{"oauth2", "oauth2Opts", true},
		{"apiKey", "apiKeyOpts", true},
		{"basic", "basicOpts", false},
		{"custom", "customOpts", true},
	};

	for (size_t i = 0; p->auth_type && i < AMP_COUNT(parts); i++) {
		struct amp_node part = amp_node_member(node, parts[i].member);
		bool is_it = strcmp(p->auth_type, parts[i].auth_type) == 0;

		if (is_it && parts[i].is_needed && !part.value)
			amp_node_fault(&part, "is required for %s",
				       p->auth_type);
		else if (!is_it && part.value)
			amp_node_fault(&part, "does not go with %s",
				       p->auth_type);
	}
}

static void check_grant(const struct amp_node *node, const struct provider *p)
{
	struct amp_node oauth2 = amp_node_member(node, "oauth2Opts");
	struct amp_node auth_url = amp_node_member(&oauth2, "authURL");

	if (provider_uses_code(p) && !auth_url.value)
		amp_node_fault(&auth_url, "is required for %s", p->grant_type);
	else if (p->grant_type && !provider_uses_code(p) && auth_url.value)
		amp_node_fault(&auth_url, "does not go with %s", p->grant_type);
}

static bool is_input(const struct catalog_list *list, const char *word)
{
	const struct catalog_input *inputs = list->items;

	for (size_t i = 0; i < list->count; i++)
		if (inputs[i].name && strcmp(inputs[i].name, word) == 0)
			return true;
	return false;
}

/* That is got: the name that headers have for it. */
static bool is_token(const struct provider *p, const char *word)
{
	return p->custom->assertion && strcmp(word, "accessToken") == 0;
}

/* What a template is filled with: core/provider_auth.c. */
static void check_templates(const struct amp_node *node,
			    const struct provider *p,
			    const struct catalog_list *list)
{
	const struct catalog_pair *pairs = list->items;

	for (size_t i = 0; i < list->count; i++) {
		struct amp_node item = amp_node_item(node, i);
		struct amp_node text = amp_node_member(&item, "valueTemplate");
		const char *at = pairs[i].value, *word;

		while (at && (word = provider_auth_word(&node->op->arena, &at)))
			if (!is_input(&p->custom->inputs, word) &&
			    !is_input(&p->inputs, word) &&
			    !is_input(&p->found, word) && !is_token(p, word))
				amp_node_fault(
					&text,
					"variable %s is declared nowhere",
					word);
	}
}

/* How one is connected to it: by its inputs, at once. */
static void read_connect(const struct amp_node *node, struct provider *p)
{
	struct arena *arena = &node->op->arena;
	struct custom_connect *connect = arena_alloc(arena, sizeof(*connect));
	struct amp_node opts = amp_node_member(node, "customOpts");
	struct amp_node all = amp_node_member(&opts, "inputs");
	struct amp_node headers = amp_node_member(&opts, "headers");
	struct amp_node query = amp_node_member(&opts, "queryParams");
	const struct catalog_input *inputs = p->custom->inputs.items;
	const char *names = "";

	if (p->custom->inputs.count > AMP_CUSTOM_INPUTS)
		amp_node_fault(&all, "are over %d", AMP_CUSTOM_INPUTS);
	for (size_t i = 0; i < p->custom->inputs.count; i++) {
		struct amp_node item = amp_node_item(&all, i);
		struct amp_node name = amp_node_member(&item, "name");

		if (inputs[i].name && !amp_is_input_name(inputs[i].name))
			amp_node_fault(&name, "must be letters, digits and _");
		else if (inputs[i].name)
			names = arena_printf(arena, "%s%s%s", names,
					     *names ? "," : "", inputs[i].name);
	}
	check_templates(&headers, p, &p->custom->headers);
	check_templates(&query, p, &p->custom->query);
	if (p->custom->assertion) {
		struct amp_node assertion = amp_node_member(&opts, "assertion");

		amp_check_assertion(&assertion, p);
	}
	*connect = (struct custom_connect){.provider = node->name,
					   .inputs = names,
					   .assertion = p->custom->assertion};
	p->connect = connect;
}

static void check_module(const struct amp_node *node, const struct provider *p)
{
	struct amp_node module = amp_node_member(node, "defaultModule");

	if (p->modules.count && p->default_module &&
	    !provider_module(p, p->default_module))
		amp_node_fault(&module, "is none of modules");
}

static bool is_field(const struct provider *p, const char *word)
{
	const struct catalog_field *fields = p->token_fields.items;

	for (size_t i = 0; i < p->token_fields.count; i++)
		if (fields[i].name && strcmp(fields[i].name, word) == 0)
			return true;
	return p->token_workspace && strcmp(p->token_workspace, word) == 0;
}

/* Who knows what the address asks for? */
static void check_variables(const struct amp_node *node, const char *address,
			    const struct provider *p)
{
	const char *at = address, *hole, *text, *rest;
	size_t length;

	while (at && address_next_hole(at, &hole, &text, &length, &rest)) {
		const char *word =
			arena_strndup(&node->op->arena, text, length);

		if (strcmp(word, "workspace") != 0 &&
		    !is_input(&p->inputs, word) && !is_input(&p->found, word) &&
		    !is_field(p, word))
			amp_node_fault(node, "variable %s is declared nowhere",
				       word);
		at = rest;
	}
}

static void check_addresses(const struct amp_node *node,
			    const struct provider *p)
{
	struct amp_node base = amp_node_member(node, "baseURL");
	struct amp_node oauth2 = amp_node_member(node, "oauth2Opts");
	struct amp_node auth_url = amp_node_member(&oauth2, "authURL");
	struct amp_node token_url = amp_node_member(&oauth2, "tokenURL");
	struct amp_node custom = amp_node_member(node, "customOpts");
	struct amp_node assertion = amp_node_member(&custom, "assertion");
	struct amp_node assert_url = amp_node_member(&assertion, "tokenURL");
	struct amp_node health = amp_node_member(node, "authHealthCheck");
	struct amp_node health_url = amp_node_member(&health, "url");
	struct amp_node modules = amp_node_member(node, "modules");
	const struct module *module = p->modules.items;

	check_variables(&base, p->base_url, p);
	check_variables(&auth_url, p->auth_url, p);
	check_variables(&token_url, p->token_url, p);
	if (p->custom && p->custom->assertion)
		check_variables(&assert_url, p->custom->assertion->token_url,
				p);
	if (p->health_check)
		check_variables(&health_url, p->health_check->url, p);
	for (size_t i = 0; i < p->modules.count; i++) {
		struct amp_node one = amp_node_member(&modules, module[i].name);
		struct amp_node url = amp_node_member(&one, "baseURL");

		check_variables(&url, module[i].base_url, p);
	}
}

static const struct provider *read_provider(const struct amp_node *node)
{
	struct provider *p = arena_alloc(&node->op->arena, sizeof(*p));
	struct amp_node name = amp_node_member(node, "name");

	form_read(node, &amp_provider_form, p);
	if (p->name && strcmp(p->name, node->name) != 0)
		amp_node_fault(&name, "must be %s, as it is called above",
			       node->name);
	if (!p->display_name)
		p->display_name = p->name;
	if (p->key_in && !p->key_prefix)
		p->key_prefix = "";
	check_auth(node, p);
	if (p->custom)
		read_connect(node, p);
	check_grant(node, p);
	check_module(node, p);
	check_addresses(node, p);
	return p;
}

enum error amp_read_catalog(struct op *op, const char *text, size_t length,
			    const struct provider ***ret, size_t *ret_count)
{
	const char *why, *name;
	json_t *root, *value;
	size_t count = 0;

	if (json_read(&op->arena, text, length, &root, &why) != OK)
		return op_fail(op, ERR_INVALID, "%s", why);
	if (!json_is_object(root) || json_object_size(root) > PROVIDERS_MAX)
		return op_fail(op, ERR_INVALID,
			       "must be an object of providers, %d at most",
			       PROVIDERS_MAX);
	const struct amp_node top = {.op = op, .name = "", .value = root};
	const struct provider **all = arena_alloc(
		&op->arena, (json_object_size(root) + 1) * sizeof(*all));
	json_object_foreach (root, name, value) {
		struct amp_node node = amp_node_member(&top, name);

		all[count++] = read_provider(&node);
	}
	if (op->issue_count)
		return op_fail(op, ERR_INVALID, "%s %s", op->issues[0].field,
			       op->issues[0].why);
	*ret = all;
	*ret_count = count;
	return OK;
}
