/*
 * Warnings: what is not well in a project, raised by whoever watches it and
 * cleared again. The health types of integrations are told (core/alert.h).
 */
#ifndef CLEAT_CORE_WARNING_H
#define CLEAT_CORE_WARNING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/op.h"

#define WARNING_RAISED	"warning.raised"
#define WARNING_CLEARED "warning.cleared"

enum {
	WARNING_NAME_MAX = 128,
	WARNING_TITLE_MAX = 256,
	WARNING_MESSAGE_MAX = 8 * 1024,
	WARNINGS_MAX = 1000, /* raised in one project at a time */
};

struct warning {
	const char *name;	 /* the watcher's, such as disk-full */
	const char *severity;	 /* info, warning, error or critical */
	const char *title;	 /* one line */
	const char *message;	 /* may be empty */
	const char *environment; /* NULL: of none */
	int64_t raised_at;
	int64_t updated_at;
};

struct warning_list {
	struct warning *items;
	size_t count;
};

bool warning_severity_is_known(const char *text);

/* Is an event of this type what the health types are told of? */
bool warning_is_told(const char *event_type);

/*
 * Raises it, or changes the one of its name that is raised (its times are set
 * here). It is told when it is new or its severity another one: records
 * warning.raised then. ERR_IN_USE when too many are raised.
 */
MUST_CHECK enum error warning_raise(struct op *op, const struct warning *what,
				    struct warning *ret);

/* As it was. ERR_NOT_FOUND when none is raised; records warning.cleared. */
MUST_CHECK enum error warning_clear(struct op *op, const char *name,
				    struct warning *ret);

/* All that are raised, by name. */
MUST_CHECK enum error warning_list(struct op *op, struct warning_list *ret);

#endif
