/* Checking a manifest (amp.yaml), from the top down to its integrations. */
#include "dialects/ampersand/manifest.h"

#include <string.h>

#include "dialects/ampersand/ampersand.h"

enum { INTEGRATIONS_MAX = 100 };

static const char *const actions[] = {"read", "write", "subscribe", "proxy"};

static void check_integration(const struct amp_node *integration)
{
	struct amp_node subscribe = amp_node_member(integration, "subscribe");
	bool has_action = false;

	for (size_t i = 0; i < AMP_COUNT(actions); i++)
		has_action = has_action ||
			     amp_node_member(integration, actions[i]).value;
	if (!has_action)
		amp_node_fault(integration,
			       "needs at least one of read, write, subscribe, "
			       "proxy");
	if (subscribe.value && !amp_node_member(integration, "read").value)
		amp_node_fault(&subscribe, "needs read as well");
	amp_check_provider(integration);
}

/* A path that has one would be taken for an id's. */
static const char *name_fault(const char *name)
{
	struct uuid id;

	return uuid_parse(name, &id) ? "must not look like an id" : NULL;
}

static const struct amp_key integration_keys[] = {
	{.name = "name",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX,
	 .fault = name_fault},
	{.name = "provider",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "displayName", .type = AMP_TEXT},
	{.name = "module", .type = AMP_TEXT},
	{.name = "read", .type = AMP_MAPPING, .shape = &amp_read_shape},
	{.name = "write", .type = AMP_MAPPING, .shape = &amp_write_shape},
	{.name = "subscribe",
	 .type = AMP_MAPPING,
	 .shape = &amp_subscribe_shape},
	{.name = "proxy", .type = AMP_MAPPING, .shape = &amp_proxy_shape},
	{.name = "watchSchema", .type = AMP_MAPPING, .shape = &amp_watch_shape},
};
static const struct amp_shape integration_shape = {
	integration_keys, AMP_COUNT(integration_keys), check_integration};

static void check_root(const struct amp_node *root)
{
	struct amp_node list = amp_node_member(root, "integrations");

	amp_refuse_twice(&list, "name");
}

static const struct amp_key root_keys[] = {
	{.name = "integrations",
	 .type = AMP_MAPPINGS,
	 .is_required = true,
	 .least = 1,
	 .most = INTEGRATIONS_MAX,
	 .shape = &integration_shape},
};
static const struct amp_shape root_shape = {root_keys, AMP_COUNT(root_keys),
					    check_root};

void amp_drop_nulls(json_t *value)
{
	json_t *inner;
	const char *key;
	size_t i;
	void *next;

	json_array_foreach (value, i, inner) {
		amp_drop_nulls(inner);
	}
	json_object_foreach_safe(value, next, key, inner)
	{
		if (json_is_null(inner))
			json_object_del(value, key);
		else
			amp_drop_nulls(inner);
	}
}

/* Unknown ones stay for who warns of them. */
static void drop_known_nulls(json_t *value, const struct amp_shape *shape)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct amp_key *key = &shape->keys[i];
		json_t *inner = json_object_get(value, key->name), *item;
		size_t at;

		if (json_is_null(inner))
			json_object_del(value, key->name);
		else if (key->type == AMP_MAPPING)
			drop_known_nulls(inner, key->shape);
		else if (key->type == AMP_MAPPINGS)
			json_array_foreach (inner, at, item) {
				drop_known_nulls(item, key->shape);
			}
		else
			amp_drop_nulls(inner);
	}
}

static struct amp_manifest_item item_of(const char *path, const json_t *content)
{
	return (struct amp_manifest_item){
		.path = path,
		.name = json_string_value(json_object_get(content, "name")),
		.provider =
			json_string_value(json_object_get(content, "provider")),
		.content = content,
	};
}

void amp_check_version(struct op *op, const char *path, const char *version)
{
	if (!version || strcmp(version, "1.0.0") != 0)
		op_issue(op, "body", path, "must be \"1.0.0\"");
}

void amp_check_content(struct op *op, const char *path, json_t *content,
		       struct amp_manifest_item *ret)
{
	struct amp_node node = {.op = op, .name = path, .value = content};

	drop_known_nulls(content, &integration_shape);
	amp_check_shape(&node, &integration_shape);
	*ret = item_of(path, content);
}

static enum error check_manifest(struct op *op, json_t *root,
				 struct amp_manifest *ret)
{
	struct amp_node node = {.op = op, .name = "", .value = root};
	const json_t *list = json_object_get(root, "integrations");
	const char *version =
		json_string_value(json_object_get(root, "specVersion"));
	size_t count = json_array_size(list);

	drop_known_nulls(root, &root_shape);
	amp_check_version(op, "specVersion", version);
	amp_check_shape(&node, &root_shape);
	if (op->issue_count)
		return op_fail(op, ERR_INVALID, "the manifest is not valid");

	*ret = (struct amp_manifest){
		.root = root,
		.spec_version = version,
		.items = arena_alloc(&op->arena, count * sizeof(*ret->items)),
		.count = count,
	};
	for (size_t i = 0; i < count; i++)
		ret->items[i] = item_of(
			arena_printf(&op->arena, "integrations[%zu]", i),
			json_array_get(list, i));
	return OK;
}

enum error amp_warn(struct request *request,
		    const struct amp_manifest *manifest)
{
	const struct amp_manifest_item *one = manifest->items;

	if (manifest->root)
		TRY(amp_warn_of(request, "", manifest->root, &root_shape));
	else
		TRY(amp_warn_of(request, one->path, one->content,
				&integration_shape));
	for (size_t i = 0; i < manifest->count; i++)
		amp_drop_nulls((json_t *)(uintptr_t)manifest->items[i].content);
	return OK;
}

enum error amp_read_manifest(struct op *op, const char *field, const char *yaml,
			     struct amp_manifest *ret)
{
	json_t *root;

	TRY(amp_read_yaml(op, field, yaml, &root));
	if (json_is_object(root))
		return check_manifest(op, root, ret);
	op_issue(op, "body", field, "must be a mapping");
	return op_fail(op, ERR_INVALID, "the manifest is not a mapping");
}
