/*
 * Requests that wait for an event of their project, or for the end of what they
 * began outside. None holds a thread: their connections are suspended, and one
 * thread looks again for those whose project has recorded something.
 */
#ifndef CLEAT_SERVER_EVENT_WAITS_H
#define CLEAT_SERVER_EVENT_WAITS_H

#include "base/buf.h"
#include "db/db.h"
#include "http/request.h"

struct event_waits;
struct dialect; /* dialects/dialect.h */

/*
 * Looks again: on this session, in its transaction. Fills the response anew
 * and leaves `waits_us` at 0, or leaves an empty one and sets it.
 */
typedef void event_look(struct request *request, const struct dialect *dialect,
			struct db_session *session);

/*
 * Goes on with a request whose `is_over` has said so or whose time is over: it
 * is not the waits' any more.
 */
typedef void event_go_on(void *context, struct request *request,
			 const struct dialect *dialect);

/* NULL, logged, when it does not start. `db` and `context` outlive it. */
struct event_waits *event_waits_start(struct db *db, event_look *look,
				      event_go_on *go_on, void *context);

/* Take it before looking: what is recorded from then on is not missed. */
uint64_t event_waits_mark(const struct event_waits *waits);

/*
 * A suspended request with an empty answer, which leaves after `waits_us` at
 * the latest. ERR_BUSY when too many wait: then it is the caller's to resume.
 */
MUST_CHECK enum error event_waits_add(struct event_waits *waits,
				      struct request *request,
				      const struct dialect *dialect,
				      uint64_t mark);

/*
 * It has recorded something, which is on disk; nil: any project may have. Any
 * thread; short.
 */
void event_waits_notify(struct event_waits *waits, struct uuid project_id);

/* All that wait are answered, as are those that come. */
void event_waits_end(struct event_waits *waits);
/* After event_waits_end; NULL is nothing. */
void event_waits_free(struct event_waits *waits);

void event_waits_write_metrics(const struct event_waits *waits,
			       struct buf *out);

#endif
