/* The unit of work: all that one operation needs, and why it failed. */
#ifndef CLEAT_BASE_OP_H
#define CLEAT_BASE_OP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/keyring.h"
#include "base/uuid.h"

struct db_session;    /* db/db.h; core hands it to the store unseen */
struct principal;     /* core/principal.h */
struct outbound_rule; /* http/outbound.h */
struct event_origin;  /* core/event_origin.h */

enum { OP_ISSUES_MAX = 32 };

/* One thing that is wrong with the input. */
struct issue {
	const char *in;	   /* "body", "query", "path" or "header" */
	const char *field; /* its name, or a path such as read.objects[0] */
	const char *why;
};

/* A project in which an op recorded events: its chain must be sealed. */
struct recorded {
	struct uuid project_id;
	int64_t last_event;
	struct recorded *next;
};

struct op {
	struct arena arena;
	struct db_session *session; /* within its transaction */
	const struct keyring *keys;
	const struct outbound_rule *rules; /* of --allow-http */
	size_t rule_count;
	const struct principal *principal; /* NULL before authentication */
	const char *actor; /* who asked for it earlier; NULL: nobody did */
	/* Kept with what it records; NULL: none is. */
	const struct event_origin *origin;
	struct uuid project_id;		 /* nil until a project is entered */
	int64_t now;			 /* microseconds since the epoch */
	bool has_secrets;		 /* its answer may show some */
	bool is_dry_run;		 /* asks what a deletion would do */
	const char *plan;		 /* JSON: the answer of a dry run */
	int64_t plan_from;		 /* the first effect that it shows */
	struct uuid deletion_id;	 /* nil unless it let go of something */
	struct uuid unrouted_project_id; /* nobody is told of its events */
	bool has_jobs; /* it adds some: wake their loop when it has committed */
	struct recorded *recorded; /* the newest first; in the arena */
	/*
	 * A deletion that takes more than so many things is carried out in
	 * batches (core/batch.h); INT64_MAX: none is.
	 */
	int64_t batch_over;
	/* How many wait for what runs this op; NULL: nobody can. */
	const _Atomic uint64_t *waiting;
	/* What deletions before this one take is gone (core/leaving_scope.h).
	 */
	struct {
		bool is_known; /* for this project */
		struct uuid project_id;
		struct uuid before; /* nil: nothing leaves */
	} leaving;
	char request_id[UUID_TEXT];

	/* Why it failed, for the caller; in the arena. */
	const char *detail;
	const char *remedy;
	int64_t retry_at; /* when it may go better; 0: not known */
	struct issue issues[OP_ISSUES_MAX];
	size_t issue_count;
};

void op_init(struct op *op, const struct keyring *keys, int64_t now);
/* Ready for another operation, with the memory kept. */
void op_reset(struct op *op, int64_t now);
void op_release(struct op *op);

/* What an operation changes of its op, to run it anew. */
struct op_mark {
	struct uuid project_id, deletion_id, unrouted_project_id;
	struct recorded *recorded;
	const char *plan, *detail, *remedy;
	int64_t retry_at;
	size_t issue_count;
	bool has_secrets, has_jobs;
};

struct op_mark op_mark(const struct op *op);
/* As it was then; the arena keeps what has been added since. */
void op_go_back(struct op *op, const struct op_mark *mark);

/* Somebody waits for it to end, so as to write as well. */
bool op_is_waited_for(const struct op *op);

/* It recorded an event in this project. */
void op_recorded(struct op *op, struct uuid project_id, int64_t event_number);
/* NULL when it has recorded nothing there. */
const struct recorded *op_recorded_in(const struct op *op,
				      struct uuid project_id);

/* Says why: `return op_fail(op, ERR_NOT_FOUND, "no group %s", ref);` */
#define op_fail(op, error, ...) (op_explain(op, __VA_ARGS__), (error))
void op_explain(struct op *op, const char *format, ...) PRINTF_LIKE(2, 3);

/* What the caller can do about it. */
void op_advise(struct op *op, const char *remedy);

/* Adds one issue, once; those beyond OP_ISSUES_MAX are not kept. */
void op_issue(struct op *op, const char *in, const char *field,
	      const char *format, ...) PRINTF_LIKE(4, 5);

#endif
