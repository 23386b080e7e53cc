/* Reading fields of a JSON body, with an issue for each fault. */
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
	*ret = (struct amp_reader){&request->op, request->json, ""};
	return OK;
}

static const json_t *field(const struct amp_reader *in, const char *name,
			   bool is_required, const char *path)
{
	const json_t *value = json_object_get(in->object, name);

	/* an absent optional and null are the same to us */
	if (value && !json_is_null(value))
		return value;
	if (is_required)
		op_issue(in->op, "body", path, "is required");
	return NULL;
}

static const char *path_of(const struct amp_reader *in, const char *name)
{
	return arena_printf(&in->op->arena, "%s%s", in->path, name);
}

const char *amp_read_string(const struct amp_reader *in, const char *name,
			    bool is_required, size_t max)
{
	const char *path = path_of(in, name);
	const json_t *value = field(in, name, is_required, path);

	if (!value)
		return NULL;
	const char *text = json_string_value(value);
	if (!text)
		op_issue(in->op, "body", path, "must be a string");
	else if (strlen(text) > max)
		op_issue(in->op, "body", path, "is over %zu bytes", max);
	else if (!*text && is_required)
		op_issue(in->op, "body", path, "must not be empty");
	else
		return text;
	return NULL;
}

const json_t *amp_read_object(const struct amp_reader *in, const char *name,
			      bool is_required)
{
	const char *path = path_of(in, name);
	const json_t *value = field(in, name, is_required, path);

	if (!value || json_is_object(value))
		return value;
	op_issue(in->op, "body", path, "must be an object");
	return NULL;
}

struct amp_reader amp_read_inside(const struct amp_reader *in,
				  const char *name, const json_t *object)
{
	return (struct amp_reader){
		in->op, object,
		arena_printf(&in->op->arena, "%s%s.", in->path, name)};
}

enum error amp_read_done(const struct amp_reader *in)
{
	if (!in->op->issue_count)
		return OK;
	return op_fail(in->op, ERR_MISSHAPEN, "%s %s",
		       in->op->issues[0].field, in->op->issues[0].why);
}
