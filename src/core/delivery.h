/*
 * Deliveries: an event on its way to one destination. Each is made in the
 * event's own transaction with a job that tries it (core/sending.h), by the
 * schedule of core/webhook.h.
 */
#ifndef CLEAT_CORE_DELIVERY_H
#define CLEAT_CORE_DELIVERY_H

#include "base/op.h"
#include "core/destination.h"
#include "core/event.h"

/* The kind of job that tries one; its lane is the destination. */
#define DELIVERY_JOB "deliver"

#define DELIVERY_WAITING   "waiting"
#define DELIVERY_DELIVERED "delivered"
#define DELIVERY_FAILED	   "failed" /* its schedule is over */
#define DELIVERY_ENDED	   "ended"  /* its destination is gone or disabled */

/* Why one has ended. */
#define DELIVERY_DELETED   "its destination was deleted"
#define DELIVERY_DISABLED  "its destination was disabled"
#define DELIVERY_CANCELLED "its activity was cancelled"

/* So long after its event it is removed, unless it still waits. */
#define DELIVERY_RETENTION_US (INT64_C(30) * 86400 * 1000000)
#define DELIVERY_SWEEP_JOB    "delivery_sweep"

enum { DELIVERY_ATTEMPTS_SHOWN = 100, DELIVERY_SWEEP_MAX = 256 };

struct delivery {
	struct uuid id; /* the order of events; what a receiver sees of it */
	struct uuid destination_id; /* or a third-party integration's */
	struct uuid deletion_id;    /* that the event is part of; nil: none */
	int64_t event_number;
	const char *event_type;
	const char *state;
	int64_t attempts;	 /* of all replays together */
	const char *answer;	 /* what came last; NULL: not tried yet */
	struct uuid job_id;	 /* that tries it, or did last */
	int64_t activity_number; /* of a listener's; 0: it has none */
	int64_t created_at;	 /* whole milliseconds, in the order of ids */
	int64_t next_at;	 /* 0: no further try */
	int64_t ended_at;	 /* 0: it waits */
};

struct delivery_list {
	struct delivery *items;
	size_t count;
};

struct delivery_attempt {
	int64_t number; /* from 1 */
	int64_t began_at, took_us;
	int status;	     /* 0: no answer */
	const char *failure; /* why not; NULL: there was one */
};

struct delivery_attempt_list {
	struct delivery_attempt *items;
	size_t count;
};

struct delivery_filter {
	struct uuid destination_id; /* nil: any, as NULL and 0 below */
	const char *state;
	const char *event_type;
	int64_t since, until; /* made: [since, until) */
	struct uuid after;    /* with later ids */
	int64_t limit;
};

/* How a deletion's messages to one destination went. */
struct delivery_counts {
	struct uuid destination_id;
	const char *name, *kind; /* NULL: it is gone */
	int64_t waiting, delivered, failed, ended;
};

struct delivery_counts_list {
	struct delivery_counts *items;
	size_t count;
};

MUST_CHECK bool delivery_state_is_known(const char *text);

/* Of its jobs. In the arena. */
const char *delivery_lane(struct op *op, struct uuid destination_id);

/*
 * One for each destination that the event's type leads to, and each
 * integration that listens to it (core/listening.h).
 */
MUST_CHECK enum error delivery_fan_out(struct op *op,
				       const struct event *event);

struct integration; /* core/integration.h */

/*
 * Of this event to a listener, which is sent this body; with an activity that
 * says `what` it is told of.
 */
MUST_CHECK enum error delivery_add_to_listener(struct op *op,
					       const struct event *event,
					       const struct integration *to,
					       const char *what,
					       const char *body);

/*
 * Where events of any of these types go, each once, in the order of ids:
 * destinations that something can be sent to, and listeners, by their handle.
 */
MUST_CHECK enum error delivery_targets(struct op *op, const char *const *types,
				       size_t count,
				       struct destination_list *ret);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error delivery_get(struct op *op, struct uuid id,
				   struct delivery *ret);

/* The last DELIVERY_ATTEMPTS_SHOWN, newest first. */
MUST_CHECK enum error delivery_attempts(struct op *op, struct uuid id,
					struct delivery_attempt_list *ret);

/*
 * Oldest first. Looks at a bounded number of them: `*ret_after` is where to go
 * on, nil at the end, and the list may be empty before that.
 */
MUST_CHECK enum error delivery_list(struct op *op,
				    const struct delivery_filter *filter,
				    struct delivery_list *ret,
				    struct uuid *ret_after);

/* In the order of destinations. */
MUST_CHECK enum error
delivery_counts_of_deletion(struct op *op, struct uuid deletion_id,
			    struct delivery_counts_list *ret);

/*
 * Sends it anew, with the same id and the whole schedule; one that waits, at
 * once. ERR_NOT_FOUND; ERR_IN_USE when its destination is gone or disabled.
 * Records delivery.replayed.
 */
MUST_CHECK enum error delivery_replay(struct op *op, struct uuid id,
				      struct delivery *ret);

/*
 * Sends those anew that delivery_list finds; none that waits. The filter has a
 * destination and a state. ERR_IN_USE when the destination is disabled.
 * Records destination.replayed.
 */
MUST_CHECK enum error delivery_replay_all(struct op *op,
					  const struct delivery_filter *filter,
					  struct delivery_list *ret,
					  struct uuid *ret_after);

/*
 * The activity of one that ended for this reason: it has failed, and its log
 * says why. Nothing when it is over, or 0.
 */
MUST_CHECK enum error delivery_end_activity(struct op *op, int64_t number,
					    const char *why);

/*
 * Those of the destination that wait end, for this reason, with their
 * activities.
 */
MUST_CHECK enum error delivery_end_waiting(struct op *op,
					   struct uuid destination_id,
					   const char *why);

/*
 * Removes up to DELIVERY_SWEEP_MAX old ones of the op's project.
 * `*ret_next_at` is when to come again; 0: there is none. On the writer, by
 * the claimed job of the kind: one planned meanwhile is dropped for it.
 */
MUST_CHECK enum error delivery_sweep(struct op *op, int64_t *ret_next_at);

#endif
