/*
 * What a builder has told of the fields of objects at a connection's provider.
 * The provider itself is not asked: that is the data plane's.
 */
#ifndef CLEAT_CORE_OBJECT_FIELD_H
#define CLEAT_CORE_OBJECT_FIELD_H

#include "base/op.h"
#include "core/connection.h"

enum {
	OBJECT_FIELDS_MAX = 5000,     /* of a connection */
	OBJECT_FIELD_MAX = 16 * 1024, /* bytes of a definition */
};

struct object_field {
	const char *object;
	const char *name;
	const char *definition; /* its dialect's JSON object */
	int64_t created_at;
	int64_t updated_at; /* 0: never */
};

struct object_field_list {
	struct object_field *items;
	size_t count;
};

enum object_field_change {
	OBJECT_FIELD_CREATED,
	OBJECT_FIELD_UPDATED,
	OBJECT_FIELD_UNCHANGED,
};

/* The connection that a group has for a provider. ERR_NOT_FOUND. */
MUST_CHECK enum error object_connection(struct op *op, const char *group_ref,
					const char *provider,
					struct connection_view *ret);

/*
 * Keeps these, and says what became of each. ERR_MISSHAPEN when the connection
 * would have over OBJECT_FIELDS_MAX. Records object_fields.updated of the
 * connection, unless nothing changed.
 */
MUST_CHECK enum error object_fields_put(struct op *op,
					struct uuid connection_id,
					const struct object_field *fields,
					size_t count,
					enum object_field_change *ret);

/* In the order of their names; none of an object nobody has told of. */
MUST_CHECK enum error object_fields_list(struct op *op,
					 struct uuid connection_id,
					 const char *object,
					 struct object_field_list *ret);

#endif
