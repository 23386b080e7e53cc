/* Planning and deleting, in one line of a test each. */
#include "letting_go.h"

#include "core/deletion.h"

const struct deletion_options by_policy;
const struct deletion_options softly = {.mode = MODE_SOFT};

struct thing thing(struct op *op, enum thing_kind kind, struct uuid id)
{
	struct thing found;

	must(thing_find(op, kind, id, &found));
	return found;
}

struct plan *planned(struct op *op, const struct thing *of,
		     const struct deletion_options *options)
{
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));
	struct deletion_terms terms;

	must(policy_settle(op, of, options, &terms));
	must(plan_make(op, of, &terms, 0, plan));
	return plan;
}

struct deletion gone(struct op *op, const struct thing *of,
		     const struct deletion_options *options)
{
	struct deletion deletion;

	must(deletion_run(op, of, options, NULL));
	must(receipt_get(op, op->deletion_id, &deletion));
	return deletion;
}

struct uuid grant_of(struct op *op, const char *group, const char *provider,
		     const char *token)
{
	const struct new_credential secrets[] = {{"refresh_token", token, 0}};

	return connect_grant(op, group, provider, secrets, 1);
}
