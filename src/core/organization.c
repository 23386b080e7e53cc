/* Organizations: entered, made, joined, left. */
#include "core/organization.h"

#include <string.h>

#include "core/access_token.h"
#include "core/principal.h"
#include "core/store.h"

enum error organization_record(struct op *op, struct uuid organization_id,
			       const char *type, const char *subject_kind,
			       struct uuid subject_id)
{
	const struct uuid entered = op->project_id;
	char id[UUID_TEXT];
	const struct event_fact facts[] = {{"organizationId", id, false}};
	struct uuid keeper;

	enum error error =
		store_organization_project(op, organization_id, &keeper);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	uuid_format(organization_id, id);
	op->project_id = keeper;
	error = event_record(op, type, subject_kind, subject_id, facts, 1,
			     NULL);
	op->project_id = entered;
	return error;
}

enum error organization_enter(struct op *op, const char *id,
			      struct membership *ret)
{
	enum error error = ERR_NOT_FOUND;
	struct builder who;
	struct uuid uuid;

	TRY(builder_of_op(op, &who));
	if (uuid_parse(id, &uuid))
		error = store_membership_get(op, uuid, who.id, ret);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no organization %s", id);
	return error;
}

enum error organization_manage(struct op *op,
			       const struct membership *membership)
{
	TRY(access_to_manage(op));
	if (membership->is_owner)
		return store_organization_lock(op, membership->organization.id);
	op_advise(op, "Ask an owner of the organization.");
	return op_fail(op, ERR_FORBIDDEN,
		       "this is for the organization's owners");
}

enum error organization_list(struct op *op, struct membership_list *ret)
{
	struct builder who;

	TRY(builder_of_op(op, &who));
	return store_membership_list(op, who.id, ret);
}

static enum error add(struct op *op, const char *name, const char *label,
		      struct uuid owner_id, struct organization *ret)
{
	char id[UUID_TEXT];
	struct organization made = {
		.id = uuid_make(op->now),
		.label = label,
		.created_at = op->now,
	};

	uuid_format(made.id, id);
	made.name = name ? name : arena_strdup(&op->arena, id);
	TRY(store_organization_add(op, &made));
	TRY(store_membership_add(op, made.id, owner_id, true));
	*ret = made;
	return OK;
}

enum error organization_create(struct op *op, const char *label,
			       struct organization *ret)
{
	struct builder who;

	TRY(access_to_manage(op));
	TRY(builder_of_op(op, &who));
	TRY(add(op, NULL, label, who.id, ret));
	return organization_record(op, ret->id, "organization.created",
				   "organization", ret->id);
}

enum error organization_rename(struct op *op, const struct organization *which,
			       const char *label, struct organization *ret)
{
	TRY(store_organization_rename(op, which->id, label));
	TRY(organization_record(op, which->id, "organization.updated",
				"organization", which->id));
	*ret = *which;
	ret->label = label;
	ret->updated_at = op->now;
	return OK;
}

enum error organization_found(struct op *op, const char *name,
			      struct organization *ret)
{
	struct builder owner = {.id = uuid_make(op->now),
				.created_at = op->now};
	enum error error = store_organization_find(op, name, ret);

	if (error != ERR_NOT_FOUND)
		return error;
	TRY(store_builder_add(op, &owner));
	return add(op, name, name, owner.id, ret);
}

enum error organization_find(struct op *op, const char *name,
			     struct organization *ret)
{
	enum error error = store_organization_find(op, name, ret);

	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no organization %s", name);
	return error;
}

enum error organization_builders(struct op *op, struct uuid organization_id,
				 struct builder_list *ret)
{
	return store_builder_list(op, organization_id, ret);
}

enum error organization_join(struct op *op, struct uuid organization_id,
			     struct uuid builder_id)
{
	struct membership there;
	enum error error =
		store_membership_get(op, organization_id, builder_id, &there);

	if (error != ERR_NOT_FOUND)
		return error;
	TRY(store_membership_add(op, organization_id, builder_id, false));
	return organization_record(op, organization_id, "member.added",
				   "builder", builder_id);
}

/* Who asks may know of this builder, and say who that is. */
static enum error is_known(struct op *op, const struct organization *to,
			   const struct builder *builder, bool *ret)
{
	struct claimed_domain domain;
	enum error error = ERR_NOT_FOUND;

	TRY(store_membership_shared(op, op->principal->builder_id, builder->id,
				    ret));
	if (*ret || !builder->email)
		return OK;
	error = store_claimed_domain_find(op, email_domain(builder->email),
					  &domain);
	*ret = error == OK && uuid_equal(domain.organization_id, to->id);
	return error == ERR_NOT_FOUND ? OK : error;
}

enum error organization_add_known(struct op *op, const struct organization *to,
				  const char *builder_id)
{
	enum error error = ERR_NOT_FOUND;
	struct builder builder;
	bool knows = false;
	struct uuid id;

	if (uuid_parse(builder_id, &id))
		error = store_builder_get(op, id, &builder);
	if (error == OK)
		error = is_known(op, to, &builder, &knows);
	if (error == ERR_NOT_FOUND || (error == OK && !knows))
		return op_fail(op, ERR_NOT_FOUND, "there is no builder %s",
			       builder_id);
	TRY(error);
	return organization_join(op, to->id, id);
}

/* Somebody must be able to say who is in it. */
static enum error refuse_last_owner(struct op *op, struct uuid organization_id,
				    const struct uuid builder_id)
{
	bool has_other;

	TRY(store_membership_other_owner(op, organization_id, builder_id,
					 &has_other));
	if (has_other)
		return OK;
	return op_fail(op, ERR_IN_USE,
		       "the organization would be without an owner");
}

enum error organization_appoint(struct op *op, struct uuid organization_id,
				struct uuid builder_id, bool is_owner)
{
	TRY(store_organization_lock(op, organization_id));
	TRY(organization_join(op, organization_id, builder_id));
	if (!is_owner)
		TRY(refuse_last_owner(op, organization_id, builder_id));
	return store_membership_change(op, organization_id, builder_id,
				       is_owner);
}

enum error builder_end_tokens(struct op *op, struct uuid builder_id,
			      struct uuid organization_id)
{
	struct builder_token_list list;

	TRY(store_builder_tokens(op, builder_id, organization_id, &list));
	for (size_t i = 0; i < list.count; i++) {
		op->project_id = list.items[i].project_id;
		TRY(access_token_erase(op, list.items[i].id));
	}
	return OK;
}

enum error organization_leave(struct op *op, const struct organization *which,
			      const struct builder *builder)
{
	struct membership membership;

	TRY(store_organization_lock(op, which->id));
	enum error error =
		store_membership_get(op, which->id, builder->id, &membership);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "the builder is no member of %s",
			       which->label);
	TRY(error);
	if (membership.is_owner)
		TRY(refuse_last_owner(op, which->id, builder->id));
	TRY(store_membership_remove(op, which->id, builder->id));
	if (builder->email)
		TRY(store_invite_revoke_all(op, which->id, builder->email));
	TRY(builder_end_tokens(op, builder->id, which->id));
	return organization_record(op, which->id, "member.removed", "builder",
				   builder->id);
}
