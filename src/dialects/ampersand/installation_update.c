/* An installation's connection and configuration are changed, by mask. */
#include <string.h>

#include "base/json_read.h"
#include "dialects/ampersand/config.h"

#define CONTENT "config.content."

/* One update under way. */
struct editing {
	const struct amp_update *update;
	struct body_reader
		config; /* of what was sent: config, and its content */
	struct body_reader given;
	struct amp_config_rules rules;
	json_t *content; /* the installation's, as it becomes */
	bool is_edited;
	struct installation_change to;
};

static void refuse_mask(const struct editing *editing, const char *mask)
{
	const struct body_reader *in = &editing->update->body;

	body_misshapen(in, "updateMask",
		       arena_printf(&in->op->arena,
				    "holds %s, which can't be changed", mask));
}

/* The text behind this one, where something is. */
static const char *behind(const char *text, const char *start)
{
	size_t length = strlen(start);

	return strncmp(text, start, length) == 0 && text[length] ? text + length
								 : NULL;
}

/* The reader of what was sent for this action's objects. */
static struct body_reader objects_given(const struct editing *editing,
					const char *action)
{
	const json_t *of = json_object_get(editing->given.object, action);
	struct body_reader in = body_inside(&editing->given, action, of);

	return body_inside(&in, "objects", json_object_get(of, "objects"));
}

static json_t *object_in(struct editing *editing, json_t *of, const char *name)
{
	json_t *object = json_object_get(of, name);

	if (json_is_object(object))
		return object;
	object = json_new_object(&editing->config.op->arena);
	json_object_set(of, name, object);
	return object;
}

/* The objects that the installation has for this action. */
static json_t *objects_of(struct editing *editing, const char *action)
{
	return object_in(editing, object_in(editing, editing->content, action),
			 "objects");
}

/* An answer has these always; the contract lets a change leave them out. */
static void complete_read(struct editing *editing, const char *name,
			  json_t *value)
{
	if (json_is_object(value) && !json_object_get(value, "objectName"))
		json_object_set_new(value, "objectName", json_string(name));
	if (json_is_object(value) && !json_object_get(value, "selectedFields"))
		(void)object_in(editing, value, "selectedFields");
}

static void put_object(struct editing *editing, const struct body_reader *in,
		       const char *action, const char *name, json_t *into)
{
	json_t *value = json_object_get(in->object, name);

	if (!value || json_is_null(value)) {
		body_misshapen(in, name, "is required by updateMask");
		return;
	}
	if (strcmp(action, "read") == 0)
		complete_read(editing, name, value);
	amp_check_config_object(in, action, name, value, &editing->rules);
	json_object_set(into, name, value);
	editing->is_edited = true;
}

/* config.content.ACTION.objects: all of them. */
static void put_objects(struct editing *editing, const char *action)
{
	struct body_reader in = objects_given(editing, action);
	json_t *kept = json_new_object(&in.op->arena);
	json_t *objects = (json_t *)(uintptr_t)in.object;
	const char *name;
	json_t *value;

	if (!json_is_object(objects)) {
		body_misshapen(
			&editing->given,
			arena_printf(&in.op->arena, "%s.objects", action),
			"is required by updateMask");
		return;
	}
	json_object_foreach (objects, name, value) {
		put_object(editing, &in, action, name, kept);
	}
	json_object_set(object_in(editing, editing->content, action), "objects",
			kept);
	editing->is_edited = true;
}

/* Only what the revision has can be read again. */
static void put_disabled(struct editing *editing, const struct body_reader *in,
			 const char *name)
{
	json_t *object = json_object_get(objects_of(editing, "read"), name);
	const json_t *given = json_object_get(in->object, name);
	struct body_reader inside = body_inside(in, name, given);
	json_t *value = json_object_get(given, "disabled");

	if (!json_is_boolean(value))
		body_misshapen(&inside, "disabled",
			       value ? "must be true or false"
				     : "is required by updateMask");
	else if (!object)
		body_invalid(in, name, "is not configured");
	else if (json_is_false(value) &&
		 !amp_config_offers(&editing->rules, "read", name))
		body_invalid(in, name,
			     "is no object that the revision has to "
			     "read");
	else
		json_object_set(object, "disabled", value);
	editing->is_edited = true;
}

/*
 * NAME or NAME.disabled: a name may hold dots, and end so itself. Then it is
 * the name if there is an object of it in what was sent.
 */
static void put_read(struct editing *editing, const char *name)
{
	static const char suffix[] = ".disabled";
	struct body_reader in = objects_given(editing, "read");
	size_t length = strlen(name), end = sizeof(suffix) - 1;

	if (!json_object_get(in.object, name) && length > end &&
	    strcmp(name + length - end, suffix) == 0)
		put_disabled(editing, &in,
			     arena_strndup(&in.op->arena, name, length - end));
	else
		put_object(editing, &in, "read", name,
			   objects_of(editing, "read"));
}

static void put_proxy(struct editing *editing)
{
	const json_t *given = json_object_get(editing->given.object, "proxy");
	struct body_reader in = body_inside(&editing->given, "proxy", given);
	json_t *value = json_object_get(given, "enabled");

	if (!json_is_boolean(value))
		body_misshapen(&in, "enabled",
			       value ? "must be true or false"
				     : "is required by updateMask");
	else if (json_is_true(value) &&
		 !amp_config_offers_proxy(&editing->rules))
		body_invalid(&in, "enabled",
			     "is nothing that the revision "
			     "has");
	else
		json_object_set(object_in(editing, editing->content, "proxy"),
				"enabled", value);
	editing->is_edited = true;
}

static void put_creator(struct editing *editing)
{
	if (!json_is_string(
		    json_object_get(editing->config.object, "createdBy")))
		body_misshapen(&editing->config, "createdBy",
			       "is required by updateMask, as a string");
	else
		editing->to.created_by = amp_read_creator(&editing->config);
}

static void apply(struct editing *editing, const char *mask)
{
	static const char *const whole[] = {"write", "subscribe"};
	const char *name;

	if (strcmp(mask, "connectionId") == 0) {
		amp_read_id(&editing->update->inside, mask, true,
			    &editing->to.connection_id);
		return;
	}
	if (strcmp(mask, "config.createdBy") == 0) {
		put_creator(editing);
		return;
	}
	if (strcmp(mask, CONTENT "proxy.enabled") == 0) {
		put_proxy(editing);
		return;
	}
	if ((name = behind(mask, CONTENT "read.objects."))) {
		put_read(editing, name);
		return;
	}
	for (size_t i = 0; i < AMP_COUNT(whole); i++) {
		struct body_reader in = objects_given(editing, whole[i]);
		const char *of = arena_printf(&in.op->arena,
					      CONTENT "%s.objects", whole[i]);

		if (strcmp(mask, of) == 0) {
			put_objects(editing, whole[i]);
			return;
		}
		name = behind(mask, arena_printf(&in.op->arena, "%s.", of));
		if (name) {
			put_object(editing, &in, whole[i], name,
				   objects_of(editing, whole[i]));
			return;
		}
	}
	refuse_mask(editing, mask);
}

static enum error read_changes(struct editing *editing,
			       const struct amp_update *update)
{
	const json_t *config = json_object_get(update->inside.object, "config");
	const json_t *mask;
	size_t i;

	editing->config = body_inside(&update->inside, "config", config);
	editing->given = body_inside(&editing->config, "content",
				     json_object_get(config, "content"));
	json_array_foreach (update->mask, i, mask) {
		apply(editing, json_string_value(mask));
	}
	if (editing->is_edited)
		editing->to.content = amp_config_text(
			&editing->config, "content", editing->content);
	return body_done(&update->body);
}

/* What the installation has, to be edited, by the latest revision's rules. */
static enum error begin(struct op *op, const struct integration *of,
			const struct installation_view *now,
			struct editing *ret)
{
	const char *why;

	TRY(amp_config_rules(op, of, of->revision_id, &ret->rules));
	TRY(json_read(&op->arena, now->config.content,
		      strlen(now->config.content), &ret->content, &why));
	ret->to.revision_id = of->revision_id;
	return OK;
}

enum error amp_answer_update(struct request *request,
			     const struct integration *of,
			     const struct installation_view *now,
			     const struct installation_change *to)
{
	struct op *op = &request->op;
	struct installation_view view;

	TRY(installation_update(op, of, now, to, &view));
	struct json_writer w = amp_answer(request, 200);
	amp_put_installation(&w, op->project_id, &view);
	return installation_keep_document(op, view.installation.id,
					  buf_cstr(&request->response.body));
}

/* Core says of both, a new one and a change, what their member is called. */
static enum error name_connection(struct op *op, enum error error)
{
	for (size_t i = 0; error != OK && i < op->issue_count; i++)
		if (strcmp(op->issues[i].field, "connectionId") == 0)
			op->issues[i].field = "installation.connectionId";
	return error;
}

enum error amp_update_installation(struct request *request)
{
	struct editing editing = {.to.caller = "api:update-installation"};
	struct op *op = &request->op;
	bool skips_sampling = false;
	struct integration integration;
	struct installation_view now;
	struct amp_update update;
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(op));
	TRY(amp_path_integration(request, &integration));
	TRY(amp_path_id(request, 2, "installation", &id));
	TRY(installation_get(op, integration.id, id, &now));
	TRY(request_flag(request, "skipSampling", &skips_sampling));
	TRY(amp_read_update(request, "installation", &update));
	TRY(begin(op, &integration, &now, &editing));
	editing.update = &update;
	TRY(read_changes(&editing, &update));
	return name_connection(op, amp_answer_update(request, &integration,
						     &now, &editing.to));
}
