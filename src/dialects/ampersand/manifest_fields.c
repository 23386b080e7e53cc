/* Fields of a read object: the provider's, and those that customers map. */
#include "dialects/ampersand/manifest.h"

static const char *const lists[] = {"requiredFields", "optionalFields"};

/* Is there something under this key? An empty text is nothing. */
static bool has(const struct amp_node *field, const char *name)
{
	struct amp_node member = amp_node_member(field, name);

	return member.value &&
	       !(json_is_string(member.value) && !*amp_node_text(&member));
}

/*
 * fieldName is one of the provider's; without it the customer chooses what
 * goes to mapToName, and what else is said of a mapping needs that too.
 */
static void check_field(const struct amp_node *field)
{
	static const char *const of_mapping[] = {"mapToDisplayName", "default",
						 "prompt"};
	struct amp_node target = amp_node_member(field, "mapToName");

	if (has(field, "mapToName"))
		return;
	if (!has(field, "fieldName")) {
		amp_node_fault(field, "needs a fieldName or a mapToName");
		return;
	}
	for (size_t i = 0; i < AMP_COUNT(of_mapping); i++)
		if (has(field, of_mapping[i])) {
			amp_node_fault(&target, "is needed with %s",
				       of_mapping[i]);
			return;
		}
}

static const struct amp_key field_keys[] = {
	{.name = "fieldName", .type = AMP_TEXT},
	{.name = "mapToName", .type = AMP_TEXT},
	{.name = "mapToDisplayName", .type = AMP_TEXT},
	{.name = "default", .type = AMP_TEXT},
	{.name = "prompt", .type = AMP_TEXT},
};
const struct amp_shape amp_field_shape = {field_keys, AMP_COUNT(field_keys),
					  check_field};

static void refuse_same_targets(const struct amp_node *list, json_t *seen)
{
	for (size_t i = 0; i < json_array_size(list->value); i++) {
		struct amp_node field = amp_node_item(list, i);
		struct amp_node target = amp_node_member(&field, "mapToName");
		const char *text = amp_node_text(&target);

		if (!text || !*text)
			continue;
		if (json_object_get(seen, text))
			amp_node_fault(&target, "is another field's already");
		json_object_set_new(seen, text, json_true());
	}
}

void amp_check_fields(const struct amp_node *object)
{
	struct amp_node any = amp_node_member(object, "optionalFieldsAuto");
	bool has_field = any.value != NULL;
	json_t *seen = json_object();

	for (size_t i = 0; i < AMP_COUNT(lists); i++) {
		struct amp_node list = amp_node_member(object, lists[i]);

		/* one that is no list is an issue of its own */
		has_field = has_field || json_array_size(list.value) ||
			    (list.value && !json_is_array(list.value));
		refuse_same_targets(&list, seen);
	}
	json_decref(seen);
	if (!has_field)
		amp_node_fault(object, "needs a field in requiredFields or "
				       "optionalFields, or optionalFieldsAuto");
}
