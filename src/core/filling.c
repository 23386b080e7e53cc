/* Finding variables in texts, and filling in what they are. */
#include "core/filling.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_map.h"
#include "core/credential.h"
#include "core/variable.h"

/* A place in a text: what stands before it, and the name that is in it. */
struct hole {
	const char *begin; /* of ${NAME} or $${NAME} */
	const char *end;
	const char *name; /* in the arena */
	bool is_escaped;
};

static bool read_hole(struct arena *arena, const char *at, struct hole *ret)
{
	const char *open = at + (at[1] == '$');
	size_t length = open[1] == '{' ? strcspn(open + 2, "}") : 0;

	if (!length || length > VARIABLE_NAME_MAX || !open[2 + length])
		return false;
	*ret = (struct hole){
		.begin = at,
		.end = open + 2 + length + 1,
		.name = arena_strndup(arena, open + 2, length),
		.is_escaped = open != at,
	};
	return variable_name_is_valid(ret->name);
}

/* The next one; false when there is none. */
static bool next_hole(struct arena *arena, const char *text, struct hole *ret)
{
	for (const char *at = text; (at = strchr(at, '$')); at++)
		if (read_hole(arena, at, ret))
			return true;
	return false;
}

struct filling filling_of(struct op *op, struct uuid environment_id)
{
	return (struct filling){
		.op = op,
		.environment_id = environment_id,
		.room = FILLING_MAX,
	};
}

static void wipe(void *text)
{
	sodium_memzero(text, strlen(text));
}

/* A name may stand in a text thousands of times. */
struct filling_value {
	const char *name;
	const char *value;
	struct filling_value *next;
};

static bool has_failed(const struct filling *filling)
{
	return filling->error != OK || filling->missing ||
	       filling->is_too_large;
}

static void remember(struct filling *filling, const char *name,
		     const char *value)
{
	struct filling_value *known =
		arena_alloc(&filling->op->arena, sizeof(*known));

	*known = (struct filling_value){name, value, filling->values};
	filling->values = known;
}

static const char *value_of(struct filling *filling, const char *name)
{
	const char *value = NULL;

	for (const struct filling_value *known = filling->values; known;
	     known = known->next)
		if (strcmp(known->name, name) == 0)
			return known->value;
	enum error error = variable_value_in(filling->op, name,
					     filling->environment_id, &value);

	if (filling->error == OK)
		filling->error = error;
	if (error == OK && !value && !filling->missing)
		filling->missing = name;
	remember(filling, name, value ? value : "");
	return value ? value : "";
}

const char *filling_text(struct filling *filling, const char *text)
{
	struct arena *arena = &filling->op->arena;
	const char *at = text;
	struct hole hole;
	struct buf out;

	if (has_failed(filling))
		return "";
	if (!next_hole(arena, text, &hole))
		return text;
	buf_init(&out, filling->room);
	while (!has_failed(filling) && next_hole(arena, at, &hole)) {
		buf_add(&out, at, (size_t)(hole.begin - at));
		if (hole.is_escaped)
			buf_add(&out, hole.begin + 1,
				(size_t)(hole.end - hole.begin - 1));
		else
			buf_text(&out, value_of(filling, hole.name));
		at = hole.end;
		filling->is_too_large |= out.is_overfull;
	}
	buf_text(&out, at);
	filling->is_too_large |= out.is_overfull;
	if (has_failed(filling)) {
		sodium_memzero(out.bytes, out.length);
		buf_clear(&out);
	}
	filling->room -= out.length;
	char *filled = arena_strdup(arena, buf_cstr(&out));
	arena_on_reset(arena, wipe, filled);
	sodium_memzero(out.bytes, out.length);
	buf_release(&out);
	return filled;
}

static const char *map_text(void *filling, const char *text)
{
	return filling_text(filling, text);
}

const char *filling_json(struct filling *filling, const char *json)
{
	struct op *op = filling->op;
	const char *filled = json;

	if (!strchr(json, '$'))
		return json;
	enum error error = json_map(&op->arena, json, strlen(json), map_text,
				    filling, &filled);
	if (error != OK && filling->error == OK)
		filling->error = op_fail(op, ERR_INTERNAL,
					 "stored settings are no JSON");
	return filled;
}

struct use {
	struct op *op;
	const char *name;
	bool is_used;
};

static const char *look_for_use(void *context, const char *text)
{
	struct use *use = context;
	struct hole hole;

	while (next_hole(&use->op->arena, text, &hole)) {
		use->is_used |=
			!hole.is_escaped && strcmp(hole.name, use->name) == 0;
		text = hole.end;
	}
	return NULL;
}

static enum error is_used_by(struct op *op, const char *name,
			     const struct connection *target, bool *ret)
{
	struct use use = {op, name, false};
	struct credential_list secrets;
	const char *same;

	if (strchr(target->settings, '$'))
		TRY(json_map(&op->arena, target->settings,
			     strlen(target->settings), look_for_use, &use,
			     &same));
	TRY(credential_use(op, target->id, &secrets));
	for (size_t i = 0; i < secrets.count; i++)
		look_for_use(&use, (const char *)secrets.items[i].value.bytes);
	*ret = use.is_used;
	return OK;
}

enum error filling_users(struct op *op, const char *name,
			 struct connection_list *ret)
{
	struct connection_list all;
	size_t count = 0;

	TRY(target_list(op, NULL, &all));
	for (size_t i = 0; i < all.count; i++) {
		bool is_used;

		TRY(is_used_by(op, name, &all.items[i].connection, &is_used));
		if (is_used)
			all.items[count++] = all.items[i];
	}
	all.count = count;
	*ret = all;
	return OK;
}
