/* Legal holds. */
#include "core/hold.h"

#include "dialects/cleat/cleat.h"

static void put_hold(struct json_writer *w, const struct hold *hold)
{
	json_begin_object(w, NULL);
	json_put_string(w, "kind", hold->kind);
	json_put_uuid(w, "id", hold->id);
	json_put_string(w, "reason", hold->reason);
	json_put_string(w, "actor", hold->actor);
	json_put_time(w, "createdAt", hold->created_at);
	json_end_object(w);
}

enum error cleat_list_holds(struct request *request)
{
	struct hold_list list;

	TRY(cleat_enter(request));
	TRY(hold_list(&request->op, &list));
	struct json_writer w = cleat_answer(request, 200);
	json_begin_object(&w, NULL);
	json_begin_array(&w, "items");
	for (size_t i = 0; i < list.count; i++)
		put_hold(&w, &list.items[i]);
	json_end_array(&w);
	json_end_object(&w);
	return OK;
}

enum error cleat_put_hold(struct request *request)
{
	struct body_reader in;
	struct hold hold;
	struct uuid id;

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_path_id(request, 2, request->params[1], &id));
	TRY(body_read(request, &in));
	const char *reason = body_string(&in, "reason", true, HOLD_REASON_MAX);
	TRY(body_done(&in));
	TRY(hold_put(&request->op, request->params[1], id, reason, &hold));
	struct json_writer w = cleat_answer(request, 200);
	put_hold(&w, &hold);
	return OK;
}

enum error cleat_lift_hold(struct request *request)
{
	struct uuid id;

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_path_id(request, 2, request->params[1], &id));
	TRY(hold_lift(&request->op, request->params[1], id));
	request->response.status = 204;
	return OK;
}
