/*
 * Requests that do something outside before they are answered: each on a
 * thread of its own, a bounded number at once, of each project as well. A
 * request that waits has no network thread, no session and no transaction.
 */
#ifndef CLEAT_SERVER_OUTSIDE_H
#define CLEAT_SERVER_OUTSIDE_H

#include "base/buf.h"
#include "dialects/dialect.h"
#include "http/outbound.h"
#include "store/writer.h"

struct outside;

/* NULL, logged, when it does not start. The parts outlive it. */
struct outside *outside_start(struct writer *writer,
			      const struct outbound_rule *rules,
			      size_t rule_count);

/* What is under way has a while to end, and is stopped then; none begins. */
void outside_end(struct outside *outside);
/* After outside_end, when no request comes any more: until none is left. It
 * needs the writer. */
void outside_drain(struct outside *outside);
/* After outside_drain; NULL is nothing, to each of the three. */
void outside_free(struct outside *outside);

/* Suspends a request with `request->goes_out`, and resumes it with its answer:
 * 503 when there is no place for it. */
void outside_begin(struct outside *outside, struct request *request,
		   const struct dialect *dialect);

void outside_write_metrics(struct outside *outside, struct buf *out);

#endif
