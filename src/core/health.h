/*
 * Looking whether a connection's credentials are good when they have come in:
 * by the one call that the catalog says shows it. A job makes it, once. Whoever
 * brings credentials is not kept waiting by a provider that is down: what
 * cannot be found out stays as it is.
 */
#ifndef CLEAT_CORE_HEALTH_H
#define CLEAT_CORE_HEALTH_H

#include "base/outbound_call.h"
#include "core/connection.h"
#include "core/job.h"

/* The kind of job, in a lane of the connection's own. */
#define HEALTH_JOB "health"

/* Before anything is served: no look is ever planned. */
void health_never_look(void);

/* New ones are there. Nothing where the catalog knows no such call. */
MUST_CHECK enum error health_plan(struct op *op, const struct connection *of);

/* One look, in the op's arena. */
struct health_look {
	struct connection connection;
	const struct provider *provider;
	bool is_sent;
	bool has_token; /* that others can be got for */
	struct outbound_call call;
};

/* What to send, if anything. */
MUST_CHECK enum error health_begin(struct op *op, const struct job *job,
				   struct health_look *ret);

/*
 * The status is working when it is answered as it should be, and
 * bad_credentials when they are refused; of tokens that others can be got for,
 * a refresh says that.
 */
MUST_CHECK enum error health_end(struct op *op, const struct health_look *look,
				 const struct outbound_answer *answer);

/*
 * Their use has shown this status: records connection.error, with why, when it
 * is another one and not working. Nothing when the connection is gone.
 */
MUST_CHECK enum error health_seen(struct op *op, struct uuid connection_id,
				  const char *status, const char *why);

#endif
