/* What core needs of a store: organizations, builders, invitations. All of it
 * is of the whole store. See store.h. */
#ifndef CLEAT_CORE_STORE_PEOPLE_H
#define CLEAT_CORE_STORE_PEOPLE_H

#include "core/claimed_domain.h"
#include "core/invite.h"
#include "core/organization.h"

/* Organizations. By their name, which a command gives. */
MUST_CHECK enum error store_organization_find(struct op *op, const char *name,
					      struct organization *ret);
MUST_CHECK enum error store_organization_add(struct op *op,
					     const struct organization *new);
MUST_CHECK enum error store_organization_rename(struct op *op, struct uuid id,
						const char *label);
/*
 * One process at a time changes what an organization has, until its commit, as
 * is so of a project. Before the first change.
 */
MUST_CHECK enum error store_organization_lock(struct op *op, struct uuid id);
/* The oldest project that it has. */
MUST_CHECK enum error store_organization_project(struct op *op, struct uuid id,
						 struct uuid *ret);

/* Memberships: of an organization, and of a builder. */
MUST_CHECK enum error store_membership_get(struct op *op,
					   struct uuid organization_id,
					   struct uuid builder_id,
					   struct membership *ret);
/* Those of a builder, the first joined on top. */
MUST_CHECK enum error store_membership_list(struct op *op,
					    struct uuid builder_id,
					    struct membership_list *ret);
MUST_CHECK enum error store_membership_add(struct op *op,
					   struct uuid organization_id,
					   struct uuid builder_id,
					   bool is_owner);
MUST_CHECK enum error store_membership_change(struct op *op,
					      struct uuid organization_id,
					      struct uuid builder_id,
					      bool is_owner);
MUST_CHECK enum error store_membership_remove(struct op *op,
					      struct uuid organization_id,
					      struct uuid builder_id);
/* Who has owned it the longest. */
MUST_CHECK enum error store_membership_first_owner(struct op *op,
						   struct uuid organization_id,
						   struct uuid *ret_builder_id);
/* Has it an owner besides this builder? */
MUST_CHECK enum error store_membership_other_owner(struct op *op,
						   struct uuid organization_id,
						   struct uuid builder_id,
						   bool *ret);
/* Are the two in the same organization? */
MUST_CHECK enum error store_membership_shared(struct op *op, struct uuid one,
					      struct uuid other, bool *ret);

/* Builders. */
MUST_CHECK enum error store_builder_get(struct op *op, struct uuid id,
					struct builder *ret);
MUST_CHECK enum error store_builder_by_email(struct op *op, const char *email,
					     struct builder *ret);
/* Of one organization, or of the store when it is nil. */
MUST_CHECK enum error store_builder_list(struct op *op,
					 struct uuid organization_id,
					 struct builder_list *ret);
MUST_CHECK enum error store_builder_add(struct op *op,
					const struct builder *new);
MUST_CHECK enum error store_builder_change(struct op *op,
					   const struct builder *to);
MUST_CHECK enum error store_builder_remove(struct op *op, struct uuid id);
/* API tokens: of this organization's projects, or of all when it is nil. */
MUST_CHECK enum error store_builder_tokens(struct op *op,
					   struct uuid builder_id,
					   struct uuid organization_id,
					   struct builder_token_list *ret);

/* Invitations; `status` as it was written down. */
MUST_CHECK enum error store_invite_get(struct op *op,
				       struct uuid organization_id,
				       struct uuid id, struct invite *ret);
MUST_CHECK enum error store_invite_list(struct op *op,
					struct uuid organization_id,
					struct invite_list *ret);
/* The oldest of this address that is pending and not over. */
MUST_CHECK enum error store_invite_pending(struct op *op, const char *email,
					   struct invite *ret);
/* ERR_TAKEN when one is pending there; one that is over gives way. */
MUST_CHECK enum error store_invite_add(struct op *op, const struct invite *new);
/* ERR_NOT_FOUND when it is not pending any more: one alone can end it. */
MUST_CHECK enum error
store_invite_end(struct op *op, const struct invite *which, const char *status);
MUST_CHECK enum error store_invite_revoke_all(struct op *op,
					      struct uuid organization_id,
					      const char *email);

/* Claimed domains. */
MUST_CHECK enum error store_claimed_domain_find(struct op *op,
						const char *domain,
						struct claimed_domain *ret);
MUST_CHECK enum error
store_claimed_domain_list(struct op *op, struct uuid organization_id,
			  struct claimed_domain_list *ret);
MUST_CHECK enum error
store_claimed_domain_add(struct op *op, const struct claimed_domain *new);

#endif
