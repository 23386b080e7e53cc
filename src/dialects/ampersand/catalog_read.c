/* Providers from JSON, by their form. */
#include <limits.h>
#include <string.h>

#include "core/catalog.h"
#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/catalog_form.h"
#include "dialects/ampersand/manifest.h"

static void *place_of(const struct form_member *member, void *thing)
{
	return (char *)thing + member->offset;
}

static const char *keep(const struct amp_node *node, const char *text)
{
	return arena_strdup(&node->op->arena, text);
}

static bool is_word(const char *text, const char *const *words)
{
	while (*words && strcmp(*words, text) != 0)
		words++;
	return *words != NULL;
}

static const char *read_text(const struct amp_node *node,
			     const struct form_member *member)
{
	const char *text = amp_node_text(node);
	const char *why = NULL;

	if (!text)
		why = "must be a text";
	else if (!*text && member->is_required && !member->may_be_empty)
		why = "must not be empty";
	else if (strlen(text) > AMP_URL_MAX)
		why = "is too long";
	else if (member->words && !is_word(text, member->words))
		why = "is none of the words that it may be";
	else if (member->fault)
		why = member->fault(text);
	if (!why)
		return keep(node, text);
	amp_node_fault(node, "%s", why);
	return NULL;
}

static int read_integer(const struct amp_node *node)
{
	json_int_t value = json_integer_value(node->value);

	if (json_is_integer(node->value) && value > 0 && value <= INT_MAX)
		return (int)value;
	amp_node_fault(node, "must be a whole number above 0");
	return 0;
}

/* One item of a list, at `ret`: of an array, or a member of an object. */
static void read_item(const struct amp_node *node,
		      const struct form_member *member, void *ret)
{
	static const struct form_member any = {.is_required = true};
	struct catalog_pair *pair = ret;
	struct catalog_limit *limit = ret;

	switch (member->type) {
	case FORM_TEXTS:
		*(const char **)ret = read_text(node, &any);
		return;
	case FORM_INTEGERS:
		*(int *)ret = read_integer(node);
		return;
	case FORM_KEYS:
		*(const char **)ret = keep(node, node->name);
		return;
	case FORM_PAIRS:
		pair->name = keep(node, node->name);
		pair->value = read_text(node, &any);
		return;
	case FORM_LIMITS:
		limit->name = keep(node, node->name);
		limit->limit = read_integer(node);
		return;
	case FORM_NAMED:
		*(const char **)ret = keep(node, node->name);
		form_read(node, member->form, ret);
		return;
	default:
		form_read(node, member->form, ret);
	}
}

static size_t size_of(const struct form_member *member)
{
	switch (member->type) {
	case FORM_INTEGERS:
		return sizeof(int);
	case FORM_TEXTS:
	case FORM_KEYS:
		return sizeof(const char *);
	case FORM_PAIRS:
		return sizeof(struct catalog_pair);
	case FORM_LIMITS:
		return sizeof(struct catalog_limit);
	default:
		return member->form->size;
	}
}

static void read_array(const struct amp_node *node,
		       const struct form_member *member,
		       struct catalog_list *ret)
{
	size_t count = json_array_size(node->value), size = size_of(member);
	char *items = arena_alloc(&node->op->arena, (count + 1) * size);

	if (!json_is_array(node->value)) {
		amp_node_fault(node, "must be a list");
		return;
	}
	*ret = (struct catalog_list){items, count};
	for (size_t i = 0; i < count; i++) {
		struct amp_node item = amp_node_item(node, i);

		read_item(&item, member, items + i * size);
	}
}

static void read_map(const struct amp_node *node,
		     const struct form_member *member, struct catalog_list *ret)
{
	json_t *object = (json_t *)(uintptr_t)node->value, *value;
	size_t count = json_object_size(object), size = size_of(member);
	char *items = arena_alloc(&node->op->arena, (count + 1) * size);
	const char *name;

	if (!json_is_object(object)) {
		amp_node_fault(node, "must be an object");
		return;
	}
	*ret = (struct catalog_list){items, count};
	json_object_foreach (object, name, value) {
		struct amp_node one = amp_node_member(node, name);

		read_item(&one, member, items);
		items += size;
	}
}

static void read_object(const struct amp_node *node,
			const struct form_member *member, void *thing)
{
	void *made = arena_alloc(&node->op->arena, member->form->size);

	form_read(node, member->form, made);
	*(const void **)place_of(member, thing) = made;
}

static void read_member(const struct amp_node *node,
			const struct form_member *member, void *thing)
{
	void *at = place_of(member, thing);

	switch (member->type) {
	case FORM_TEXT:
		*(const char **)at = read_text(node, member);
		return;
	case FORM_BOOL:
		*(bool *)at = json_is_true(node->value);
		if (!json_is_boolean(node->value))
			amp_node_fault(node, "must be true or false");
		return;
	case FORM_INTEGER:
		*(int *)at = read_integer(node);
		return;
	case FORM_INLINE:
		form_read(node, member->form, at);
		return;
	case FORM_PART:
		form_read(node, member->form, thing);
		return;
	case FORM_OBJECT:
		read_object(node, member, thing);
		return;
	case FORM_TEXTS:
	case FORM_INTEGERS:
	case FORM_LIST:
		read_array(node, member, at);
		return;
	case FORM_KEYS:
	case FORM_NAMED:
	case FORM_PAIRS:
	case FORM_LIMITS:
		read_map(node, member, at);
		return;
	}
}

static void refuse_unknown(const struct amp_node *node, const struct form *form)
{
	json_t *object = (json_t *)(uintptr_t)node->value, *value;
	const char *name;

	json_object_foreach (object, name, value) {
		struct amp_node one = amp_node_member(node, name);
		bool is_known = false;

		for (size_t i = 0; i < form->count; i++)
			is_known = is_known ||
				   strcmp(form->members[i].name, name) == 0;
		if (!is_known)
			amp_node_fault(&one, "is not known");
	}
}

void form_read(const struct amp_node *node, const struct form *form,
	       void *thing)
{
	if (!json_is_object(node->value)) {
		amp_node_fault(node, "must be an object");
		return;
	}
	refuse_unknown(node, form);
	for (size_t i = 0; i < form->count; i++) {
		const struct form_member *member = &form->members[i];
		struct amp_node one = amp_node_member(node, member->name);
		bool is_meant = !member->when || form_is_meant(member, thing);

		if (one.value && is_meant)
			read_member(&one, member, thing);
		else if (one.value)
			amp_node_fault(&one, "does not fit what is beside it");
		else if (member->is_required && is_meant)
			amp_node_fault(&one, "is required");
	}
}
