/* Reading fields of a JSON body, with an issue for each fault. */
#include <stdarg.h>
#include <string.h>

#include "base/json_read.h"
#include "dialects/ampersand/ampersand.h"

enum error amp_enter(struct request *request, struct project *ret)
{
	return project_enter(&request->op, PROJECT_BY_ID_OR_NAME,
			     request->params[0], ret);
}

enum error amp_path_id(struct request *request, int param, const char *what,
		       struct uuid *ret)
{
	if (uuid_parse(request->params[param], ret))
		return OK;
	return op_fail(&request->op, ERR_NOT_FOUND, "there is no %s %s", what,
		       request->params[param]);
}

struct json_writer amp_answer(struct request *request, int status)
{
	request->response.status = status;
	request->response.content_type = "application/json";
	return json_writer_on(&request->response.body);
}

enum error amp_no_content(struct request *request)
{
	request->response.status = 204;
	return OK;
}

enum error amp_read_body(struct request *request, struct amp_reader *ret)
{
	if (!json_is_object(request->json))
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "the body must be a JSON object");
	*ret = (struct amp_reader){
		.op = &request->op,
		.object = request->json,
		.path = "",
		.fault = arena_alloc(&request->op.arena, sizeof(*ret->fault)),
	};
	return OK;
}

static const char *path_of(const struct amp_reader *in, const char *name)
{
	return arena_printf(&in->op->arena, "%s%s", in->path, name);
}

void amp_misshapen(const struct amp_reader *in, const char *name,
		   const char *why)
{
	op_issue(in->op, "body", path_of(in, name), "%s", why);
	*in->fault = ERR_MISSHAPEN;
}

void amp_invalid(const struct amp_reader *in, const char *name,
		 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	op_issue(in->op, "body", path_of(in, name), "%s",
		 arena_vprintf(&in->op->arena, format, args));
	va_end(args);
	if (*in->fault == OK)
		*in->fault = ERR_INVALID;
}

static json_t *field(const struct amp_reader *in, const char *name,
		     bool is_required)
{
	json_t *value = json_object_get(in->object, name);

	/* an absent optional and null are the same to us */
	if (value && !json_is_null(value))
		return value;
	if (is_required)
		amp_misshapen(in, name, "is required");
	return NULL;
}

const char *amp_read_string(const struct amp_reader *in, const char *name,
			    bool is_required, size_t max)
{
	const json_t *value = field(in, name, is_required);

	if (!value)
		return NULL;
	const char *text = json_string_value(value);
	if (!text)
		amp_misshapen(in, name, "must be a string");
	else if (strlen(text) > max)
		amp_invalid(in, name, "is over %zu bytes", max);
	else if (!*text && is_required)
		amp_invalid(in, name, "must not be empty");
	else
		return text;
	return NULL;
}

const json_t *amp_read_object(const struct amp_reader *in, const char *name,
			      bool is_required)
{
	const json_t *value = field(in, name, is_required);

	if (!value || json_is_object(value))
		return value;
	amp_misshapen(in, name, "must be an object");
	return NULL;
}

json_t *amp_read_strings(const struct amp_reader *in, const char *name)
{
	json_t *list = field(in, name, false);
	bool is_right = json_is_array(list);
	const json_t *text;
	size_t i;

	json_array_foreach (list, i, text) {
		is_right = is_right && json_is_string(text);
	}
	if (!list || is_right)
		return list;
	amp_misshapen(in, name, "must be a list of strings");
	return NULL;
}

void amp_check_bool(const struct amp_reader *in, const char *name)
{
	const json_t *value = field(in, name, false);

	if (value && !json_is_boolean(value))
		amp_misshapen(in, name, "must be true or false");
}

struct amp_reader amp_read_inside(const struct amp_reader *in, const char *name,
				  const json_t *object)
{
	return (struct amp_reader){
		.op = in->op,
		.object = object,
		.path = arena_printf(&in->op->arena, "%s%s.", in->path, name),
		.fault = in->fault,
	};
}

enum error amp_read_done(const struct amp_reader *in)
{
	if (*in->fault == OK)
		return OK;
	return op_fail(in->op, *in->fault, "%s %s", in->op->issues[0].field,
		       in->op->issues[0].why);
}
