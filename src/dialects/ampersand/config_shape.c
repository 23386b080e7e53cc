/* What a configuration looks like: tables, by manifest.h. */
#include "dialects/ampersand/config.h"

#include <string.h>

static const struct amp_key any_text = {.type = AMP_TEXT};
static const struct amp_key any_boolean = {.type = AMP_BOOLEAN};
static const struct amp_key any_texts = {.type = AMP_MAP, .each = &any_text};

static const char *const all[] = {"all", NULL};
static const char *const equal[] = {"eq", NULL};
static const char *const always_or_never[] = {"always", "never", NULL};
static const char *const on_update[] = {"always", "never", "ifEmpty", NULL};

static const struct amp_key filter_keys[] = {
	{.name = "fieldName", .type = AMP_TEXT, .is_required = true},
	{.name = "operator",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .words = equal},
};
static const struct amp_shape filter_shape = {filter_keys,
					      AMP_COUNT(filter_keys), NULL};

static const struct amp_key period_keys[] = {
	{.name = "days", .type = AMP_INTEGER},
	{.name = "fullHistory", .type = AMP_BOOLEAN},
};
static const struct amp_shape period_shape = {period_keys,
					      AMP_COUNT(period_keys), NULL};

static const struct amp_key backfill_keys[] = {
	{.name = "defaultPeriod",
	 .type = AMP_MAPPING,
	 .is_required = true,
	 .shape = &period_shape},
	{.name = "fieldFilters", .type = AMP_MAPPINGS, .shape = &filter_shape},
};
static const struct amp_shape backfill_shape = {backfill_keys,
						AMP_COUNT(backfill_keys), NULL};

static const struct amp_key mapped_keys[] = {
	{.name = "mappedValue", .type = AMP_TEXT, .is_required = true},
	{.name = "mappedDisplayValue", .type = AMP_TEXT, .is_required = true},
};
static const struct amp_shape mapped_shape = {mapped_keys,
					      AMP_COUNT(mapped_keys), NULL};

static const struct amp_key dynamic_keys[] = {
	{.name = "mapToName", .type = AMP_TEXT, .is_required = true},
	{.name = "mapToDisplayName", .type = AMP_TEXT},
	{.name = "prompt", .type = AMP_TEXT},
	{.name = "mappedValues", .type = AMP_MAPPINGS, .shape = &mapped_shape},
	{.name = "fieldName", .type = AMP_TEXT},
};
static const struct amp_shape dynamic_shape = {dynamic_keys,
					       AMP_COUNT(dynamic_keys), NULL};

static const struct amp_key read_keys[] = {
	{.name = "objectName",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "schedule", .type = AMP_TEXT},
	{.name = "disabled", .type = AMP_BOOLEAN},
	{.name = "destination", .type = AMP_TEXT, .most = AMP_NAME_MAX},
	{.name = "selectedFields",
	 .type = AMP_MAP,
	 .is_required = true,
	 .each = &any_boolean},
	{.name = "selectedFieldMappings", .type = AMP_MAP, .each = &any_text},
	{.name = "selectedValueMappings", .type = AMP_MAP, .each = &any_texts},
	{.name = "dynamicMappingsInput",
	 .type = AMP_MAPPINGS,
	 .shape = &dynamic_shape},
	{.name = "selectedFieldsAuto", .type = AMP_TEXT, .words = all},
	{.name = "backfill", .type = AMP_MAPPING, .shape = &backfill_shape},
	{.name = "fieldFilters", .type = AMP_MAPPINGS, .shape = &filter_shape},
};
static const struct amp_shape read_shape = {read_keys, AMP_COUNT(read_keys),
					    NULL};

static const struct amp_key enabled_keys[] = {
	{.name = "enabled", .type = AMP_BOOLEAN, .is_required = true},
};
static const struct amp_shape enabled_shape = {enabled_keys,
					       AMP_COUNT(enabled_keys), NULL};

static void check_default(const struct amp_node *node)
{
	struct amp_node value = amp_node_member(node, "value");

	if (!json_is_string(value.value) && !json_is_integer(value.value) &&
	    !json_is_boolean(value.value))
		amp_node_fault(&value, "must be a text, a whole number, true "
				       "or false");
}

static const struct amp_key default_keys[] = {
	{.name = "applyOnUpdate", .type = AMP_TEXT, .words = always_or_never},
};
static const struct amp_shape default_shape = {
	default_keys, AMP_COUNT(default_keys), check_default};
static const struct amp_key each_default = {.type = AMP_MAPPING,
					    .shape = &default_shape};

static const struct amp_key value_keys[] = {
	{.name = "stringValue", .type = AMP_TEXT},
	{.name = "integerValue", .type = AMP_INTEGER, .least = INT64_MIN},
	{.name = "booleanValue", .type = AMP_BOOLEAN},
};
static const struct amp_shape value_shape = {value_keys, AMP_COUNT(value_keys),
					     NULL};

static const struct amp_key setting_keys[] = {
	{.name = "default", .type = AMP_MAPPING, .shape = &value_shape},
	{.name = "writeOnCreate", .type = AMP_TEXT, .words = always_or_never},
	{.name = "writeOnUpdate", .type = AMP_TEXT, .words = on_update},
};
static const struct amp_shape setting_shape = {setting_keys,
					       AMP_COUNT(setting_keys), NULL};
static const struct amp_key each_setting = {.type = AMP_MAPPING,
					    .shape = &setting_shape};

static const struct amp_key write_keys[] = {
	{.name = "objectName",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "deletionSettings",
	 .type = AMP_MAPPING,
	 .shape = &enabled_shape},
	{.name = "selectedValueDefaults",
	 .type = AMP_MAP,
	 .each = &each_default},
	{.name = "selectedFieldSettings",
	 .type = AMP_MAP,
	 .each = &each_setting},
};
static const struct amp_shape write_shape = {write_keys, AMP_COUNT(write_keys),
					     NULL};

static const struct amp_key event_keys[] = {
	{.name = "enabled",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .words = always_or_never},
};
static const struct amp_shape event_shape = {event_keys, AMP_COUNT(event_keys),
					     NULL};

static const struct amp_key update_keys[] = {
	{.name = "enabled",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .words = always_or_never},
	{.name = "watchFieldsAuto", .type = AMP_TEXT, .words = all},
	{.name = "requiredWatchFields", .type = AMP_TEXTS},
};
static const struct amp_shape update_shape = {update_keys,
					      AMP_COUNT(update_keys), NULL};

static const struct amp_key option_keys[] = {
	{.name = "quotaOptimization",
	 .type = AMP_MAPPING,
	 .shape = &enabled_shape},
};
static const struct amp_shape option_shape = {option_keys,
					      AMP_COUNT(option_keys), NULL};

static const struct amp_key subscribe_keys[] = {
	{.name = "objectName",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "destination",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "inheritFieldsAndMappings",
	 .type = AMP_BOOLEAN,
	 .is_required = true},
	{.name = "createEvent", .type = AMP_MAPPING, .shape = &event_shape},
	{.name = "updateEvent", .type = AMP_MAPPING, .shape = &update_shape},
	{.name = "deleteEvent", .type = AMP_MAPPING, .shape = &event_shape},
	{.name = "otherEvents", .type = AMP_TEXTS},
	{.name = "providerOptions",
	 .type = AMP_MAPPING,
	 .shape = &option_shape},
};
static const struct amp_shape subscribe_shape = {
	subscribe_keys, AMP_COUNT(subscribe_keys), NULL};

static const struct amp_key objects[] = {
	{.name = "read", .type = AMP_MAPPING, .shape = &read_shape},
	{.name = "write", .type = AMP_MAPPING, .shape = &write_shape},
	{.name = "subscribe", .type = AMP_MAPPING, .shape = &subscribe_shape},
};
enum { READ, WRITE, SUBSCRIBE };

const struct amp_key *amp_config_object(const char *action)
{
	for (size_t i = 0; i < AMP_COUNT(objects); i++)
		if (strcmp(objects[i].name, action) == 0)
			return &objects[i];
	return NULL;
}

static const struct amp_key reads_keys[] = {
	{.name = "objects",
	 .type = AMP_MAP,
	 .is_required = true,
	 .each = &objects[READ]},
};
static const struct amp_shape reads_shape = {reads_keys, AMP_COUNT(reads_keys),
					     NULL};
static const struct amp_key writes_keys[] = {
	{.name = "objects", .type = AMP_MAP, .each = &objects[WRITE]},
};
static const struct amp_shape writes_shape = {writes_keys,
					      AMP_COUNT(writes_keys), NULL};
static const struct amp_key subscribes_keys[] = {
	{.name = "objects",
	 .type = AMP_MAP,
	 .is_required = true,
	 .each = &objects[SUBSCRIBE]},
};
static const struct amp_shape subscribes_shape = {
	subscribes_keys, AMP_COUNT(subscribes_keys), NULL};

static const struct amp_key proxy_keys[] = {
	{.name = "enabled", .type = AMP_BOOLEAN},
};
static const struct amp_shape proxy_shape = {proxy_keys, AMP_COUNT(proxy_keys),
					     NULL};

static const struct amp_key config_keys[] = {
	{.name = "provider",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "read", .type = AMP_MAPPING, .shape = &reads_shape},
	{.name = "write", .type = AMP_MAPPING, .shape = &writes_shape},
	{.name = "subscribe", .type = AMP_MAPPING, .shape = &subscribes_shape},
	{.name = "proxy", .type = AMP_MAPPING, .shape = &proxy_shape},
};
const struct amp_shape amp_config_shape = {config_keys, AMP_COUNT(config_keys),
					   NULL};
