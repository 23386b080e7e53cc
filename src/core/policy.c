/* Policies: defaults, and what a project sets. */
#include "core/policy.h"

#include <string.h>

#include "core/event.h"
#include "core/hold.h"
#include "core/store.h"

enum { DEFAULT_RETENTION_DAYS = 30 };
#define DAY_US (INT64_C(86400) * 1000000)

static const struct policy defaults[] = {
	{"installation", MODE_HARD, DEFAULT_RETENTION_DAYS},
	{"manifest", MODE_HARD, DEFAULT_RETENTION_DAYS},
	{"third_party", MODE_HARD, DEFAULT_RETENTION_DAYS},
	{"http", MODE_SOFT, DEFAULT_RETENTION_DAYS},
	{"connection", MODE_HARD, DEFAULT_RETENTION_DAYS},
	{"target", MODE_HARD, 0},
	{"group", MODE_HARD, DEFAULT_RETENTION_DAYS},
	{"consumer", MODE_HARD, DEFAULT_RETENTION_DAYS},
	{"provider_app", MODE_HARD, 0},
	{"destination", MODE_HARD, 0},
	{"project", MODE_HARD, 0},
	{"environment", MODE_HARD, 0},
};
/* Of what no policy is of. */
static const struct policy no_way_back = {NULL, MODE_HARD, 0};
enum { KINDS = sizeof(defaults) / sizeof(*defaults) };

const char *mode_name(enum deletion_mode mode)
{
	return mode == MODE_SOFT ? "soft" : "hard";
}

bool mode_named(const char *name, enum deletion_mode *ret)
{
	*ret = strcmp(name, "soft") == 0 ? MODE_SOFT : MODE_HARD;
	return *ret == MODE_SOFT || strcmp(name, "hard") == 0;
}

static const char *const revoke_names[] = {
	[REVOKE_NOW] = "now",
	[REVOKE_AT_PURGE] = "purge",
	[REVOKE_NEVER] = "never",
};

const char *revoke_name(enum revoke_when when)
{
	return revoke_names[when];
}

bool revoke_named(const char *name, enum revoke_when *ret)
{
	for (int i = REVOKE_NOW; i <= REVOKE_NEVER; i++)
		if (strcmp(revoke_names[i], name) == 0) {
			*ret = (enum revoke_when)i;
			return true;
		}
	return false;
}

static const struct policy *default_of(const char *kind)
{
	for (int i = 0; i < KINDS; i++)
		if (strcmp(defaults[i].kind, kind) == 0)
			return &defaults[i];
	return NULL;
}

/* It is never in the trash: the table keeps it for no day. */
static bool has_no_way_back(const char *kind)
{
	const struct policy *found = kind ? default_of(kind) : &no_way_back;

	return found && found->retention_days == 0;
}

bool deletion_ends_at_once(const struct deletion_terms *terms)
{
	return terms->mode == MODE_HARD || terms->revoke == REVOKE_NOW;
}

const char *deletion_when_held(const struct thing *thing,
			       const struct deletion_terms *terms)
{
	if (terms->mode == MODE_SOFT)
		return "Wait until the hold is lifted, or delete with revoke "
		       "purge: what is held is then hidden and kept.";
	return has_no_way_back(thing->policy)
		       ? HOLD_WAIT
		       : "Wait until the hold is lifted, or delete softly: "
			 "what is held is then hidden and kept.";
}

enum error policy_list(struct op *op, struct policy_list *ret)
{
	ret->items = arena_alloc(&op->arena, sizeof(defaults));
	ret->count = KINDS;
	for (int i = 0; i < KINDS; i++) {
		ret->items[i] = defaults[i];
		enum error error =
			store_policy_get(op, defaults[i].kind, &ret->items[i]);
		if (error != OK && error != ERR_NOT_FOUND)
			return error;
	}
	return OK;
}

enum error policy_set(struct op *op, const struct policy *to)
{
	const struct event_fact facts[] = {
		{"kind", to->kind, false},
		{"mode", mode_name(to->mode), false},
		{"retentionDays",
		 arena_printf(&op->arena, "%lld",
			      (long long)to->retention_days),
		 true},
	};

	if (!default_of(to->kind))
		return op_fail(op, ERR_NOT_FOUND, "there is no policy for %s",
			       to->kind);
	if (to->retention_days < 0 || to->retention_days > RETENTION_DAYS_MAX)
		return op_fail(op, ERR_INVALID, "retentionDays must be 0 to %d",
			       RETENTION_DAYS_MAX);
	if (has_no_way_back(to->kind) && to->mode == MODE_SOFT) {
		op_issue(op, "body", "mode",
			 "must be hard: a %s always goes at once", to->kind);
		return op_fail(op, ERR_INVALID, "%s can't be soft", to->kind);
	}
	TRY(store_policy_put(op, to));
	return event_record(op, "policy.updated", "project", op->project_id,
			    facts, 3, NULL);
}

/* Most deletions say or have the default; a project's own is looked up. */
static enum error policy_of(struct op *op, const char *kind, struct policy *ret)
{
	const struct policy *found = kind ? default_of(kind) : &no_way_back;

	if (!found)
		return op_fail(op, ERR_INTERNAL, "%s has no policy", kind);
	if (!kind) {
		*ret = *found;
		return OK;
	}
	*ret = *found;
	enum error error = store_policy_get(op, kind, ret);

	return error == ERR_NOT_FOUND ? OK : error;
}

enum error policy_retention(struct op *op, const char *kind, int64_t *ret_days)
{
	struct policy policy;

	TRY(policy_of(op, kind, &policy));
	*ret_days = policy.retention_days;
	return OK;
}

static enum error refuse_soft(struct op *op, const struct thing *thing,
			      const struct deletion_options *options)
{
	const char *kind = thing_kind_name(thing->kind);

	op_issue(op, options->is_of_query ? "query" : "body",
		 options->is_of_query ? "mode" : "options.mode",
		 "must be hard: this %s always goes at once", kind);
	return op_fail(op, ERR_INVALID, "this %s has no way back", kind);
}

enum error policy_settle(struct op *op, const struct thing *thing,
			 const struct deletion_options *options,
			 struct deletion_terms *ret)
{
	struct policy policy;
	struct deletion_terms terms = {
		.mode = options->mode,
		.revoke = options->revoke,
		.force = options->force,
	};

	TRY(policy_of(op, thing->policy, &policy));
	if (terms.mode == MODE_OF_POLICY)
		terms.mode = policy.mode;
	if (terms.mode == MODE_SOFT && has_no_way_back(thing->policy))
		return refuse_soft(op, thing, options);
	if (terms.revoke == REVOKE_OF_MODE)
		terms.revoke =
			terms.mode == MODE_SOFT ? REVOKE_AT_PURGE : REVOKE_NOW;
	if (terms.mode == MODE_SOFT)
		terms.purge_at = op->now + policy.retention_days * DAY_US;
	*ret = terms;
	return OK;
}
