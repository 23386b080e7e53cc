/* Finding what a group has installed, and what goes with that in a request. */
#include "dialects/ampersand/ampersand.h"

enum error amp_find_its_integration(struct request *request)
{
	struct integration integration;
	struct uuid id;

	TRY(amp_path_id(request, 1, "integration", &id));
	return integration_get(&request->op, INTEGRATION_MANIFEST, id,
			       &integration);
}

enum error amp_group_of_query(struct request *request, const char **ret)
{
	*ret = request_arg(request, "groupRef");
	if (*ret && **ret)
		return OK;
	op_issue(&request->op, "query", "groupRef", "is required");
	return op_fail(&request->op, ERR_MISSHAPEN, "groupRef is required");
}

enum error amp_find_installed(struct request *request, const char *group_ref,
			      struct installation_view *ret)
{
	struct uuid id;

	TRY(amp_path_id(request, 1, "integration", &id));
	return installation_of_group(&request->op, id, group_ref, ret);
}

enum error amp_body_done(const struct body_reader *in)
{
	enum error error = body_done(in);

	return error == ERR_INVALID ? ERR_MISSHAPEN : error;
}
