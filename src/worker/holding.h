/*
 * What a worker holds: the connections that it was given, by the rules of
 * docs/workers.md for their versions, in memory and in a sealed file. Any
 * thread.
 */
#ifndef CLEAT_WORKER_HOLDING_H
#define CLEAT_WORKER_HOLDING_H

#include "base/json_write.h"
#include "base/seal.h"
#include "core/worker.h"

struct holding;

/* Where it lies, and of which worker it is: another's is not opened. */
struct holding_place {
	const char *path;
	const struct key *key;
	const char *server;
	const char *environment;
	const char *name;
};

/* By what the server and the worker know each other. */
struct holding_known {
	struct uuid id; /* of the worker; nil: it has not registered yet */
	char key[WORKER_KEY_TEXT];
	char url[WORKER_URL_MAX + 1]; /* that it registered */
};

/* One of the full set. */
struct holding_wanted {
	struct uuid id;
	int64_t version;
	bool is_pending; /* the server has yet to bring it, and knows that */
};

struct holding_counts {
	size_t connections;
	size_t missing;	 /* those it is to have, in a version that it has not */
	size_t lost;	 /* of these: those that the server takes for here */
	int64_t version; /* of the last full set; 0: there was none */
};

/*
 * What the file has; nothing when there is none, or it does not open (that is
 * logged): it is whole or it does not count. The place outlives it.
 */
struct holding *holding_open(const struct holding_place *place);
/* Wiped. */
void holding_close(struct holding *holding);

void holding_get_known(struct holding *holding, struct holding_known *ret);
/* False when it is not on disk, as in all that follows: it counts, but for
 * who restarts. */
MUST_CHECK bool holding_set_known(struct holding *holding,
				  const struct holding_known *to);

/*
 * This is the connection from now on, unless the version is an older one.
 * `document` is its JSON, `name` is in it.
 */
MUST_CHECK bool holding_put(struct holding *holding, struct uuid id,
			    int64_t version, const char *name,
			    const char *document);

/* It is gone, unless the version is an older one. `*ret_was_there` before. */
MUST_CHECK bool holding_remove(struct holding *holding, struct uuid id,
			       int64_t version, bool *ret_was_there);

/*
 * What is not in the full set of this version is dropped; `*ret` counts it. A
 * lower version than the last one's is that of a server whose store was
 * restored: then its versions count from there.
 */
MUST_CHECK bool holding_reconcile(struct holding *holding, int64_t version,
				  const struct holding_wanted *wanted,
				  size_t count, size_t *ret);

/* It is to have nothing. */
MUST_CHECK bool holding_drop_all(struct holding *holding);

/* Writes the file when the last change did not get there. */
MUST_CHECK bool holding_settle(struct holding *holding);

/*
 * The document of this name (without regard to case), in the arena, wiped with
 * it; NULL: there is none. Of two, while one takes the other's place, the
 * newer one.
 */
const char *holding_find(struct holding *holding, struct arena *arena,
			 const char *name);

/* Each connection's id, name and version, without its content. */
void holding_write_list(struct holding *holding, struct json_writer *w);

void holding_count(struct holding *holding, struct holding_counts *ret);

#endif
