/* How a project lets go of each kind of thing: at once, or with a way back. */
#ifndef CLEAT_CORE_POLICY_H
#define CLEAT_CORE_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/thing.h"

enum { RETENTION_DAYS_MAX = 365 };

enum deletion_mode { MODE_OF_POLICY, MODE_HARD, MODE_SOFT };
enum revoke_when { REVOKE_OF_MODE, REVOKE_NOW, REVOKE_AT_PURGE, REVOKE_NEVER };

/* What was asked for; all zero leaves it to the policy. */
struct deletion_options {
	enum deletion_mode mode;
	enum revoke_when revoke;
	bool force;	  /* what still uses it goes as well */
	bool is_of_query; /* where they were said: to blame a field of */
};

/* What it comes to: no ..._OF_... is left. */
struct deletion_terms {
	enum deletion_mode mode;
	enum revoke_when revoke;
	bool force;
	int64_t purge_at; /* 0 for a hard one */
};

/* It ends something as soon as it is carried out: all of it, or grants. */
bool deletion_ends_at_once(const struct deletion_terms *terms);

/* What who is refused by a hold may do instead. */
const char *deletion_when_held(const struct thing *thing,
			       const struct deletion_terms *terms);

struct policy {
	const char *kind;
	enum deletion_mode mode;
	int64_t retention_days; /* of a soft one: 0..RETENTION_DAYS_MAX */
};

struct policy_list {
	struct policy *items;
	size_t count;
};

/* "hard", "soft". */
const char *mode_name(enum deletion_mode mode);
MUST_CHECK bool mode_named(const char *name, enum deletion_mode *ret);
/* "now", "purge", "never". */
const char *revoke_name(enum revoke_when when);
MUST_CHECK bool revoke_named(const char *name, enum revoke_when *ret);

/*
 * Every kind with what holds for it. Kinds are installation, manifest,
 * third_party, http, connection, target, group, consumer, provider_app,
 * destination, project, environment.
 */
MUST_CHECK enum error policy_list(struct op *op, struct policy_list *ret);

/*
 * ERR_NOT_FOUND for an unknown kind; ERR_INVALID for too long a retention, and
 * for a soft "target", "provider_app", "destination", "project" or
 * "environment": those always go at once.
 */
MUST_CHECK enum error policy_set(struct op *op, const struct policy *to);

/* For how many days a kind of thing stays in the trash. */
MUST_CHECK enum error policy_retention(struct op *op, const char *kind,
				       int64_t *ret_days);

/* ERR_INVALID for a soft deletion of what has no way back. */
MUST_CHECK enum error policy_settle(struct op *op, const struct thing *thing,
				    const struct deletion_options *options,
				    struct deletion_terms *ret);

#endif
