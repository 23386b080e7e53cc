/* Reading bodies and answering. */
#include <string.h>

#include "base/clock.h"
#include "dialects/cleat/cleat.h"

struct json_writer cleat_answer(struct request *request, int status)
{
	request->response.status = status;
	request->response.content_type = "application/json";
	return json_writer_on(&request->response.body);
}

enum error cleat_path_id(struct request *request, int param, const char *what,
			 struct uuid *ret)
{
	if (uuid_parse(request->params[param], ret))
		return OK;
	return op_fail(&request->op, ERR_NOT_FOUND, "there is no %s %s", what,
		       request->params[param]);
}

enum error cleat_read_body(struct request *request, struct cleat_reader *ret)
{
	if (!json_is_object(request->json))
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "the body must be a JSON object");
	*ret = (struct cleat_reader){
		.op = &request->op,
		.object = request->json,
		.path = "",
		.fault = arena_alloc(&request->op.arena, sizeof(*ret->fault)),
	};
	return OK;
}

static void blame(const struct cleat_reader *in, const char *name,
		  enum error error, const char *why)
{
	op_issue(in->op, "body",
		 arena_printf(&in->op->arena, "%s%s", in->path, name), "%s",
		 why);
	if (*in->fault == OK)
		*in->fault = error;
}

void cleat_refuse(const struct cleat_reader *in, const char *name,
		  const char *why)
{
	blame(in, name, ERR_INVALID, why);
}

static const json_t *field(const struct cleat_reader *in, const char *name,
			   bool is_required)
{
	const json_t *value =
		in->object ? json_object_get(in->object, name) : NULL;

	if (value && !json_is_null(value))
		return value;
	if (is_required)
		blame(in, name, ERR_MISSHAPEN, "is required");
	return NULL;
}

const char *cleat_read_string(const struct cleat_reader *in, const char *name,
			      bool is_required, size_t max)
{
	const json_t *value = field(in, name, is_required);
	const char *text = json_string_value(value);

	if (!value)
		return NULL;
	if (!text)
		blame(in, name, ERR_MISSHAPEN, "must be a string");
	else if (!*text)
		cleat_refuse(in, name, "must not be empty");
	else if (strlen(text) > max)
		cleat_refuse(in, name, "is too long");
	else
		return text;
	return NULL;
}

bool cleat_read_bool(const struct cleat_reader *in, const char *name)
{
	const json_t *value = field(in, name, false);

	if (value && !json_is_boolean(value))
		blame(in, name, ERR_MISSHAPEN, "must be true or false");
	return json_is_true(value);
}

int64_t cleat_read_number(const struct cleat_reader *in, const char *name,
			  int64_t least, int64_t most, int64_t fallback)
{
	const json_t *value = field(in, name, false);

	if (!value)
		return fallback;
	if (!json_is_integer(value)) {
		blame(in, name, ERR_MISSHAPEN, "must be a whole number");
		return fallback;
	}
	int64_t number = json_integer_value(value);
	if (number < least || number > most)
		cleat_refuse(in, name,
			     arena_printf(&in->op->arena,
					  "must be %lld to %lld",
					  (long long)least, (long long)most));
	return number;
}

struct cleat_reader cleat_read_inside(const struct cleat_reader *in,
				      const char *name, bool is_required)
{
	struct cleat_reader inside = *in;

	inside.object = field(in, name, is_required);
	inside.path = arena_printf(&in->op->arena, "%s%s.", in->path, name);
	if (inside.object && !json_is_object(inside.object)) {
		blame(in, name, ERR_MISSHAPEN, "must be an object");
		inside.object = NULL;
	}
	return inside;
}

enum error cleat_read_done(const struct cleat_reader *in)
{
	if (*in->fault == OK)
		return OK;
	return op_fail(in->op, *in->fault, "%s %s", in->op->issues[0].field,
		       in->op->issues[0].why);
}

void cleat_read_options(const struct cleat_reader *in,
			struct deletion_options *ret)
{
	const char *mode = cleat_read_string(in, "mode", false, 16);
	const char *revoke = cleat_read_string(in, "revoke", false, 16);

	*ret = (struct deletion_options){.force = cleat_read_bool(in, "force")};
	if (mode && !mode_named(mode, &ret->mode))
		cleat_refuse(in, "mode", "must be soft or hard");
	if (revoke && !revoke_named(revoke, &ret->revoke))
		cleat_refuse(in, "revoke", "must be now, purge or never");
}

enum error cleat_time_argument(struct request *request, const char *name,
			       int64_t *ret)
{
	const char *text = request_arg(request, name);

	*ret = 0;
	if (!text || clock_parse(text, ret))
		return OK;
	op_issue(&request->op, "query", name, "must be a time of RFC 3339");
	return op_fail(&request->op, ERR_MISSHAPEN,
		       "%s must be a time of RFC 3339", name);
}

static enum error refuse_arg(struct op *op, const char *name, const char *why)
{
	op_issue(op, "query", name, "%s", why);
	return op_fail(op, ERR_MISSHAPEN, "%s %s", name, why);
}

enum error cleat_options_of_query(struct request *request,
				  struct deletion_options *ret)
{
	const char *mode = request_arg(request, "mode");
	const char *revoke = request_arg(request, "revoke");

	*ret = (struct deletion_options){.force = false};
	TRY(request_flag(request, "force", &ret->force));
	if (mode && !mode_named(mode, &ret->mode))
		return refuse_arg(&request->op, "mode", "must be soft or hard");
	if (revoke && !revoke_named(revoke, &ret->revoke))
		return refuse_arg(&request->op, "revoke",
				  "must be now, purge or never");
	return OK;
}
