/* Inside of the loop: threads, what each holds, and their turns. */
#ifndef CLEAT_JOBS_TURN_H
#define CLEAT_JOBS_TURN_H

#include <pthread.h>
#include <stdatomic.h>

#include "jobs/loop.h"

enum { JOB_LANE_MAX = 256 };

/* What is counted of each kind. */
enum {
	COUNT_DUE, /* lanes, when last looked at */
	COUNT_RUNNING,
	COUNT_DONE,
	COUNT_RETRIED,
	COUNT_FAILED,
	COUNTS,
};

struct kind_counts {
	_Atomic int64_t of[COUNTS];
};

/* One job's way: its claim, its state, its end. */
struct turn {
	struct op op; /* first: the writer gives it back */
	struct slot *slot;
	size_t kind;
	struct job job;
	void *state;
	bool has_job;
	struct job_end end;
	bool is_lost; /* its claim had lapsed */
};

/* A thread. */
struct slot {
	struct jobs *jobs;
	pthread_t thread;
	bool has_thread;
	struct turn turns[2];
	struct turn *ending; /* runs, or has run */
	struct turn *next;   /* for what will be claimed */

	/* What a turn is to do, and what came of it. */
	bool claims, puts_off;
	bool began; /* a claim was made, and its begin called */
	struct job_lane broken;
	char broken_lane[JOB_LANE_MAX];
	size_t broken_kind;
	int64_t look_at; /* when nothing was claimed */
	enum error error;
	bool is_told;	     /* guarded by jobs->lock */
	pthread_cond_t told; /* with jobs->lock */

	/* On the writer's thread alone. */
	bool holds;
	size_t held_kind;
	struct uuid held_project;
	struct job held_job; /* its id and fence */
};

struct jobs {
	struct jobs_options options;
	struct slot *slots;
	struct kind_counts *counts;
	int project_max;
	size_t first_kind;  /* to look at next; the writer's thread alone */
	bool returned_lost; /* the writer's thread alone */
	int64_t counted_at; /* the writer's thread alone */

	struct keeper *keeper; /* NULL: claims need no renewal */

	pthread_mutex_t lock;
	pthread_cond_t wake;
	_Atomic bool is_stopping;
	bool is_scouting; /* guarded by lock, as is what follows */
	bool is_woken;
	int64_t look_at;
};

/* How long a claim of ours holds. */
int64_t jobs_lease_us(const struct jobs *jobs);

/*
 * Renews the claims of what runs, as long as it runs: a thread and an op of
 * its own. NULL on failure.
 */
struct keeper *keeper_start(struct jobs *jobs);
/* While the writer runs; NULL is nothing. */
void keeper_stop(struct keeper *keeper);

/*
 * Claims one job into `slot->next`, and begins it; without one says when to
 * look again. On the writer.
 */
MUST_CHECK enum error jobs_claim(struct slot *slot);

/* Ends what the slot has run. On the writer. */
MUST_CHECK enum error jobs_end(struct slot *slot);

/* A job that does not begin waits as if it had failed. On the writer. */
MUST_CHECK enum error jobs_put_off(struct slot *slot);

#endif
