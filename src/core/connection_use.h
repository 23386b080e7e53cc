/*
 * Who uses a named connection: connections and integrations whose settings
 * mention its id. What is in their secrets is not looked into.
 */
#ifndef CLEAT_CORE_CONNECTION_USE_H
#define CLEAT_CORE_CONNECTION_USE_H

#include <stddef.h>

#include "base/op.h"

enum { CONNECTION_USES_MAX = 256 }; /* that one text is looked through for */

struct connection_user {
	const char *kind; /* "connection" or "integration" */
	struct uuid id;
	const char *name;
};

struct connection_user_list {
	struct connection_user *items;
	size_t count;
};

/* What this user's settings (JSON) mention now, in place of what they did. */
MUST_CHECK enum error connection_use_record(struct op *op, const char *kind,
					    struct uuid user_id,
					    const char *settings);

/* The first of them, in order of their ids; in the trash too. */
MUST_CHECK enum error connection_users(struct op *op, struct uuid connection_id,
				       int64_t limit,
				       struct connection_user_list *ret);

/* It is gone: it uses nothing, and nothing uses it. */
MUST_CHECK enum error connection_use_forget(struct op *op, struct uuid id);

#endif
