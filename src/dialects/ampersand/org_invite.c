/* Invitations into an organization, and accepting one. */
#include "core/invite.h"

#include "dialects/ampersand/ampersand.h"

static void put_invite(struct json_writer *w, const struct invite *invite)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", invite->id);
	json_put_string(w, "invitedEmail", invite->email);
	json_put_string(w, "parentType", "org");
	json_put_uuid(w, "parentId", invite->organization_id);
	json_put_string(w, "status", invite->status);
	json_put_time(w, "createTime", invite->created_at);
	if (invite->updated_at)
		json_put_time(w, "updateTime", invite->updated_at);
	json_end_object(w);
}

enum error amp_list_org_invites(struct request *request)
{
	struct invite_list list;
	struct membership own;

	TRY(amp_enter_org(request, &own));
	TRY(invite_list(&request->op, own.organization.id, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		put_invite(&w, &list.items[i]);
	json_end_array(&w);
	return OK;
}

enum error amp_create_org_invite(struct request *request)
{
	struct membership own;
	struct invite invite;
	struct body_reader in;

	TRY(amp_enter_org_to_manage(request, &own));
	TRY(body_read(request, &in));
	const char *email = body_string(&in, "email", true, EMAIL_MAX);
	if (email && !email_is_valid(arena_lower(&request->op.arena, email)))
		body_misshapen(&in, "email", "must be an e-mail address");
	TRY(body_done(&in));
	TRY(invite_create(&request->op, own.organization.id, email, &invite));
	struct json_writer w = amp_answer(request, 201);
	put_invite(&w, &invite);
	return OK;
}

/* params: organization, invite */
static enum error find_invite(struct request *request,
			      const struct membership *own, struct invite *ret)
{
	return invite_get(&request->op, own->organization.id,
			  request->params[1], ret);
}

enum error amp_get_org_invite(struct request *request)
{
	struct membership own;
	struct invite invite;

	TRY(amp_enter_org(request, &own));
	TRY(find_invite(request, &own, &invite));
	struct json_writer w = amp_answer(request, 200);
	put_invite(&w, &invite);
	return OK;
}

enum error amp_delete_org_invite(struct request *request)
{
	struct membership own;
	struct invite invite;

	TRY(amp_enter_org_to_manage(request, &own));
	TRY(find_invite(request, &own, &invite));
	TRY(invite_revoke(&request->op, &invite));
	return amp_no_content(request);
}

enum error amp_accept_invite(struct request *request)
{
	struct op *op = &request->op;
	struct uuid organization_id;
	struct body_reader in;

	TRY(access_to_manage(op));
	TRY(body_read(request, &in));
	const char *email = body_string(&in, "invitedEmail", true, EMAIL_MAX);
	TRY(body_done(&in));
	TRY(invite_accept(op, email, &organization_id));
	return amp_answer_builder_info(request, organization_id);
}
