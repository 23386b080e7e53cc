/*
 * Letting go: what goes with a thing that is deleted, and what stays. Each
 * deletion has an id, op->deletion_id after the call, and a record of what it
 * reached, written in its own transaction (core/receipt.h).
 *
 * In a dry run (op->is_dry_run) these change nothing: they make the plan,
 * op->plan, and return ERR_PLANNED.
 */
#ifndef CLEAT_CORE_DELETION_H
#define CLEAT_CORE_DELETION_H

#include <stdbool.h>

#include "base/op.h"
#include "core/event.h"
#include "core/integration.h"
#include "core/policy.h"
#include "core/thing.h"
#include "core/variable.h"

/*
 * Lets go of the thing and what goes with it. ERR_IN_USE, with an issue for
 * each installation that uses it, unless options->force. ERR_HELD when a legal
 * hold forbids it. `ret` (may be NULL) is the event of the thing itself.
 */
MUST_CHECK enum error deletion_run(struct op *op, const struct thing *thing,
				   const struct deletion_options *options,
				   struct event *ret);

/*
 * Does what was planned, or nothing: ERR_CHANGED when the plan does not hold
 * any more, with the difference as issues; ERR_INVALID for a token that is
 * none.
 */
MUST_CHECK enum error deletion_run_planned(struct op *op, const char *token);

/*
 * The installation goes, with its configurations; its connection goes too
 * when no other installation uses it. ERR_NOT_FOUND.
 */
MUST_CHECK enum error
delete_installation(struct op *op, struct uuid integration_id, struct uuid id);

/*
 * The integration goes, with its revisions, secrets and, each as above, its
 * installations. `ret` (may be NULL) is the event. ERR_NOT_FOUND.
 */
MUST_CHECK enum error delete_integration(struct op *op,
					 enum integration_family family,
					 struct uuid id, struct event *ret);

/*
 * ERR_IN_USE while an installation uses it, with an issue for each, unless
 * `force`: then those go as well. ERR_NOT_FOUND.
 */
MUST_CHECK enum error delete_connection(struct op *op, struct uuid id,
					bool force);

/*
 * With its secret. ERR_IN_USE while a connection uses it, in the trash too,
 * with an issue for each of the first. ERR_NOT_FOUND.
 */
MUST_CHECK enum error delete_provider_app(struct op *op, struct uuid id);

/*
 * With its secrets. ERR_IN_USE while a route goes to it or an installation's
 * configuration names it, with an issue for each of the first. A text of a
 * configuration that looks like the name in use counts as one. ERR_NOT_FOUND.
 */
MUST_CHECK enum error delete_destination(struct op *op, struct uuid id);

/* With the routes to it and from it. ERR_NOT_FOUND. */
MUST_CHECK enum error delete_topic(struct op *op, struct uuid id);

/* From a type of events to a topic; from there to a destination.
 * ERR_NOT_FOUND. */
MUST_CHECK enum error delete_event_route(struct op *op, struct uuid id);
MUST_CHECK enum error delete_topic_route(struct op *op, struct uuid id);

/* With the access tokens that it was exchanged for; whatever is held.
 * ERR_NOT_FOUND. */
MUST_CHECK enum error delete_token(struct op *op, struct uuid id);
MUST_CHECK enum error delete_jwt_key(struct op *op, struct uuid id);

/*
 * ERR_IN_USE while connections use it, their names being what is said, unless
 * it is forced; those are deployed again, and `ret` has them.
 */
MUST_CHECK enum error delete_variable(struct op *op,
				      const struct variable *variable,
				      bool is_forced, struct awaiting *ret);

/* The op's project goes, with all that it has. */
MUST_CHECK enum error delete_project(struct op *op);

/*
 * The named target goes. ERR_IN_USE while the settings of another or of an
 * integration mention its id, in the trash too, with an issue for each of the
 * first, unless `force`: those stay as they are. ERR_NOT_FOUND.
 */
MUST_CHECK enum error delete_target(struct op *op, const char *name,
				    bool force);

#endif
