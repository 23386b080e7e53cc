/*
 * The record of a deletion: what it reached, and what is left to do outside.
 * Written in the deletion's own transaction; read as its receipt.
 */
#ifndef CLEAT_CORE_RECEIPT_H
#define CLEAT_CORE_RECEIPT_H

#include "base/buf.h"
#include "base/op.h"
#include "core/effect.h"
#include "core/policy.h"
#include "core/thing.h"

/*
 * States of a deletion: running is being carried out in batches, waiting has
 * steps that are not done.
 */
#define DELETION_RUNNING  "running"
#define DELETION_DONE	  "done"
#define DELETION_WAITING  "waiting"
#define DELETION_HIDDEN	  "hidden"
#define DELETION_RESTORED "restored"

/* For people who named another. */
#define DELETION_STATES_NAMED "running, done, waiting, hidden or restored"

bool deletion_state_is_known(const char *state);

struct deletion {
	struct uuid id;
	const char *target_kind;
	struct uuid target_id;
	const char *target_name; /* NULL: none */
	struct uuid group_id;	 /* nil: nobody's */
	const char *mode;
	const char *revoke;
	const char *state;
	const char *actor;
	const char *counts;  /* JSON object */
	const char *effects; /* JSON array, of the first ones */
	int64_t created_at;
	int64_t purge_at;    /* 0: a hard one */
	int64_t finished_at; /* 0: not yet */
	int64_t last_event;  /* of its own; 0: older than chains */
};

struct deletion_list {
	struct deletion *items;
	size_t count;
};

struct deletion_filter {
	const char *state;	 /* NULL: any */
	const char *target_kind; /* NULL: any */
	struct uuid target_id;	 /* nil: any */
	struct uuid group_id;	 /* nil: any */
	int64_t since, until;	 /* 0: any */
	struct uuid after;
	int64_t limit;
};

/* States of a step. */
#define STEP_WAITING   "waiting"
#define STEP_DONE      "done"
#define STEP_ABANDONED "abandoned"

struct step {
	struct uuid id;
	struct uuid deletion_id;
	const char *kind; /* undeploy, deregister, revoke */
	const char *subject_kind;
	struct uuid subject_id;
	const char *facts; /* JSON object */
	const char *state;
	int64_t attempts;
	const char *answer; /* the last one, without secrets; NULL: none */
	const char *reason; /* why it was abandoned, or how it ended */
	int64_t created_at;
	int64_t updated_at;
	int64_t next_at; /* 0: no further try */
};

struct step_list {
	struct step *items;
	size_t count;
};

/* Steps that ended alike: by their reason, or "abandoned". */
struct step_end {
	const char *end;
	int64_t count;
};

struct step_end_list {
	struct step_end *items;
	size_t count;
};

/* One that is being written; release it when done, also after errors. */
struct record {
	struct uuid id;
	struct effect_counts counts;
	struct buf text;
	struct json_writer writer;
	const char *first; /* the part that goes into the deletion's row */
	int64_t parts;
	bool has_steps;
};

void record_begin(struct op *op, struct record *ret);
MUST_CHECK enum error record_effect(struct op *op, struct record *record,
				    const struct effect *effect);
MUST_CHECK enum error record_end(struct op *op, struct record *record,
				 const struct thing *thing,
				 const struct deletion_terms *terms);
/* Those that stay of a hidden one's, in the arena, as its purge begins. */
const char *record_counts_at_purge(struct op *op,
				   const struct deletion *deletion);

void record_release(struct record *record);

/* A deletion that will be carried out in batches: running, without effects. */
MUST_CHECK enum error record_announce(struct op *op, struct uuid id,
				      const struct thing *thing,
				      const struct deletion_terms *terms);

/*
 * Goes on with the record of one that is running; or that hid things: the
 * effects of its purge begin a new part, and are counted anew.
 */
MUST_CHECK enum error record_go_on(struct op *op, struct record *ret,
				   const struct deletion *deletion);
/* `is_cut`: there will be more, it runs. Else, of a deletion that is done:
 * records deletion.finished. */
MUST_CHECK enum error record_go_on_end(struct op *op, struct record *record,
				       const struct deletion *deletion,
				       const struct deletion_terms *terms,
				       bool is_cut);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error receipt_get(struct op *op, struct uuid id,
				  struct deletion *ret);
/* Effects in parts of some hundreds; NULL when there are no more. */
MUST_CHECK enum error receipt_part(struct op *op, const struct deletion *of,
				   int64_t number, const char **ret);
/*
 * Oldest first. Looks at a bounded number of deletions: `*ret_after` is where
 * to go on, nil at the end, and the list may be empty before that.
 */
MUST_CHECK enum error receipt_list(struct op *op,
				   const struct deletion_filter *filter,
				   struct deletion_list *ret,
				   struct uuid *ret_after);
/* Those after this one (nil: the first). `*ret_after`: nil at the end. */
MUST_CHECK enum error receipt_steps(struct op *op, struct uuid deletion_id,
				    struct uuid after, struct step_list *ret,
				    struct uuid *ret_after);

/* Records deletion.finished: nothing of it is left to do. */
MUST_CHECK enum error receipt_tell_finished(struct op *op,
					    const struct deletion *deletion);

#endif
