/* Checking a manifest (amp.yaml). */
#include <string.h>

#include "dialects/ampersand/ampersand.h"

enum { INTEGRATIONS_MAX = 100 };

static const char *const actions[] = {"read", "write", "subscribe", "proxy"};
enum { ACTIONS = sizeof(actions) / sizeof(*actions) };

static const char *text_field(struct op *op, const char *path,
			      const json_t *object, const char *name)
{
	const char *full = arena_printf(&op->arena, "%s.%s", path, name);
	const json_t *value = json_object_get(object, name);
	const char *text = json_string_value(value);

	if (!value)
		op_issue(op, "body", full, "is required");
	else if (!text || !*text)
		op_issue(op, "body", full, "must be a text");
	else if (strlen(text) > AMP_NAME_MAX)
		op_issue(op, "body", full, "is over %d bytes", AMP_NAME_MAX);
	else
		return text;
	return NULL;
}

/* Each object of read, write or subscribe: its name, once. */
static void check_objects(struct op *op, const char *path,
			  const json_t *objects)
{
	json_t *object, *seen = json_object();
	size_t i;

	json_array_foreach(objects, i, object) {
		const char *at =
			arena_printf(&op->arena, "%s[%zu]", path, i);

		if (!json_is_object(object)) {
			op_issue(op, "body", at, "must be a mapping");
			continue;
		}
		const char *name = text_field(op, at, object, "objectName");
		if (!name)
			continue;
		if (json_object_get(seen, name))
			op_issue(op, "body", at, "names %s a second time",
				 name);
		json_object_set_new(seen, name, json_true());
	}
	json_decref(seen);
}

static void check_action(struct op *op, const char *path,
			 const json_t *content, const char *action)
{
	const json_t *value = json_object_get(content, action);
	const char *at = arena_printf(&op->arena, "%s.%s", path, action);

	if (!value)
		return;
	if (!json_is_object(value)) {
		op_issue(op, "body", at, "must be a mapping");
		return;
	}
	if (strcmp(action, "proxy") == 0) {
		const json_t *enabled = json_object_get(value, "enabled");

		if (enabled && !json_is_boolean(enabled))
			op_issue(op, "body",
				 arena_printf(&op->arena, "%s.enabled", at),
				 "must be true or false");
		return;
	}
	const json_t *objects = json_object_get(value, "objects");
	at = arena_printf(&op->arena, "%s.objects", at);
	if (!json_is_array(objects) || json_array_size(objects) == 0)
		op_issue(op, "body", at, "must be a list that is not empty");
	else
		check_objects(op, at, objects);
}

static void check_provider(struct op *op, const char *path,
			   const json_t *content, const char *name)
{
	const struct provider *p = catalog_find(name);
	const bool can[ACTIONS] = {p && p->can_read, p && p->can_write,
				   p && p->can_subscribe, p && p->can_proxy};

	if (!p) {
		op_issue(op, "body",
			 arena_printf(&op->arena, "%s.provider", path),
			 "%s is not in the catalog", name);
		return;
	}
	for (int i = 0; i < ACTIONS; i++)
		if (json_object_get(content, actions[i]) && !can[i])
			op_issue(op, "body",
				 arena_printf(&op->arena, "%s.%s", path,
					      actions[i]),
				 "is not supported for %s", name);
}

void amp_check_content(struct op *op, const char *path, const json_t *content,
		       struct amp_manifest_item *ret)
{
	bool has_action = false;

	*ret = (struct amp_manifest_item){.content = content};
	if (!json_is_object(content)) {
		op_issue(op, "body", path, "must be a mapping");
		return;
	}
	ret->name = text_field(op, path, content, "name");
	ret->provider = text_field(op, path, content, "provider");
	for (int i = 0; i < ACTIONS; i++) {
		has_action = has_action || json_object_get(content, actions[i]);
		check_action(op, path, content, actions[i]);
	}
	if (!has_action)
		op_issue(op, "body", path,
			 "needs at least one of read, write, subscribe, "
			 "proxy");
	if (ret->provider)
		check_provider(op, path, content, ret->provider);
}

static void refuse_same_names(struct op *op, const struct amp_manifest *all)
{
	for (size_t i = 0; i < all->count; i++)
		for (size_t j = 0; j < i; j++) {
			const char *a = all->items[i].name;
			const char *b = all->items[j].name;

			if (a && b && strcmp(a, b) == 0)
				op_issue(op, "body",
					 arena_printf(&op->arena,
						      "integrations[%zu].name",
						      i),
					 "%s is there twice", a);
		}
}

static void check_manifest(struct op *op, const json_t *root,
			   struct amp_manifest *ret)
{
	const json_t *list = json_object_get(root, "integrations");
	const char *version =
		json_string_value(json_object_get(root, "specVersion"));

	*ret = (struct amp_manifest){.spec_version = version};
	if (!version || strcmp(version, "1.0.0") != 0)
		op_issue(op, "body", "specVersion", "must be \"1.0.0\"");
	if (!json_is_array(list) || json_array_size(list) == 0 ||
	    json_array_size(list) > INTEGRATIONS_MAX) {
		op_issue(op, "body", "integrations",
			 "must be a list of 1 to %d", INTEGRATIONS_MAX);
		return;
	}
	ret->count = json_array_size(list);
	ret->items = arena_alloc(&op->arena, ret->count * sizeof(*ret->items));
	for (size_t i = 0; i < ret->count; i++)
		amp_check_content(op,
				  arena_printf(&op->arena, "integrations[%zu]",
					       i),
				  json_array_get(list, i), &ret->items[i]);
	refuse_same_names(op, ret);
}

enum error amp_read_manifest(struct op *op, const char *yaml,
			     struct amp_manifest *ret)
{
	json_t *root;

	TRY(amp_read_yaml(op, yaml, &root));
	if (!json_is_object(root))
		op_issue(op, "body", "sourceYaml", "must be a mapping");
	else
		check_manifest(op, root, ret);
	if (op->issue_count)
		return op_fail(op, ERR_INVALID, "the manifest is not valid");
	return OK;
}
