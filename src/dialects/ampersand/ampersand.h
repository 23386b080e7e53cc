/* Ampersand's wire: what this dialect's files share. */
#ifndef CLEAT_DIALECTS_AMPERSAND_H
#define CLEAT_DIALECTS_AMPERSAND_H

#include "base/json_write.h"
#include "core/access_token.h"
#include "core/catalog.h"
#include "core/connection.h"
#include "core/installation.h"
#include "core/integration.h"
#include "core/object_field.h"
#include "core/organization.h"
#include "core/project.h"
#include "dialects/body.h"
#include "http/request.h"

/* Flags of this dialect's routes. */
enum {
	ROUTE_FRONTEND = 1 << 8, /* open to keys of the scope frontend */
	ROUTE_BUILDER = 1 << 9,	 /* only for a builder's bearer token */
	/* its errors are application/json */
	ROUTE_JSON_ERRORS = 1 << 10,
	ROUTE_API_KEY = 1 << 11, /* not for a bearer token */
};

enum {
	AMP_NAME_MAX = 256,
	AMP_REF_MAX = 256,
	AMP_URL_MAX = 2048,
	AMP_TEXT_MAX = 8 * 1024, /* of one that sets no other */
	AMP_PAGE_MAX = 1000,
	AMP_YAML_MAX = 1024 * 1024,
};

/* Handlers, one file a resource. */
enum error amp_list_projects(struct request *request);
enum error amp_create_project(struct request *request);
enum error amp_get_project(struct request *request);
enum error amp_update_project(struct request *request);
enum error amp_delete_project(struct request *request);
enum error amp_create_group(struct request *request);
enum error amp_create_consumer(struct request *request);
enum error amp_create_org(struct request *request);
enum error amp_get_org(struct request *request);
enum error amp_update_org(struct request *request);
enum error amp_list_org_builders(struct request *request);
enum error amp_add_user_to_org(struct request *request);
enum error amp_list_org_invites(struct request *request);
enum error amp_create_org_invite(struct request *request);
enum error amp_get_org_invite(struct request *request);
enum error amp_delete_org_invite(struct request *request);
enum error amp_accept_invite(struct request *request);
enum error amp_get_my_info(struct request *request);
enum error amp_get_billing_account(struct request *request);
enum error amp_create_billing_session(struct request *request);
enum error amp_check_claimed_domain(struct request *request);
enum error amp_claim_domain(struct request *request);
enum error amp_list_claimed_domains(struct request *request);
enum error amp_list_api_keys(struct request *request);
enum error amp_create_api_key(struct request *request);
enum error amp_get_api_key(struct request *request);
enum error amp_update_api_key(struct request *request);
enum error amp_delete_api_key(struct request *request);
enum error amp_list_jwt_keys(struct request *request);
enum error amp_create_jwt_key(struct request *request);
enum error amp_get_jwt_key(struct request *request);
enum error amp_update_jwt_key(struct request *request);
enum error amp_delete_jwt_key(struct request *request);
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
enum error amp_oauth_connect(struct request *request);
enum error amp_oauth_update(struct request *request);
enum error amp_oauth_callback(struct request *request);
enum error amp_custom_auth_connect(struct request *request);
enum error amp_custom_auth_callback(struct request *request);
enum error amp_update_connection(struct request *request);
enum error amp_delete_connection(struct request *request);
enum error amp_list_installations(struct request *request);
enum error amp_list_project_installations(struct request *request);
enum error amp_create_installation(struct request *request);
enum error amp_get_installation(struct request *request);
enum error amp_delete_installation(struct request *request);
enum error amp_update_installation(struct request *request);
enum error amp_patch_config_content(struct request *request);
enum error amp_create_revision(struct request *request);
enum error amp_hydrate_revision(struct request *request);
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
enum error amp_list_operations(struct request *request);
enum error amp_get_operation(struct request *request);
enum error amp_list_operation_logs(struct request *request);
enum error amp_get_backfill_progress(struct request *request);
enum error amp_pause_reads(struct request *request);
enum error amp_unpause_reads(struct request *request);
enum error amp_get_installation_metadata(struct request *request);
enum error amp_get_connection_metadata(struct request *request);
enum error amp_put_installation_metadata(struct request *request);
enum error amp_put_connection_metadata(struct request *request);
enum error amp_generate_upload_url(struct request *request);
enum error amp_put_upload(struct request *request);
enum error amp_trigger_read(struct request *request);
enum error amp_deliver_results(struct request *request);
enum error amp_write_records(struct request *request);
enum error amp_search_records(struct request *request);
enum error amp_pass_on(struct request *request);

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

/* The organization of the path's first parameter, as who asks has it. */
MUST_CHECK enum error amp_enter_org(struct request *request,
				    struct membership *ret);
MUST_CHECK enum error amp_enter_org_to_manage(struct request *request,
					      struct membership *ret);

/* The builder who asks, in this organization, or the first one of others. */
MUST_CHECK enum error amp_answer_builder_info(struct request *request,
					      struct uuid organization_id);

/* A uuid from the path; ERR_NOT_FOUND when it is none. */
MUST_CHECK enum error amp_path_id(struct request *request, int param,
				  const char *what, struct uuid *ret);

/* The integration whose id is the path's second parameter. ERR_NOT_FOUND. */
MUST_CHECK enum error amp_path_integration(struct request *request,
					   struct integration *ret);
/* The installation of the path's second and third parameter. */
MUST_CHECK enum error amp_find_installation(struct request *request,
					    struct installation_view *ret);

/* The integration of the path's second parameter is there. */
MUST_CHECK enum error amp_find_its_integration(struct request *request);

/* The query's groupRef; ERR_MISSHAPEN without one. */
MUST_CHECK enum error amp_group_of_query(struct request *request,
					 const char **ret);

/* body_done for operations that document 400 for all that a body may have. */
MUST_CHECK enum error amp_body_done(const struct body_reader *in);

/* A group's installation of the integration of the path's second parameter. */
MUST_CHECK enum error amp_find_installed(struct request *request,
					 const char *group_ref,
					 struct installation_view *ret);

/* The manifest in the zip of gs://BUCKET/PATH; ERR_INVALID with an issue. */
MUST_CHECK enum error amp_read_upload(struct op *op, const char *url,
				      const char **ret_yaml);

/*
 * The one file, amp.yaml, of a zip, as a text. ERR_INVALID with an issue when
 * it is none, or not that.
 */
MUST_CHECK enum error amp_read_zip(struct op *op, const void *bytes,
				   size_t length, const char **ret_yaml);
/* The same of the body's projectIdOrName, or the older projectId. */
MUST_CHECK enum error amp_enter_of_body(struct request *request,
					const struct body_reader *in,
					struct project *ret);

/* Whose a connection is to be, as bodies say it. */
struct parties amp_read_parties(const struct body_reader *in);

/* A provider of the catalog; NULL, with an issue, for another. */
const struct provider *amp_read_provider(const struct body_reader *in);
/* Username and password; one of them may be empty. */
struct amp_user {
	const char *name, *password;
};
struct amp_user amp_read_user(const struct body_reader *in);

/* providerAppId; nil when absent. */
struct uuid amp_read_app_id(const struct body_reader *in);

/* The members of customAuth: at most AMP_CUSTOM_INPUTS of `secrets`. */
enum { AMP_CUSTOM_INPUTS = 12 };
bool amp_is_input_name(const char *name);
size_t amp_read_custom(const struct body_reader *in,
		       const struct custom_connect *custom,
		       const char *workspace, struct new_credential *secrets);

/*
 * The request waits for tokens that are being obtained: its handler runs again
 * then, with `kept` a struct obtaining.
 */
MUST_CHECK enum error amp_wait_for(struct request *request, struct uuid id);
/*
 * What came of them, in its second run: the connection. ERR_INVALID when the
 * provider refused, ERR_BUSY when it has not answered yet.
 */
MUST_CHECK enum error amp_obtained(struct request *request,
				   struct connection_view *ret);

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
/* One that a mask names: null is no value of it. */
bool amp_read_bool(const struct body_reader *in, const char *name);

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

/* What a builder tells of objects' fields, those of one object together. */
struct amp_told {
	const char *group;
	struct object_field *fields;
	size_t count;
};

/* {groupRef, fields: {OBJECT: [DEFINITION]}}; ERR_MISSHAPEN. */
MUST_CHECK enum error amp_read_told(struct request *request,
				    struct amp_told *ret);

/* What was told of an object's fields, by their names, as it is shown; empty
   when nothing was. Lives as long as the op. */
MUST_CHECK enum error amp_told_fields(struct op *op, struct uuid connection_id,
				      const char *object, json_t **ret);

/* Core to wire. */
void amp_put_group(struct json_writer *w, const char *key, struct uuid project,
		   const struct party *group);
void amp_put_consumer(struct json_writer *w, const char *key,
		      struct uuid project, const struct party *consumer);
void amp_put_project(struct json_writer *w, const char *key,
		     const struct project *project, bool with_entitlements);
void amp_put_org(struct json_writer *w, const char *key,
		 const struct organization *org);
void amp_put_builder(struct arena *arena, struct json_writer *w,
		     const char *key, const struct builder *builder);
void amp_put_provider_app(struct json_writer *w, const char *key,
			  struct uuid project, const struct provider_app *app);
void amp_put_connection(struct json_writer *w, const char *key,
			struct uuid project, const struct connection_view *view,
			const struct credential_list *credentials,
			bool with_refresh_token);
void amp_put_installation(struct json_writer *w, struct uuid project,
			  const struct installation_view *view);
/* The same as a text of its own, to be kept; NULL when it is too long. */
const char *amp_write_installation(struct op *op,
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
MUST_CHECK enum error amp_read_manifest(struct op *op, const char *field,
					const char *yaml,
					struct amp_manifest *ret);

/*
 * The same for one integration's content, an object: adds the issues, below
 * `path`. Takes nulls out of it.
 */
void amp_check_content(struct op *op, const char *path, json_t *content,
		       struct amp_manifest_item *ret);
void amp_check_version(struct op *op, const char *path, const char *version);

/*
 * YAML to JSON, by the core schema (YAML 1.2, 10.3): limits on depth and on
 * what aliases repeat, no duplicate keys, one document. ERR_INVALID with an
 * issue of the body's field.
 */
MUST_CHECK enum error amp_read_yaml(struct op *op, const char *field,
				    const char *yaml, json_t **ret);

#endif
