/* Events: what happened, written in the transaction that made it so. */
#ifndef CLEAT_CORE_EVENT_H
#define CLEAT_CORE_EVENT_H

#include "base/op.h"

struct event {
	int64_t number; /* grows with created_at within a store */
	const char *type;
	const char *actor; /* token:UUID, or "system" */
	const char *subject_kind;
	struct uuid subject_id;
	const char *payload; /* a JSON object */
	int64_t created_at;  /* no two of a project have the same */
};

/* One fact in an event's payload. */
struct event_fact {
	const char *name;
	const char *text; /* left out when NULL */
	bool is_json;	  /* else a string */
};

struct event_filter {
	struct uuid integration_id; /* its own only; nil: any */
	const char *type;	    /* NULL: any */
	int64_t before;		    /* created; 0: any */
	/* see event_type_is_change */
	bool changes_only;
	int64_t limit;
};

struct event_list {
	struct event *items;
	size_t count;
};

/*
 * A number after all that were given out: for what is listed among events.
 */
int64_t event_next_number(const struct op *op);
/* Numbers that are given out from here on come after this one. */
void event_go_on_from(int64_t number);

/* What was made then or later has this number or a later one. */
int64_t event_first_number_at(int64_t time_us);
/* The created_at of what has it. */
int64_t event_number_time(int64_t number);

/* In their order. NULL, nil or 0: any. */
struct event_page_filter {
	const char *type, *subject_kind, *actor;
	struct uuid subject_id;
	int64_t since, until;
	int64_t after; /* a number */
	int64_t limit;
};

struct event_page {
	struct event_list events;
	int64_t after; /* where the next one goes on */
	bool is_last;  /* nothing is behind it yet */
};

/*
 * Looks at a bounded number of events, so a page may be short, even empty,
 * before the last.
 */
MUST_CHECK enum error event_page(struct op *op,
				 const struct event_page_filter *filter,
				 struct event_page *ret);

/* Who does this: token:UUID, or "system". In the arena. */
const char *event_actor(struct op *op);

/*
 * Facts hold no secrets. `ret` may be NULL. What its type is routed to is to
 * be sent it: before the subject is erased, so that the message can show it.
 */
MUST_CHECK enum error event_record(struct op *op, const char *type,
				   const char *subject_kind,
				   struct uuid subject_id,
				   const struct event_fact *facts,
				   size_t fact_count, struct event *ret);

/*
 * The same in a later transaction than the deletion's own: its messages say
 * whose they are.
 */
MUST_CHECK enum error
event_record_of(struct op *op, struct uuid deletion_id, const char *type,
		const char *subject_kind, struct uuid subject_id,
		const struct event_fact *facts, size_t fact_count);

/* What `changes_only` lets pass. */
bool event_is_change(const struct event *event);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error event_get(struct op *op, int64_t number,
				struct event *ret);

/* Newest first. */
MUST_CHECK enum error event_list(struct op *op,
				 const struct event_filter *filter,
				 struct event_list *ret);

#endif
