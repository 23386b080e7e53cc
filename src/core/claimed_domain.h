/* Domains that an organization says are its people's. */
#ifndef CLEAT_CORE_CLAIMED_DOMAIN_H
#define CLEAT_CORE_CLAIMED_DOMAIN_H

#include <stddef.h>

#include "core/organization.h"

struct claimed_domain {
	struct uuid id;
	struct uuid organization_id;
	const char *domain; /* in lower case; unique in the store */
};

struct claimed_domain_list {
	struct claimed_domain *items;
	size_t count;
};

/*
 * Only that of the address of who asks, or one below it: ERR_INVALID.
 * ERR_IN_USE when it is claimed already. Records domain.claimed.
 */
MUST_CHECK enum error claimed_domain_add(struct op *op,
					 struct uuid organization_id,
					 const char *domain);

/*
 * Who claimed it, for its members, and for who has an address in it.
 * ERR_NOT_FOUND.
 */
MUST_CHECK enum error claimed_domain_find(struct op *op, const char *domain,
					  struct claimed_domain *ret);

/* Oldest first. */
MUST_CHECK enum error claimed_domain_list(struct op *op,
					  struct uuid organization_id,
					  struct claimed_domain_list *ret);

#endif
