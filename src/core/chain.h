/*
 * The chain over a project's events: each link seals what one commit recorded
 * together with the link before it, so that nothing in it can be changed, left
 * out, put in or put elsewhere unseen. docs/proof.md has every byte.
 *
 * Numbers of events grow with each commit of a project: a link covers those
 * after the last one's.
 */
#ifndef CLEAT_CORE_CHAIN_H
#define CLEAT_CORE_CHAIN_H

#include "base/hash.h"
#include "base/op.h"

struct link {
	int64_t number; /* 1, 2, 3, ...; 0: none */
	int64_t first_event, last_event;
	int64_t event_count;
	struct digest hash;
	int64_t created_at;
};

/* One event's columns as they lie in the store. */
struct event_column {
	const void *bytes;
	size_t length;
};

struct event_row {
	int64_t number;
	struct event_column type, actor, subject_kind, subject_id, payload;
	int64_t created_at;
};

/*
 * Where the events begin that are not under it. Before the first link that is
 * below all numbers: what is there and has none of ours is seen as well.
 */
int64_t link_next_event(const struct link *last);

/*
 * A link's hash: what comes before it, each of its events, its own columns.
 * `previous` is all zeros for the first one.
 */
void link_hash_begin(struct hash *hash, struct uuid project_id,
		     const struct digest *previous);
void link_hash_event(struct hash *hash, const struct event_row *event);
struct digest link_hash_end(struct hash *hash, const struct link *link);

/*
 * Seals what the op's project has recorded since its last link; nothing when
 * that is nothing. Last in the transaction that recorded it, in which nobody
 * else seals this project.
 */
MUST_CHECK enum error chain_seal(struct op *op);

/*
 * When a store is opened: new events get later numbers than all that there
 * are, and what is older than chains gets its project's first link.
 */
MUST_CHECK enum error chain_go_on(struct op *op);

/* The last link; number 0 and a hash of zeros when there is none. */
MUST_CHECK enum error chain_head(struct op *op, struct link *ret);

/* The one that covers this event. ERR_NOT_FOUND. */
MUST_CHECK enum error chain_covering(struct op *op, int64_t event_number,
				     struct link *ret);

#endif
