/* Invitations: made, revoked, accepted. */
#include "core/invite.h"

#include <string.h>

#include "core/plan.h"
#include "core/principal.h"
#include "core/store.h"

/* Nobody writes down that time has passed. */
static void look_at_time(const struct op *op, struct invite *invite)
{
	if (strcmp(invite->status, INVITE_PENDING) != 0 ||
	    invite->expires_at > op->now)
		return;
	invite->status = INVITE_EXPIRED;
	invite->updated_at = invite->expires_at;
}

static enum error refuse_member(struct op *op, struct uuid organization_id,
				const char *email)
{
	struct membership membership;
	struct builder builder;
	enum error error = store_builder_by_email(op, email, &builder);

	if (error == OK)
		error = store_membership_get(op, organization_id, builder.id,
					     &membership);
	if (error != OK)
		return error == ERR_NOT_FOUND ? OK : error;
	op_advise(op, "Nothing is to be done.");
	return op_fail(op, ERR_IN_USE, "a member has the address %s", email);
}

enum error invite_create(struct op *op, struct uuid organization_id,
			 const char *email, struct invite *ret)
{
	const struct invite invite = {
		.id = uuid_make(op->now),
		.organization_id = organization_id,
		.email = arena_lower(&op->arena, email),
		.status = INVITE_PENDING,
		.created_at = op->now,
		.expires_at = op->now + INVITE_LIFETIME_US,
	};

	TRY(refuse_member(op, organization_id, invite.email));
	enum error error = store_invite_add(op, &invite);
	if (error == ERR_TAKEN) {
		op_advise(op, "Revoke that one first.");
		return op_fail(op, ERR_IN_USE, "%s is invited already",
			       invite.email);
	}
	TRY(error);
	TRY(organization_record(op, organization_id, "invite.created", "invite",
				invite.id));
	*ret = invite;
	return OK;
}

enum error invite_get(struct op *op, struct uuid organization_id,
		      const char *id, struct invite *ret)
{
	enum error error = ERR_NOT_FOUND;
	struct invite found;
	struct uuid uuid;

	if (uuid_parse(id, &uuid))
		error = store_invite_get(op, organization_id, uuid, &found);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no invitation %s", id);
	TRY(error);
	look_at_time(op, &found);
	*ret = found;
	return OK;
}

enum error invite_list(struct op *op, struct uuid organization_id,
		       struct invite_list *ret)
{
	TRY(store_invite_list(op, organization_id, ret));
	for (size_t i = 0; i < ret->count; i++)
		look_at_time(op, &ret->items[i]);
	return OK;
}

enum error invite_revoke(struct op *op, const struct invite *which)
{
	if (strcmp(which->status, INVITE_PENDING) != 0) {
		op_issue(op, "path", "inviteId", "is not pending but %s",
			 which->status);
		return op_fail(op, ERR_MISSHAPEN,
			       "the invitation is not pending any more");
	}
	if (op->is_dry_run)
		return plan_of_one(op, EFFECT_OF_INVITE, which->id, NULL);
	TRY(store_invite_end(op, which, INVITE_REVOKED));
	return organization_record(op, which->organization_id, "invite.revoked",
				   "invite", which->id);
}

static enum error no_invitation(struct op *op, const char *email)
{
	op_advise(op, "Ask for an invitation of your own e-mail address.");
	return op_fail(op, ERR_NOT_FOUND,
		       "there is no pending invitation of %s", email);
}

enum error invite_accept(struct op *op, const char *email,
			 struct uuid *ret_organization_id)
{
	const char *address = arena_lower(&op->arena, email);
	struct invite invite;
	struct builder who;

	TRY(access_to_manage(op));
	TRY(builder_of_op(op, &who));
	if (!who.email || strcmp(who.email, address) != 0)
		return no_invitation(op, email);
	enum error error = store_invite_pending(op, address, &invite);
	if (error == OK)
		error = store_organization_lock(op, invite.organization_id);
	if (error == OK)
		error = store_invite_end(op, &invite, INVITE_ACCEPTED);
	if (error == ERR_NOT_FOUND)
		return no_invitation(op, email);
	TRY(error);
	TRY(organization_record(op, invite.organization_id, "invite.accepted",
				"invite", invite.id));
	TRY(organization_join(op, invite.organization_id, who.id));
	*ret_organization_id = invite.organization_id;
	return OK;
}
