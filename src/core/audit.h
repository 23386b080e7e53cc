/* Recomputing a project's chain, and what is wrong with it. */
#ifndef CLEAT_CORE_AUDIT_H
#define CLEAT_CORE_AUDIT_H

#include "core/chain.h"
#include "core/checkpoint.h"

enum audit_fault {
	AUDIT_SOUND,
	AUDIT_CHANGED,	/* an event or its link is not what was sealed */
	AUDIT_MISSING,	/* events that a link counts */
	AUDIT_INSERTED, /* events that no link counts */
	AUDIT_ORDER,	/* links that do not follow each other */
	AUDIT_CUT,	/* the chain ends before a checkpoint's link */
	AUDIT_REWRITTEN /* its link is not the one that a checkpoint saw */
};

const char *audit_fault_name(enum audit_fault fault);

struct audit {
	struct link head; /* the last link that was looked at */
	int64_t event_count;

	/* The first fault; `why` is in the arena. */
	enum audit_fault fault;
	int64_t fault_event; /* where; of several, the first: 0: of none */
	int64_t fault_link;  /* the same */
	const char *why;
};

/*
 * Of the op's project, in one reading transaction. `known` are checkpoints of
 * this project in order of their numbers. OK also with a fault.
 */
MUST_CHECK enum error audit_chain(struct op *op, const struct checkpoint *known,
				  size_t known_count, struct audit *ret);

#endif
