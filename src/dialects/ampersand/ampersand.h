/* Ampersand's wire: what this dialect's files share. */
#ifndef CLEAT_DIALECTS_AMPERSAND_H
#define CLEAT_DIALECTS_AMPERSAND_H

#include "base/json_write.h"
#include "core/access_token.h"
#include "core/catalog.h"
#include "core/connection.h"
#include "core/installation.h"
#include "core/integration.h"
#include "core/project.h"
#include "dialects/body.h"
#include "http/request.h"

/* Flags of this dialect's routes. */
enum {
	ROUTE_FRONTEND = 1 << 8, /* open to keys of the scope frontend */
	ROUTE_BUILDER = 1 << 9,	 /* only for a builder's bearer token */
};

enum {
	AMP_NAME_MAX = 256,
	AMP_REF_MAX = 256,
	AMP_URL_MAX = 2048,
	AMP_TEXT_MAX = 8 * 1024, /* bytes of one that sets no other */
	AMP_PAGE_MAX = 1000,
};

/* Handlers, one file a resource. */
enum error amp_list_projects(struct request *request);
enum error amp_create_project(struct request *request);
enum error amp_get_project(struct request *request);
enum error amp_list_api_keys(struct request *request);
enum error amp_create_api_key(struct request *request);
enum error amp_get_api_key(struct request *request);
enum error amp_delete_api_key(struct request *request);
enum error amp_list_providers(struct request *request);
enum error amp_get_provider(struct request *request);
enum error amp_list_integrations(struct request *request);
enum error amp_create_integration(struct request *request);
enum error amp_batch_integrations(struct request *request);
enum error amp_get_integration(struct request *request);
enum error amp_delete_integration(struct request *request);
enum error amp_generate_connection(struct request *request);
enum error amp_list_connections(struct request *request);
enum error amp_get_connection(struct request *request);
bool amp_connection_needs_writer(const struct request *request);
enum error amp_update_connection(struct request *request);
enum error amp_delete_connection(struct request *request);
enum error amp_list_installations(struct request *request);
enum error amp_list_project_installations(struct request *request);
enum error amp_create_installation(struct request *request);
enum error amp_get_installation(struct request *request);
enum error amp_delete_installation(struct request *request);
enum error amp_list_provider_apps(struct request *request);
enum error amp_create_provider_app(struct request *request);
enum error amp_update_provider_app(struct request *request);
enum error amp_delete_provider_app(struct request *request);
enum error amp_list_destinations(struct request *request);
enum error amp_create_destination(struct request *request);
enum error amp_get_destination(struct request *request);
bool amp_destination_needs_writer(const struct request *request);
enum error amp_update_destination(struct request *request);
enum error amp_delete_destination(struct request *request);
enum error amp_list_topics(struct request *request);
enum error amp_create_topic(struct request *request);
enum error amp_update_topic(struct request *request);
enum error amp_delete_topic(struct request *request);
enum error amp_list_event_routes(struct request *request);
enum error amp_create_event_route(struct request *request);
enum error amp_delete_event_route(struct request *request);
enum error amp_list_topic_routes(struct request *request);
enum error amp_create_topic_route(struct request *request);
enum error amp_delete_topic_route(struct request *request);

/*
 * {NAME: {value, source, displayName?}} as JSON text; {} when it is absent.
 * With faults for what does not fit.
 */
const char *amp_read_provider_metadata(const struct body_reader *in);
/* A fault for a fact that can't stand in the provider's addresses. */
void amp_check_facts(const struct body_reader *in,
		     const struct provider *provider, const char *workspace,
		     const char *metadata);

/* Enters the project of the path's first parameter. */
MUST_CHECK enum error amp_enter(struct request *request, struct project *ret);

/* A uuid from the path; ERR_NOT_FOUND when it is none. */
MUST_CHECK enum error amp_path_id(struct request *request, int param,
				  const char *what, struct uuid *ret);

/* Begins an answer of 200 or 201 with a JSON body. */
struct json_writer amp_answer(struct request *request, int status);
enum error amp_no_content(struct request *request);

/* {updateMask: [FIELD, ...], THING: {...}} */
struct amp_update {
	json_t *mask; /* of strings; at least one */
	struct body_reader body, inside;
};

/* ERR_MISSHAPEN when it is not of that form. */
MUST_CHECK enum error amp_read_update(struct request *request,
				      const char *thing,
				      struct amp_update *ret);
/* A fault for each that is not among `names` (to NULL) or has no value. */
void amp_check_mask(const struct amp_update *update, const char *const *names);
/* Is this field in the mask? All are in none. */
bool amp_masks(const json_t *mask, const char *name);

/*
 * A destination's metadata and secrets, on top of what there is: what the
 * mask names (such as metadata.url), or all without a mask. `secrets` has
 * room for AMP_DESTINATION_SECRETS.
 */
enum { AMP_DESTINATION_SECRETS = 11 };
void amp_read_destination(const struct body_reader *in,
			  const struct amp_update *update, const char *kind,
			  json_t *metadata, struct new_credential *secrets,
			  size_t *ret_count);

/* Core to wire. */
void amp_put_group(struct json_writer *w, const char *key, struct uuid project,
		   const struct party *group);
void amp_put_connection(struct json_writer *w, const char *key,
			struct uuid project, const struct connection_view *view,
			const struct credential_list *credentials,
			bool with_refresh_token);
void amp_put_installation(struct json_writer *w, struct uuid project,
			  const struct installation_view *view);
void amp_put_integration(struct json_writer *w, struct uuid project,
			 const struct integration *integration,
			 const struct revision *revision);

/* One integration of a manifest, checked. */
struct amp_manifest_item {
	const char *path; /* of it in the body, such as integrations[0] */
	const char *name;
	const char *provider;
	const json_t *content;
};

struct amp_manifest {
	const char *spec_version;
	struct amp_manifest_item *items;
	size_t count;
	const json_t *root; /* NULL: it came as one integration's content */
};

/*
 * Answers Cleat-Warnings when a checked manifest has keys that none has, or
 * names destinations that do not exist.
 */
MUST_CHECK enum error amp_warn(struct request *request,
			       const struct amp_manifest *manifest);

/*
 * YAML text to a checked manifest. ERR_INVALID with an issue for each fault.
 * Keys that no manifest has, and destinations that do not exist, are let be.
 */
MUST_CHECK enum error amp_read_manifest(struct op *op, const char *yaml,
					struct amp_manifest *ret);

/*
 * The same for one integration's content, an object: adds the issues, below
 * `path`. Takes nulls out of it.
 */
void amp_check_content(struct op *op, const char *path, json_t *content,
		       struct amp_manifest_item *ret);
void amp_check_version(struct op *op, const char *path, const char *version);

/*
 * YAML to JSON, by the core schema (YAML 1.2, 10.3): limits on depth, no
 * aliases, no duplicate keys, one document. ERR_INVALID with an issue.
 */
MUST_CHECK enum error amp_read_yaml(struct op *op, const char *yaml,
				    json_t **ret);

#endif
