/*
 * Environment variables: texts of a project, with a value for each environment
 * or one for all, that stand as ${NAME} in named connections
 * (core/filling.h). Values are sealed.
 */
#ifndef CLEAT_CORE_VARIABLE_H
#define CLEAT_CORE_VARIABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"
#include "core/awaiting.h"

enum {
	VARIABLE_NAME_MAX = 128, /* characters */
	VARIABLE_DESCRIPTION_MAX = 1024,
	VARIABLE_VALUE_MAX = 16 * 1024,
	VARIABLE_VALUES_MAX = 256, /* environments */
};

struct variable {
	struct uuid id;
	const char *name;	 /* unique in the project, by each letter */
	const char *description; /* NULL: none */
	bool is_global;	 /* has a value for environments that have none */
	bool is_visible; /* that one: it is shown again */
	int64_t created_at;
	int64_t updated_at; /* 0: never */
};

struct variable_list {
	struct variable *items;
	size_t count;
};

/* In one environment. */
struct variable_value {
	struct uuid environment_id;
	const char *environment; /* its name */
	bool is_visible;
	const char *value; /* NULL: not shown; or, given: as it was */
};

/* One with its values, as it is shown or given. */
struct variable_view {
	struct variable variable;
	const char *value; /* the global one; NULL as above */
	struct variable_value *values;
	size_t count;
};

/* Letters, digits, _, . and -, beginning with a letter or _. */
bool variable_name_is_valid(const char *name);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error variable_find(struct op *op, const char *name,
				    struct variable *ret);
/* In the order of their names. */
MUST_CHECK enum error variable_list(struct op *op, struct variable_list *ret);
/* With the values that are visible; hidden ones are never shown again. */
MUST_CHECK enum error variable_show(struct op *op,
				    const struct variable *variable,
				    struct variable_view *ret);

/*
 * Connections that use it are deployed again; `ret` has them. ERR_TAKEN when
 * another has the name, ERR_INVALID for a value that is needed and not given.
 * Records variable.created or variable.updated.
 */
MUST_CHECK enum error variable_create(struct op *op,
				      const struct variable_view *new,
				      struct awaiting *ret);
MUST_CHECK enum error variable_update(struct op *op, const struct variable *was,
				      const struct variable_view *to,
				      struct awaiting *ret);

/* ERR_IN_USE when connections use it: their names are what is said. */
MUST_CHECK enum error variable_refuse_if_used(struct op *op, const char *name);

/* The deployments of those who use it, or would. */
MUST_CHECK enum error variable_await_users(struct op *op, const char *name,
					   struct awaiting *ret);

/* With its values; those who use it are deployed again. Records
 * variable.deleted. Inside of core/removal.c. */
MUST_CHECK enum error variable_erase(struct op *op, struct uuid id);

/* Its values in an environment that goes. */
MUST_CHECK enum error variable_forget_environment(struct op *op,
						  struct uuid environment_id);

/*
 * What it is there; NULL: it has no value there, or there is no such variable.
 * A secret: in the arena, wiped with it.
 */
MUST_CHECK enum error variable_value_in(struct op *op, const char *name,
					struct uuid environment_id,
					const char **ret);

#endif
