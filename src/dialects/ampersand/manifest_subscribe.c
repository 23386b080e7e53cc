/* What an integration subscribes to. */
#include <string.h>

#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/manifest.h"

static const struct amp_key event_keys[] = {
	{.name = "enabled", .type = AMP_TEXT, .words = amp_always},
};
static const struct amp_shape event_shape = {event_keys, AMP_COUNT(event_keys),
					     NULL};

static const struct amp_key association_keys[] = {
	{.name = "enabled", .type = AMP_TEXT, .words = amp_always},
	{.name = "includeFullRecords", .type = AMP_BOOLEAN},
};
static const struct amp_shape association_shape = {
	association_keys, AMP_COUNT(association_keys), NULL};

/* Only what stands at a record's top can be watched. */
static const char *nested_fault(const char *text)
{
	return strpbrk(text, ".[]") ? "must not be a nested path" : NULL;
}

static void check_update(const struct amp_node *event)
{
	struct amp_node automatic = amp_node_member(event, "watchFieldsAuto");
	struct amp_node named = amp_node_member(event, "requiredWatchFields");

	if (!automatic.value == !named.value)
		amp_node_fault(event, "needs watchFieldsAuto or "
				      "requiredWatchFields, not both");
}

static const char *const auto_watched[] = {"all", "selected", NULL};
static const struct amp_key update_keys[] = {
	{.name = "enabled",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .words = amp_always},
	{.name = "watchFieldsAuto", .type = AMP_TEXT, .words = auto_watched},
	{.name = "requiredWatchFields",
	 .type = AMP_TEXTS,
	 .least = 1,
	 .fault = nested_fault},
};
static const struct amp_shape update_shape = {
	update_keys, AMP_COUNT(update_keys), check_update};

/* These events bring the fields that the read object has. */
static void check_object(const struct amp_node *object)
{
	static const char *const events[] = {"createEvent", "updateEvent",
					     "deleteEvent",
					     "associationChangeEvent"};
	struct amp_node inherit =
		amp_node_member(object, "inheritFieldsAndMapping");

	if (json_is_true(inherit.value))
		return;
	for (size_t i = 0; i < AMP_COUNT(events); i++)
		if (amp_node_member(object, events[i]).value) {
			amp_node_fault(&inherit, "must be true with %s",
				       events[i]);
			return;
		}
}

static const struct amp_key object_keys[] = {
	{.name = "objectName",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "destination",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "inheritFieldsAndMapping", .type = AMP_BOOLEAN},
	{.name = "createEvent", .type = AMP_MAPPING, .shape = &event_shape},
	{.name = "updateEvent", .type = AMP_MAPPING, .shape = &update_shape},
	{.name = "deleteEvent", .type = AMP_MAPPING, .shape = &event_shape},
	{.name = "associationChangeEvent",
	 .type = AMP_MAPPING,
	 .shape = &association_shape},
	{.name = "otherEvents", .type = AMP_TEXTS},
};
static const struct amp_shape object_shape = {
	object_keys, AMP_COUNT(object_keys), check_object};

static const struct amp_key subscribe_keys[] = {
	{.name = "objects",
	 .type = AMP_MAPPINGS,
	 .is_required = true,
	 .least = 1,
	 .shape = &object_shape},
};
const struct amp_shape amp_subscribe_shape = {
	subscribe_keys, AMP_COUNT(subscribe_keys), amp_check_objects};
