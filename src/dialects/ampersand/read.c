/* What every handler begins and ends with. */
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
