/*
 * Calls outside that requests wait for, each on a thread of its own: no
 * network thread waits for them, and neither does the writer.
 */
#ifndef CLEAT_SERVER_CALLS_H
#define CLEAT_SERVER_CALLS_H

#include "base/buf.h"
#include "dialects/dialect.h"
#include "http/client.h"

struct calls;

/* NULL when it has no client. The rules, as in client_new, outlive it. */
struct calls *calls_new(const struct outbound_rule *rules, size_t rule_count);
/* When no call is under way; NULL is nothing. */
void calls_free(struct calls *calls);

/*
 * Suspends the request until its call (http/outside.h) has ended, and answers
 * it then: at once with 503 when too many wait, or of its project.
 */
void calls_wait(struct calls *calls, struct request *request,
		const struct dialect *dialect);

/* Those that are under way have a while to end, and are stopped then. */
void calls_end(struct calls *calls);
/* After calls_end, when no request comes any more: until none is left. */
void calls_drain(struct calls *calls);

void calls_write_metrics(struct calls *calls, struct buf *out);

#endif
