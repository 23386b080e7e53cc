/*
 * Operations: what was done for an installation, each with its log. Whoever
 * moves something begins one, logs what it does, and ends it; what is over
 * when it is told is recorded at once. An operation is not an event: there may
 * be many, and they are kept for OPERATION_RETENTION_US.
 *
 * The installation keeps how its latest one stands and how many failed in a
 * row, so that nobody counts them to show it.
 */
#ifndef CLEAT_CORE_OPERATION_H
#define CLEAT_CORE_OPERATION_H

#include "base/op.h"

#define OPERATION_IN_PROGRESS "in_progress"
#define OPERATION_SUCCESS     "success"
#define OPERATION_FAILURE     "failure"

/* So long after its beginning it is removed, whatever its status. */
#define OPERATION_RETENTION_US (INT64_C(30) * 86400 * 1000000)
#define OPERATION_SWEEP_JOB    "operation_sweep"

/* Removes what is left of those of an installation that is gone. */
#define OPERATION_FORGET_JOB "operation_forget"

enum {
	OPERATION_SWEEP_MAX = 256,
	OPERATION_LOGS_MAX = 1000, /* lines of one */
	OPERATION_TEXT_MAX = 8192, /* bytes of a result, or of a line's text */
	OPERATION_FAILURES = 3,	   /* in a row make an installation unhealthy */
};

/* How far a backfill is. */
struct operation_progress {
	const char *object; /* NULL: it is no backfill */
	int64_t records;
	int64_t estimated; /* of all; 0: not known */
};

struct operation {
	struct uuid id; /* in the order of their beginnings */
	struct uuid installation_id, integration_id;
	struct uuid config_id; /* that it runs with */
	const char *action;    /* read, write, subscribe, proxy, ... */
	const char *status;
	const char *result;	/* a sentence; NULL: none */
	const char *objects;	/* JSON: their names; NULL: not said */
	const char *record_ids; /* JSON: those that went well; NULL: not said */
	int64_t attempts, attempted_at, notified_at; /* 0: none */
	struct operation_progress progress;
	int64_t created_at, updated_at, ended_at; /* 0: not yet */
};

struct operation_list {
	struct operation *items;
	size_t count;
};

struct operation_new {
	struct uuid installation_id;
	const char *action;
	const char *objects; /* JSON: their names; NULL: not said */
};

struct operation_outcome {
	bool is_success;
	const char *result;	/* cut at OPERATION_TEXT_MAX; NULL: none */
	const char *record_ids; /* JSON; NULL: not said */
};

struct operation_line {
	const char *severity; /* DEBUG, INFO, WARNING or ERROR */
	const char *message;  /* JSON: {msg, error?, operation_id, details?} */
	int64_t created_at;
};

struct operation_line_list {
	struct operation_line *items;
	size_t count;
};

/* One detail of a line. */
struct operation_detail {
	const char *name;
	const char *value;
};

/*
 * With the installation's present configuration. ERR_NOT_FOUND without such an
 * installation. On the writer, as all that follows but the last ones.
 */
MUST_CHECK enum error operation_begin(struct op *op,
				      const struct operation_new *new,
				      struct operation *ret);

/*
 * One that is over already, such as a call that was passed on: it changes
 * nothing else when the latest ended so too. ERR_NOT_FOUND.
 */
MUST_CHECK enum error operation_record(struct op *op,
				       const struct operation_new *new,
				       const struct operation_outcome *outcome,
				       struct operation *ret);

/*
 * Adds a line to its log; texts are cut at OPERATION_TEXT_MAX, and lines after
 * OPERATION_LOGS_MAX are dropped. No secrets. `error` may be NULL.
 */
MUST_CHECK enum error operation_log(struct op *op, struct uuid id,
				    const char *severity, const char *text,
				    const char *error,
				    const struct operation_detail *details,
				    size_t detail_count);

/* A backfill's, so far. ERR_NOT_FOUND, also when it has ended. */
MUST_CHECK enum error
operation_progress(struct op *op, struct uuid id,
		   const struct operation_progress *progress);

/* It was tried once more, and somebody told of it. ERR_NOT_FOUND as above. */
MUST_CHECK enum error operation_attempt(struct op *op, struct uuid id,
					bool is_notified);

/* Once: ERR_NOT_FOUND when it has ended, or its installation is gone. */
MUST_CHECK enum error operation_end(struct op *op, struct uuid id,
				    const struct operation_outcome *outcome);

/* Of an installation that lives. ERR_NOT_FOUND. */
MUST_CHECK enum error operation_get(struct op *op, struct uuid id,
				    struct operation *ret);

/* Newest first, at most `limit`, older than `before` unless that is nil. */
MUST_CHECK enum error operation_list(struct op *op, struct uuid installation_id,
				     struct uuid before, int64_t limit,
				     struct operation_list *ret);

/* In their order. */
MUST_CHECK enum error operation_lines(struct op *op, struct uuid id,
				      struct operation_line_list *ret);

/* The latest of those that tell progress on this object. ERR_NOT_FOUND. */
MUST_CHECK enum error operation_backfill(struct op *op,
					 struct uuid installation_id,
					 const char *object,
					 struct operation *ret);

/*
 * The installation is erased: its operations and pauses go with it; those that
 * are too many for now by a job.
 */
MUST_CHECK enum error operation_forget(struct op *op,
				       struct uuid installation_id);

/* Goes on with it: true when nothing is left. By the job. */
MUST_CHECK enum error operation_forget_some(struct op *op,
					    struct uuid installation_id,
					    bool *ret_is_done);

/*
 * Removes up to OPERATION_SWEEP_MAX old ones of the op's project.
 * `*ret_next_at` is when to come again; 0: there is none. By the claimed job
 * of the kind: one planned meanwhile is dropped for it.
 */
MUST_CHECK enum error operation_sweep(struct op *op, int64_t *ret_next_at);

#endif
