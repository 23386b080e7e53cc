/* The kinds of jobs that there are, one row each. */
#ifndef CLEAT_JOBS_KINDS_H
#define CLEAT_JOBS_KINDS_H

#include "jobs/loop.h"

extern const struct job_kind *const job_kinds[];
extern const size_t job_kind_count;

/* Carries out a large deletion, batch by batch. */
extern const struct job_kind delete_job;

/* Ends what a soft deletion hid, when its time has come. */
extern const struct job_kind purge_job;

/* Ends a grant at its provider: a step of a deletion. */
extern const struct job_kind revoke_job;

/* Removes kept answers that are too old to be asked for. */
extern const struct job_kind idempotency_job;

/* Seals a project's values anew after its key was rotated. */
extern const struct job_kind reseal_job;
/* Tells others how far the chains have grown. */
extern const struct job_kind checkpoint_job;
/* Pushes a connection to a worker, or removes it there. */
extern const struct job_kind deploy_job;
/* Gets the tokens of a connection that is to be made or changed. */
extern const struct job_kind obtain_job;
/* Refreshes the tokens of a connection. */
extern const struct job_kind refresh_job;
/* Looks whether a connection's new credentials are good. */
extern const struct job_kind health_job;
/* Sends an event to a destination. */
extern const struct job_kind deliver_job;

/* Tries an integration that somebody validates. */
extern const struct job_kind validate_job;
/* Gets a new token for an integration that wants it rotated. */
extern const struct job_kind rotate_token_job;
/* Registers the webhook that a git provider calls. */
extern const struct job_kind register_job;
/* Takes one away there: a step of a deletion, or after a move. */
extern const struct job_kind deregister_job;

/* How long a receiver may take to answer; before the loop starts. */
void deliver_set_timeout(int64_t us);

/* Removes deliveries whose retention is over. */
extern const struct job_kind delivery_sweep_job;

/* Changes the configurations that a new revision has to. */
extern const struct job_kind reconfigure_job;
/* Removes operations whose retention is over. */
extern const struct job_kind operation_sweep_job;
/* Removes the many operations of an installation that is gone. */
extern const struct job_kind operation_forget_job;
/* Removes uploads that were not used in time. */
extern const struct job_kind upload_sweep_job;
extern const struct job_kind event_origin_job;

#endif
