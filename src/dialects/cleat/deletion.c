/* Plans, deletions and receipts. */
#include <string.h>

#include "core/plan.h"
#include "core/plan_token.h"
#include "dialects/cleat/cleat.h"

enum { KIND_MAX = 32, REF_TEXT_MAX = 1024, TOKEN_MAX = 8192, LIST_MAX = 200 };

static const struct uuid NO_GROUP = {{0xff}};

/* {"kind", "id"} or, for groups and consumers, {"kind", "ref"}. */
static enum error find_target(const struct cleat_reader *in, struct thing *ret)
{
	struct cleat_reader target = cleat_read_inside(in, "target", true);
	const char *kind = cleat_read_string(&target, "kind", true, KIND_MAX);
	const char *id = cleat_read_string(&target, "id", false, UUID_TEXT);
	const char *ref =
		cleat_read_string(&target, "ref", false, REF_TEXT_MAX);
	enum thing_kind thing_kind = THING_KINDS;
	struct uuid uuid;

	if (kind && !thing_kind_named(kind, &thing_kind))
		cleat_refuse(&target, "kind",
			     "must be installation, integration, connection, "
			     "group or consumer");
	bool has_ref =
		thing_kind == THING_GROUP || thing_kind == THING_CONSUMER;
	if (kind && !id && !(has_ref && ref))
		cleat_refuse(&target, "id", "is required");
	TRY(cleat_read_done(in));
	if (has_ref && ref)
		return thing_find_party(in->op, thing_kind, ref, ret);
	if (!uuid_parse(id, &uuid))
		return op_fail(in->op, ERR_NOT_FOUND, "there is no %s %s", kind,
			       id);
	return thing_find(in->op, thing_kind, uuid, ret);
}

enum error cleat_plan_deletion(struct request *request)
{
	struct op *op = &request->op;
	struct deletion_options options;
	struct deletion_terms terms;
	struct cleat_reader in;
	struct thing thing;
	int64_t from;

	TRY(cleat_enter(request));
	TRY(cleat_read_body(request, &in));
	from = cleat_read_number(&in, "cursor", 0, INT32_MAX, 0);
	struct cleat_reader inside = cleat_read_inside(&in, "options", false);
	cleat_read_options(&inside, &options);
	TRY(find_target(&in, &thing));
	TRY(policy_settle(op, &thing, &options, &terms));
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));
	TRY(plan_make(op, &thing, &terms, from, plan));
	cleat_answer(request, 200);
	buf_text(&request->response.body, plan_text(op, plan));
	return OK;
}

/* As planned: the plan still holds, or it is not done. */
static enum error run_planned(struct op *op, const struct planned *planned)
{
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));
	struct deletion_terms terms;
	struct thing thing;

	TRY(thing_find(op, planned->kind, planned->id, &thing));
	TRY(policy_settle(op, &thing, &planned->options, &terms));
	TRY(plan_make(op, &thing, &terms, 0, plan));
	TRY(plan_compare(op, planned, plan));
	return deletion_run(op, &thing, &planned->options, NULL);
}

enum error cleat_run_deletion(struct request *request)
{
	struct op *op = &request->op;
	struct cleat_reader in;
	struct planned *planned = arena_alloc(&op->arena, sizeof(*planned));

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_read_body(request, &in));
	const char *token =
		cleat_read_string(&in, "planToken", true, TOKEN_MAX);
	TRY(cleat_read_done(&in));
	TRY(plan_token_read(op, token, planned));
	TRY(run_planned(op, planned));
	return cleat_answer_deletion(request, 201, op->deletion_id);
}

void cleat_put_deletion(struct json_writer *w, const struct deletion *deletion)
{
	json_put_uuid(w, "id", deletion->id);
	json_begin_object(w, "target");
	json_put_string(w, "kind", deletion->target_kind);
	json_put_uuid(w, "id", deletion->target_id);
	json_put_optional(w, "name", deletion->target_name);
	json_end_object(w);
	if (!uuid_is_nil(deletion->group_id))
		json_put_uuid(w, "groupId", deletion->group_id);
	json_put_string(w, "mode", deletion->mode);
	json_put_string(w, "revoke", deletion->revoke);
	json_put_string(w, "state", deletion->state);
	json_put_string(w, "actor", deletion->actor);
	json_put_time(w, "createdAt", deletion->created_at);
	json_put_time(w, "purgeAt", deletion->purge_at);
	json_put_time(w, "finishedAt", deletion->finished_at);
	json_put_raw(w, "counts", deletion->counts);
}

static void put_step(struct json_writer *w, const struct step *step)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", step->id);
	json_put_string(w, "kind", step->kind);
	json_begin_object(w, "subject");
	json_put_string(w, "kind", step->subject_kind);
	json_put_uuid(w, "id", step->subject_id);
	json_end_object(w);
	json_put_raw(w, "facts", step->facts);
	json_put_string(w, "state", step->state);
	json_put_integer(w, "attempts", step->attempts);
	json_put_string(w, "lastAnswer", step->answer);
	json_put_string(w, "reason", step->reason);
	json_put_time(w, "createdAt", step->created_at);
	json_put_time(w, "updatedAt", step->updated_at);
	json_put_time(w, "nextAt", step->next_at);
	json_end_object(w);
}

/* With one part of its effects, the cursor of the next one, and its steps. */
static enum error put_receipt(struct request *request, struct json_writer *w,
			      const struct deletion *deletion, int64_t part)
{
	struct op *op = &request->op;
	const char *effects, *next;
	struct step_list steps;

	TRY(receipt_part(op, deletion, part, &effects));
	TRY(receipt_part(op, deletion, part + 1, &next));
	TRY(receipt_steps(op, deletion->id, &steps));
	json_put_raw(w, "effects", effects ? effects : "[]");
	if (next)
		json_put_integer(w, "nextCursor", part + 1);
	else
		json_put_null(w, "nextCursor");
	json_begin_array(w, "steps");
	for (size_t i = 0; i < steps.count; i++)
		put_step(w, &steps.items[i]);
	json_end_array(w);
	return OK;
}

enum error cleat_answer_deletion(struct request *request, int status,
				 struct uuid id)
{
	struct deletion deletion;
	int64_t part = 0;

	TRY(request_number(request, "cursor", 0, INT32_MAX, &part));
	TRY(receipt_get(&request->op, id, &deletion));
	struct json_writer w = cleat_answer(request, status);
	json_begin_object(&w, NULL);
	cleat_put_deletion(&w, &deletion);
	TRY(put_receipt(request, &w, &deletion, part));
	json_end_object(&w);
	return OK;
}

enum error cleat_get_deletion(struct request *request)
{
	struct uuid id;

	TRY(cleat_enter(request));
	TRY(cleat_path_id(request, 1, "deletion", &id));
	return cleat_answer_deletion(request, 200, id);
}

static enum error id_argument(struct request *request, const char *name,
			      struct uuid *ret)
{
	const char *text = request_arg(request, name);

	*ret = (struct uuid){{0}};
	if (!text || uuid_parse(text, ret))
		return OK;
	op_issue(&request->op, "query", name, "must be a uuid");
	return op_fail(&request->op, ERR_MISSHAPEN, "%s must be a uuid", name);
}

static enum error read_filter(struct request *request,
			      struct deletion_filter *ret)
{
	struct thing group;
	const char *group_ref = request_arg(request, "groupRef");

	*ret = (struct deletion_filter){
		.state = request_arg(request, "state"),
		.target_kind = request_arg(request, "targetKind"),
		.limit = 50,
	};
	TRY(request_number(request, "limit", 1, LIST_MAX, &ret->limit));
	TRY(id_argument(request, "cursor", &ret->after));
	TRY(id_argument(request, "targetId", &ret->target_id));
	TRY(id_argument(request, "groupId", &ret->group_id));
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
	struct json_writer w = cleat_answer(request, 200);
	json_begin_object(&w, NULL);
	json_begin_array(&w, "items");
	for (size_t i = 0; i < list.count; i++) {
		json_begin_object(&w, NULL);
		cleat_put_deletion(&w, &list.items[i]);
		json_end_object(&w);
	}
	json_end_array(&w);
	if (uuid_is_nil(after))
		json_put_null(&w, "nextCursor");
	else
		json_put_uuid(&w, "nextCursor", after);
	json_end_object(&w);
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
