/* What core needs of a store: jobs and their lanes. See store.h. */
#ifndef CLEAT_CORE_STORE_JOB_H
#define CLEAT_CORE_STORE_JOB_H

#include "core/job.h"

/*
 * Jobs and their lanes. What is due, and whose lease has ended, is looked for
 * in the whole store; the rest is of the op's project.
 */
MUST_CHECK enum error store_job_add(struct op *op, const struct job *new);
/* Whatever their state; before jobs run. */
MUST_CHECK enum error store_job_remove_kind(struct op *op, const char *kind);
/* Makes the waiting job of this subject due now. */
MUST_CHECK enum error store_job_bring(struct op *op, const char *kind,
				      const char *lane, struct uuid subject_id);
/* The same of all that wait in the lane. */
MUST_CHECK enum error store_job_bring_all(struct op *op, const char *kind,
					  const char *lane);
/* Makes the lane, or moves it forward to `due_at`. */
MUST_CHECK enum error store_job_lane_bring(struct op *op, const char *kind,
					   const char *lane, int64_t due_at);
MUST_CHECK enum error store_job_lane_set(struct op *op, const char *kind,
					 const char *lane, int64_t due_at);
/* Until then, or longer when it rests longer already. */
MUST_CHECK enum error store_job_lane_rest(struct op *op, const char *kind,
					  const char *lane, int64_t until);
MUST_CHECK enum error store_job_lane_remove(struct op *op, const char *kind,
					    const char *lane);
/* Those due first, at most `limit`. */
MUST_CHECK enum error store_job_lanes_due(struct op *op, const char *kind,
					  int64_t by, int64_t limit,
					  struct job_lane_list *ret);
/* INT64_MAX when there is none. */
MUST_CHECK enum error store_job_lane_next(struct op *op, const char *kind,
					  int64_t *ret_at);
/* Lanes due, counted up to `limit`. */
MUST_CHECK enum error store_job_lane_count(struct op *op, const char *kind,
					   int64_t by, int64_t limit,
					   int64_t *ret);
/* The waiting one that is due first, now or later. */
MUST_CHECK enum error store_job_first(struct op *op, const char *kind,
				      const char *lane, struct job *ret);
MUST_CHECK enum error store_job_lane_running(struct op *op, const char *kind,
					     const char *lane,
					     struct job_lane_use *ret);
/* By op->now; raises its fence by one. */
MUST_CHECK enum error store_job_claim(struct op *op, const struct job *job,
				      int64_t lease_until);
/* These four: ERR_NOT_FOUND unless this fence is the running claim's. */
MUST_CHECK enum error store_job_renew(struct op *op, const struct job *job,
				      int64_t lease_until);
MUST_CHECK enum error store_job_held(struct op *op, const struct job *job);
MUST_CHECK enum error store_job_done(struct op *op, const struct job *job);
MUST_CHECK enum error store_job_again(struct op *op, const struct job *job,
				      int64_t attempts, int64_t due_at);
MUST_CHECK enum error store_job_drop_waiting(struct op *op, const char *kind,
					     const char *lane);
/* Running ones whose lease ends by then. */
MUST_CHECK enum error store_job_lapsed(struct op *op, int64_t by, int64_t limit,
				       struct job **ret, size_t *ret_count);
/* INT64_MAX when none runs. */
MUST_CHECK enum error store_job_lease_next(struct op *op, int64_t *ret_at);

#endif
