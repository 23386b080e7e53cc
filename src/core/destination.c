/* Making, changing and deleting destinations; their signing keys. */
#include "core/destination.h"

#include <sodium.h>
#include <string.h>

#include "base/json_member.h"
#include "base/json_write.h"
#include "base/random.h"
#include "core/delivery.h"
#include "core/event.h"
#include "core/store.h"

static enum error explain_missing(struct op *op, enum error error,
				  const char *what)
{
	if (error == ERR_NOT_FOUND)
		op_explain(op, "there is no destination %s", what);
	return error;
}

enum error destination_get(struct op *op, struct uuid id,
			   struct destination *ret)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return explain_missing(op, store_destination_get(op, id, ret), text);
}

enum error destination_find(struct op *op, const char *name_or_id,
			    struct destination *ret)
{
	enum error error = ERR_NOT_FOUND;
	struct uuid id;

	if (uuid_parse(name_or_id, &id))
		error = store_destination_get(op, id, ret);
	if (error == ERR_NOT_FOUND)
		error = store_destination_find(op, name_or_id, ret);
	return explain_missing(op, error, name_or_id);
}

enum error destination_list(struct op *op, struct destination_list *ret)
{
	return store_destination_list(op, ret);
}

static enum error record(struct op *op, const char *type,
			 const struct destination *destination)
{
	const struct event_fact facts[] = {
		{"name", destination->name, false},
		{"kind", destination->kind, false},
	};

	return event_record(op, type, "destination", destination->id, facts, 2,
			    NULL);
}

static enum error explain_taken(struct op *op, enum error error,
				const char *name)
{
	if (error == ERR_TAKEN)
		op_explain(op, "there is a destination named %s already", name);
	return error;
}

static enum error put_signing_key(struct op *op, struct uuid id)
{
	static const char prefix[] = "whsec_";
	enum { PREFIX = sizeof(prefix) - 1 };
	unsigned char key[SIGNING_KEY_BYTES];
	char text[PREFIX +
		  sodium_base64_ENCODED_LEN(SIGNING_KEY_BYTES,
					    sodium_base64_VARIANT_ORIGINAL)];

	random_bytes(key, sizeof(key));
	memcpy(text, prefix, PREFIX);
	sodium_bin2base64(text + PREFIX, sizeof(text) - PREFIX, key,
			  sizeof(key), sodium_base64_VARIANT_ORIGINAL);
	enum error error = credential_put(op, id, SIGNING_KEY, text, 0);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(text, sizeof(text));
	return error;
}

enum error destination_create(struct op *op, const struct destination *new,
			      const struct new_credential *secrets,
			      size_t secret_count, struct destination *ret)
{
	struct destination made = *new;

	made.id = uuid_make(op->now);
	made.is_disabled = false;
	made.created_at = op->now;
	made.updated_at = 0;
	TRY(explain_taken(op, store_destination_add(op, &made), made.name));
	TRY(credential_put_all(op, made.id, secrets, secret_count));
	if (destination_is_supported(made.kind))
		TRY(put_signing_key(op, made.id));
	TRY(record(op, "destination.created", &made));
	*ret = made;
	return OK;
}

enum error destination_update(struct op *op, const struct destination *to,
			      const struct new_credential *secrets,
			      size_t secret_count, struct destination *ret)
{
	struct destination made = *to;

	made.updated_at = op->now;
	TRY(explain_taken(op, store_destination_change(op, &made), made.name));
	TRY(credential_put_all(op, made.id, secrets, secret_count));
	TRY(record(op, "destination.updated", &made));
	*ret = made;
	return OK;
}

enum error destination_rotate(struct op *op, const struct destination *which)
{
	struct credential_list credentials;

	if (!destination_is_supported(which->kind)) {
		op_issue(op, "query", "rotate",
			 "is for a webhook: no other has a signing key");
		return op_fail(op, ERR_INVALID,
			       "only a webhook has a signing key");
	}
	TRY(credential_read(op, "destination", which->id, &credentials));
	const struct credential *key =
		credential_find(&credentials, SIGNING_KEY);
	if (key)
		TRY(credential_put(op, which->id, PREVIOUS_SIGNING_KEY,
				   (const char *)key->value.bytes,
				   op->now + SIGNING_OVERLAP_US));
	TRY(put_signing_key(op, which->id));
	return record(op, "destination.rotated", which);
}

enum error destination_note(struct op *op, const struct destination *which,
			    bool is_success)
{
	if (is_success == !which->failing_since)
		return OK;
	return store_destination_health(op, which->id, which->is_disabled,
					is_success ? 0 : op->now);
}

bool destination_is_supported(const char *kind)
{
	return strcmp(kind, DESTINATION_WEBHOOK) == 0;
}

const char *destination_url(struct op *op, const struct destination *which)
{
	return json_member_text(&op->arena, which->metadata,
				strlen(which->metadata), "url");
}

/* The facts are what the notification says. */
static enum error tell_disabled(struct op *op, const struct destination *which)
{
	char project[UUID_TEXT], id[UUID_TEXT];
	const struct event_fact facts[] = {
		{"projectId", project, false},
		{"destinationId", id, false},
		{"destinationName", which->name, false},
		{"url", destination_url(op, which), false},
	};

	uuid_format(op->project_id, project);
	uuid_format(which->id, id);
	return event_record(op, DESTINATION_DISABLED, "destination", which->id,
			    facts, 4, NULL);
}

enum error destination_disable(struct op *op, const struct destination *which)
{
	TRY(store_destination_health(op, which->id, true, 0));
	TRY(delivery_end_waiting(op, which->id, DELIVERY_DISABLED));
	return tell_disabled(op, which);
}

enum error destination_enable(struct op *op, struct uuid id,
			      struct destination *ret)
{
	TRY(destination_get(op, id, ret));
	ret->is_disabled = false;
	ret->failing_since = 0;
	TRY(store_destination_health(op, id, false, 0));
	return record(op, "destination.enabled", ret);
}

const char *destination_mention(struct op *op, const char *name)
{
	struct buf text;

	buf_init(&text, 16 * 1024);
	struct json_writer w = json_writer_on(&text);
	json_put_string(&w, "destination", name);
	const char *kept = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return kept;
}

enum error destination_erase(struct op *op, struct uuid id)
{
	struct destination destination;

	TRY(destination_get(op, id, &destination));
	TRY(delivery_end_waiting(op, id, DELIVERY_DELETED));
	TRY(credential_drop(op, id, NULL));
	TRY(store_destination_remove(op, id));
	return record(op, "destination.deleted", &destination);
}
