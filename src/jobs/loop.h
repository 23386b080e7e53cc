/*
 * The loop: threads that claim jobs that are due, do what is to be done
 * outside, and record how it ended. Claims and ends are made on the writer;
 * what is outside is done on a thread of the loop, with no session.
 *
 * Nobody is held up by others: a kind, a lane and a project (half of the
 * threads) each have a limit to what they may have under way, and lanes take
 * turns.
 */
#ifndef CLEAT_JOBS_LOOP_H
#define CLEAT_JOBS_LOOP_H

#include "base/buf.h"
#include "base/op.h"
#include "core/job.h"

struct client; /* http/client.h */
struct jobs;

struct job_kind {
	const char *name;

	/*
	 * On the writer, in the claim's transaction: reads what `run` needs
	 * into `*ret_state`, in the op's arena, which lives until the end. An
	 * error undoes the claim and puts the job off. NULL: nothing to read.
	 */
	enum error (*begin)(struct op *op, const struct job *job,
			    void **ret_state);

	/* On a job thread, without a session. NULL: nothing to do outside. */
	void (*run)(struct op *op, void *state, struct client *client);

	/*
	 * On the writer: records what came of it. Not called when the claim
	 * has lapsed meanwhile. An error leaves the job to its lease.
	 */
	enum error (*end)(struct op *op, const struct job *job, void *state,
			  struct job_end *ret);

	int running_max;     /* of this kind; 0: three of four threads */
	int lane_max;	     /* of one lane; 0: 1 */
	int64_t lane_gap_us; /* between two claims in one lane, unless the
				first has ended */
};

struct jobs_options {
	/*
	 * Gives the op to the writer: `run` in a savepoint, `done` after the
	 * commit, both on the writer's thread. False when it is busy.
	 */
	bool (*give)(void *context, struct op *op,
		     enum error (*run)(struct op *op),
		     void (*done)(struct op *op, enum error error));
	void *give_context;
	const struct keyring *keys;
	struct client *client;
	const struct job_kind *const *kinds;
	size_t kind_count;
	unsigned threads;
	/*
	 * No other process serves this store: what runs at start is lost. Else
	 * others may add jobs, which are looked for every second.
	 */
	bool is_alone;
	int64_t (*now)(void);
};

/* Copies the options; what they point to outlives it. NULL on failure. */
struct jobs *jobs_start(const struct jobs_options *options);

/* Jobs have been added, or the clock was moved. Any thread. */
void jobs_wake(struct jobs *jobs);

/*
 * Claims no more, waits for what is under way (stop the client first), and
 * frees. The writer must still run. NULL is nothing.
 */
void jobs_stop(struct jobs *jobs);

/* cleat_jobs_..., by kind. */
void jobs_write_metrics(const struct jobs *jobs, struct buf *out);

#endif
