/* What an integration reads. */
#include <string.h>

#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/manifest.h"

enum { PAGE_LEAST = 50, PAGE_MOST = 500 };

static void check_period(const struct amp_node *period)
{
	struct amp_node days = amp_node_member(period, "days");
	struct amp_node full = amp_node_member(period, "fullHistory");

	if (!days.value == !full.value)
		amp_node_fault(period, "needs days or fullHistory, not both");
}

static const struct amp_key period_keys[] = {
	{.name = "days", .type = AMP_INTEGER},
	{.name = "fullHistory", .type = AMP_BOOLEAN},
};
static const struct amp_shape period_shape = {
	period_keys, AMP_COUNT(period_keys), check_period};

static const struct amp_key backfill_keys[] = {
	{.name = "defaultPeriod",
	 .type = AMP_MAPPING,
	 .is_required = true,
	 .shape = &period_shape},
};
static const struct amp_shape backfill_shape = {backfill_keys,
						AMP_COUNT(backfill_keys), NULL};

static const char *const delivery_modes[] = {"auto", "onRequest", NULL};
static const struct amp_key delivery_keys[] = {
	{.name = "mode", .type = AMP_TEXT, .words = delivery_modes},
	{.name = "pageSize",
	 .type = AMP_INTEGER,
	 .least = PAGE_LEAST,
	 .most = PAGE_MOST},
};
static const struct amp_shape delivery_shape = {delivery_keys,
						AMP_COUNT(delivery_keys), NULL};

/* What nobody sets up must say all by itself. */
static void check_always(const struct amp_node *object)
{
	struct amp_node fields = amp_node_member(object, "requiredFields");

	if (!json_array_size(fields.value))
		amp_node_fault(&fields, "is needed where enabled is always");
	for (size_t i = 0; i < json_array_size(fields.value); i++) {
		struct amp_node field = amp_node_item(&fields, i);
		struct amp_node target = amp_node_member(&field, "mapToName");

		if (target.value)
			amp_node_fault(&target, "must not be there where "
						"enabled is always");
	}
}

static void check_object(const struct amp_node *object)
{
	struct amp_node enabled = amp_node_member(object, "enabled");
	const char *word = amp_node_text(&enabled);

	amp_check_fields(object);
	if (word && strcmp(word, *amp_always) == 0)
		check_always(object);
}

static const char *const auto_fields[] = {"all", NULL};
static const struct amp_key object_keys[] = {
	{.name = "objectName",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "destination",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "schedule",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .fault = amp_schedule_fault},
	{.name = "mapToName", .type = AMP_TEXT, .most = AMP_NAME_MAX},
	{.name = "mapToDisplayName", .type = AMP_TEXT},
	{.name = "requiredFields",
	 .type = AMP_MAPPINGS,
	 .shape = &amp_field_shape},
	{.name = "optionalFields",
	 .type = AMP_MAPPINGS,
	 .shape = &amp_field_shape},
	{.name = "optionalFieldsAuto", .type = AMP_TEXT, .words = auto_fields},
	{.name = "backfill", .type = AMP_MAPPING, .shape = &backfill_shape},
	{.name = "delivery", .type = AMP_MAPPING, .shape = &delivery_shape},
	{.name = "enabled", .type = AMP_TEXT, .words = amp_always},
};
static const struct amp_shape object_shape = {
	object_keys, AMP_COUNT(object_keys), check_object};

static const struct amp_key read_keys[] = {
	{.name = "objects",
	 .type = AMP_MAPPINGS,
	 .is_required = true,
	 .least = 1,
	 .shape = &object_shape},
};
const struct amp_shape amp_read_shape = {read_keys, AMP_COUNT(read_keys),
					 amp_check_objects};
