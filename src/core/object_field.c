/* Keeping what was told of objects' fields. */
#include "core/object_field.h"

#include <stdio.h>
#include <string.h>

#include "core/event.h"
#include "core/store.h"

enum error object_connection(struct op *op, const char *group_ref,
			     const char *provider, struct connection_view *ret)
{
	struct party group;

	enum error error = store_group_find(op, group_ref, &group);
	if (error == OK)
		error = store_connection_default(op, group.id, provider, ret);
	if (error == ERR_NOT_FOUND)
		op_explain(op, "group %s has no connection for %s", group_ref,
			   provider);
	return error;
}

static enum error put(struct op *op, struct uuid connection_id,
		      const struct object_field *field,
		      enum object_field_change *ret)
{
	struct object_field to = *field, was;

	enum error error = store_object_field_get(
		op, connection_id, field->object, field->name, &was);
	if (error == ERR_NOT_FOUND) {
		to.created_at = op->now;
		*ret = OBJECT_FIELD_CREATED;
		return store_object_field_add(op, connection_id, &to);
	}
	TRY(error);
	if (strcmp(was.definition, field->definition) == 0) {
		*ret = OBJECT_FIELD_UNCHANGED;
		return OK;
	}
	to.updated_at = op->now;
	*ret = OBJECT_FIELD_UPDATED;
	return store_object_field_change(op, connection_id, &to);
}

static enum error refuse_if_many(struct op *op, struct uuid connection_id)
{
	int64_t count;

	TRY(store_object_field_count(op, connection_id, &count));
	if (count <= OBJECT_FIELDS_MAX)
		return OK;
	op_issue(op, "body", "fields", "makes over %d of this connection",
		 OBJECT_FIELDS_MAX);
	return op_fail(op, ERR_MISSHAPEN,
		       "the connection would have over %d fields",
		       OBJECT_FIELDS_MAX);
}

enum error object_fields_put(struct op *op, struct uuid connection_id,
			     const struct object_field *fields, size_t count,
			     enum object_field_change *ret)
{
	size_t changed = 0;
	char text[24];
	const struct event_fact facts[] = {{"fields", text, true}};

	for (size_t i = 0; i < count; i++) {
		TRY(put(op, connection_id, &fields[i], &ret[i]));
		changed += ret[i] != OBJECT_FIELD_UNCHANGED;
	}
	if (!changed)
		return OK;
	TRY(refuse_if_many(op, connection_id));
	(void)snprintf(text, sizeof(text), "%zu", changed);
	return event_record(op, "object_fields.updated", "connection",
			    connection_id, facts, 1, NULL);
}

enum error object_fields_list(struct op *op, struct uuid connection_id,
			      const char *object, struct object_field_list *ret)
{
	return store_object_field_list(op, connection_id, object, ret);
}
