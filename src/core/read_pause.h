/*
 * Pauses: objects that are not read on schedule for an installation, because
 * somebody asked for it or because reading failed again and again. Whoever
 * reads on schedule looks here first.
 */
#ifndef CLEAT_CORE_READ_PAUSE_H
#define CLEAT_CORE_READ_PAUSE_H

#include "base/op.h"

#define PAUSED_BY_REQUEST "request"
#define PAUSED_BY_ERRORS  "errors" /* makes the installation unhealthy */

enum { READ_PAUSE_NOTE_MAX = 1024 };

struct read_pause {
	const char *object;
	const char *cause;
	const char *note; /* of who asked, or the last error; NULL: none */
	const char *actor;
	int64_t created_at;
};

struct read_pause_list {
	struct read_pause *items;
	size_t count;
};

struct read_pause_new {
	const char *const *objects;
	size_t object_count;
	const char *cause;
	const char *note; /* NULL: none */
};

/*
 * Those of them that are not paused yet. Records one read.schedule.paused for
 * them all, or nothing when all are. ERR_NOT_FOUND without such an
 * installation.
 */
MUST_CHECK enum error read_pause(struct op *op, struct uuid installation_id,
				 const struct read_pause_new *new);

/*
 * Those of them that are paused, whatever the cause; all when `objects` is
 * NULL. Records one read.schedule.unpaused, or nothing when none is.
 * ERR_NOT_FOUND.
 */
MUST_CHECK enum error read_unpause(struct op *op, struct uuid installation_id,
				   const char *const *objects, size_t count,
				   const char *note);

/* In the order of their names. */
MUST_CHECK enum error read_pause_list(struct op *op,
				      struct uuid installation_id,
				      struct read_pause_list *ret);

#endif
