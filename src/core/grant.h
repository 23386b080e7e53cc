/*
 * Grants: what a customer agreed to at a provider, behind a connection. One
 * grant may be behind several: only the last of them ends it.
 */
#ifndef CLEAT_CORE_GRANT_H
#define CLEAT_CORE_GRANT_H

#include "core/effect.h"
#include "core/leaving.h"
#include "core/policy.h"
#include "core/receipt.h"

/* What two connections that share a grant have in common; both in the arena,
 * of DIGEST_BYTES, NULL where there is nothing to tell it by. */
struct grant_marks {
	const struct digest *token;
	const struct digest *account;
};

struct grant_facts {
	const char *provider;
	const char *refresh_token; /* NULL: none */
	const char *access_token;  /* NULL: none */
	struct uuid provider_app_id;
	const char *workspace; /* NULL: none is known, nor told apart by */
	const char *user;      /* at the provider; NULL: not known */
};

/* `op` must be in its project: the marks are of use in it alone. */
void grant_mark(struct op *op, const struct grant_facts *facts,
		struct grant_marks *ret);

/* Does any connection, hidden or not, live by this grant. */
MUST_CHECK enum error
grant_is_in_use(struct op *op, const struct grant_facts *facts, bool *ret);

/* The same by the account's mark, 64 digits as a step has it; NULL: it has
 * none.
 */
MUST_CHECK enum error grant_account_is_in_use(struct op *op, const char *mark,
					      bool *ret);

/*
 * What becomes of the grant behind `connection`, when those `parted` are gone
 * already. `*ret_is_now` is false when nothing happens to it yet.
 */
MUST_CHECK enum error
grant_effect(struct op *op, const struct parting *connection,
	     const struct deletion_terms *terms, const struct uuid *parted,
	     size_t parted_count, struct effect *ret, bool *ret_is_now);

/* Records that, and adds the step that ends it at the provider. */
MUST_CHECK enum error grant_let_go(struct op *op, struct record *record,
				   const struct parting *connection,
				   const struct deletion_terms *terms);

#endif
