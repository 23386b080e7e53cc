/* What core needs of a store: to whom events and connections are sent. See
 * store.h. */
#ifndef CLEAT_CORE_STORE_SENDING_H
#define CLEAT_CORE_STORE_SENDING_H

#include "core/connection.h"
#include "core/delivery.h"
#include "core/deployment.h"
#include "core/destination.h"
#include "core/environment.h"
#include "core/message.h"
#include "core/topic.h"
#include "core/variable.h"
#include "core/worker.h"

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

/* Environment variables. Their sealed values are secrets that they own. */
MUST_CHECK enum error store_variable_get(struct op *op, struct uuid id,
					 struct variable *ret);
MUST_CHECK enum error store_variable_find(struct op *op, const char *name,
					  struct variable *ret);
MUST_CHECK enum error store_variable_list(struct op *op,
					  struct variable_list *ret);
MUST_CHECK enum error store_variable_add(struct op *op,
					 const struct variable *new);
/* All but its id and created_at. */
MUST_CHECK enum error store_variable_change(struct op *op,
					    const struct variable *to);
/* With its values. */
MUST_CHECK enum error store_variable_remove(struct op *op, struct uuid id);
/* Where it has one, without the values themselves. */
MUST_CHECK enum error store_variable_values(struct op *op, struct uuid id,
					    struct variable_value **ret,
					    size_t *ret_count);
MUST_CHECK enum error
store_variable_value_put(struct op *op, struct uuid id,
			 const struct variable_value *value);
MUST_CHECK enum error store_variable_value_remove(struct op *op, struct uuid id,
						  struct uuid environment_id);
/* All values there, with what is sealed of them. */
MUST_CHECK enum error
store_variable_forget_environment(struct op *op, struct uuid environment_id);

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
/* Others at this URL, those that are to go included. */
MUST_CHECK enum error store_workers_at(struct op *op, const char *url,
				       struct uuid but,
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
/* What came of a try: worker_version, tried_version, tried_at and answer. */
MUST_CHECK enum error store_deployment_tried(struct op *op,
					     const struct deployment *to);
/* None there is no error. */
MUST_CHECK enum error store_deployment_remove(struct op *op, struct uuid id);
/* The living target of this id. */
MUST_CHECK enum error store_deployment_target(struct op *op, struct uuid id,
					      struct connection *ret);

/* Deliveries. */
MUST_CHECK enum error store_event_routes_exist(struct op *op, bool *ret);
/* Those enabled, of any kind, each once, with id, name and kind alone; ordered
 * by id. */
MUST_CHECK enum error store_event_destinations(struct op *op, const char *type,
					       struct destination_list *ret);
/* Is there a third-party integration at all? */
MUST_CHECK enum error store_listeners_exist(struct op *op, bool *ret);
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
/* The activities of those whose jobs wait in this lane, oldest first. */
MUST_CHECK enum error store_delivery_waiting_activities(struct op *op,
							const char *kind,
							const char *lane,
							int64_t **ret,
							size_t *ret_count);
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

#endif
