/* What an integration writes, and what it lets through. */
#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/manifest.h"

static const struct amp_key defaults_keys[] = {
	{.name = "allowAnyFields", .type = AMP_BOOLEAN},
};
static const struct amp_shape defaults_shape = {defaults_keys,
						AMP_COUNT(defaults_keys), NULL};

static const struct amp_key object_keys[] = {
	{.name = "objectName",
	 .type = AMP_TEXT,
	 .is_required = true,
	 .most = AMP_NAME_MAX},
	{.name = "inheritMapping", .type = AMP_BOOLEAN},
	{.name = "valueDefaults",
	 .type = AMP_MAPPING,
	 .shape = &defaults_shape},
};
static const struct amp_shape object_shape = {object_keys,
					      AMP_COUNT(object_keys), NULL};

static const struct amp_key write_keys[] = {
	{.name = "objects",
	 .type = AMP_MAPPINGS,
	 .is_required = true,
	 .least = 1,
	 .shape = &object_shape},
};
const struct amp_shape amp_write_shape = {write_keys, AMP_COUNT(write_keys),
					  amp_check_objects};

static const struct amp_key proxy_keys[] = {
	{.name = "enabled", .type = AMP_BOOLEAN},
	{.name = "useModule", .type = AMP_BOOLEAN},
};
const struct amp_shape amp_proxy_shape = {proxy_keys, AMP_COUNT(proxy_keys),
					  NULL};
