/*
 * What the tests of letting go share: finding what is to go, planning it, and
 * letting it go.
 */
#ifndef CLEAT_TESTS_UNIT_LETTING_GO_H
#define CLEAT_TESTS_UNIT_LETTING_GO_H

#include "support.h"

#include "core/plan.h"
#include "core/receipt.h"

extern const struct deletion_options by_policy, softly;

struct thing thing(struct op *op, enum thing_kind kind, struct uuid id);

struct plan *planned(struct op *op, const struct thing *of,
		     const struct deletion_options *options);

/* Deletes it, and gives back its record. */
struct deletion gone(struct op *op, const struct thing *of,
		     const struct deletion_options *options);

/* An oauth2 connection of the group with this refresh token. */
struct uuid grant_of(struct op *op, const char *group, const char *provider,
		     const char *token);

#endif
