/* Policies of a project. */
#include "dialects/cleat/cleat.h"

static void put_policy(struct json_writer *w, const struct policy *policy)
{
	json_begin_object(w, NULL);
	json_put_string(w, "kind", policy->kind);
	json_put_string(w, "mode", mode_name(policy->mode));
	json_put_integer(w, "retentionDays", policy->retention_days);
	json_end_object(w);
}

enum error cleat_list_policies(struct request *request)
{
	struct policy_list list;

	TRY(cleat_enter(request));
	TRY(policy_list(&request->op, &list));
	struct json_writer w = cleat_answer(request, 200);
	json_begin_object(&w, NULL);
	json_begin_array(&w, "items");
	for (size_t i = 0; i < list.count; i++)
		put_policy(&w, &list.items[i]);
	json_end_array(&w);
	json_end_object(&w);
	return OK;
}

enum error cleat_set_policy(struct request *request)
{
	struct policy policy = {.kind = request->params[1]};
	struct body_reader in;

	TRY(cleat_enter_to_manage(request));
	TRY(body_read(request, &in));
	const char *mode = body_string(&in, "mode", true, 16);
	policy.retention_days =
		body_number(&in, "retentionDays", 0, RETENTION_DAYS_MAX, 30);
	if (mode && !mode_named(mode, &policy.mode))
		body_invalid(&in, "mode", "must be soft or hard");
	TRY(body_done(&in));
	TRY(policy_set(&request->op, &policy));
	struct json_writer w = cleat_answer(request, 200);
	put_policy(&w, &policy);
	return OK;
}
