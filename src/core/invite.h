/*
 * Invitations into an organization: for the builder of one e-mail address, to
 * be accepted once, within a week.
 */
#ifndef CLEAT_CORE_INVITE_H
#define CLEAT_CORE_INVITE_H

#include <stddef.h>
#include <stdint.h>

#include "core/organization.h"

#define INVITE_LIFETIME_US (INT64_C(7) * 86400 * 1000000)

#define INVITE_PENDING	"pending"
#define INVITE_ACCEPTED "accepted"
#define INVITE_REVOKED	"revoked"
#define INVITE_EXPIRED	"expired"

struct invite {
	struct uuid id;
	struct uuid organization_id;
	const char *email;
	const char *status; /* one of the above, as of now */
	int64_t created_at;
	int64_t updated_at; /* 0: never */
	int64_t expires_at;
};

struct invite_list {
	struct invite *items;
	size_t count;
};

/*
 * ERR_IN_USE when a member has the address, or it is invited already. Records
 * invite.created.
 */
MUST_CHECK enum error invite_create(struct op *op, struct uuid organization_id,
				    const char *email, struct invite *ret);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error invite_get(struct op *op, struct uuid organization_id,
				 const char *id, struct invite *ret);

/* Oldest first, whatever became of them. */
MUST_CHECK enum error invite_list(struct op *op, struct uuid organization_id,
				  struct invite_list *ret);

/*
 * ERR_MISSHAPEN for one that is not pending any more. In a dry run
 * ERR_PLANNED. Records invite.revoked.
 */
MUST_CHECK enum error invite_revoke(struct op *op, const struct invite *which);

/*
 * The builder who asks, and whose address this is, joins the organization of
 * the oldest invitation that is pending. ERR_NOT_FOUND without one, and for
 * any other address. Records invite.accepted and member.added.
 */
MUST_CHECK enum error invite_accept(struct op *op, const char *email,
				    struct uuid *ret_organization_id);

#endif
