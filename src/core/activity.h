/*
 * Activities: what goes on in a project. Each change that an event records is
 * one, over and well as soon as it is there. Others are told of: by a pipeline,
 * or by who does something for an integration that can fail. They begin, go on
 * and end, with a log; of each of these steps there is an event as well
 * (activity.created, .updated, .cancelled), whose subject is the activity.
 */
#ifndef CLEAT_CORE_ACTIVITY_H
#define CLEAT_CORE_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"
#include "core/event.h"
#include "core/integration.h"

#define ACTIVITY_SUBJECT "activity" /* of its events */

#define ACTIVITY_STAGED	     "staged"
#define ACTIVITY_SCHEDULED   "scheduled"
#define ACTIVITY_PENDING     "pending"
#define ACTIVITY_IN_PROGRESS "in_progress"
#define ACTIVITY_COMPLETE    "complete"
#define ACTIVITY_CANCELLED   "cancelled"

#define ACTIVITY_SUCCESS "success"
#define ACTIVITY_FAILURE "failure"

enum {
	ACTIVITY_LOG_MAX = 1024 * 1024, /* bytes of one's log */
	ACTIVITY_LOG_PARTS_MAX = 10000,
};

struct activity {
	int64_t number;	    /* what it is called by, in the order of time */
	struct event event; /* that it is; of one told of, all is zero */
	struct uuid id;	    /* of one told of; nil: a change */
	const char *type;   /* a change's is its event's */
	struct uuid integration_id; /* that it is about; nil: none */
	const char *integration;    /* its handle; NULL: none */
	const char *environments;   /* JSON: a list of names */
	const char *state;
	const char *result;	    /* NULL until it is over */
	const char *failure_reason; /* NULL: none */
	int64_t percent;	    /* 100 when it is over */
	const char *document; /* its dialect's JSON object; a change's: NULL */
	int64_t log_bytes, log_parts;
	int64_t created_at, updated_at;
	int64_t started_at, completed_at, cancelled_at; /* 0: not */
};

struct activity_list {
	struct activity *items;
	size_t count;
};

/* Those of the newest `limit` that all of it lets pass; NULL, nil, 0: any. */
struct activity_filter {
	struct uuid integration_id;
	const char *type;	      /* as events call changes */
	const char *states, *results; /* each between commas: ",pending," */
	int64_t before;
	int64_t limit;
};

/* What begins one; the rest of it is filled in. */
struct activity_new {
	const char *type;
	struct uuid integration_id; /* nil: of none */
	const char *integration;
	const char *environments; /* JSON; NULL: none */
	const char *state;	  /* NULL: complete */
	const char *result;	  /* NULL: success when it is complete */
	const char *failure_reason;
	int64_t percent;		  /* -1: by its state */
	int64_t started_at, completed_at; /* 0: by its state */
	const char *document;
	const char *log; /* lines; NULL: none */
};

/* Is it complete or cancelled, so that nothing more becomes of it? */
bool activity_is_over(const struct activity *activity);

/* Is it a change that the project recorded? */
bool activity_is_change(const struct activity *activity);

/*
 * ERR_INVALID with issues where state, result, percent and times do not fit
 * together, or the log is too long.
 */
MUST_CHECK enum error activity_begin(struct op *op,
				     const struct activity_new *new,
				     struct activity *ret);

/* One of an integration's that is over as it is told of: `what` was done, or
 * failed, as the lines of `log` say. */
MUST_CHECK enum error activity_tell(struct op *op, const char *type,
				    const struct integration *of,
				    const char *what, bool is_success,
				    const char *log);

/*
 * Goes on with it: `to` holds what is to be said from now on; NULL, -1 and 0
 * leave what is there, `log` is added to its log, type and integration are
 * not looked at. ERR_CHANGED when it is over (a change always is);
 * ERR_INVALID as above, and when its state would go back.
 */
MUST_CHECK enum error activity_go_on(struct op *op,
				     const struct activity *activity,
				     const struct activity_new *to,
				     struct activity *ret);

/* ERR_CHANGED when it is over. A cancelled one has failed. */
MUST_CHECK enum error activity_cancel(struct op *op,
				      const struct activity *activity,
				      struct activity *ret);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error activity_get(struct op *op, int64_t number,
				   struct activity *ret);

/* What a change of this type is shown as. */
struct activity activity_of_type(const char *type);

/*
 * The one that an event is of: a change's own, or the one told of as it is
 * now. ERR_NOT_FOUND when events like it are no activities.
 */
MUST_CHECK enum error activity_of_event(struct op *op,
					const struct event *event,
					struct activity *ret);

/* Newest first. */
MUST_CHECK enum error activity_list(struct op *op,
				    const struct activity_filter *filter,
				    struct activity_list *ret);

/* Of its log, in order: one or more lines. */
struct activity_part {
	const char *text;
	int64_t created_at;
};

struct activity_part_list {
	struct activity_part *items;
	size_t count;
};

/* None of a change. */
MUST_CHECK enum error activity_log(struct op *op,
				   const struct activity *activity,
				   struct activity_part_list *ret);

#endif
