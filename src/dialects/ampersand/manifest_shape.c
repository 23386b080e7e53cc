/* Looking a mapping over by its table. */
#include "dialects/ampersand/manifest.h"

#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"
#include "dialects/ampersand/ampersand.h"

const char *const amp_always[] = {"always", NULL};

struct amp_node amp_node_member(const struct amp_node *of, const char *name)
{
	json_t *value = json_object_get(of->value, name);

	return (struct amp_node){.op = of->op,
				 .up = of,
				 .name = name,
				 .value = json_is_null(value) ? NULL : value};
}

struct amp_node amp_node_item(const struct amp_node *of, size_t index)
{
	return (struct amp_node){.op = of->op,
				 .up = of,
				 .index = index,
				 .value = json_array_get(of->value, index)};
}

const char *amp_node_text(const struct amp_node *node)
{
	return json_string_value(node->value);
}

const char *amp_node_path(const struct amp_node *node)
{
	struct arena *arena = &node->op->arena;

	if (!node->up)
		return node->name;
	const char *path = amp_node_path(node->up);
	if (!node->name)
		return arena_printf(arena, "%s[%zu]", path, node->index);
	return *path ? arena_printf(arena, "%s.%s", path, node->name)
		     : node->name;
}

void amp_node_fault(const struct amp_node *node, const char *format, ...)
{
	struct op *op = node->op;
	va_list args;

	if (op->issue_count == OP_ISSUES_MAX)
		return;
	va_start(args, format);
	op_issue(op, "body", amp_node_path(node), "%s",
		 arena_vprintf(&op->arena, format, args));
	va_end(args);
}

static bool is_word(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

static void refuse_word(const struct amp_node *node, const char *const *words)
{
	struct arena *arena = &node->op->arena;
	const char *list = *words;

	while (*++words)
		list = arena_printf(arena, "%s or %s", list, *words);
	amp_node_fault(node, "must be %s", list);
}

static void check_text(const struct amp_node *node, const struct amp_key *key)
{
	const char *text = amp_node_text(node);
	bool is_item = key->type == AMP_TEXTS;
	size_t most = key->most && !is_item ? (size_t)key->most : AMP_TEXT_MAX;
	const char *why;

	if (!text || (!*text && (key->is_required || is_item)))
		amp_node_fault(node, "must be a text");
	else if (utf8_count(text) > most)
		amp_node_fault(node, "is over %zu characters", most);
	else if (key->words && !is_word(text, key->words))
		refuse_word(node, key->words);
	else if (key->fault && (why = key->fault(text)))
		amp_node_fault(node, "%s", why);
}

static void check_integer(const struct amp_node *node,
			  const struct amp_key *key)
{
	json_int_t value = json_integer_value(node->value);
	bool is_right = json_is_integer(node->value) && value >= key->least &&
			(!key->most || value <= key->most);

	if (is_right)
		return;
	if (key->most)
		amp_node_fault(node, "must be a whole number from %lld to %lld",
			       (long long)key->least, (long long)key->most);
	else
		amp_node_fault(node, "must be a whole number of %lld or more",
			       (long long)key->least);
}

static void check_mapping(const struct amp_node *node,
			  const struct amp_key *key)
{
	if (json_is_object(node->value))
		amp_check_shape(node, key->shape);
	else
		amp_node_fault(node, "must be a mapping");
}

static void check_list(const struct amp_node *node, const struct amp_key *key)
{
	size_t size = json_array_size(node->value);

	if (!json_is_array(node->value) || size < (size_t)key->least ||
	    (key->most && size > (size_t)key->most)) {
		if (key->most)
			amp_node_fault(node, "must be a list of %lld to %lld",
				       (long long)key->least,
				       (long long)key->most);
		else
			amp_node_fault(node, "must be a list%s",
				       key->least ? " that is not empty" : "");
		return;
	}
	for (size_t i = 0; i < size; i++) {
		struct amp_node item = amp_node_item(node, i);

		if (key->type == AMP_MAPPINGS)
			check_mapping(&item, key);
		else
			check_text(&item, key);
	}
}

static void check_value(const struct amp_node *node, const struct amp_key *key);

static void check_map(const struct amp_node *node, const struct amp_key *key)
{
	json_t *map = (json_t *)(uintptr_t)node->value;
	const char *name;
	json_t *value;

	if (!json_is_object(map)) {
		amp_node_fault(node, "must be a mapping");
		return;
	}
	json_object_foreach (map, name, value) {
		struct amp_node member = {.op = node->op,
					  .up = node,
					  .name = name,
					  .value = value};

		check_value(&member, key->each);
	}
}

static void check_value(const struct amp_node *node, const struct amp_key *key)
{
	switch (key->type) {
	case AMP_TEXT:
		check_text(node, key);
		return;
	case AMP_BOOLEAN:
		if (!json_is_boolean(node->value))
			amp_node_fault(node, "must be true or false");
		return;
	case AMP_INTEGER:
		check_integer(node, key);
		return;
	case AMP_MAPPING:
		check_mapping(node, key);
		return;
	case AMP_TEXTS:
	case AMP_MAPPINGS:
		check_list(node, key);
		return;
	case AMP_MAP:
		check_map(node, key);
		return;
	}
}

void amp_check_shape(const struct amp_node *node, const struct amp_shape *shape)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct amp_key *key = &shape->keys[i];
		struct amp_node member = amp_node_member(node, key->name);

		/* a list says itself what is wrong when it is not there */
		bool is_list =
			key->type == AMP_TEXTS || key->type == AMP_MAPPINGS;
		if (member.value || (is_list && key->is_required))
			check_value(&member, key);
		else if (key->is_required)
			amp_node_fault(&member, "is required");
	}
	if (shape->check)
		shape->check(node);
}

void amp_refuse_twice(const struct amp_node *list, const char *name)
{
	size_t size = json_array_size(list->value);
	json_t *seen = json_object();

	for (size_t i = 0; i < size; i++) {
		struct amp_node item = amp_node_item(list, i);
		struct amp_node member = amp_node_member(&item, name);
		const char *text = amp_node_text(&member);

		if (!text || !*text)
			continue;
		if (json_object_get(seen, text))
			amp_node_fault(&member, "is there twice");
		json_object_set_new(seen, text, json_true());
	}
	json_decref(seen);
}

void amp_check_objects(const struct amp_node *action)
{
	struct amp_node objects = amp_node_member(action, "objects");

	amp_refuse_twice(&objects, "objectName");
}
