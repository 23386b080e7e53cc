/*
 * Jobs: work to do later, outside of the transaction that asks for it. A job
 * is claimed by a lease with a fencing number: whoever lost the lease changes
 * nothing more. Jobs wait in lanes, so that one slow destination or one busy
 * tenant does not hold up the others.
 */
#ifndef CLEAT_CORE_JOB_H
#define CLEAT_CORE_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"

/*
 * How long a claim holds: longer than any call outside may take, where nobody
 * else is to take over; else so long after it was last renewed.
 */
#define JOB_LEASE_US	    (INT64_C(120) * 1000000)
#define JOB_SHARED_LEASE_US (INT64_C(12) * 1000000)

enum { JOB_LANES_LOOKED_AT = 32 };

struct job {
	struct uuid project_id, id;
	const char *kind;
	const char *lane;
	struct uuid subject_id;
	int64_t attempts; /* that have ended */
	int64_t due_at;
	int64_t fence; /* of this claim */
	const char *payload;
	int64_t created_at;
};

struct job_new {
	const char *kind;
	const char *lane; /* what it may hold up; NULL: its subject alone */
	struct uuid subject_id;
	int64_t due_at;	     /* 0: now */
	const char *payload; /* JSON of the kind's own; NULL: {} */
};

/* Where jobs wait, and when to look into it. */
struct job_lane {
	struct uuid project_id;
	const char *lane;
	int64_t due_at;
	int64_t rest_until;
};

/* By all processes that serve the store. */
struct job_lane_use {
	int64_t running;
	int64_t last_claim_at; /* of those that run; 0: none */
};

struct job_lane_list {
	struct job_lane *items;
	size_t count;
};

/* How an attempt ended, as its kind judges. */
struct job_end {
	enum {
		JOB_DONE,     /* there is nothing more to do */
		JOB_FAILED,   /* the same, without success */
		JOB_AGAIN,    /* at due_at */
		JOB_GIVEN_UP, /* it was not tried to its end: at once again */
	} what;
	int64_t due_at;
	int64_t rest_until; /* of its whole lane; 0: no rest */
};

/*
 * In the change's own transaction and the op's project; wakes the loop when
 * it has committed. `ret_id` may be NULL.
 */
MUST_CHECK enum error job_add(struct op *op, const struct job_new *new,
			      struct uuid *ret_id);

/* In place of those that wait in its lane. */
MUST_CHECK enum error job_replace(struct op *op, const struct job_new *new);

/*
 * The waiting job of this subject is due now, and the loop is woken. OK when
 * there is none: it runs.
 */
MUST_CHECK enum error job_bring(struct op *op, const char *kind,
				const char *lane, struct uuid subject_id);

/* The same for all that wait in a lane. */
MUST_CHECK enum error job_bring_all(struct op *op, const char *kind,
				    const char *lane);

/*
 * Microseconds until an attempt after so many that failed (at least one):
 * anything up to 1 s doubled each time, 6 h at most ("full jitter"). `random`
 * is 64 random bits.
 */
int64_t job_backoff_us(int64_t attempts, uint64_t random);

/* When such an attempt is made: not before whoever is called wants it, who
 * said after how long; 0: did not. */
int64_t job_next_at(const struct op *op, int64_t attempts,
		    int64_t retry_after_us);

/*
 * Claims the first job of this lane: OK, ERR_NOT_FOUND when none is due. The
 * lane goes behind the others that are due. On the writer; makes its project
 * the op's.
 */
MUST_CHECK enum error job_claim(struct op *op, const char *kind,
				const struct job_lane *lane, int64_t lease_us,
				struct job *ret);

/* The claim holds so long from now. ERR_NOT_FOUND when it has lapsed. */
MUST_CHECK enum error job_renew(struct op *op, const struct job *job,
				int64_t lease_us);

/* ERR_NOT_FOUND when the claim has lapsed: then nothing may be recorded. */
MUST_CHECK enum error job_hold(struct op *op, const struct job *job);

/* Records the end of a claim that holds. ERR_NOT_FOUND as above. */
MUST_CHECK enum error job_finish(struct op *op, const struct job *job,
				 const struct job_end *end);

/* Gives back those whose lease ended by `lapsed_at`, 64 at most. */
MUST_CHECK enum error job_return_lapsed(struct op *op, int64_t lapsed_at,
					size_t *ret_count);

/* When to look again for a job of this kind; INT64_MAX when none waits. */
MUST_CHECK enum error job_next_due(struct op *op, const char *kind,
				   int64_t *ret_at);

#endif
