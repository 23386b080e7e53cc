/* What core needs of a store: projects, tokens, and what they have. See
 * store.h. */
#ifndef CLEAT_CORE_STORE_MODEL_H
#define CLEAT_CORE_STORE_MODEL_H

#include "core/access_token.h"
#include "core/connection.h"
#include "core/connection_use.h"
#include "core/group.h"
#include "core/installation.h"
#include "core/integration.h"
#include "core/jwt_key.h"
#include "core/project.h"
#include "core/provider_app.h"

/* Projects: of the whole store. */
MUST_CHECK enum error store_project_find(struct op *op, enum project_handle by,
					 const char *handle,
					 struct project *ret);
MUST_CHECK enum error store_project_list(struct op *op,
					 struct project_list *ret);
/* Also those that were let go of. */
MUST_CHECK enum error store_project_list_kept(struct op *op,
					      struct project_list *ret);
MUST_CHECK enum error store_project_add(struct op *op,
					const struct project *new);
/* Those in the trash, under the names that they had; see project_trash.h. */
MUST_CHECK enum error
store_project_trash(struct op *op, struct uuid deletion_id, int64_t purge_at);
MUST_CHECK enum error store_project_trash_list(struct op *op,
					       struct project_list *ret);
/* One that is to be purged after this time. */
MUST_CHECK enum error store_project_trashed(struct op *op, struct uuid id,
					    int64_t after, struct project *ret,
					    struct uuid *ret_deletion_id);
/* Under this name, and with its updated_at. */
MUST_CHECK enum error store_project_untrash(struct op *op,
					    const struct project *to);
/* Name, title, protection and updated_at. ERR_TAKEN. */
MUST_CHECK enum error store_project_change(struct op *op,
					   const struct project *to);

/* Keys of customers' tokens. Finding by id looks in the whole store. */
MUST_CHECK enum error store_jwt_key_by_id(struct op *op, struct uuid id,
					  struct jwt_key *ret);
MUST_CHECK enum error store_jwt_key_get(struct op *op, struct uuid id,
					struct jwt_key *ret);
MUST_CHECK enum error store_jwt_key_list(struct op *op,
					 struct jwt_key_list *ret);
MUST_CHECK enum error store_jwt_key_add(struct op *op,
					const struct jwt_key *new);
MUST_CHECK enum error store_jwt_key_change(struct op *op,
					   const struct jwt_key *to);
MUST_CHECK enum error store_jwt_key_remove(struct op *op, struct uuid id);

/* Tokens. Finding by digest looks in the whole store. */
MUST_CHECK enum error store_token_by_digest(struct op *op,
					    const struct digest *digest,
					    struct access_token *ret);
MUST_CHECK enum error store_token_by_handle(struct op *op, const char *kind,
					    const char *handle,
					    struct access_token *ret);
MUST_CHECK enum error store_token_get(struct op *op, struct uuid id,
				      struct access_token *ret);
MUST_CHECK enum error store_token_list(struct op *op,
				       struct access_token_list *ret);
MUST_CHECK enum error store_token_add(struct op *op,
				      const struct access_token *new,
				      const struct digest *digest);
/* With the tokens that it is the parent of. */
MUST_CHECK enum error store_token_remove(struct op *op, struct uuid id);
/* Its label, scopes, role and whether it is active. */
MUST_CHECK enum error store_token_change(struct op *op,
					 const struct access_token *to);
/* Its text and handle, and when it ends. */
MUST_CHECK enum error store_token_renew(struct op *op,
					const struct access_token *to,
					const struct digest *digest);
/* What it may use besides its own project; looks in the whole store. */
MUST_CHECK enum error store_token_projects(struct op *op, struct uuid token_id,
					   struct uuid **ret,
					   size_t *ret_count);
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
/* Of a provider: workspace_ref, metadata, settings, status, updated_at. */
MUST_CHECK enum error store_connection_update(struct op *op,
					      const struct connection *to);
MUST_CHECK enum error store_target_find(struct op *op, const char *handle,
					struct connection *ret);
MUST_CHECK enum error store_target_list(struct op *op, const char *kind,
					struct connection_list *ret);
MUST_CHECK enum error store_connection_remove(struct op *op, struct uuid id);

/* Who uses a target. Added, unless there is no such target or it is known. */
MUST_CHECK enum error store_connection_use_add(struct op *op,
					       struct uuid connection_id,
					       const char *kind,
					       struct uuid user_id);
/* All that this one uses. */
MUST_CHECK enum error store_connection_use_end(struct op *op,
					       struct uuid user_id);
/* All that use this one. */
MUST_CHECK enum error store_connection_use_end_all(struct op *op,
						   struct uuid connection_id);
MUST_CHECK enum error store_connection_users(struct op *op,
					     struct uuid connection_id,
					     int64_t limit,
					     struct connection_user_list *ret);

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
/* Connection, configuration and updated_at; its document is dropped. */
MUST_CHECK enum error store_installation_change(struct op *op,
						const struct installation *to,
						const struct config *config);
/* The present configuration becomes a past one. */
MUST_CHECK enum error store_past_config_add(struct op *op, struct uuid id);
/* Of an integration, those after this one, at most `limit`. */
MUST_CHECK enum error store_installation_page(struct op *op,
					      struct uuid integration_id,
					      struct uuid after, size_t limit,
					      struct uuid *ret,
					      size_t *ret_count);
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
/* What shows it is to be written anew: installations of its connections. */
MUST_CHECK enum error store_documents_of_provider_app(struct op *op,
						      struct uuid id);
/* The connections that use it, at most `limit`. */
MUST_CHECK enum error store_provider_app_users(struct op *op, struct uuid id,
					       struct uuid *ret, size_t limit,
					       size_t *ret_count);

#endif
