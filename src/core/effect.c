/* Effects as JSON. */
#include "core/effect.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"

static const char *const whats[EFFECT_WHATS] = {
	[EFFECT_GONE] = "gone",
	[EFFECT_HIDDEN] = "hidden",
	[EFFECT_KEPT] = "kept",
	[EFFECT_REVOKED] = "revoked",
	[EFFECT_SHARED] = "shared",
	[EFFECT_LEFT] = "left",
	[EFFECT_UNSUPPORTED] = "unsupported",
	[EFFECT_UNDEPLOYED] = "undeployed",
	[EFFECT_NOTIFIED] = "notified",
	[EFFECT_DEREGISTERED] = "deregistered",
};

static const char *const kinds[EFFECT_KINDS] = {
	[EFFECT_OF_INSTALLATION] = "installation",
	[EFFECT_OF_CONNECTION] = "connection",
	[EFFECT_OF_GRANT] = "grant",
	[EFFECT_OF_INTEGRATION] = "integration",
	[EFFECT_OF_GROUP] = "group",
	[EFFECT_OF_CONSUMER] = "consumer",
	[EFFECT_OF_DESTINATION] = "destination",
	[EFFECT_OF_TOKEN] = "token",
	[EFFECT_OF_PROVIDER_APP] = "provider_app",
	[EFFECT_OF_TOPIC] = "topic",
	[EFFECT_OF_ROUTE] = "route",
	[EFFECT_OF_PROJECT] = "project",
	[EFFECT_OF_ENVIRONMENT] = "environment",
	[EFFECT_OF_WORKER] = "worker",
	[EFFECT_OF_DEPLOYMENT] = "deployment",
	[EFFECT_OF_INVITE] = "invite",
	[EFFECT_OF_JWT_KEY] = "jwt_key",
	[EFFECT_OF_VARIABLE] = "variable",
	[EFFECT_OF_WEBHOOK] = "webhook",
};

const char *effect_what_name(enum effect_what what)
{
	return whats[what];
}

const char *effect_kind_name(enum effect_kind kind)
{
	return kinds[kind];
}

void effect_count(struct effect_counts *counts, const struct effect *effect)
{
	counts->of[effect->what][effect->kind]++;
}

static int64_t count_in(struct op *op, const char *json, const char *kind)
{
	const char *text = json_member(&op->arena, json, strlen(json), kind);

	return text ? strtoll(text, NULL, 10) : 0;
}

void effect_read_counts(struct op *op, const char *json,
			struct effect_counts *ret)
{
	for (int what = 0; what < EFFECT_WHATS; what++) {
		const char *inside = json_member(&op->arena, json, strlen(json),
						 whats[what]);

		for (int kind = 0; kind < EFFECT_KINDS; kind++)
			ret->of[what][kind] =
				inside ? count_in(op, inside, kinds[kind]) : 0;
	}
}

static void put_users(struct json_writer *w, const struct effect *effect)
{
	if (!effect->user_count)
		return;
	json_begin_array(w, "usedBy");
	for (size_t i = 0; i < effect->user_count && i < EFFECT_USERS_SHOWN;
	     i++) {
		json_begin_object(w, NULL);
		json_put_string(w, "kind",
				effect->is_for_installations
					? kinds[EFFECT_OF_INSTALLATION]
					: kinds[EFFECT_OF_CONNECTION]);
		json_put_uuid(w, "id", effect->users[i]);
		json_end_object(w);
	}
	json_end_array(w);
	json_put_integer(w, "usedByCount", (int64_t)effect->user_count);
}

void effect_put(struct json_writer *w, const struct effect *effect)
{
	json_begin_object(w, NULL);
	json_put_string(w, "effect", whats[effect->what]);
	json_put_string(w, "kind", kinds[effect->kind]);
	if (effect->hook_id)
		json_put_string(w, "id", effect->hook_id);
	else
		json_put_uuid(w, "id", effect->id);
	json_put_optional(w, "name", effect->name);
	json_put_optional(w, "provider", effect->provider);
	if (effect->kind == EFFECT_OF_DEPLOYMENT) {
		json_put_uuid(w, "workerId", effect->worker_id);
		json_put_uuid(w, "connectionId", effect->connection_id);
	}
	if (effect->kind == EFFECT_OF_WEBHOOK)
		json_put_uuid(w, "integrationId", effect->integration_id);
	put_users(w, effect);
	json_end_object(w);
}

void effect_put_counts(struct json_writer *w, const char *key,
		       const struct effect_counts *counts)
{
	json_begin_object(w, key);
	for (int what = 0; what < EFFECT_WHATS; what++) {
		bool is_open = false;

		for (int kind = 0; kind < EFFECT_KINDS; kind++) {
			if (!counts->of[what][kind])
				continue;
			if (!is_open)
				json_begin_object(w, whats[what]);
			is_open = true;
			json_put_integer(w, kinds[kind],
					 counts->of[what][kind]);
		}
		if (is_open)
			json_end_object(w);
	}
	json_end_object(w);
}
