/* Pausing an installation's scheduled reads, and going on with them. */
#include <string.h>

#include "base/json_read.h"
#include "core/read_pause.h"
#include "dialects/ampersand/ampersand.h"

enum { OBJECTS_MAX = 1000 };

struct pausing {
	const char **objects;
	size_t count;
	bool is_of_all; /* the body named none */
	const char *note;
};

/* What its configuration reads, by name. */
static enum error read_objects(struct op *op, const char *content,
			       const json_t **ret)
{
	json_t *config;
	const char *why;

	if (json_read(&op->arena, content, strlen(content), &config, &why) !=
	    OK)
		return op_fail(op, ERR_INTERNAL, "a configuration is no JSON");
	*ret = json_object_get(json_object_get(config, "read"), "objects");
	return OK;
}

/* The body may be left out. */
static enum error read_json(struct request *request)
{
	struct op *op = &request->op;
	const char *why;

	if (!request->body.length) {
		request->json = json_new_object(&op->arena);
		return OK;
	}
	if (json_read(&op->arena, request->body.bytes, request->body.length,
		      &request->json, &why) != OK)
		return op_fail(op, ERR_MALFORMED, "%s", why);
	return OK;
}

static enum error read_body(struct request *request, struct pausing *ret)
{
	struct arena *arena = &request->op.arena;
	struct body_reader in;
	const json_t *name;
	size_t i;

	TRY(read_json(request));
	TRY(body_read(request, &in));
	json_t *names = body_strings(&in, "objects");

	*ret = (struct pausing){
		.is_of_all = !names,
		.note = body_string(&in, "note", false, READ_PAUSE_NOTE_MAX),
	};
	if (names && !json_array_size(names))
		body_misshapen(&in, "objects", "must not be empty");
	if (json_array_size(names) > OBJECTS_MAX)
		body_misshapen(&in, "objects", "are too many");
	TRY(amp_body_done(&in));
	ret->objects = arena_alloc(arena, (json_array_size(names) + 1) *
						  sizeof(*ret->objects));
	json_array_foreach (names, i, name)
		ret->objects[ret->count++] = json_string_value(name);
	return OK;
}

static bool is_paused(const struct read_pause_list *paused, const char *object)
{
	for (size_t i = 0; i < paused->count; i++)
		if (strcmp(paused->items[i].object, object) == 0)
			return true;
	return false;
}

/* Who names an object that is neither read nor paused has mistyped it. */
static enum error refuse_unknown(struct op *op, const struct pausing *pausing,
				 const json_t *read,
				 const struct read_pause_list *paused)
{
	for (size_t i = 0; i < pausing->count; i++) {
		const char *object = pausing->objects[i];

		if (json_object_get(read, object) || is_paused(paused, object))
			continue;
		op_issue(op, "body", "objects", "%s is not read", object);
		op_explain(op, "the installation does not read %s", object);
	}
	return op->issue_count ? ERR_MISSHAPEN : OK;
}

static enum error take_all(struct op *op, const json_t *read,
			   struct pausing *pausing)
{
	json_t *objects = (json_t *)(uintptr_t)read;
	struct arena *arena = &op->arena;

	if (json_object_size(objects) > OBJECTS_MAX)
		return op_fail(op, ERR_MISSHAPEN,
			       "more than %d objects are read: name some",
			       OBJECTS_MAX);
	pausing->objects = arena_alloc(arena, (json_object_size(objects) + 1) *
						      sizeof(char *));
	for (void *at = json_object_iter(objects); at;
	     at = json_object_iter_next(objects, at))
		pausing->objects[pausing->count++] = json_object_iter_key(at);
	return OK;
}

/* Whose, and what; `*ret_read` has what its configuration reads. */
static enum error begin(struct request *request, struct uuid *ret_id,
			struct pausing *ret, const json_t **ret_read)
{
	struct op *op = &request->op;
	struct read_pause_list paused;
	struct installation_view view;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(op));
	TRY(amp_find_installation(request, &view));
	TRY(read_body(request, ret));
	*ret_id = view.installation.id;
	TRY(read_objects(op, view.config.content, ret_read));
	TRY(read_pause_list(op, *ret_id, &paused));
	return refuse_unknown(op, ret, *ret_read, &paused);
}

enum error amp_pause_reads(struct request *request)
{
	struct pausing pausing;
	const json_t *read;
	struct uuid id;

	TRY(begin(request, &id, &pausing, &read));
	if (pausing.is_of_all)
		TRY(take_all(&request->op, read, &pausing));
	const struct read_pause_new new = {
		.objects = pausing.objects,
		.object_count = pausing.count,
		.cause = PAUSED_BY_REQUEST,
		.note = pausing.note,
	};
	TRY(read_pause(&request->op, id, &new));
	return amp_no_content(request);
}

enum error amp_unpause_reads(struct request *request)
{
	struct pausing pausing;
	const json_t *read;
	struct uuid id;

	TRY(begin(request, &id, &pausing, &read));
	TRY(read_unpause(&request->op, id,
			 pausing.is_of_all ? NULL : pausing.objects,
			 pausing.count, pausing.note));
	return amp_no_content(request);
}
