/* From GoRules' wire to the core: an integration. */
#include <string.h>

#include "base/json_read.h"
#include "dialects/gorules/gorules.h"

static const struct text_rule description_rule = {
	.path = "description", .max = GORULES_TEXT_MAX, .may_be_empty = true};
static const struct text_rule group_rule = {
	.path = "group", .max = GORULES_NAME_MAX, .may_be_empty = true};

static enum error must_be_object(struct request *request)
{
	if (json_is_object(request->json))
		return OK;
	return op_fail(&request->op, ERR_MISSHAPEN,
		       "the body must be an object");
}

static void refuse_other_type(struct op *op, const char *type)
{
	if (type && strcmp(type, "http") != 0)
		op_issue(op, "body", "type", "must be http");
}

enum error gorules_read_new(struct request *request, struct gorules_input *ret)
{
	const struct text_rule name = {
		.path = "name", .max = GORULES_NAME_MAX, .is_required = true};
	const struct text_rule type = {
		.path = "type", .max = GORULES_NAME_MAX, .is_required = true};
	const struct text_rule kind = {
		.path = "kind", .max = GORULES_KIND_MAX, .is_required = true};
	const json_t *body = request->json;
	struct op *op = &request->op;
	struct gorules_input input = {
		.integration = {.family = INTEGRATION_HTTP, .kind = "http"}};
	struct integration *new = &input.integration;

	TRY(must_be_object(request));
	new->title = gorules_text(op, json_object_get(body, "name"), &name);
	refuse_other_type(
		op, gorules_text(op, json_object_get(body, "type"), &type));
	new->handle = gorules_text(op, json_object_get(body, "kind"), &kind);
	new->description = gorules_text(
		op, json_object_get(body, "description"), &description_rule);
	new->category =
		gorules_text(op, json_object_get(body, "group"), &group_rule);
	json_t *config = gorules_config(op, json_object_get(body, "config"),
					NULL, &input);
	TRY(gorules_verdict(op));
	new->settings = json_text(&op->arena, config);
	*ret = input;
	return OK;
}

/* `type` and `kind` may be there, as in what was read, but not others. */
static void refuse_change(struct op *op, const json_t *body, const char *name,
			  const char *current)
{
	const json_t *value = json_object_get(body, name);
	const char *text = json_string_value(value);

	if (value && (!text || strcmp(text, current) != 0))
		op_issue(op, "body", name, "can not be changed");
}

/* Null empties an optional text; left out, it stays. */
static void change_text(struct op *op, const json_t *body,
			const struct text_rule *rule, const char **text)
{
	const json_t *value = json_object_get(body, rule->path);

	if (value)
		*text = gorules_text(op, value, rule);
}

static enum error change_config(struct op *op, const json_t *value,
				struct gorules_input *input)
{
	json_t *old;

	TRY(gorules_stored_config(op, input->integration.settings, &old));
	json_t *config = gorules_config(op, value, old, input);
	TRY(gorules_verdict(op));
	input->integration.settings = json_text(&op->arena, config);
	return OK;
}

enum error gorules_read_change(struct request *request,
			       const struct integration *old,
			       struct gorules_input *ret)
{
	const struct text_rule name = {
		.path = "name", .max = GORULES_NAME_MAX, .is_required = true};
	const json_t *body = request->json;
	struct op *op = &request->op;
	struct gorules_input input = {.integration = *old};

	TRY(must_be_object(request));
	refuse_change(op, body, "type", old->kind);
	refuse_change(op, body, "kind", old->handle);
	change_text(op, body, &name, &input.integration.title);
	change_text(op, body, &description_rule,
		    &input.integration.description);
	change_text(op, body, &group_rule, &input.integration.category);
	const json_t *config = json_object_get(body, "config");
	if (config)
		TRY(change_config(op, config, &input));
	TRY(gorules_verdict(op));
	*ret = input;
	return OK;
}
