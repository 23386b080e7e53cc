/* Plans, deletions and receipts. */
#include <string.h>

#include "core/plan.h"
#include "core/plan_token.h"
#include "core/step.h"
#include "dialects/cleat/cleat.h"
#include "dialects/cleat/page.h"

enum { KIND_MAX = 32, HANDLE_TEXT_MAX = 1024, TOKEN_MAX = 8192 };

static const struct uuid NO_GROUP = {{0xff}};

/* Which of the two says what is meant; NULL when there is a fault. */
static const char *read_handle(const struct body_reader *target,
			       enum thing_kind kind, bool *ret_is_ref)
{
	const char *id = body_string(target, "id", false, HANDLE_TEXT_MAX);
	const char *ref = body_string(target, "ref", false, HANDLE_TEXT_MAX);
	bool may_be_ref = kind == THING_GROUP || kind == THING_CONSUMER;

	*ret_is_ref = ref != NULL;
	if (id && ref)
		body_misshapen(target, "ref", "must not be there with id");
	else if (ref && !may_be_ref && kind != THING_KINDS)
		body_misshapen(target, "ref",
			       "is of groups and consumers alone");
	else if (!id && !ref && *target->fault == OK)
		body_misshapen(target, "id",
			       may_be_ref ? "or ref is required"
					  : "is required");
	return ref ? ref : id;
}

/* {"kind", "id"} or, for groups and consumers, {"kind", "ref"}. */
static enum error find_target(const struct body_reader *in, struct thing *ret)
{
	static const char *const known[] = {"kind", "id", "ref"};
	struct body_reader target =
		body_inside(in, "target", body_object(in, "target", true));
	const char *kind = body_string(&target, "kind", true, KIND_MAX);
	enum thing_kind thing_kind = THING_KINDS;
	struct uuid uuid;
	bool is_ref;

	body_refuse_others(&target, known, 3);
	if (kind && !thing_kind_named(kind, &thing_kind))
		body_invalid(&target, "kind", "must be " THING_KINDS_NAMED);
	const char *handle = read_handle(&target, thing_kind, &is_ref);
	TRY(body_done(in));
	op_advise(in->op, "Check target in the body.");
	if (is_ref)
		return thing_find_party(in->op, thing_kind, handle, ret);
	if (!uuid_parse(handle, &uuid))
		return op_fail(in->op, ERR_NOT_FOUND, "there is no %s %s", kind,
			       handle);
	return thing_find(in->op, thing_kind, uuid, ret);
}

enum error cleat_plan_deletion(struct request *request)
{
	static const char *const known[] = {"target", "options", "cursor"};
	struct op *op = &request->op;
	struct deletion_options options;
	struct deletion_terms terms;
	struct body_reader in;
	struct thing thing;
	int64_t from;

	TRY(cleat_enter(request));
	TRY(body_read(request, &in));
	from = body_number(&in, "cursor", 0, INT32_MAX, 0);
	struct body_reader inside =
		body_inside(&in, "options", body_object(&in, "options", false));
	cleat_read_options(&inside, &options);
	body_refuse_others(&in, known, 3);
	TRY(find_target(&in, &thing));
	op_advise(op, NULL);
	TRY(policy_settle(op, &thing, &options, &terms));
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));
	TRY(plan_make(op, &thing, &terms, from, plan));
	cleat_answer(request, 200);
	buf_text(&request->response.body, plan_text(op, plan));
	return OK;
}

enum error cleat_run_deletion(struct request *request)
{
	struct op *op = &request->op;
	struct body_reader in;

	TRY(cleat_enter_to_manage(request));
	TRY(body_read(request, &in));
	const char *token = body_string(&in, "planToken", true, TOKEN_MAX);
	TRY(body_done(&in));
	TRY(deletion_run_planned(op, token));
	return cleat_answer_deletion(request, 201, op->deletion_id);
}

enum error cleat_answer_deletion(struct request *request, int status,
				 struct uuid id)
{
	struct deletion deletion;
	struct uuid steps_after;
	int64_t part = 0;

	TRY(request_number(request, "cursor", 0, INT32_MAX, &part));
	TRY(cleat_id_argument(request, "stepsCursor", &steps_after));
	TRY(receipt_get(&request->op, id, &deletion));
	struct json_writer w = cleat_answer(request, status);
	return cleat_put_receipt(&request->op, &w, &deletion, part,
				 steps_after);
}

enum error cleat_get_deletion(struct request *request)
{
	struct uuid id;

	TRY(cleat_enter(request));
	TRY(cleat_path_id(request, 1, "deletion", &id));
	return cleat_answer_deletion(request, 200, id);
}

static enum error read_filter(struct request *request,
			      struct deletion_filter *ret)
{
	struct thing group;
	const char *group_ref = request_arg(request, "groupRef");
	enum thing_kind ignored;

	*ret = (struct deletion_filter){
		.state = request_arg(request, "state"),
		.target_kind = request_arg(request, "targetKind"),
	};
	if (ret->state && !deletion_state_is_known(ret->state))
		return cleat_refuse_argument(&request->op, "state",
					     "must be " DELETION_STATES_NAMED);
	if (ret->target_kind && !thing_kind_named(ret->target_kind, &ignored))
		return cleat_refuse_argument(&request->op, "targetKind",
					     "must be " THING_KINDS_NAMED);
	TRY(page_read_after_id(request, &ret->limit, &ret->after));
	TRY(cleat_id_argument(request, "targetId", &ret->target_id));
	TRY(cleat_id_argument(request, "groupId", &ret->group_id));
	if (group_ref) {
		enum error error = thing_find_party(&request->op, THING_GROUP,
						    group_ref, &group);
		if (error != OK && error != ERR_NOT_FOUND)
			return error;
		/* of an unknown group there are none: no thing has this id */
		ret->group_id = error == OK ? group.id : NO_GROUP;
	}
	TRY(cleat_time_argument(request, "since", &ret->since));
	return cleat_time_argument(request, "until", &ret->until);
}

enum error cleat_list_deletions(struct request *request)
{
	struct deletion_filter filter;
	struct deletion_list list;
	struct uuid after;

	TRY(cleat_enter(request));
	TRY(read_filter(request, &filter));
	TRY(receipt_list(&request->op, &filter, &list, &after));
	struct json_writer w = page_begin(request);
	for (size_t i = 0; i < list.count; i++) {
		json_begin_object(&w, NULL);
		cleat_put_deletion(&w, &list.items[i]);
		json_end_object(&w);
	}
	page_end_at_id(request, &w, after);
	return OK;
}

static enum error delete_party(struct request *request, enum thing_kind kind)
{
	struct op *op = &request->op;
	struct deletion_options options;
	struct thing thing;

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_options_of_query(request, &options));
	TRY(thing_find_party(op, kind, request->params[1], &thing));
	if (kind == THING_GROUP)
		TRY(cleat_check_group(request));
	TRY(deletion_run(op, &thing, &options, NULL));
	return cleat_answer_deletion(request, 200, op->deletion_id);
}

/* Everything of one customer, in one deletion. */
enum error cleat_delete_group(struct request *request)
{
	return delete_party(request, THING_GROUP);
}

enum error cleat_delete_consumer(struct request *request)
{
	return delete_party(request, THING_CONSUMER);
}

/* For good; the receipt is the last that its tokens are answered. */
enum error cleat_delete_project(struct request *request)
{
	struct op *op = &request->op;
	struct deletion_options options;
	struct thing thing;

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_options_of_query(request, &options));
	TRY(thing_find(op, THING_PROJECT, op->project_id, &thing));
	TRY(deletion_run(op, &thing, &options, NULL));
	return cleat_answer_deletion(request, 200, op->deletion_id);
}

/* params: project, deletion, step */
static enum error find_step(struct request *request, struct uuid *ret_deletion,
			    struct uuid *ret_step)
{
	TRY(cleat_enter_to_manage(request));
	TRY(cleat_path_id(request, 1, "deletion", ret_deletion));
	return cleat_path_id(request, 2, "step", ret_step);
}

static enum error answer_step(struct request *request, const struct step *step)
{
	struct json_writer w = cleat_answer(request, 200);

	cleat_put_step(&w, step);
	return OK;
}

enum error cleat_retry_step(struct request *request)
{
	struct uuid deletion, id;
	struct step step;

	TRY(find_step(request, &deletion, &id));
	TRY(step_retry(&request->op, deletion, id, &step));
	return answer_step(request, &step);
}

enum error cleat_abandon_step(struct request *request)
{
	struct uuid deletion, id;
	struct body_reader in;
	struct step step;

	TRY(find_step(request, &deletion, &id));
	TRY(body_read(request, &in));
	const char *reason = body_string(&in, "reason", true, STEP_REASON_MAX);
	TRY(body_done(&in));
	TRY(step_abandon(&request->op, deletion, id, reason, &step));
	return answer_step(request, &step);
}
