/* What core needs of a store: letting go, the trash and the records of it. See
 * store.h. */
#ifndef CLEAT_CORE_STORE_LEAVING_H
#define CLEAT_CORE_STORE_LEAVING_H

#include "core/connection.h"
#include "core/hold.h"
#include "core/leaving.h"
#include "core/leaving_scope.h"
#include "core/policy.h"
#include "core/project.h"
#include "core/receipt.h"

/* What goes with a thing. All in the order in which it goes. */
MUST_CHECK enum error store_thing_find(struct op *op, enum thing_kind kind,
				       struct uuid id, struct thing *ret);
MUST_CHECK enum error store_departure(struct op *op, struct uuid id,
				      struct departure *ret);
MUST_CHECK enum error store_leaving(struct op *op, const struct thing *thing,
				    int64_t limit, struct leaving_list *ret);
typedef enum error leaving_visit(void *context, const struct leaving *leaving);
/* All of them, one after the other: there may be a million. */
MUST_CHECK enum error store_leaving_each(struct op *op,
					 const struct thing *thing,
					 leaving_visit *visit, void *context);
/* What of a thing is in the trash, or on its way there: of a project, group,
 * consumer or integration. */
MUST_CHECK enum error store_leaving_hidden(struct op *op,
					   const struct thing *thing,
					   int64_t limit,
					   struct leaving_list *ret);
MUST_CHECK enum error store_leaving_hidden_each(struct op *op,
						const struct thing *thing,
						leaving_visit *visit,
						void *context);
MUST_CHECK enum error store_parting(struct op *op, const struct thing *thing,
				    bool with_hidden, int64_t limit,
				    struct parting_list *ret);
MUST_CHECK enum error store_parting_one(struct op *op, struct uuid id,
					struct parting *ret);
/* Installations that stay and use what an installation or integration used;
 * in the order of the connections' ids. */
MUST_CHECK enum error store_keeping(struct op *op, const struct thing *thing,
				    struct keeping_list *ret);
MUST_CHECK enum error store_grant_place(struct op *op, struct uuid id,
					struct grant_place *ret);
/* By the mark of its account. */
MUST_CHECK enum error
store_account_is_in_use(struct op *op, const struct digest *mark, bool *ret);
/* DIGEST_BYTES each; NULL: none. */
MUST_CHECK enum error store_connection_mark(struct op *op, struct uuid id,
					    const struct digest *grant,
					    const struct digest *account);
MUST_CHECK enum error
store_connection_mark_account(struct op *op, struct uuid id,
			      const struct digest *account);
MUST_CHECK enum error store_has_grants(struct op *op, bool *ret);
/* By the mark of its token. */
MUST_CHECK enum error
store_grant_is_in_use(struct op *op, const struct digest *mark, bool *ret);
/* Connections that have the same grant, hidden ones too. */
MUST_CHECK enum error store_grant_sharers(struct op *op, struct uuid id,
					  struct uuid **ret, size_t *ret_count);

/* Hiding and coming back. Each hidden thing knows its deletion. */
MUST_CHECK enum error store_installation_hide(struct op *op, struct uuid id,
					      struct uuid deletion_id,
					      int64_t purge_at);
MUST_CHECK enum error store_connection_hide(struct op *op, struct uuid id,
					    struct uuid deletion_id,
					    int64_t purge_at);
MUST_CHECK enum error store_party_hide(struct op *op, enum thing_kind kind,
				       struct uuid id, struct uuid deletion_id);
MUST_CHECK enum error store_party_remove(struct op *op, enum thing_kind kind,
					 struct uuid id);

MUST_CHECK enum error store_hidden_things(struct op *op, enum thing_kind kind,
					  struct uuid deletion_id,
					  struct thing_list *ret);
MUST_CHECK enum error store_hidden_connections(struct op *op,
					       struct uuid deletion_id,
					       int64_t limit,
					       struct parting_list *ret);
MUST_CHECK enum error store_hidden_installations(struct op *op,
						 struct uuid deletion_id,
						 int64_t limit,
						 struct leaving_list *ret);
MUST_CHECK enum error store_deletion_of(struct op *op, enum thing_kind kind,
					struct uuid id, struct uuid *ret);
/* Is another one of its kind, living, called so. */
MUST_CHECK enum error store_name_is_taken(struct op *op,
					  const struct thing *thing,
					  const char *name, bool *ret);
MUST_CHECK enum error
store_thing_unhide(struct op *op, const struct thing *thing, const char *name);
MUST_CHECK enum error store_installation_unhide(struct op *op, struct uuid id,
						struct uuid deletion_id);
MUST_CHECK enum error store_connection_unhide(struct op *op, struct uuid id,
					      struct uuid deletion_id);
/* Its grant is ended: it can't be used, and shares nothing any more. */
MUST_CHECK enum error store_connection_spoil(struct op *op, struct uuid id);
MUST_CHECK enum error store_installation_purge(struct op *op, struct uuid id);
/* ERR_NOT_FOUND when one of them is gone for good. */
MUST_CHECK enum error store_restorable(struct op *op, struct uuid id,
				       struct needs *ret);

MUST_CHECK enum error store_restorable_connection(struct op *op, struct uuid id,
						  struct connection_needs *ret);
/* Deletions whose hidden things are all gone are done, or wait for steps. */
MUST_CHECK enum error store_deletion_emptied(struct op *op);

/* Legal holds. */
MUST_CHECK enum error store_hold_list(struct op *op, int64_t limit,
				      struct hold_list *ret);
MUST_CHECK enum error store_hold_put(struct op *op, const struct hold *new);
MUST_CHECK enum error store_hold_remove(struct op *op, const char *kind,
					struct uuid id);

/*
 * The end of the op's project. Hidden it has no name any more; what it has
 * besides installations and connections goes kind by kind, with names where
 * there are some; empty, nothing but its key, its records and events are left.
 */
MUST_CHECK enum error store_project_hide(struct op *op);
MUST_CHECK enum error store_rest_list(struct op *op, enum rest rest,
				      int64_t limit, struct thing_list *ret);
MUST_CHECK enum error store_rest_remove(struct op *op, enum rest rest,
					struct uuid id);
MUST_CHECK enum error store_project_empty(struct op *op);
/* Is there a project of this id that was deleted. */
MUST_CHECK enum error store_project_was(struct op *op, struct uuid id,
					bool *ret);

/*
 * What leaves in batches. All that reads installations or connections heeds
 * it, as far as the op sees it.
 */
MUST_CHECK enum error store_leaving_scope_add(struct op *op,
					      const struct leaving_scope *new);
MUST_CHECK enum error store_leaving_scope_has(struct op *op, struct uuid id,
					      bool *ret);
MUST_CHECK enum error store_leaving_scope_remove(struct op *op, struct uuid id);
/* How many things go with it, counted up to `limit` of each kind. */
MUST_CHECK enum error store_thing_size(struct op *op, const struct thing *thing,
				       int64_t limit, int64_t *ret);
MUST_CHECK enum error store_hidden_size(struct op *op, struct uuid deletion_id,
					int64_t limit, int64_t *ret);
/*
 * The first hold on the project, the thing (of a kind that can go in batches),
 * or on anything that goes with it; `with_hidden`: out of the trash, too.
 * ERR_NOT_FOUND.
 */
MUST_CHECK enum error store_hold_in(struct op *op, const struct thing *thing,
				    bool with_hidden, struct hold *ret);

/* Deletions and steps. */
MUST_CHECK enum error store_deletion_go_on(struct op *op,
					   const struct deletion *to);
MUST_CHECK enum error store_deletion_parts(struct op *op, struct uuid id,
					   int64_t *ret);

MUST_CHECK enum error store_deletion_add(struct op *op,
					 const struct deletion *new);
MUST_CHECK enum error store_deletion_part_add(struct op *op,
					      struct uuid deletion_id,
					      int64_t number,
					      const char *effects);
MUST_CHECK enum error store_deletion_get(struct op *op, struct uuid id,
					 struct deletion *ret);
MUST_CHECK enum error store_deletion_part_get(struct op *op,
					      struct uuid deletion_id,
					      int64_t number, const char **ret);
/* Without their effects. `state` is NULL for any. */
MUST_CHECK enum error store_deletion_list(struct op *op, const char *state,
					  struct uuid after, int64_t limit,
					  struct deletion_list *ret);
MUST_CHECK enum error store_deletion_state(struct op *op, struct uuid id,
					   const char *state,
					   int64_t finished_at);
MUST_CHECK enum error store_step_add(struct op *op, const struct step *new);
/* In the order of their ids, those after this one. */
MUST_CHECK enum error store_step_list(struct op *op, struct uuid deletion_id,
				      struct uuid after, int64_t limit,
				      struct step_list *ret);
/* How the steps of this kind that wait no more have ended, counted. */
MUST_CHECK enum error store_step_ends(struct op *op, struct uuid deletion_id,
				      const char *kind,
				      struct step_end_list *ret);
MUST_CHECK enum error store_step_get(struct op *op, struct uuid id,
				     struct step *ret);
MUST_CHECK enum error store_step_change(struct op *op, const struct step *to);
/* The waiting ones that undeploy this connection. */
MUST_CHECK enum error store_steps_undeploy(struct op *op,
					   struct uuid connection_id,
					   struct step_list *ret);
MUST_CHECK enum error store_steps_open(struct op *op, struct uuid deletion_id,
				       int64_t *ret);

/* Policies. `ret` is kept when the project has none for the kind. */
MUST_CHECK enum error store_policy_get(struct op *op, const char *kind,
				       struct policy *ret);
MUST_CHECK enum error store_policy_put(struct op *op, const struct policy *to);

#endif
