/* From Apinizer's wire to the core: a connection. */
#include <string.h>
#include <strings.h>

#include "base/name.h"
#include "dialects/apinizer/apinizer.h"

/* As the vendor's own test collection relies on. */
static const struct field_policy tolerant = {
	.ignores_unknown = true,
	.null_is_absent = true,
};

static enum error check_name(struct op *op, const char *name)
{
	if (!name[strspn(name, " ")])
		return op_fail(op, ERR_INVALID,
			       "Connection name can not be empty!");
	if (strlen(name) > APINIZER_NAME_MAX)
		return op_fail(op, ERR_INVALID,
			       "Connection name can not be longer than %d "
			       "bytes!",
			       APINIZER_NAME_MAX);
	for (const char *c = name; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return op_fail(op, ERR_INVALID,
				       "Connection name can not hold control "
				       "characters!");
	return OK;
}

enum error apinizer_path_name(struct request *request, const char **ret)
{
	TRY(check_name(&request->op, request->params[1]));
	*ret = request->params[1];
	return OK;
}

/* NULL when it is not there or null. ERR_MISSHAPEN when it is no string. */
static enum error read_text(struct op *op, const json_t *body, const char *name,
			    const char **ret)
{
	const json_t *value = json_object_get(body, name);

	if (value && !json_is_null(value) && !json_is_string(value))
		return op_fail(op, ERR_MISSHAPEN, "%s must be a string", name);
	*ret = json_string_value(value);
	return OK;
}

/* Kept as it is when it is not there. */
static enum error read_flag(struct op *op, const json_t *body, const char *name,
			    bool *flag)
{
	const json_t *value = json_object_get(body, name);

	if (!value || json_is_null(value))
		return OK;
	if (!json_is_boolean(value))
		return op_fail(op, ERR_MISSHAPEN, "%s must be true or false",
			       name);
	*flag = json_is_true(value);
	return OK;
}

/* The body's name, which must be the path's but for case if there is one. */
static enum error read_name(struct op *op, const json_t *body,
			    const char *path_name, const char **name)
{
	const char *given;

	TRY(read_text(op, body, "name", &given));
	if (!given)
		return OK;
	TRY(check_name(op, given));
	if (path_name && strcmp(name_fold(&op->arena, given),
				name_fold(&op->arena, path_name)) != 0)
		return op_fail(op, ERR_INVALID,
			       "Connection name in the path (%s) and in the "
			       "body (%s) must be the same!",
			       path_name, given);
	*name = given;
	return OK;
}

static enum error read_common(struct op *op, const json_t *body,
			      const char *path_name,
			      struct connection *connection)
{
	const char *description;

	TRY(read_name(op, body, path_name, &connection->name));
	TRY(read_text(op, body, "description", &description));
	if (description && strlen(description) > FIELD_TEXT_MAX)
		return op_fail(op, ERR_MISSHAPEN,
			       "description must have at most %d bytes",
			       FIELD_TEXT_MAX);
	if (description)
		connection->description = *description ? description : NULL;
	TRY(read_flag(op, body, "deployToWorker", &connection->is_deployed));
	return read_flag(op, body, "enabled", &connection->is_enabled);
}

static enum error must_be_object(struct request *request)
{
	if (json_is_object(request->json))
		return OK;
	return op_fail(&request->op, ERR_MISSHAPEN,
		       "the body must be a JSON object");
}

static enum error read_type(struct op *op, const json_t *body,
			    const struct field_table **ret)
{
	const char *type;

	TRY(read_text(op, body, "type", &type));
	if (!type || !*type)
		return op_fail(op, ERR_MISSHAPEN,
			       "Connection type can not be empty!");
	*ret = apinizer_type(type);
	if (!*ret)
		return op_fail(op, ERR_INVALID,
			       "Connection type (%s) is not valid!", type);
	return OK;
}

enum error apinizer_read_new(struct request *request, const char *path_name,
			     struct apinizer_input *ret)
{
	const struct field_table *type = NULL;
	const struct credential_names none = {NULL, 0};
	struct op *op = &request->op;
	struct apinizer_input input = {
		.connection = {.family = CONNECTION_TARGET,
			       .name = path_name,
			       .is_deployed = true,
			       .is_enabled = true}};

	TRY(must_be_object(request));
	TRY(read_type(op, request->json, &type));
	TRY(read_common(op, request->json, path_name, &input.connection));
	TRY(fields_read(op, type, request->json, NULL, &tolerant,
			&input.values));
	TRY(fields_needed(op, type, &input.values, &none));
	input.connection.kind = type->type;
	input.connection.settings = input.values.settings;
	*ret = input;
	return OK;
}

static enum error refuse_other_type(struct op *op, const json_t *body,
				    const struct connection *old)
{
	const char *type;

	TRY(read_text(op, body, "type", &type));
	if (!type || strcasecmp(type, old->kind) == 0)
		return OK;
	return op_fail(op, ERR_INVALID,
		       "Connection type can not be changed from %s!",
		       old->kind);
}

enum error apinizer_read_change(struct request *request,
				const struct connection *old,
				const char *path_name,
				struct apinizer_input *ret)
{
	struct op *op = &request->op;
	struct apinizer_input input = {.connection = *old};
	struct credential_names secrets;
	const struct field_table *type = apinizer_type(old->kind);

	if (!type)
		return op_fail(op, ERR_INTERNAL, "a stored type is unknown");
	TRY(must_be_object(request));
	TRY(refuse_other_type(op, request->json, old));
	TRY(read_common(op, request->json, path_name, &input.connection));
	TRY(fields_read(op, type, request->json, old->settings, &tolerant,
			&input.values));
	TRY(credential_names(op, old->id, &secrets));
	TRY(fields_needed(op, type, &input.values, &secrets));
	input.connection.settings = input.values.settings;
	*ret = input;
	return OK;
}
