/*
 * What a deletion would do, effect by effect, in the order in which it would
 * do it: for the same store, a plan's effects are those of the receipt.
 */
#ifndef CLEAT_CORE_PLAN_H
#define CLEAT_CORE_PLAN_H

#include "core/blocker.h"
#include "core/effect.h"
#include "core/hold.h"
#include "core/leaving.h"
#include "core/policy.h"
#include "core/thing.h"

enum { PLAN_PAGE = 100, PLAN_BLOCKERS_SHOWN = 100, PLAN_NEW_SHOWN = 20 };

/* An effect, as far as two plans are compared by it. */
struct effect_mark {
	enum effect_what what;
	enum effect_kind kind;
	struct uuid id;
};

/*
 * What is known of an earlier plan, found again or not as a later one is gone
 * through: its first effects.
 */
struct plan_earlier {
	struct effect_mark marks[PLAN_PAGE];
	size_t mark_count;
	bool is_all; /* it had no others */

	bool is_there[PLAN_PAGE]; /* those of them that the later one has */
	/* the first that it does not know; none unless is_all */
	struct effect_mark new[PLAN_NEW_SHOWN];
	size_t new_count;
};

struct plan {
	const struct thing *thing;
	struct deletion_terms terms;
	struct effect_counts counts;
	int64_t total;	      /* effects */
	struct digest digest; /* of all of them */
	int64_t last_event;   /* of the project, when it was made */

	int64_t from; /* the first of `items` among them */
	struct effect items[PLAN_PAGE];
	size_t item_count;
	struct effect_mark marks[PLAN_PAGE]; /* of the first of all */
	size_t mark_count;

	struct blocker_list blockers; /* the first ones */
	const struct hold *held_by;   /* the first hold that it meets; NULL */
};

/* It is refused as it is: something is in its way, or a hold. */
bool plan_is_blocked(const struct plan *plan);

/* `from`: of which effect on the page is. */
MUST_CHECK enum error plan_make(struct op *op, const struct thing *thing,
				const struct deletion_terms *terms,
				int64_t from, struct plan *ret);

/* The same, looking for what an earlier plan had. */
MUST_CHECK enum error plan_make_again(struct op *op, const struct thing *thing,
				      const struct deletion_terms *terms,
				      struct plan_earlier *earlier,
				      struct plan *ret);

/* The plan as JSON, with its token, in the arena. */
const char *plan_text(struct op *op, const struct plan *plan);

/* Makes op->plan; ERR_PLANNED, unless there is another error. */
MUST_CHECK enum error plan_instead(struct op *op, const struct thing *thing,
				   const struct deletion_terms *terms);

/* The same for what is no thing of a project's, hidden with all that it has
 * until it is purged. Such a plan has no token. */
MUST_CHECK enum error plan_of_hiding(struct op *op, enum effect_kind kind,
				     struct uuid id, const char *name,
				     int64_t purge_at);

/* The same for what takes nothing along. */
MUST_CHECK enum error plan_of_one(struct op *op, enum effect_kind kind,
				  struct uuid id, const char *name);

#endif
