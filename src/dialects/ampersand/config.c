/* Checking a configuration against its shape and what a revision offers. */
#include "dialects/ampersand/config.h"

#include <string.h>

#include "base/json_patch.h"
#include "base/json_read.h"

enum {
	CONTENT_MAX = 1024 * 1024,
	/* it is read again as a part of events and of requests */
	LEVELS_MAX = JSON_DEPTH_MAX - 2,
};

enum error amp_config_rules(struct op *op, const struct integration *of,
			    struct uuid revision_id,
			    struct amp_config_rules *ret)
{
	struct revision revision;
	json_t *manifest;
	const char *why;

	*ret = (struct amp_config_rules){.of = of};
	enum error error = revision_get(op, revision_id, &revision);
	if (error == ERR_NOT_FOUND ||
	    (error == OK && !uuid_equal(revision.integration_id, of->id)))
		return OK;
	TRY(error);
	TRY(json_read(&op->arena, revision.content, strlen(revision.content),
		      &manifest, &why));
	ret->manifest = manifest;
	return OK;
}

bool amp_config_offers(const struct amp_config_rules *rules, const char *action,
		       const char *name)
{
	const json_t *objects = json_object_get(
		json_object_get(rules->manifest, action), "objects");
	const json_t *object;
	size_t i;

	if (!rules->manifest)
		return true;
	json_array_foreach (objects, i, object) {
		if (strcmp(json_string_value(
				   json_object_get(object, "objectName")),
			   name) == 0)
			return true;
	}
	return false;
}

bool amp_config_offers_proxy(const struct amp_config_rules *rules)
{
	const json_t *proxy = json_object_get(rules->manifest, "proxy");

	return !rules->manifest ||
	       (proxy && !json_is_false(json_object_get(proxy, "enabled")));
}

/* Asked anew: what is called in between adds some. */
static size_t issues_of(const struct op *op)
{
	return op->issue_count;
}

/* False when there was a fault, or no room is left to tell of one. */
static bool fits(const struct body_reader *in, const char *name, json_t *value,
		 const struct amp_shape *shape)
{
	struct op *op = in->op;
	const struct amp_node node = {
		.op = op,
		.name = arena_printf(&op->arena, "%s%s", in->path, name),
		.value = value,
	};
	size_t before = issues_of(op);

	amp_drop_nulls(value);
	amp_check_shape(&node, shape);
	if (issues_of(op) > before)
		*in->fault = ERR_MISSHAPEN;
	return issues_of(op) == before && before < OP_ISSUES_MAX;
}

/* `in` reads the object's fields. */
static void check_fields(const struct body_reader *in, const char *name)
{
	const char *own =
		json_string_value(json_object_get(in->object, "objectName"));
	const char *schedule =
		json_string_value(json_object_get(in->object, "schedule"));
	const char *why = schedule ? amp_schedule_fault(schedule) : NULL;

	if (strcmp(own, name) != 0)
		body_invalid(in, "objectName", "must be %s, as its key", name);
	if (why)
		body_invalid(in, "schedule", "%s", why);
}

/* What the shape can't say; `in` reads the objects of this action. */
static void check_rules(const struct body_reader *in, const char *action,
			const char *name, const json_t *value,
			const struct amp_config_rules *rules)
{
	struct body_reader inside = body_inside(in, name, value);

	if (!amp_config_offers(rules, action, name))
		body_invalid(in, name,
			     "is no object that the revision has to "
			     "%s",
			     action);
	check_fields(&inside, name);
}

void amp_check_config_object(const struct body_reader *in, const char *action,
			     const char *name, json_t *value,
			     const struct amp_config_rules *rules)
{
	if (!json_is_object(value))
		body_misshapen(in, name, "must be an object");
	else if (fits(in, name, value, amp_config_object(action)->shape))
		check_rules(in, action, name, value, rules);
}

static void check_action(const struct body_reader *content, const char *action,
			 const struct amp_config_rules *rules)
{
	json_t *value = json_object_get(content->object, action);
	json_t *objects = json_object_get(value, "objects");
	struct body_reader of_action = body_inside(content, action, value);
	struct body_reader in = body_inside(&of_action, "objects", objects);
	const char *name;
	json_t *object;

	json_object_foreach (objects, name, object) {
		check_rules(&in, action, name, object, rules);
	}
}

void amp_check_config(const struct body_reader *in, json_t *content,
		      const struct amp_config_rules *rules)
{
	const char *const actions[] = {"read", "write", "subscribe"};
	struct body_reader inside = body_inside(in, "content", content);

	if (!fits(in, "content", content, &amp_config_shape))
		return;
	if (strcmp(json_string_value(json_object_get(content, "provider")),
		   rules->of->kind) != 0)
		body_invalid(&inside, "provider",
			     "must be %s, as the integration's",
			     rules->of->kind);
	for (size_t i = 0; i < AMP_COUNT(actions); i++)
		check_action(&inside, actions[i], rules);
	if (json_is_true(json_object_get(json_object_get(content, "proxy"),
					 "enabled")) &&
	    !amp_config_offers_proxy(rules))
		body_invalid(&inside, "proxy.enabled",
			     "is nothing that the revision has");
}

const char *amp_config_text(const struct body_reader *in, const char *path,
			    const json_t *content)
{
	const char *text = json_text(&in->op->arena, content);

	if (strlen(text) > CONTENT_MAX)
		body_invalid(in, path, "is over %d bytes", CONTENT_MAX);
	if (json_levels(content) > LEVELS_MAX)
		body_invalid(in, path, "is nested over %d levels", LEVELS_MAX);
	return text;
}

const char *amp_read_creator(const struct body_reader *config)
{
	static const char *const kinds[] = {"consumer:", "builder:", "api:"};
	const char *text =
		body_string(config, "createdBy", false, AMP_REF_MAX + 16);

	if (!text)
		return NULL;
	for (size_t i = 0; i < AMP_COUNT(kinds); i++) {
		size_t length = strlen(kinds[i]);

		if (strncmp(text, kinds[i], length) == 0 && text[length])
			return text;
	}
	body_invalid(config, "createdBy",
		     "must be consumer:REF, builder:ID or api:CALLER");
	return NULL;
}

void amp_read_id(const struct body_reader *in, const char *name,
		 bool is_required, struct uuid *ret)
{
	const char *text = body_string(in, name, is_required, AMP_NAME_MAX);

	if (text && !uuid_parse(text, ret))
		/* no such thing: core says so of one that it does not find */
		memset(ret->bytes, 0xff, UUID_BYTES);
}
