/* Making links. */
#include "core/chain.h"

#include <string.h>

#include "core/event.h"
#include "core/store.h"

static const char version[] = "cleat event link 1\n";

int64_t link_next_event(const struct link *last)
{
	if (!last->number)
		return INT64_MIN;
	return last->last_event < INT64_MAX ? last->last_event + 1 : INT64_MAX;
}

void link_hash_begin(struct hash *hash, struct uuid project_id,
		     const struct digest *previous)
{
	hash_begin(hash);
	hash_add(hash, version, strlen(version));
	hash_add(hash, previous->bytes, DIGEST_BYTES);
	hash_add(hash, project_id.bytes, UUID_BYTES);
}

static void add_column(struct hash *hash, const struct event_column *column)
{
	hash_add_text(hash, column->bytes, column->length);
}

void link_hash_event(struct hash *hash, const struct event_row *event)
{
	hash_add_integer(hash, event->number);
	add_column(hash, &event->type);
	add_column(hash, &event->actor);
	add_column(hash, &event->subject_kind);
	add_column(hash, &event->subject_id);
	add_column(hash, &event->payload);
	hash_add_integer(hash, event->created_at);
}

struct digest link_hash_end(struct hash *hash, const struct link *link)
{
	hash_add_integer(hash, link->number);
	hash_add_integer(hash, link->first_event);
	hash_add_integer(hash, link->last_event);
	hash_add_integer(hash, link->event_count);
	hash_add_integer(hash, link->created_at);
	return hash_end(hash);
}

struct sealing {
	struct hash hash;
	struct link link;
};

static enum error seal_event(void *context, const struct event_row *event)
{
	struct sealing *sealing = context;
	struct link *link = &sealing->link;

	if (!link->event_count++)
		link->first_event = event->number;
	link->last_event = event->number;
	link_hash_event(&sealing->hash, event);
	return OK;
}

/* What is hashed is what the table holds, not what we think we put there. */
enum error chain_seal(struct op *op)
{
	struct sealing sealing;
	struct link last;

	TRY(chain_head(op, &last));
	sealing.link = (struct link){
		.number = last.number + 1,
		.created_at = op->now,
	};
	link_hash_begin(&sealing.hash, op->project_id, &last.hash);
	TRY(store_event_rows(op, link_next_event(&last), INT64_MAX, seal_event,
			     &sealing));
	if (!sealing.link.event_count)
		return OK;
	sealing.link.hash = link_hash_end(&sealing.hash, &sealing.link);
	return store_link_add(op, &sealing.link);
}

enum error chain_go_on(struct op *op)
{
	struct uuid own = op->project_id;
	struct chain_end *ends;
	size_t count;

	TRY(store_chain_ends(op, &ends, &count));
	for (size_t i = 0; i < count; i++) {
		event_go_on_from(ends[i].last_event);
		if (ends[i].last_sealed || !ends[i].last_event)
			continue;
		op->project_id = ends[i].project_id;
		TRY(chain_seal(op));
	}
	op->project_id = own;
	return OK;
}

enum error chain_head(struct op *op, struct link *ret)
{
	enum error error = store_link_last(op, ret);

	if (error != ERR_NOT_FOUND)
		return error;
	*ret = (struct link){.number = 0};
	return OK;
}

enum error chain_covering(struct op *op, int64_t event_number, struct link *ret)
{
	return store_link_covering(op, event_number, ret);
}
