/*
 * Workers: programs in an environment that hold its connections. One makes
 * itself known, says from time to time that it is there, and takes what is
 * pushed to it (core/deploying.h).
 */
#ifndef CLEAT_CORE_WORKER_H
#define CLEAT_CORE_WORKER_H

#include <stddef.h>

#include "base/op.h"

enum {
	WORKER_NAME_MAX = 128,	 /* characters */
	WORKER_URL_MAX = 1024,	 /* bytes: what is called is longer */
	WORKER_HEARTBEAT_S = 20, /* how often it is to say so */
	WORKER_KEY_TEXT = 65,
};

struct worker {
	struct uuid id;
	struct uuid environment_id;
	const char *environment; /* its name */
	const char *name;	 /* unique in the environment */
	const char *url;	 /* without a slash at its end */
	int64_t seen_at;
	int64_t created_at;
};

struct worker_list {
	struct worker *items;
	size_t count;
};

struct worker_counts {
	int64_t deployments; /* what it has, or may have */
	int64_t pending;     /* of these: what it has not confirmed */
};

/*
 * A worker of this environment, new or known by its name: its URL is what it
 * says, and all that it is to have is pushed, also what it had. Others that
 * were at this URL have made way (core/worker_ending.h). Records
 * worker.registered. ERR_NOT_FOUND for an unknown environment.
 */
MUST_CHECK enum error worker_register(struct op *op, const char *environment,
				      const char *name, const char *url,
				      struct worker *ret);

/*
 * It is there. After a pause, or when it asks for it, what waits for it is
 * tried at once. ERR_NOT_FOUND when it is not known (any more): then it is to
 * register.
 */
MUST_CHECK enum error worker_heartbeat(struct op *op, struct uuid id,
				       bool again, struct worker *ret);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error worker_get(struct op *op, struct uuid id,
				 struct worker *ret);

/* Oldest first, from the one after this id on; nil: all. */
MUST_CHECK enum error worker_list(struct op *op, struct uuid after,
				  int64_t limit, struct worker_list *ret);

MUST_CHECK enum error worker_count(struct op *op, struct uuid id,
				   struct worker_counts *ret);

/*
 * By which the worker at this URL knows that a call is ours. It follows from
 * the project, the URL and a key of the store that outlives the master key,
 * and is stored nowhere.
 */
void worker_key(const struct op *op, const char *url,
		char ret_text[static WORKER_KEY_TEXT]);

#endif
