/* Pausing reads and going on with them. */
#include "core/read_pause.h"

#include <string.h>

#include "base/json_write.h"
#include "core/event.h"
#include "core/installation_state.h"
#include "core/store.h"

enum { NAMES_MAX = 1024 * 1024 };

static const struct read_pause *find(const struct read_pause_list *list,
				     const char *object)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].object, object) == 0)
			return &list->items[i];
	return NULL;
}

static enum error tell(struct op *op, const char *type, struct uuid id,
		       const char *const *objects, size_t count,
		       const char *note, const char *error)
{
	struct buf names;

	buf_init(&names, NAMES_MAX);
	struct json_writer w = json_writer_on(&names);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < count; i++)
		json_put_string(&w, NULL, objects[i]);
	json_end_array(&w);
	const struct event_fact facts[] = {
		{"objects", arena_strdup(&op->arena, buf_cstr(&names)), true},
		{"note", note, false},
		{"error", error, false},
	};
	bool is_cut = names.is_overfull;
	buf_release(&names);
	if (is_cut)
		return op_fail(op, ERR_TOO_LARGE, "too many objects");
	return event_record(op, type, "installation", id, facts, 3, NULL);
}

static enum error add(struct op *op, struct uuid id,
		      const struct read_pause_new *new, const char *object)
{
	const struct read_pause pause = {
		.object = object,
		.cause = new->cause,
		.note = new->note,
		.actor = event_actor(op),
		.created_at = op->now,
	};

	return store_read_pause_add(op, id, &pause);
}

/* Those that are not paused yet, each once. */
static enum error add_missing(struct op *op, struct uuid id,
			      const struct read_pause_new *new,
			      const char **ret_added, size_t *ret_count)
{
	struct read_pause_list there;
	size_t count = 0;

	TRY(store_read_pause_list(op, id, &there));
	for (size_t i = 0; i < new->object_count; i++) {
		const char *object = new->objects[i];
		bool is_there = find(&there, object);

		for (size_t k = 0; k < count && !is_there; k++)
			is_there = strcmp(ret_added[k], object) == 0;
		if (is_there)
			continue;
		TRY(add(op, id, new, object));
		ret_added[count++] = object;
	}
	*ret_count = count;
	return OK;
}

enum error read_pause(struct op *op, struct uuid installation_id,
		      const struct read_pause_new *new)
{
	const char **added = arena_alloc(&op->arena, (new->object_count + 1) *
							     sizeof(*added));
	bool is_by_errors = strcmp(new->cause, PAUSED_BY_ERRORS) == 0;
	struct installation_state was, to;
	size_t count;

	TRY(installation_state_get(op, installation_id, &was));
	TRY(add_missing(op, installation_id, new, added, &count));
	if (!count)
		return OK;
	to = was;
	to.is_paused_by_errors = was.is_paused_by_errors || is_by_errors;
	TRY(installation_state_change(op, installation_id, &was, &to));
	return tell(op, "read.schedule.paused", installation_id, added, count,
		    is_by_errors ? NULL : new->note,
		    is_by_errors ? new->note : NULL);
}

static bool is_among(const char *const *objects, size_t count,
		     const char *object)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(objects[i], object) == 0)
			return true;
	return false;
}

enum error read_unpause(struct op *op, struct uuid installation_id,
			const char *const *objects, size_t count,
			const char *note)
{
	struct installation_state was, to;
	struct read_pause_list there;
	size_t ended = 0;

	TRY(installation_state_get(op, installation_id, &was));
	TRY(store_read_pause_list(op, installation_id, &there));
	const char **names =
		arena_alloc(&op->arena, (there.count + 1) * sizeof(*names));
	to = was;
	to.is_paused_by_errors = false;
	for (size_t i = 0; i < there.count; i++) {
		const struct read_pause *pause = &there.items[i];

		if (objects && !is_among(objects, count, pause->object)) {
			to.is_paused_by_errors =
				to.is_paused_by_errors ||
				strcmp(pause->cause, PAUSED_BY_ERRORS) == 0;
			continue;
		}
		TRY(store_read_pause_remove(op, installation_id,
					    pause->object));
		names[ended++] = pause->object;
	}
	if (!ended)
		return OK;
	TRY(installation_state_change(op, installation_id, &was, &to));
	return tell(op, "read.schedule.unpaused", installation_id, names, ended,
		    note, NULL);
}

enum error read_pause_list(struct op *op, struct uuid installation_id,
			   struct read_pause_list *ret)
{
	return store_read_pause_list(op, installation_id, ret);
}
