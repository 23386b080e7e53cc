/* Making and finding environments. They end in core/undeploying.c. */
#include "core/environment.h"

#include <string.h>

#include "core/event.h"
#include "core/store.h"

bool environment_kind_is_valid(const char *kind)
{
	return strcmp(kind, "production") == 0 ||
	       strcmp(kind, "sandbox") == 0 || strcmp(kind, "test") == 0;
}

static enum error explain_missing(struct op *op, enum error error,
				  const char *what)
{
	if (error == ERR_NOT_FOUND)
		op_explain(op, "there is no environment %s", what);
	return error;
}

enum error environment_get(struct op *op, struct uuid id,
			   struct environment *ret)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return explain_missing(op, store_environment_get(op, id, ret), text);
}

enum error environment_find(struct op *op, const char *name,
			    struct environment *ret)
{
	return explain_missing(op, store_environment_find(op, name, ret), name);
}

enum error environment_list(struct op *op, const char *after, int64_t limit,
			    struct environment_list *ret)
{
	return store_environment_list(op, after, limit, ret);
}

enum error environment_create(struct op *op, const char *name, const char *kind,
			      struct environment *ret)
{
	const struct environment made = {
		.id = uuid_make(op->now),
		.name = name,
		.kind = kind,
		.created_at = op->now,
	};
	const struct event_fact facts[] = {
		{"name", name, false},
		{"kind", kind, false},
	};

	enum error error = store_environment_add(op, &made);
	if (error == ERR_TAKEN)
		return op_fail(op, ERR_IN_USE,
			       "there is an environment %s already", name);
	TRY(error);
	TRY(event_record(op, "environment.created", "environment", made.id,
			 facts, 2, NULL));
	*ret = made;
	return OK;
}
