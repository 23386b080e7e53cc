/* Walking along links and events together. */
#include "core/audit.h"

#include <inttypes.h>
#include <string.h>

#include "core/store.h"

struct walk {
	struct op *op;
	struct audit *audit;
	const struct checkpoint *known;
	size_t known_count;
	struct hash hash;
	const struct link *link;    /* that the events read now are under */
	int64_t first, last, count; /* of them */
};

const char *audit_fault_name(enum audit_fault fault)
{
	static const char *const names[] = {
		[AUDIT_SOUND] = "sound",	 [AUDIT_CHANGED] = "changed",
		[AUDIT_MISSING] = "missing",	 [AUDIT_INSERTED] = "inserted",
		[AUDIT_ORDER] = "order",	 [AUDIT_CUT] = "cut",
		[AUDIT_REWRITTEN] = "rewritten",
	};

	return names[fault];
}

/* Ends the walk. */
static enum error found(struct walk *walk, enum audit_fault fault, int64_t link,
			int64_t event, const char *why)
{
	struct audit *audit = walk->audit;

	audit->fault = fault;
	audit->fault_link = link;
	audit->fault_event = event;
	audit->why = why;
	return ERR_CHANGED;
}

static enum error take_event(void *context, const struct event_row *event)
{
	struct walk *walk = context;
	const struct link *link = walk->link;

	if (!walk->count++)
		walk->first = event->number;
	walk->last = event->number;
	if (!link || event->number < link->first_event)
		return found(walk, AUDIT_INSERTED, link ? link->number : 0,
			     event->number,
			     link ? "it is between two links"
				  : "it is under no link");
	link_hash_event(&walk->hash, event);
	return OK;
}

/* Does it follow the one before? */
static enum error check_place(struct walk *walk, const struct link *link)
{
	const struct link *before = &walk->audit->head;

	if (link->number != before->number + 1)
		return found(walk,
			     link->number > before->number ? AUDIT_MISSING
							   : AUDIT_ORDER,
			     before->number + 1, link->first_event,
			     arena_printf(&walk->op->arena,
					  "link %" PRId64 " comes after link "
					  "%" PRId64,
					  link->number, before->number));
	if (link->first_event < link_next_event(before) ||
	    link->last_event < link->first_event)
		return found(walk, AUDIT_ORDER, link->number, link->first_event,
			     "the link's events are out of order");
	return OK;
}

static enum error check_events(struct walk *walk, const struct link *link)
{
	if (walk->count < link->event_count)
		return found(
			walk, AUDIT_MISSING, link->number,
			walk->first != link->first_event ? link->first_event
			: walk->last != link->last_event ? link->last_event
							 : link->first_event,
			arena_printf(&walk->op->arena,
				     "the link has %" PRId64
				     " events, not %" PRId64,
				     walk->count, link->event_count));
	if (walk->count > link->event_count)
		return found(walk, AUDIT_INSERTED, link->number,
			     link->first_event,
			     arena_printf(&walk->op->arena,
					  "the link has %" PRId64
					  " events, not %" PRId64,
					  walk->count, link->event_count));
	struct digest hash = link_hash_end(&walk->hash, link);
	if (memcmp(hash.bytes, link->hash.bytes, DIGEST_BYTES) != 0)
		return found(walk, AUDIT_CHANGED, link->number,
			     link->first_event,
			     "the link's hash is not that of what is there");
	return OK;
}

/* Is it what was seen of it earlier? */
static enum error check_known(struct walk *walk, const struct link *link)
{
	while (walk->known_count && walk->known->number <= link->number) {
		if (walk->known->number == link->number &&
		    memcmp(walk->known->hash.bytes, link->hash.bytes,
			   DIGEST_BYTES) != 0)
			return found(walk, AUDIT_REWRITTEN, link->number,
				     link->first_event,
				     "a checkpoint saw another hash");
		walk->known++;
		walk->known_count--;
	}
	return OK;
}

static enum error take_link(void *context, const struct link *link)
{
	struct walk *walk = context;
	struct audit *audit = walk->audit;

	TRY(check_place(walk, link));
	walk->link = link;
	walk->first = walk->last = walk->count = 0;
	link_hash_begin(&walk->hash, walk->op->project_id, &audit->head.hash);
	TRY(store_event_rows(walk->op, link_next_event(&audit->head),
			     link->last_event, take_event, walk));
	TRY(check_events(walk, link));
	TRY(check_known(walk, link));
	audit->head = *link;
	audit->event_count += walk->count;
	return OK;
}

static enum error walk_all(struct walk *walk)
{
	const struct link *head = &walk->audit->head;

	TRY(store_link_each(walk->op, take_link, walk));
	walk->link = NULL;
	TRY(store_event_rows(walk->op, link_next_event(head), INT64_MAX,
			     take_event, walk));
	if (!walk->known_count)
		return OK;
	return found(walk, AUDIT_CUT, walk->known->number, 0,
		     arena_printf(&walk->op->arena,
				  "the chain ends at link %" PRId64
				  ", a checkpoint saw link %" PRId64,
				  head->number, walk->known->number));
}

enum error audit_chain(struct op *op, const struct checkpoint *known,
		       size_t known_count, struct audit *ret)
{
	struct walk walk = {
		.op = op,
		.audit = ret,
		.known = known,
		.known_count = known_count,
	};

	*ret = (struct audit){.fault = AUDIT_SOUND};
	enum error error = walk_all(&walk);
	return ret->fault == AUDIT_SOUND ? error : OK;
}
