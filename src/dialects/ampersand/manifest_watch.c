/* Which changes of a provider's schema an integration wants to hear of. */
#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/manifest.h"

static const struct amp_key event_keys[] = {
	{.name = "enabled",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .words = amp_always},
};
static const struct amp_shape event_shape = {event_keys, AMP_COUNT(event_keys),
					     NULL};

static const struct amp_key all_objects_keys[] = {
	{.name = "fieldCreated", .type = AMP_MAPPING, .shape = &event_shape},
	{.name = "fieldDeleted", .type = AMP_MAPPING, .shape = &event_shape},
	{.name = "fieldChanged", .type = AMP_MAPPING, .shape = &event_shape},
};
static const struct amp_shape all_objects_shape = {
	all_objects_keys, AMP_COUNT(all_objects_keys), NULL};

static const struct amp_key watch_keys[] = {
	{.name = "destination",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "schedule", .type = AMP_TEXT, .fault = amp_schedule_fault},
	{.name = "allObjects",
	 .type = AMP_MAPPING,
	 .is_required = true,
	 .shape = &all_objects_shape},
};
const struct amp_shape amp_watch_shape = {watch_keys, AMP_COUNT(watch_keys),
					  NULL};
