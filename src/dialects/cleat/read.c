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

void cleat_read_options(const struct body_reader *in,
			struct deletion_options *ret)
{
	static const char *const known[] = {"mode", "revoke", "force"};
	const char *mode = body_string(in, "mode", false, 16);
	const char *revoke = body_string(in, "revoke", false, 16);

	body_refuse_others(in, known, 3);
	*ret = (struct deletion_options){.force = body_bool(in, "force")};
	if (mode && !mode_named(mode, &ret->mode))
		body_invalid(in, "mode", "must be soft or hard");
	if (revoke && !revoke_named(revoke, &ret->revoke))
		body_invalid(in, "revoke", "must be now, purge or never");
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

enum error cleat_id_argument(struct request *request, const char *name,
			     struct uuid *ret)
{
	const char *text = request_arg(request, name);

	*ret = (struct uuid){{0}};
	if (!text || uuid_parse(text, ret))
		return OK;
	op_issue(&request->op, "query", name, "must be a uuid");
	return op_fail(&request->op, ERR_MISSHAPEN, "%s must be a uuid", name);
}

enum error cleat_refuse_argument(struct op *op, const char *name,
				 const char *why)
{
	op_issue(op, "query", name, "%s", why);
	return op_fail(op, ERR_MISSHAPEN, "%s %s", name, why);
}

enum error cleat_options_of_query(struct request *request,
				  struct deletion_options *ret)
{
	const char *mode = request_arg(request, "mode");
	const char *revoke = request_arg(request, "revoke");

	*ret = (struct deletion_options){.is_of_query = true};
	TRY(request_flag(request, "force", &ret->force));
	if (mode && !mode_named(mode, &ret->mode))
		return cleat_refuse_argument(&request->op, "mode",
					     "must be soft or hard");
	if (revoke && !revoke_named(revoke, &ret->revoke))
		return cleat_refuse_argument(&request->op, "revoke",
					     "must be now, purge or never");
	return OK;
}
