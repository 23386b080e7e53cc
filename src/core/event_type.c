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

static bool is_one_of(const char *const *all, size_t count, const char *text,
		      size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(all[i]) == length &&
		    strncmp(all[i], text, length) == 0)
			return true;
	return false;
}

bool event_type_is_own(const char *type)
{
	static const char *const words[] = {
		"activity",	"authorization", "connection",	"consumer",
		"deletion",	"delivery",	 "deployment",	"destination",
		"domain",	"event_route",	 "grant",	"group",
		"hold",		"installation",	 "integration", "invite",
		"jwt_key",	"key",		 "member",	"object_fields",
		"organization", "policy",	 "project",	"provider_app",
		"read",		"step",		 "subscribe",	"token",
		"topic",	"topic_route",	 "variable",	"warning",
		"webhook",	"worker",	 "write",
	};
	/* what else goes on in one, a pipeline tells of */
	static const char *const of_environments[] = {
		"environment.created",
		"environment.deleted",
	};

	return is_one_of(words, sizeof(words) / sizeof(*words), type,
			 strcspn(type, ".")) ||
	       is_one_of(of_environments,
			 sizeof(of_environments) / sizeof(*of_environments),
			 type, strlen(type));
}

static bool begins_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* As event_list of sql/queries/event.sql has it. */
bool event_type_is_change(const char *type)
{
	static const char *const words[] = {
		"activity.", "authorization.", "connection.refresh",
		"deletion.", "delivery.",      "step.",
		"warning.",
	};
	size_t length = strlen(type);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (begins_with(type, words[i]))
			return false;
	if (length > 5 && strcmp(type + length - 5, ".read") == 0)
		return false;
	return strcmp(type, "connection.tested") != 0 &&
	       strcmp(type, "destination.replayed") != 0;
}
