/*
 * What core needs of a store. One implementation for all SQL drivers is in
 * src/store. Every call works in the op's session and, unless it says
 * otherwise, in the op's project alone; ERR_NOT_FOUND when there is no such
 * row in it; ERR_TAKEN when a unique key is held; else the driver's errors.
 * What is returned lies in the op's arena.
 *
 * One list, long as it is, in the order of the model: who writes a store has
 * to write all of it, and can see here that it is all.
 */
#ifndef CLEAT_CORE_STORE_H
#define CLEAT_CORE_STORE_H

#include "core/access_token.h"
#include "core/chain.h"
#include "core/checkpoint.h"
#include "core/connection.h"
#include "core/delivery.h"
#include "core/deployment.h"
#include "core/destination.h"
#include "core/environment.h"
#include "core/event.h"
#include "core/group.h"
#include "core/hold.h"
#include "core/idempotency.h"
#include "core/installation.h"
#include "core/integration.h"
#include "core/leaving.h"
#include "core/leaving_scope.h"
#include "core/policy.h"
#include "core/job.h"
#include "core/message.h"
#include "core/project.h"
#include "core/receipt.h"
#include "core/provider_app.h"
#include "core/signing_key.h"
#include "core/topic.h"
#include "core/worker.h"

/*
 * A number that is another one whenever this thread's reads may find other
 * data than before; 0 when nothing may be remembered.
 */
uint64_t store_snapshot(const struct op *op);

/* Organizations and projects: of the whole store. */
MUST_CHECK enum error store_organization_find(struct op *op, const char *name,
					      struct organization *ret);
MUST_CHECK enum error store_organization_add(struct op *op,
					     const struct organization *new);
MUST_CHECK enum error store_project_find(struct op *op, enum project_handle by,
					 const char *handle,
					 struct project *ret);
MUST_CHECK enum error store_project_list(struct op *op,
					 struct project_list *ret);
MUST_CHECK enum error store_project_add(struct op *op,
					const struct project *new);

/* What is sealed under a master key or a project's. */
struct sealed_bytes {
	const unsigned char *bytes;
	size_t length;
};

/* The store's master key and own keys, as they lie in it. */
struct master_key_row {
	struct digest id; /* keyring_newest of the one that it wants */
	struct sealed_bytes token, sign;
	int64_t rotations;
	int64_t since;
};

MUST_CHECK enum error store_master_key_get(struct op *op,
					   struct master_key_row *ret);
MUST_CHECK enum error store_master_key_add(struct op *op,
					   const struct master_key_row *new);

/* `to` takes the place of the one with this id. */
MUST_CHECK enum error store_master_key_replace(struct op *op,
					       const struct digest *id,
					       const struct master_key_row *to);

/* A version of a project's key. */
struct project_key_row {
	int64_t version;
	struct sealed_bytes sealed;
	const char *stage;
	struct uuid reached_id;
	const char *reached_name;
	int64_t resealed;
	int64_t created_at;
	int64_t settled_at; /* 0: not yet */
};

MUST_CHECK enum error store_project_key_current(struct op *op,
						struct project_key_row *ret);
MUST_CHECK enum error store_project_key_get(struct op *op, int64_t version,
					    struct project_key_row *ret);
/* Version, sealed, stage, created_at and settled_at. */
MUST_CHECK enum error store_project_key_add(struct op *op,
					    const struct project_key_row *new);
/* That version seals what is new. */
MUST_CHECK enum error store_project_key_switch(struct op *op, int64_t version);
/* Stage, reached_..., resealed and settled_at. */
MUST_CHECK enum error store_project_key_reach(struct op *op,
					      const struct project_key_row *to);
/* Removes those before it. */
MUST_CHECK enum error store_project_key_retire(struct op *op, int64_t version);
MUST_CHECK enum error store_project_key_count(struct op *op, int64_t *ret);

/* A project's key, of any project. */
struct sealed_key {
	struct uuid project_id;
	int64_t version;
	struct sealed_bytes sealed;
};

struct sealed_key_list {
	struct sealed_key *items;
	size_t count;
};

/* Those of the whole store in order, after this one. */
MUST_CHECK enum error store_project_key_walk(struct op *op,
					     struct uuid after_project,
					     int64_t after_version,
					     int64_t limit,
					     struct sealed_key_list *ret);
/* Sealed anew. */
MUST_CHECK enum error store_project_key_reseal(struct op *op,
					       const struct sealed_key *to);

/* Tokens. Finding by digest looks in the whole store. */
MUST_CHECK enum error store_token_by_digest(struct op *op,
					    const struct digest *digest,
					    struct access_token *ret);
MUST_CHECK enum error store_token_by_handle(struct op *op, const char *kind,
					    const char *handle,
					    struct access_token *ret);
MUST_CHECK enum error store_token_list(struct op *op,
				       struct access_token_list *ret);
MUST_CHECK enum error store_token_add(struct op *op,
				      const struct access_token *new,
				      const struct digest *digest);
/* With the tokens that it is the parent of. */
MUST_CHECK enum error store_token_remove(struct op *op, struct uuid id);
/* The parent's children that expired before now. */
MUST_CHECK enum error store_token_sweep(struct op *op, struct uuid parent_id);
MUST_CHECK enum error store_token_allow(struct op *op, struct uuid token_id,
					struct uuid project_id);
/* OK when this token may use that project too. */
MUST_CHECK enum error store_token_allowed(struct op *op, struct uuid token_id,
					  struct uuid project_id);

/* Groups and consumers. */
MUST_CHECK enum error store_group_find(struct op *op, const char *ref,
				       struct party *ret);
MUST_CHECK enum error store_group_add(struct op *op, const struct party *new);
MUST_CHECK enum error store_group_rename(struct op *op, struct uuid id,
					 const char *name);
/* In the order of their references, those after this one. */
MUST_CHECK enum error store_group_list(struct op *op, const char *after,
				       int64_t limit, struct party_list *ret);
MUST_CHECK enum error store_group_count(struct op *op, struct uuid id,
					struct group_counts *ret);
MUST_CHECK enum error store_consumer_find(struct op *op, const char *ref,
					  struct party *ret);
MUST_CHECK enum error store_consumer_add(struct op *op,
					 const struct party *new);
MUST_CHECK enum error store_consumer_rename(struct op *op, struct uuid id,
					    const char *name);

/* Integrations and revisions. */
MUST_CHECK enum error store_integration_get(struct op *op,
					    enum integration_family family,
					    struct uuid id,
					    struct integration *ret);
MUST_CHECK enum error store_integration_find(struct op *op,
					     enum integration_family family,
					     const char *handle,
					     struct integration *ret);
MUST_CHECK enum error store_integration_list(struct op *op,
					     enum integration_family family,
					     struct integration_list *ret);
/* `pattern` is for LIKE with the escape '\'. */
MUST_CHECK enum error store_integration_search(struct op *op,
					       enum integration_family family,
					       const char *pattern,
					       int64_t offset, int64_t limit,
					       struct integration_list *ret);
MUST_CHECK enum error store_integration_add(struct op *op,
					    const struct integration *new);
/* Title, description, category, settings, revision and updated_at. */
MUST_CHECK enum error store_integration_change(struct op *op,
					       const struct integration *to);
/* Hides it until purge_at, 0: for good; ERR_NOT_FOUND when it is hidden. */
MUST_CHECK enum error store_integration_hide(struct op *op, struct uuid id,
					     struct uuid deletion_id,
					     int64_t purge_at);
MUST_CHECK enum error store_integration_hidden(struct op *op,
					       enum integration_family family,
					       struct uuid id,
					       struct integration *ret);
/* With its revisions. */
MUST_CHECK enum error store_integration_remove(struct op *op, struct uuid id);
MUST_CHECK enum error store_revision_add(struct op *op,
					 const struct revision *new);
MUST_CHECK enum error store_revision_get(struct op *op, struct uuid id,
					 struct revision *ret);

/* Connections. */
MUST_CHECK enum error store_connection_get(struct op *op, struct uuid id,
					   struct connection_view *ret);
MUST_CHECK enum error store_connection_list(struct op *op,
					    const struct connection_filter *f,
					    struct connection_list *ret);
MUST_CHECK enum error store_connection_default(struct op *op,
					       struct uuid group_id,
					       const char *provider,
					       struct connection_view *ret);
/* `handle` is NULL, or a target's folded name. */
MUST_CHECK enum error store_connection_add(struct op *op,
					   const struct connection *new,
					   const char *handle);
MUST_CHECK enum error store_connection_change(struct op *op,
					      const struct connection *to,
					      const char *handle);
MUST_CHECK enum error store_target_find(struct op *op, const char *handle,
					struct connection *ret);
MUST_CHECK enum error store_target_list(struct op *op, const char *kind,
					struct connection_list *ret);
MUST_CHECK enum error store_connection_remove(struct op *op, struct uuid id);

/* Installations. */
MUST_CHECK enum error store_installation_get(struct op *op, struct uuid id,
					     struct installation_view *ret);
MUST_CHECK enum error store_installation_show(struct op *op,
					      struct uuid integration_id,
					      struct uuid id,
					      installation_visit *visit,
					      void *context);
/* The highest uuid_stamp of any project's; 0 when there is none. */
MUST_CHECK enum error store_installation_newest(struct op *op,
						int64_t *ret_stamp);
/* `group_id` is nil for any. */
MUST_CHECK enum error
store_installation_list(struct op *op, const struct installation_filter *filter,
			struct uuid group_id, installation_visit *visit,
			void *context);
MUST_CHECK enum error store_installation_add(struct op *op,
					     const struct installation *new,
					     const struct config *config);
/* Has this group installed this integration: OK, ERR_NOT_FOUND. */
MUST_CHECK enum error store_installation_of(struct op *op, struct uuid group_id,
					    struct uuid integration_id,
					    struct uuid *ret);
/* Those that use this connection of this group, at most `limit`. */
MUST_CHECK enum error store_installation_users(struct op *op,
					       struct uuid group_id,
					       struct uuid connection_id,
					       struct installation *ret,
					       size_t limit, size_t *ret_count);
MUST_CHECK enum error store_installation_user_count(struct op *op,
						    struct uuid group_id,
						    struct uuid connection_id,
						    size_t *ret);
/* With the configurations that it had before the present one. */
MUST_CHECK enum error
store_installation_remove(struct op *op, const struct installation *which);
MUST_CHECK enum error store_installation_document(struct op *op, struct uuid id,
						  const char *document);
/* Those documents show what has changed: they are dropped. */
MUST_CHECK enum error store_documents_of_group(struct op *op,
					       struct uuid group_id);
MUST_CHECK enum error store_documents_of_consumer(struct op *op,
						  struct uuid consumer_id);

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
/* What of a group or project is in the trash, or on its way there. */
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
/* DIGEST_BYTES each; NULL: none. */
MUST_CHECK enum error store_connection_mark(struct op *op, struct uuid id,
					    const struct digest *grant,
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
/* Deletions whose hidden things are all gone are done. */
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
 * or on anything that goes with it. ERR_NOT_FOUND.
 */
MUST_CHECK enum error store_hold_in(struct op *op, const struct thing *thing,
				    struct hold *ret);

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
/* Provider apps. */
MUST_CHECK enum error store_provider_app_get(struct op *op, struct uuid id,
					     struct provider_app *ret);
MUST_CHECK enum error store_provider_app_list(struct op *op,
					      struct provider_app_list *ret);
MUST_CHECK enum error store_provider_app_add(struct op *op,
					     const struct provider_app *new);
MUST_CHECK enum error store_provider_app_change(struct op *op,
						const struct provider_app *to);
MUST_CHECK enum error store_provider_app_remove(struct op *op, struct uuid id);
/* The connections that use it, at most `limit`. */
MUST_CHECK enum error store_provider_app_users(struct op *op, struct uuid id,
					       struct uuid *ret, size_t limit,
					       size_t *ret_count);

/* Destinations. */
MUST_CHECK enum error store_destination_get(struct op *op, struct uuid id,
					    struct destination *ret);
MUST_CHECK enum error store_destination_find(struct op *op, const char *name,
					     struct destination *ret);
MUST_CHECK enum error store_destination_list(struct op *op,
					     struct destination_list *ret);
MUST_CHECK enum error store_destination_add(struct op *op,
					    const struct destination *new);
/* Name, metadata and updated_at. */
MUST_CHECK enum error store_destination_change(struct op *op,
					       const struct destination *to);
MUST_CHECK enum error store_destination_remove(struct op *op, struct uuid id);
/* Installations with this text in their configuration, at most `limit`. */
MUST_CHECK enum error store_destination_readers(struct op *op, const char *text,
						struct uuid *ret, size_t limit,
						size_t *ret_count);

MUST_CHECK enum error store_destination_health(struct op *op, struct uuid id,
					       bool is_disabled,
					       int64_t failing_since);

/* Environments. */
MUST_CHECK enum error store_environment_get(struct op *op, struct uuid id,
					    struct environment *ret);
MUST_CHECK enum error store_environment_find(struct op *op, const char *name,
					     struct environment *ret);
MUST_CHECK enum error store_environment_list(struct op *op, const char *after,
					     int64_t limit,
					     struct environment_list *ret);
MUST_CHECK enum error store_environment_add(struct op *op,
					    const struct environment *new);
MUST_CHECK enum error store_environment_remove(struct op *op, struct uuid id);

/* Workers: those that leave are found by none of these. */
MUST_CHECK enum error store_worker_get(struct op *op, struct uuid id,
				       struct worker *ret);
MUST_CHECK enum error store_worker_find(struct op *op,
					struct uuid environment_id,
					const char *name, struct worker *ret);
MUST_CHECK enum error store_worker_list(struct op *op, struct uuid after,
					int64_t limit, struct worker_list *ret);
MUST_CHECK enum error store_workers_of_environment(struct op *op,
						   struct uuid environment_id,
						   struct worker_list *ret);
MUST_CHECK enum error store_worker_add(struct op *op, const struct worker *new);
/* Its URL and seen_at. */
MUST_CHECK enum error store_worker_seen(struct op *op, const struct worker *to);
MUST_CHECK enum error store_worker_leave(struct op *op, struct uuid id);
/* One that leaves, if it holds nothing. */
MUST_CHECK enum error store_worker_forget(struct op *op, struct uuid id);
MUST_CHECK enum error store_worker_counts(struct op *op, struct uuid id,
					  struct worker_counts *ret);

/* Deployments, also of workers that leave. */
MUST_CHECK enum error store_deployment_version(struct op *op, int64_t *ret);
MUST_CHECK enum error store_deployment_version_raise(struct op *op);
MUST_CHECK enum error store_deployment_get(struct op *op, struct uuid id,
					   struct deployment *ret);
MUST_CHECK enum error store_deployment_find(struct op *op,
					    struct uuid worker_id,
					    struct uuid connection_id,
					    struct deployment *ret);
MUST_CHECK enum error
store_deployments_of_connection(struct op *op, struct uuid id,
				struct deployment_list *ret);
MUST_CHECK enum error store_deployments_of_worker(struct op *op, struct uuid id,
						  struct deployment_list *ret);
MUST_CHECK enum error store_deployment_add(struct op *op,
					   const struct deployment *new);
/* Its versions, and whether it is wanted. */
MUST_CHECK enum error store_deployment_change(struct op *op,
					      const struct deployment *to);
/* None there is no error. */
MUST_CHECK enum error store_deployment_remove(struct op *op, struct uuid id);
/* The living target of this id. */
MUST_CHECK enum error store_deployment_target(struct op *op, struct uuid id,
					      struct connection *ret);

/* Deliveries. */
MUST_CHECK enum error store_event_routes_exist(struct op *op, bool *ret);
/* Enabled webhooks, each once, with id and name alone; ordered by id. */
MUST_CHECK enum error store_event_destinations(struct op *op, const char *type,
					       struct destination_list *ret);
/* Living or in the trash; of a provider's connections alone. */
MUST_CHECK enum error
store_message_of_installation(struct op *op, struct uuid id,
			      struct message_subject *ret);
MUST_CHECK enum error store_message_of_connection(struct op *op, struct uuid id,
						  struct message_subject *ret);
MUST_CHECK enum error
store_delivery_add(struct op *op, const struct delivery *new, const char *body);
MUST_CHECK enum error store_delivery_get(struct op *op, struct uuid id,
					 struct delivery *ret);
MUST_CHECK enum error store_delivery_body(struct op *op, struct uuid id,
					  const char **ret);
/* Of the filter, all but state and type; at most `limit`. */
MUST_CHECK enum error store_delivery_list(struct op *op,
					  const struct delivery_filter *filter,
					  int64_t limit,
					  struct delivery_list *ret);
/* State, attempts, answer, job and times. */
MUST_CHECK enum error store_delivery_change(struct op *op,
					    const struct delivery *to);
/* Those whose jobs wait in this lane. */
MUST_CHECK enum error store_delivery_end_waiting(struct op *op,
						 const char *kind,
						 const char *lane,
						 const char *why);
MUST_CHECK enum error
store_delivery_counts_of_deletion(struct op *op, struct uuid deletion_id,
				  struct delivery_counts_list *ret);
MUST_CHECK enum error
store_delivery_attempt_add(struct op *op, struct uuid delivery_id,
			   const struct delivery_attempt *new);
MUST_CHECK enum error
store_delivery_attempt_list(struct op *op, struct uuid delivery_id,
			    int64_t limit, struct delivery_attempt_list *ret);
/* Those that ended and were made before then; at most `limit`. */
MUST_CHECK enum error store_delivery_sweep(struct op *op, int64_t before,
					   int64_t limit, int64_t *ret);
MUST_CHECK enum error store_delivery_oldest(struct op *op, int64_t *ret_at);

/* Topics and routes. Filters are nil or NULL for any. */
MUST_CHECK enum error store_topic_get(struct op *op, struct uuid id,
				      struct topic *ret);
MUST_CHECK enum error store_topic_list(struct op *op, struct topic_list *ret);
MUST_CHECK enum error store_topic_add(struct op *op, const struct topic *new);
MUST_CHECK enum error store_topic_change(struct op *op, const struct topic *to);
MUST_CHECK enum error store_topic_remove(struct op *op, struct uuid id);
MUST_CHECK enum error store_event_route_get(struct op *op, struct uuid id,
					    struct event_route *ret);
MUST_CHECK enum error store_event_route_list(struct op *op,
					     struct uuid topic_id,
					     const char *event_type,
					     struct event_route_list *ret);
MUST_CHECK enum error store_event_route_add(struct op *op,
					    const struct event_route *new);
MUST_CHECK enum error store_event_route_remove(struct op *op, struct uuid id);
MUST_CHECK enum error store_topic_route_get(struct op *op, struct uuid id,
					    struct topic_route *ret);
MUST_CHECK enum error store_topic_route_list(struct op *op,
					     struct uuid topic_id,
					     struct uuid destination_id,
					     struct topic_route_list *ret);
MUST_CHECK enum error store_topic_route_add(struct op *op,
					    const struct topic_route *new);
MUST_CHECK enum error store_topic_route_remove(struct op *op, struct uuid id);

/* Secrets: sealed blobs by owner and name. */
struct sealed {
	const char *name;
	int64_t key_version;
	const unsigned char *blob;
	size_t length;
	int64_t expires_at;
};

MUST_CHECK enum error store_secret_put(struct op *op, struct uuid owner_id,
				       const struct sealed *sealed);
struct owned_secret {
	struct uuid owner_id;
	struct sealed sealed;
};

struct owned_secret_list {
	struct owned_secret *items;
	size_t count;
};

/* All of the project's in order, those after this one; NULL: of this owner. */
MUST_CHECK enum error store_secret_walk(struct op *op, struct uuid after_owner,
					const char *after_name, int64_t limit,
					struct owned_secret_list *ret);
MUST_CHECK enum error store_secret_list(struct op *op, struct uuid owner_id,
					struct sealed **ret, size_t *ret_count);
MUST_CHECK enum error store_secret_remove(struct op *op, struct uuid owner_id,
					  const char *name);
MUST_CHECK enum error store_secret_remove_all(struct op *op,
					      struct uuid owner_id);

/* Events. */
MUST_CHECK enum error store_event_add(struct op *op, const struct event *new);
MUST_CHECK enum error store_event_get(struct op *op, int64_t number,
				      struct event *ret);
/* The number of the project's last one; 0 when there is none. */
MUST_CHECK enum error store_event_newest(struct op *op, int64_t *ret);
MUST_CHECK enum error store_event_list(struct op *op,
				       const struct event_filter *filter,
				       struct event_list *ret);

/* Of those after this one, `limit` at most: the last, and how many. */
MUST_CHECK enum error store_event_window(struct op *op, int64_t after,
					 int64_t limit, int64_t *ret_last,
					 int64_t *ret_count);
/* Up to this number; `*ret_is_full` when there may be more up to it. */
MUST_CHECK enum error store_event_page(struct op *op,
				       const struct event_page_filter *filter,
				       int64_t up_to, struct event_list *ret,
				       bool *ret_is_full);

/* Links, and the events under them, oldest first. */
MUST_CHECK enum error store_link_add(struct op *op, const struct link *new);
MUST_CHECK enum error store_link_last(struct op *op, struct link *ret);
/* The first one whose last event is this or a later one. */
MUST_CHECK enum error store_link_covering(struct op *op, int64_t event_number,
					  struct link *ret);
/* Until the visit fails; what it is shown is good during the call alone. */
typedef enum error link_visit(void *context, const struct link *link);
typedef enum error event_visit(void *context, const struct event_row *event);
MUST_CHECK enum error store_link_each(struct op *op, link_visit *visit,
				      void *context);
/* `up_to` INT64_MAX: to the last one, whatever is there. */
MUST_CHECK enum error store_event_rows(struct op *op, int64_t from,
				       int64_t up_to, event_visit *visit,
				       void *context);

/* The store's keys, oldest first. */
MUST_CHECK enum error store_signing_key_add(struct op *op,
					    const struct signing_key *new);
MUST_CHECK enum error store_signing_key_reseal(struct op *op,
					       const struct signing_key *key);
MUST_CHECK enum error store_signing_key_list(struct op *op,
					     struct signing_key_list *ret);

/* Chains longer than what this target knows; looks in the whole store. */
MUST_CHECK enum error store_checkpoint_due(struct op *op, struct uuid target_id,
					   int64_t limit,
					   struct checkpoint_list *ret);
MUST_CHECK enum error store_checkpoint_put(struct op *op, struct uuid target_id,
					   int64_t number);

/* Of the whole store. */
struct chain_end {
	struct uuid project_id;
	int64_t last_event, last_sealed; /* 0: none */
};
MUST_CHECK enum error store_chain_ends(struct op *op, struct chain_end **ret,
				       size_t *ret_count);
/* Also those that are no project any more. */
MUST_CHECK enum error store_chain_projects(struct op *op, struct uuid **ret,
					   size_t *ret_count);

/* A kept answer as it lies in the store. */
struct kept_row {
	struct digest fingerprint;
	struct kept_answer answer; /* with its body sealed, if it is */
	int64_t key_version;	   /* 0: not sealed */
	int64_t created_at;
};

MUST_CHECK enum error store_idempotency_get(struct op *op, struct uuid id,
					    struct kept_row *ret);
/* In place of one made by `expired_by`; ERR_TAKEN by a later one. */
MUST_CHECK enum error store_idempotency_put(struct op *op, struct uuid id,
					    const struct kept_row *row,
					    int64_t expired_by);
/* Those made by then, the oldest first, at most `limit`. */
MUST_CHECK enum error store_idempotency_sweep(struct op *op, int64_t by,
					      int64_t limit, int64_t *ret);
MUST_CHECK enum error store_idempotency_oldest(struct op *op, int64_t *ret_at);

/* Its body alone. */
struct kept_body {
	struct uuid id;
	int64_t key_version; /* 0: not sealed */
	struct sealed_bytes sealed;
};

struct kept_body_list {
	struct kept_body *items;
	size_t count;
};

/* All of the project's in order, those after this one. */
MUST_CHECK enum error store_idempotency_walk(struct op *op, struct uuid after,
					     int64_t limit,
					     struct kept_body_list *ret);
MUST_CHECK enum error store_idempotency_reseal(struct op *op,
					       const struct kept_body *to);

/*
 * Jobs and their lanes. What is due, and whose lease has ended, is looked for
 * in the whole store; the rest is of the op's project.
 */
MUST_CHECK enum error store_job_add(struct op *op, const struct job *new);
/* Whatever their state; before jobs run. */
MUST_CHECK enum error store_job_remove_kind(struct op *op, const char *kind);
/* Makes the waiting job of this subject due now. */
MUST_CHECK enum error store_job_bring(struct op *op, const char *kind,
				      const char *lane, struct uuid subject_id);
/* Makes the lane, or moves it forward to `due_at`. */
MUST_CHECK enum error store_job_lane_bring(struct op *op, const char *kind,
					   const char *lane, int64_t due_at);
MUST_CHECK enum error store_job_lane_set(struct op *op, const char *kind,
					 const char *lane, int64_t due_at);
MUST_CHECK enum error store_job_lane_rest(struct op *op, const char *kind,
					  const char *lane, int64_t until);
MUST_CHECK enum error store_job_lane_remove(struct op *op, const char *kind,
					    const char *lane);
/* Those due first, at most `limit`. */
MUST_CHECK enum error store_job_lanes_due(struct op *op, const char *kind,
					  int64_t by, int64_t limit,
					  struct job_lane_list *ret);
/* INT64_MAX when there is none. */
MUST_CHECK enum error store_job_lane_next(struct op *op, const char *kind,
					  int64_t *ret_at);
/* Lanes due, counted up to `limit`. */
MUST_CHECK enum error store_job_lane_count(struct op *op, const char *kind,
					   int64_t by, int64_t limit,
					   int64_t *ret);
/* The waiting one that is due first, now or later. */
MUST_CHECK enum error store_job_first(struct op *op, const char *kind,
				      const char *lane, struct job *ret);
/* Raises its fence by one. */
MUST_CHECK enum error store_job_claim(struct op *op, const struct job *job,
				      int64_t lease_until);
/* These three: ERR_NOT_FOUND unless this fence is the running claim's. */
MUST_CHECK enum error store_job_held(struct op *op, const struct job *job);
MUST_CHECK enum error store_job_done(struct op *op, const struct job *job);
MUST_CHECK enum error store_job_again(struct op *op, const struct job *job,
				      int64_t attempts, int64_t due_at);
MUST_CHECK enum error store_job_drop_waiting(struct op *op, const char *kind,
					     const char *lane);
/* Running ones whose lease ends by then. */
MUST_CHECK enum error store_job_lapsed(struct op *op, int64_t by, int64_t limit,
				       struct job **ret, size_t *ret_count);
/* INT64_MAX when none runs. */
MUST_CHECK enum error store_job_lease_next(struct op *op, int64_t *ret_at);

#endif
