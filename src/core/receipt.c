/* Recording deletions and reading the records. */
#include "core/receipt.h"

#include <string.h>

#include "core/delivery.h"
#include "core/event.h"
#include "core/job.h"
#include "core/restore.h"
#include "core/store.h"

enum {
	PART_BYTES = 24 * 1024, /* of effects, in one row */
	PART_MAX = 2 * PART_BYTES,
	LOOKED_AT = 1000,   /* deletions, for one page of a list */
	STEPS_SHOWN = 1000, /* on one page */
};
#define NO_EFFECTS "[]"

bool deletion_state_is_known(const char *state)
{
	static const char *const states[] = {DELETION_RUNNING, DELETION_DONE,
					     DELETION_WAITING, DELETION_HIDDEN,
					     DELETION_RESTORED};

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (strcmp(states[i], state) == 0)
			return true;
	return false;
}

void record_begin(struct op *op, struct record *ret)
{
	*ret = (struct record){.id = uuid_make(op->now)};
	op->deletion_id = ret->id;
	buf_init(&ret->text, PART_MAX);
	ret->writer = json_writer_on(&ret->text);
	json_begin_array(&ret->writer, NULL);
}

/* Ends the part: the first stays for the deletion's row. */
static enum error flush(struct op *op, struct record *record)
{
	json_end_array(&record->writer);
	if (!record->first)
		record->first =
			arena_strdup(&op->arena, buf_cstr(&record->text));
	else
		TRY(store_deletion_part_add(op, record->id, record->parts,
					    buf_cstr(&record->text)));
	record->parts++;
	buf_clear(&record->text);
	record->writer = json_writer_on(&record->text);
	json_begin_array(&record->writer, NULL);
	return OK;
}

enum error record_effect(struct op *op, struct record *record,
			 const struct effect *effect)
{
	effect_count(&record->counts, effect);
	effect_put(&record->writer, effect);
	return record->text.length < PART_BYTES ? OK : flush(op, record);
}

static const char *counts_text(struct op *op,
			       const struct effect_counts *counts)
{
	struct buf text;

	buf_init(&text, PART_MAX);
	struct json_writer w = json_writer_on(&text);
	effect_put_counts(&w, NULL, counts);
	const char *copy = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return copy;
}

static const char *state_of(const struct record *record,
			    const struct deletion_terms *terms)
{
	if (terms->mode == MODE_SOFT)
		return DELETION_HIDDEN;
	return record->has_steps ? DELETION_WAITING : DELETION_DONE;
}

/* One of what this transaction has recorded: all that is under one link. */
static int64_t last_event(const struct op *op)
{
	const struct recorded *here = op_recorded_in(op, op->project_id);

	return here ? here->last_event : 0;
}

/* Who is told of what it did. */
static enum error record_notified(struct op *op, struct record *record)
{
	struct delivery_counts_list told;

	if (uuid_equal(op->unrouted_project_id, op->project_id))
		return OK;
	TRY(delivery_counts_of_deletion(op, record->id, &told));
	for (size_t i = 0; i < told.count; i++) {
		const char *kind = told.items[i].kind;

		if (kind && !destination_is_supported(kind))
			continue;
		const struct effect notified = {
			.what = EFFECT_NOTIFIED,
			.kind = EFFECT_OF_DESTINATION,
			.id = told.items[i].destination_id,
			.name = told.items[i].name,
		};

		TRY(record_effect(op, record, &notified));
	}
	return OK;
}

/* Those of the thing and the terms; it is the op's deletion. */
static struct deletion new_deletion(struct op *op, struct uuid id,
				    const struct thing *thing,
				    const struct deletion_terms *terms)
{
	return (struct deletion){
		.id = id,
		.target_kind = thing_kind_name(thing->kind),
		.target_id = thing->id,
		.target_name = thing->name,
		.group_id = thing->group_id,
		.mode = mode_name(terms->mode),
		.revoke = revoke_name(terms->revoke),
		.actor = event_actor(op),
		.created_at = op->now,
		.purge_at = terms->purge_at,
		.last_event = last_event(op),
	};
}

static enum error purge_later(struct op *op, struct uuid deletion_id,
			      const struct deletion_terms *terms)
{
	const struct job_new purge = {
		.kind = JOB_PURGE,
		.subject_id = deletion_id,
		.due_at = terms->purge_at,
	};

	return terms->mode == MODE_HARD ? OK : job_add(op, &purge, NULL);
}

enum error record_end(struct op *op, struct record *record,
		      const struct thing *thing,
		      const struct deletion_terms *terms)
{
	TRY(record_notified(op, record));
	if (!record->first || record->text.length > 1)
		TRY(flush(op, record));
	struct deletion new = new_deletion(op, record->id, thing, terms);

	new.state = state_of(record, terms);
	new.counts = counts_text(op, &record->counts);
	new.effects = record->first;
	if (strcmp(new.state, DELETION_DONE) == 0)
		new.finished_at = op->now;
	TRY(store_deletion_add(op, &new));
	return purge_later(op, record->id, terms);
}

enum error record_announce(struct op *op, struct uuid id,
			   const struct thing *thing,
			   const struct deletion_terms *terms)
{
	struct deletion new = new_deletion(op, id, thing, terms);

	new.state = DELETION_RUNNING;
	new.counts = "{}";
	new.effects = NO_EFFECTS;
	return store_deletion_add(op, &new);
}

/*
 * Of the counts of what was hidden, as its purge begins: it says anew what
 * becomes of all that is there, but not of the grants that are ended.
 */
static void forget_hidden(struct effect_counts *counts)
{
	static const enum effect_what again[] = {
		EFFECT_HIDDEN, EFFECT_SHARED, EFFECT_LEFT, EFFECT_UNSUPPORTED};

	for (size_t i = 0; i < sizeof(again) / sizeof(*again); i++)
		memset(counts->of[again[i]], 0, sizeof(counts->of[again[i]]));
}

const char *record_counts_at_purge(struct op *op,
				   const struct deletion *deletion)
{
	struct effect_counts counts;

	effect_read_counts(op, deletion->counts, &counts);
	forget_hidden(&counts);
	return counts_text(op, &counts);
}

enum error record_go_on(struct op *op, struct record *ret,
			const struct deletion *deletion)
{
	bool is_running = strcmp(deletion->state, DELETION_RUNNING) == 0;

	record_begin(op, ret);
	ret->id = op->deletion_id = deletion->id;
	effect_read_counts(op, deletion->counts, &ret->counts);
	if (!is_running)
		forget_hidden(&ret->counts);
	if (is_running && strcmp(deletion->effects, NO_EFFECTS) == 0)
		return OK; /* the first part is to be written yet */
	ret->first = deletion->effects;
	TRY(store_deletion_parts(op, deletion->id, &ret->parts));
	ret->parts++;
	return OK;
}

enum error receipt_tell_finished(struct op *op, const struct deletion *deletion)
{
	char target[UUID_TEXT];
	const struct event_fact facts[] = {
		{"targetKind", deletion->target_kind, false},
		{"targetId", target, false},
		{"targetName", deletion->target_name, false},
		{"counts", deletion->counts, true},
	};

	uuid_format(deletion->target_id, target);
	return event_record_of(op, deletion->id, "deletion.finished",
			       "deletion", deletion->id, facts, 4);
}

enum error record_go_on_end(struct op *op, struct record *record,
			    const struct deletion *deletion,
			    const struct deletion_terms *terms, bool is_cut)
{
	struct deletion to = *deletion;
	bool is_purge = strcmp(deletion->mode, mode_name(terms->mode)) != 0;
	int64_t open;

	if (!is_cut && !is_purge)
		TRY(record_notified(op, record));
	if (record->text.length > 1)
		TRY(flush(op, record));
	TRY(store_steps_open(op, deletion->id, &open));
	record->has_steps = open != 0;
	to.state = is_cut ? DELETION_RUNNING : state_of(record, terms);
	to.finished_at = strcmp(to.state, DELETION_DONE) == 0 ? op->now : 0;
	to.counts = counts_text(op, &record->counts);
	to.effects = record->first ? record->first : NO_EFFECTS;
	if (to.finished_at)
		TRY(receipt_tell_finished(op, &to));
	if (last_event(op)) /* else that of the batch before */
		to.last_event = last_event(op);
	TRY(store_deletion_go_on(op, &to));
	return is_cut ? OK : purge_later(op, record->id, terms);
}

void record_release(struct record *record)
{
	buf_release(&record->text);
}

enum error receipt_get(struct op *op, struct uuid id, struct deletion *ret)
{
	char text[UUID_TEXT];

	enum error error = store_deletion_get(op, id, ret);
	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		op_explain(op, "there is no deletion %s", text);
	}
	return error;
}

enum error receipt_part(struct op *op, const struct deletion *of,
			int64_t number, const char **ret)
{
	*ret = of->effects;
	if (number == 0)
		return OK;
	enum error error = store_deletion_part_get(op, of->id, number, ret);
	if (error == ERR_NOT_FOUND) {
		*ret = NULL;
		return OK;
	}
	return error;
}

static bool passes(const struct deletion_filter *filter,
		   const struct deletion *deletion)
{
	if (filter->state && strcmp(filter->state, deletion->state) != 0)
		return false;
	if (filter->target_kind &&
	    strcmp(filter->target_kind, deletion->target_kind) != 0)
		return false;
	if (!uuid_is_nil(filter->target_id) &&
	    !uuid_equal(filter->target_id, deletion->target_id))
		return false;
	if (!uuid_is_nil(filter->group_id) &&
	    !uuid_equal(filter->group_id, deletion->group_id))
		return false;
	return deletion->created_at >= filter->since &&
	       (!filter->until || deletion->created_at < filter->until);
}

enum error receipt_list(struct op *op, const struct deletion_filter *filter,
			struct deletion_list *ret, struct uuid *ret_after)
{
	struct deletion_list seen;
	size_t kept = 0, i = 0;

	TRY(store_deletion_list(op, filter->state, filter->after, LOOKED_AT,
				&seen));
	for (; i < seen.count && kept < (size_t)filter->limit; i++)
		if (passes(filter, &seen.items[i]))
			seen.items[kept++] = seen.items[i];
	bool is_end = i == seen.count && seen.count < LOOKED_AT;
	*ret_after = (struct uuid){{0}};
	if (!is_end && i)
		*ret_after = seen.items[i - 1].id;
	*ret = (struct deletion_list){seen.items, kept};
	return OK;
}

enum error receipt_steps(struct op *op, struct uuid deletion_id,
			 struct uuid after, struct step_list *ret,
			 struct uuid *ret_after)
{
	TRY(store_step_list(op, deletion_id, after, STEPS_SHOWN + 1, ret));
	*ret_after = (struct uuid){{0}};
	if (ret->count > STEPS_SHOWN) {
		ret->count = STEPS_SHOWN;
		*ret_after = ret->items[STEPS_SHOWN - 1].id;
	}
	return OK;
}
