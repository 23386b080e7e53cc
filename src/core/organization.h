/*
 * Organizations, which own projects, and their members, who are builders. A
 * member sees what the organization has; an owner also says who is in it.
 * What one is no member of is unknown: ERR_NOT_FOUND.
 */
#ifndef CLEAT_CORE_ORGANIZATION_H
#define CLEAT_CORE_ORGANIZATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/op.h"
#include "core/builder.h"
#include "core/event.h"

enum { ORGANIZATION_LABEL_MAX = 128 };

struct organization {
	struct uuid id;
	const char *name;  /* for the command line, unique in the store */
	const char *label; /* for people */
	int64_t created_at;
	int64_t updated_at; /* 0: never */
};

/* An organization as one of its members has it. */
struct membership {
	struct organization organization;
	bool is_owner;
};

struct membership_list {
	struct membership *items;
	size_t count;
};

/* One that who asks is a member of, by its id. ERR_NOT_FOUND. */
MUST_CHECK enum error organization_enter(struct op *op, const char *id,
					 struct membership *ret);

/*
 * To change it: ERR_FORBIDDEN unless who asks owns it and the token may change
 * things.
 */
MUST_CHECK enum error organization_manage(struct op *op,
					  const struct membership *membership);

/* Those of the builder who asks, the one that was joined first on top. */
MUST_CHECK enum error organization_list(struct op *op,
					struct membership_list *ret);

/* The builder who asks will own it. Records organization.created. */
MUST_CHECK enum error organization_create(struct op *op, const char *label,
					  struct organization *ret);

/* Records organization.updated. */
MUST_CHECK enum error organization_rename(struct op *op,
					  const struct organization *which,
					  const char *label,
					  struct organization *ret);

/*
 * For the command line, by its name. The first makes one that is not there,
 * with a builder who owns it and of whom nothing is known.
 */
MUST_CHECK enum error organization_found(struct op *op, const char *name,
					 struct organization *ret);
MUST_CHECK enum error organization_find(struct op *op, const char *name,
					struct organization *ret);

/* Its members, in the order of their ids. */
MUST_CHECK enum error organization_builders(struct op *op,
					    struct uuid organization_id,
					    struct builder_list *ret);

/*
 * An owner adds a builder who is known to them: from another organization
 * that both are in, or by an address in a domain that this one claimed. OK
 * when that is a member already. ERR_NOT_FOUND.
 */
MUST_CHECK enum error organization_add_known(struct op *op,
					     const struct organization *to,
					     const char *builder_id);

/* Joins, or stays as it is. Records member.added. */
MUST_CHECK enum error organization_join(struct op *op,
					struct uuid organization_id,
					struct uuid builder_id);

/* For the command line: joins as that, or becomes that. ERR_IN_USE when it
 * would be without an owner. */
MUST_CHECK enum error organization_appoint(struct op *op,
					   struct uuid organization_id,
					   struct uuid builder_id,
					   bool is_owner);

/*
 * Ends the membership, the builder's tokens of its projects, and invitations
 * of the address. ERR_NOT_FOUND for who is no member; ERR_IN_USE for its last
 * owner. Records member.removed and token.deleted.
 */
MUST_CHECK enum error organization_leave(struct op *op,
					 const struct organization *which,
					 const struct builder *builder);

/*
 * An event of an organization is kept by its oldest project; by none when it
 * has no project.
 */
MUST_CHECK enum error organization_record(struct op *op,
					  struct uuid organization_id,
					  const char *type,
					  const char *subject_kind,
					  struct uuid subject_id);

/* Ends these tokens, each in its project. */
MUST_CHECK enum error builder_end_tokens(struct op *op, struct uuid builder_id,
					 struct uuid organization_id);

#endif
