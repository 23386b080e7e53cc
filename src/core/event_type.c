/* The table of routable event types. */
#include "core/event_type.h"

#include <stddef.h>
#include <string.h>

/* Those of docs/deliveries.md. */
static const char *const types[] = {
	"connection.created",	"connection.deleted",
	"connection.error",	"connection.purged",
	"connection.refreshed", "connection.updated",
	"consumer.created",	"consumer.deleted",
	"consumer.purged",	"consumer.updated",
	"deletion.finished",	"deployment.abandoned",
	"deployment.confirmed", "deployment.failed",
	"deployment.removed",	"destination.webhook.disabled",
	"environment.created",	"environment.deleted",
	"grant.abandoned",	"grant.kept",
	"grant.revoked",	"group.created",
	"group.deleted",	"group.purged",
	"group.updated",	"hold.lifted",
	"hold.placed",		"installation.created",
	"installation.deleted", "installation.purged",
	"installation.updated", "integration.created",
	"integration.deleted",	"integration.purged",
	"integration.updated",	"read.backfill.done",
	"read.schedule.paused", "read.schedule.unpaused",
	"read.triggered.done",	"read.triggered.error",
	"webhook.abandoned",	"webhook.deregistered",
	"write.async.done",	"subscribe.create.error",
};

bool event_type_is_routable(const char *type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}
