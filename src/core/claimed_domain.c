/* Claiming domains, and who claimed one. */
#include "core/claimed_domain.h"

#include <string.h>

#include "core/store.h"

/* The domain, or one above it. */
static bool is_within(const char *domain, const char *outer)
{
	size_t length = strlen(domain), tail = strlen(outer);

	if (length < tail || strcmp(domain + length - tail, outer) != 0)
		return false;
	return length == tail || domain[length - tail - 1] == '.';
}

enum error claimed_domain_add(struct op *op, struct uuid organization_id,
			      const char *domain)
{
	const struct claimed_domain new = {uuid_make(op->now), organization_id,
					   domain};
	struct builder who;

	TRY(builder_of_op(op, &who));
	if (!who.email || !is_within(domain, email_domain(who.email))) {
		op_issue(op, "body", "domain",
			 "must be that of your e-mail address, or below it");
		return op_fail(op, ERR_INVALID,
			       "%s is not the domain of your e-mail address",
			       domain);
	}
	enum error error = store_claimed_domain_add(op, &new);
	if (error == ERR_TAKEN) {
		op_advise(op, "Nothing is to be done.");
		return op_fail(op, ERR_IN_USE, "%s is claimed already", domain);
	}
	TRY(error);
	return organization_record(op, organization_id, "domain.claimed",
				   "domain", new.id);
}

static enum error may_see(struct op *op, const struct claimed_domain *domain)
{
	struct membership membership;
	struct builder who;

	TRY(builder_of_op(op, &who));
	if (who.email && strcmp(email_domain(who.email), domain->domain) == 0)
		return OK;
	return store_membership_get(op, domain->organization_id, who.id,
				    &membership);
}

enum error claimed_domain_find(struct op *op, const char *domain,
			       struct claimed_domain *ret)
{
	struct claimed_domain found;
	enum error error = store_claimed_domain_find(op, domain, &found);

	if (error == OK)
		error = may_see(op, &found);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "nobody has claimed %s", domain);
	TRY(error);
	*ret = found;
	return OK;
}

enum error claimed_domain_list(struct op *op, struct uuid organization_id,
			       struct claimed_domain_list *ret)
{
	return store_claimed_domain_list(op, organization_id, ret);
}
