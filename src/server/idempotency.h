/*
 * Requests with an Idempotency-Key on their way through the writer. What is
 * under way in this process is in a table here; what is done is in the store,
 * and there a unique key decides between processes.
 */
#ifndef CLEAT_SERVER_IDEMPOTENCY_H
#define CLEAT_SERVER_IDEMPOTENCY_H

#include "core/idempotency.h"
#include "http/request.h"

struct idempotency;

/* One request's; in the request's arena. */
struct keyed {
	struct keyed *next; /* guarded by the table's lock */
	struct mark mark;   /* of the caller and the key */
	struct once once;   /* its key is NULL without one */
	/* It failed since another request with its key is not answered yet. */
	bool is_under_way;
};

struct idempotency *idempotency_new(void);
void idempotency_free(struct idempotency *table);

/*
 * Reads the key, if the route heeds one, and enters it into the table until
 * idempotency_leave. ERR_MALFORMED: it is no key. ERR_BUSY: the same is under
 * way. Then there is nothing to leave. Any thread.
 */
MUST_CHECK enum error idempotency_enter(struct idempotency *table,
					struct request *request,
					struct keyed *ret);
void idempotency_leave(struct idempotency *table, struct keyed *keyed);

/*
 * Runs `handle`, and keeps its answer in the same transaction; or answers as
 * the first time. On the writer. ERR_BUSY as above: by another process.
 */
MUST_CHECK enum error
idempotency_run(struct keyed *keyed, struct request *request,
		enum error (*handle)(struct request *request));

#endif
