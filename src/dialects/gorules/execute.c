/* Executing an integration, as a rule graph's node does. */
#include "base/json_read.h"
#include "dialects/gorules/execution.h"
#include "http/client.h"

/* {"input": {...}} */
static enum error read_input(struct request *request, json_t **ret)
{
	struct op *op = &request->op;
	json_t *input = json_object_get(request->json, "input");

	if (!json_is_object(request->json))
		return op_fail(op, ERR_MISSHAPEN, "the body must be an object");
	if (!json_is_object(input))
		op_issue(op, "body", "input",
			 input ? "must be an object" : "is required");
	*ret = input;
	return gorules_verdict(op);
}

/* Nothing is recorded of it, so that it does not come back. */
static enum error call(struct request *request, struct client *client,
		       int *ret_status)
{
	const struct gorules_execution *execution = request->kept;
	struct op *op = &request->op;
	struct client_answer came;
	const json_t *output;

	client_send(client, &op->arena, &execution->call, execution->timeout_us,
		    &came);
	TRY(gorules_outcome(op, execution->output, &came, &output, ret_status));
	struct json_writer w = gorules_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_raw(&w, "output", json_text_short(&op->arena, output));
	json_put_integer(&w, "status", came.status);
	json_put_string(&w, "performance",
			gorules_performance(&op->arena, came.took_us));
	json_end_object(&w);
	return OK;
}

enum error gorules_integration_execute(struct request *request)
{
	struct op *op = &request->op;
	struct gorules_execution *execution =
		arena_alloc(&op->arena, sizeof(*execution));
	struct credential_list secrets;
	struct integration integration;
	json_t *config, *input;

	TRY(gorules_enter(request));
	TRY(access_to(op, PERMISSION_EXECUTE));
	TRY(gorules_integration_find(request, &integration));
	TRY(read_input(request, &input));
	TRY(gorules_stored_config(op, integration.settings, &config));
	TRY(credential_use(op, integration.id, &secrets));
	TRY(gorules_render(op, config, &secrets, input, execution));
	request->kept = execution;
	request->goes_out = call;
	return OK;
}
