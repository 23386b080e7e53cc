/* Integrations: HTTP calls that rules make, one for each kind. */
#include "core/deletion.h"
#include "core/principal.h"
#include "core/restore.h"
#include "dialects/gorules/gorules.h"

bool gorules_may_manage(const struct request *request)
{
	return principal_may(request->op.principal, PERMISSION_INTEGRATIONS);
}

enum error gorules_enter(struct request *request)
{
	struct project project;

	return gorules_enter_project(request, &project);
}

static enum error integration_id(struct request *request, struct uuid *ret)
{
	if (uuid_parse(request->params[1], ret))
		return OK;
	return op_fail(&request->op, ERR_NOT_FOUND,
		       "there is no integration %s", request->params[1]);
}

enum error gorules_integration_find(struct request *request,
				    struct integration *ret)
{
	struct uuid id;

	TRY(integration_id(request, &id));
	return integration_get(&request->op, INTEGRATION_HTTP, id, ret);
}

/*
 * Answers one integration, with its sealed values for who may manage it:
 * opening them is recorded.
 */
static enum error answer(struct request *request, int status,
			 const struct integration *integration)
{
	struct op *op = &request->op;
	struct credential_list secrets = {0};

	if (gorules_may_manage(request))
		TRY(credential_read(op, "integration", integration->id,
				    &secrets));
	struct json_writer w = gorules_answer(request, status);
	gorules_write_integration(op, &w, integration, &secrets);
	return OK;
}

enum error gorules_integration_list(struct request *request)
{
	const char *search = request_arg(request, "search");
	struct gorules_page page;
	struct integration_list list;

	TRY(gorules_enter(request));
	TRY(gorules_page_read(request, &page));
	TRY(integration_search(&request->op, INTEGRATION_HTTP,
			       search && *search ? search : NULL, page.offset,
			       page.size, &list));

	struct json_writer w = gorules_answer(request, 200);
	json_begin_object(&w, NULL);
	json_begin_array(&w, "results");
	for (size_t i = 0; i < list.count; i++)
		gorules_write_integration(&request->op, &w, &list.items[i],
					  NULL);
	json_end_array(&w);
	gorules_page_write(&w, &page, (int64_t)list.count, list.total);
	json_end_object(&w);
	return OK;
}

enum error gorules_integration_get(struct request *request)
{
	struct integration integration;

	TRY(gorules_enter(request));
	TRY(gorules_integration_find(request, &integration));
	return answer(request, 200, &integration);
}

enum error gorules_integration_create(struct request *request)
{
	struct gorules_input input;
	struct integration integration;

	TRY(gorules_enter(request));
	TRY(access_to(&request->op, PERMISSION_INTEGRATIONS));
	TRY(gorules_read_new(request, &input));
	TRY(integration_create(&request->op, &input.integration, input.secrets,
			       input.secret_count, &integration));
	return answer(request, 201, &integration);
}

enum error gorules_integration_update(struct request *request)
{
	struct gorules_input input;
	struct integration integration;

	TRY(gorules_enter(request));
	TRY(access_to(&request->op, PERMISSION_INTEGRATIONS));
	TRY(gorules_integration_find(request, &integration));
	TRY(gorules_read_change(request, &integration, &input));
	TRY(integration_update(&request->op, &input.integration, input.secrets,
			       input.secret_count, &integration));
	return answer(request, 200, &integration);
}

enum error gorules_integration_delete(struct request *request)
{
	struct uuid id;

	TRY(gorules_enter(request));
	TRY(access_to(&request->op, PERMISSION_INTEGRATIONS));
	TRY(integration_id(request, &id));
	TRY(delete_integration(&request->op, INTEGRATION_HTTP, id, NULL));
	gorules_answer_ok(request);
	return OK;
}

enum error gorules_integration_restore(struct request *request)
{
	struct integration integration;
	struct uuid id;

	TRY(gorules_enter(request));
	TRY(access_to(&request->op, PERMISSION_INTEGRATIONS));
	TRY(integration_id(request, &id));
	TRY(restore_integration(&request->op, INTEGRATION_HTTP, id,
				&integration));
	return answer(request, 200, &integration);
}
