/* What a manifest may have, and yet is likely a mistake. */
#include <string.h>

#include "core/destination.h"
#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/manifest.h"

enum { WARNINGS_MAX = 32, WARNING_MAX = 200 };

/* Those so far, as one header has them. */
struct warnings {
	struct op *op;
	const char *text;
	size_t count;
};

/* A name that is somebody else's may hold anything; a header may not. */
static const char *plain(struct op *op, const char *text)
{
	char *copy =
		arena_strndup(&op->arena, text, strnlen(text, WARNING_MAX));

	for (char *at = copy; *at; at++)
		if (*at < ' ' || *at > '~' || *at == ';')
			*at = '?';
	return copy;
}

static void warn(struct warnings *to, const struct amp_node *node,
		 const char *why)
{
	struct arena *arena = &to->op->arena;

	if (to->count++ >= WARNINGS_MAX)
		return;
	const char *one = arena_printf(arena, "%s %s",
				       plain(to->op, amp_node_path(node)), why);
	to->text =
		*to->text ? arena_printf(arena, "%s; %s", to->text, one) : one;
}

static enum error look_at_destination(struct warnings *to,
				      const struct amp_node *node)
{
	struct destination found;
	enum error error =
		destination_find(to->op, amp_node_text(node), &found);

	if (error != ERR_NOT_FOUND)
		return error;
	warn(to, node, "does not exist");
	return OK;
}

static const struct amp_key *key_of(const struct amp_shape *shape,
				    const char *name)
{
	for (size_t i = 0; i < shape->count; i++)
		if (strcmp(shape->keys[i].name, name) == 0)
			return &shape->keys[i];
	return NULL;
}

static enum error look(struct warnings *to, const struct amp_node *node,
		       const struct amp_shape *shape);

static enum error look_at_each(struct warnings *to, const struct amp_node *list,
			       const struct amp_shape *shape)
{
	for (size_t i = 0; i < json_array_size(list->value); i++) {
		struct amp_node item = amp_node_item(list, i);

		TRY(look(to, &item, shape));
	}
	return OK;
}

/* Of a mapping that has its shape. */
static enum error look(struct warnings *to, const struct amp_node *node,
		       const struct amp_shape *shape)
{
	json_t *object = (json_t *)(uintptr_t)node->value, *value;
	const char *name;

	json_object_foreach (object, name, value) {
		const struct amp_key *key = key_of(shape, name);
		struct amp_node one = amp_node_member(node, name);

		if (!key && (node->up || strcmp(name, "specVersion") != 0))
			warn(to, &one, "is not known");
		else if (key && strcmp(name, "destination") == 0)
			TRY(look_at_destination(to, &one));
		else if (key && key->type == AMP_MAPPING)
			TRY(look(to, &one, key->shape));
		else if (key && key->type == AMP_MAPPINGS)
			TRY(look_at_each(to, &one, key->shape));
	}
	return OK;
}

enum error amp_warn_of(struct request *request, const char *path,
		       const json_t *value, const struct amp_shape *shape)
{
	struct warnings to = {.op = &request->op, .text = ""};
	const struct amp_node node = {
		.op = &request->op, .name = path, .value = value};

	TRY(look(&to, &node, shape));
	if (to.count > WARNINGS_MAX)
		to.text = arena_printf(&to.op->arena, "%s; and %zu more",
				       to.text, to.count - WARNINGS_MAX);
	if (to.count)
		response_header(request, "Cleat-Warnings", to.text);
	return OK;
}
