/* Keys of customers' tokens: made, changed, deleted. */
#include "core/jwt_key.h"

#include "base/rsa_key.h"
#include "core/event.h"
#include "core/store.h"

enum error jwt_key_list(struct op *op, bool is_active_alone,
			struct jwt_key_list *ret)
{
	struct jwt_key_list all;
	size_t count = 0;

	TRY(store_jwt_key_list(op, &all));
	for (size_t i = 0; i < all.count; i++)
		if (all.items[i].is_active || !is_active_alone)
			all.items[count++] = all.items[i];
	all.count = count;
	*ret = all;
	return OK;
}

enum error jwt_key_get(struct op *op, struct uuid id, struct jwt_key *ret)
{
	enum error error = store_jwt_key_get(op, id, ret);
	char text[UUID_TEXT];

	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		op_explain(op, "there is no JWT key %s", text);
	}
	return error;
}

static enum error record(struct op *op, const char *type,
			 const struct jwt_key *key)
{
	const struct event_fact facts[] = {
		{"label", key->label, false},
		{"active", key->is_active ? "true" : "false", true},
	};

	return event_record(op, type, "jwt_key", key->id, facts, 2, NULL);
}

enum error jwt_key_create(struct op *op, const char *label, const char *pem,
			  struct jwt_key *ret)
{
	const char *why = NULL;
	struct jwt_key made = {
		.id = uuid_make(op->now),
		.project_id = op->project_id,
		.label = label,
		.public_key = rsa_key_read(&op->arena, pem, &why),
		.is_active = true,
		.created_at = op->now,
		.updated_at = op->now,
	};

	if (!made.public_key) {
		op_issue(op, "body", "publicKeyPem", "%s", why);
		return op_fail(op, ERR_INVALID, "publicKeyPem %s", why);
	}
	TRY(store_jwt_key_add(op, &made));
	TRY(record(op, "jwt_key.created", &made));
	*ret = made;
	return OK;
}

enum error jwt_key_update(struct op *op, const struct jwt_key *changed,
			  struct jwt_key *ret)
{
	struct jwt_key made = *changed;

	made.updated_at = op->now;
	TRY(store_jwt_key_change(op, &made));
	TRY(record(op, "jwt_key.updated", &made));
	*ret = made;
	return OK;
}

enum error jwt_key_erase(struct op *op, struct uuid id)
{
	struct jwt_key key;

	TRY(jwt_key_get(op, id, &key));
	TRY(store_jwt_key_remove(op, id));
	return record(op, "jwt_key.deleted", &key);
}
