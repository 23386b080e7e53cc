/* One object's configuration is changed by a JSON Patch (RFC 6902). */
#include <string.h>

#include "base/json_patch.h"
#include "base/json_read.h"
#include "dialects/ampersand/config.h"

/* A pointer can't make a value deeper than it is long. */
enum { CHANGES_MAX = 1000, POINTER_LEVELS_MAX = JSON_DEPTH_MAX };

/* {groupRef | installationId, action, changes} */
struct patching {
	struct body_reader in;
	const char *group_ref; /* NULL: by id */
	struct uuid id;
	const char *action;
	const json_t *changes;
};

/* Said as it came. */
static enum error refuse_no_id(const struct body_reader *in)
{
	const char *text = json_string_value(
		json_object_get(in->object, "installationId"));
	struct uuid id;

	if (!text || uuid_parse(text, &id))
		return OK;
	return op_fail(in->op, ERR_NOT_FOUND, "there is no installation %s",
		       text);
}

static enum error read_patch(struct request *request, struct patching *ret)
{
	struct body_reader *in = &ret->in;

	TRY(body_read(request, in));
	ret->group_ref = body_string(in, "groupRef", false, AMP_REF_MAX);
	amp_read_id(in, "installationId", false, &ret->id);
	ret->action = body_string(in, "action", true, AMP_NAME_MAX);
	ret->changes = json_object_get(in->object, "changes");
	bool has_id = !uuid_is_nil(ret->id);

	if (*in->fault == OK && !ret->group_ref == !has_id)
		body_misshapen(in, "groupRef",
			       "or installationId is required, not both");
	if (ret->action && !amp_config_object(ret->action))
		body_misshapen(in, "action",
			       "must be read, subscribe or write");
	if (!json_array_size(ret->changes))
		body_misshapen(in, "changes",
			       "must be a list that is not empty");
	else if (json_array_size(ret->changes) > CHANGES_MAX)
		body_invalid(in, "changes", "are over %d", CHANGES_MAX);
	TRY(body_done(in));
	return refuse_no_id(in);
}

static bool is_too_deep(const char *pointer)
{
	int levels = 0;

	for (; *pointer; pointer++)
		levels += *pointer == '/';
	return levels > POINTER_LEVELS_MAX;
}

/* Makes one change, or adds a fault. */
static void apply(const struct body_reader *change, json_t **object)
{
	const char *name = body_string(change, "op", true, AMP_NAME_MAX);
	json_t *value = json_object_get(change->object, "value");
	const char *path =
		json_string_value(json_object_get(change->object, "path"));
	enum json_patch_op op = JSON_PATCH_REMOVE;

	if (name && !json_patch_named(name, &op))
		body_misshapen(change, "op", "must be add, remove or replace");
	else if (name && op != JSON_PATCH_REMOVE && !value)
		body_misshapen(change, "value", "is required");
	if (!path)
		body_misshapen(change, "path", "must be a JSON Pointer");
	else if (is_too_deep(path))
		body_invalid(change, "path", "is over %d levels",
			     POINTER_LEVELS_MAX);
	if (*change->fault != OK)
		return;
	const char *why =
		json_patch_apply(&change->op->arena, object, op, path, value);
	if (why)
		body_invalid(change, "path", "%s", why);
}

/* All of them, up to the first that can't be made. */
static void apply_all(const struct patching *patching, json_t **object)
{
	const struct body_reader *in = &patching->in;
	const json_t *change;
	size_t i;

	json_array_foreach (patching->changes, i, change) {
		const char *name =
			arena_printf(&in->op->arena, "changes[%zu]", i);
		struct body_reader inside = body_inside(in, name, change);

		if (!json_is_object(change))
			body_misshapen(in, name, "must be an object");
		else
			apply(&inside, object);
		if (*in->fault != OK)
			return;
	}
}

/* The object's configuration, changed; it goes when nothing is left of it. */
static void edit(const struct patching *patching, json_t *objects,
		 const char *name, const struct amp_config_rules *rules)
{
	json_t *object = json_object_get(objects, name);

	apply_all(patching, &object);
	if (*patching->in.fault != OK)
		return;
	if (!object) {
		json_object_del(objects, name);
		return;
	}
	json_object_set(objects, name, object);
	struct body_reader in = body_inside(
		&patching->in,
		arena_printf(&patching->in.op->arena,
			     "config.content.%s.objects", patching->action),
		objects);
	amp_check_config_object(&in, patching->action, name, object, rules);
}

static enum error find(struct op *op, const struct integration *of,
		       const struct patching *patching,
		       struct installation_view *ret)
{
	if (patching->group_ref)
		return installation_of_group(op, of->id, patching->group_ref,
					     ret);
	return installation_get(op, of->id, patching->id, ret);
}

static enum error make_changes(struct request *request,
			       const struct integration *of,
			       const struct patching *patching,
			       const struct installation_view *now,
			       struct installation_change *to)
{
	const char *name = request->params[2], *why;
	struct op *op = &request->op;
	struct amp_config_rules rules;
	json_t *content;

	TRY(amp_config_rules(op, of, of->revision_id, &rules));
	TRY(json_read(&op->arena, now->config.content,
		      strlen(now->config.content), &content, &why));
	json_t *objects = json_object_get(
		json_object_get(content, patching->action), "objects");
	if (!json_object_get(objects, name))
		return op_fail(op, ERR_NOT_FOUND,
			       "object %s is not configured for %s", name,
			       patching->action);
	edit(patching, objects, name, &rules);
	to->content = amp_config_text(&patching->in, "changes", content);
	/* this operation knows 400 alone for what does not fit */
	enum error error = body_done(&patching->in);
	return error == ERR_INVALID ? ERR_MISSHAPEN : error;
}

enum error amp_patch_config_content(struct request *request)
{
	struct op *op = &request->op;
	struct installation_change to = {
		.caller = "api:patch-object-config-content"};
	struct integration integration;
	struct installation_view view;
	struct patching patching = {.id = {{0}}};
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(op));
	TRY(amp_path_integration(request, &integration));
	enum error error = read_patch(request, &patching);
	TRY(error == ERR_INVALID ? ERR_MISSHAPEN : error);
	TRY(find(op, &integration, &patching, &view));
	to.revision_id = integration.revision_id;
	TRY(make_changes(request, &integration, &patching, &view, &to));
	return amp_answer_update(request, &integration, &view, &to);
}
