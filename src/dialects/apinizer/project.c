/* Projects as Apinizer shows them: by name. */
#include "dialects/apinizer/apinizer.h"

enum error apinizer_enter(struct request *request, struct project *ret)
{
	const char *name = request->params[0];
	enum error error =
		project_enter(&request->op, PROJECT_BY_NAME, name, ret);

	if (error == ERR_NOT_FOUND)
		op_explain(&request->op, "Project '%s' not found", name);
	return error;
}

enum error apinizer_enter_to_manage(struct request *request)
{
	struct project project;

	TRY(apinizer_enter(request, &project));
	return access_to_manage(&request->op);
}

enum error apinizer_project_list(struct request *request)
{
	struct project_list list;

	TRY(project_list(&request->op, &list));
	struct json_writer w = apinizer_begin_list(request);
	for (size_t i = 0; i < list.count; i++) {
		json_begin_object(&w, NULL);
		json_put_string(&w, "name", list.items[i].name);
		json_put_string(&w, "description", list.items[i].title);
		json_end_object(&w);
	}
	apinizer_end_list(&w, list.count);
	return OK;
}
