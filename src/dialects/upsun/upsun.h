/* What the files of the Upsun dialect share; its wire form stays in here. */
#ifndef CLEAT_DIALECTS_UPSUN_UPSUN_H
#define CLEAT_DIALECTS_UPSUN_UPSUN_H

#include "base/json_write.h"
#include "core/activity.h"
#include "core/credential.h"
#include "core/event.h"
#include "core/integration.h"
#include "core/project.h"
#include "dialects/fields.h"
#include "http/router.h"

/* A route whose errors have OAuth's form (RFC 6749, 5.2). */
#define UPSUN_ROUTE_OAUTH ROUTE_FLAG_DIALECT

/* routes.c */
/* Does this caller see everything, shared keys included, and change it? */
bool upsun_is_admin(const struct request *request);

/* error.c */
void upsun_write_error(struct request *request, enum error error, int status);

/* hal.c */
/* A writer on the body of an answer with this status. */
struct json_writer upsun_answer(struct request *request, int status);

/* In the arena, as links and clients know it. */
const char *upsun_project_path(struct op *op, const struct project *project);
const char *upsun_integration_path(struct op *op, const struct project *project,
				   const struct integration *integration);

/* Where links begin, and what is to be shown of what one may do. */
struct upsun_reader {
	const char *origin; /* scheme://host; "": links are paths */
	const struct project *project;
	bool is_admin;
};

struct upsun_reader upsun_reader_of(struct request *request,
				    const struct project *project);

/*
 * Opens _links with the absolute `self`, which is of this schema of
 * openapi/upsun.json; the caller ends the object.
 */
void upsun_begin_links_at(struct op *op, struct json_writer *w,
			  const char *origin, const char *path,
			  const char *schema);
void upsun_begin_links(struct request *request, struct json_writer *w,
		       const char *path, const char *schema);
/* To what is read there. */
void upsun_link(struct json_writer *w, const char *rel, const char *path);
/* To what is done there, with the operation that does it. */
void upsun_action_link(struct json_writer *w, const char *rel, const char *path,
		       const char *operation);

/* types.c */
/* What an integration of a type is for. */
enum upsun_family {
	UPSUN_GIT,
	UPSUN_WEBHOOK,
	UPSUN_SCRIPT,
	UPSUN_HEALTH,
	UPSUN_LOG,
	UPSUN_CACHE,
	UPSUN_PROFILER,
};

struct upsun_type {
	struct field_table table; /* `type` is its name on the wire */
	enum upsun_family family;
};

/* All of them, by name. */
const struct upsun_type *upsun_types(size_t *ret_count);
/* NULL when there is no such type. */
const struct field_table *upsun_type(const char *name);
/* Does its provider send events to #hook? */
bool upsun_takes_hooks(const char *name);
/* Is there something outside that #validate can try? */
bool upsun_can_be_tried(const char *name);

/* health.c */
enum error upsun_list_warnings(struct request *request);
enum error upsun_set_warning(struct request *request);

/* validate.c */
enum error upsun_validate_integration(struct request *request);

/* hook.c */
enum error upsun_take_hook(struct request *request);
enum error upsun_renew_hook_secret(struct request *request);

/* listening.c */
/* Of upsun_dialect: activities as those who listen see them. */
extern const struct listening_form upsun_listening;

/* oauth.c */
enum error upsun_exchange_token(struct request *request);
enum error upsun_revoke_token(struct request *request);

/* me.c */
enum error upsun_get_me(struct request *request);
enum error upsun_get_user(struct request *request);

/* project.c */
/* Makes the first path parameter's project the op's. ERR_NOT_FOUND. */
enum error upsun_enter(struct request *request, struct project *ret);
enum error upsun_list_projects(struct request *request);
enum error upsun_get_project(struct request *request);

/* capabilities.c */
enum error upsun_get_capabilities(struct request *request);

/* integration.c */
/* The second path parameter's, of the op's project. ERR_NOT_FOUND. */
enum error upsun_find_integration(struct request *request,
				  struct integration *ret);
enum error upsun_list_integrations(struct request *request);
enum error upsun_get_integration(struct request *request);
enum error upsun_create_integration(struct request *request);
enum error upsun_update_integration(struct request *request);
enum error upsun_delete_integration(struct request *request);

/* entity.c */
/* What an answer shows: an integration with the secrets it opens. */
struct upsun_entity {
	const struct project *project;
	struct integration integration;
	struct credential_list secrets;
};

/*
 * Opens the secrets that a read of it returns (a webhook's shared key) when
 * the caller may see them; that is recorded, so an admin's read is a write.
 */
enum error upsun_open_entity(struct request *request,
			     struct upsun_entity *entity);
enum error upsun_write_entity(struct request *request, struct json_writer *w,
			      const char *key,
			      const struct upsun_entity *entity);

/* The answer to a change: the entity, and the event as its activity. */
enum error upsun_write_result(struct request *request, int status,
			      const struct upsun_entity *entity,
			      const struct event *event);

/* activity.c */
enum error upsun_list_activities(struct request *request);
enum error upsun_get_activity(struct request *request);
enum error upsun_get_activity_log(struct request *request);
enum error upsun_cancel_activity(struct request *request);
enum error upsun_list_integration_activities(struct request *request);
enum error upsun_get_integration_activity(struct request *request);
enum error upsun_get_integration_activity_log(struct request *request);
enum error upsun_cancel_integration_activity(struct request *request);

/* The project and the activity of its path; by its integration's. */
enum error upsun_enter_activity(struct request *request,
				struct project *project,
				struct activity *activity);
/* The answer to a change of one. */
enum error upsun_write_activity_result(struct request *request, int status,
				       const struct project *project,
				       const struct activity *activity);

/* activity_filter.c */
/* Of a list's query, without its types. */
enum error upsun_read_activity_filter(struct request *request,
				      struct activity_filter *ret);

/* activity_post.c */
enum error upsun_post_activity(struct request *request);
enum error upsun_update_activity(struct request *request);

/* activity_fields.c */
/* What a client says of an activity; `document` is the part that only it reads.
 */
extern const struct field_table upsun_activity_fields;
extern const struct field_table upsun_activity_document;

/* activity_log.c */
enum error upsun_write_activity_log(struct request *request,
				    const struct activity *activity);

/* activity_type.c */
/* The type of event that activities of this type are. */
const char *upsun_event_type(const char *activity_type);
const char *upsun_activity_type(const char *event_type);
/* One line for people, in the arena. */
const char *upsun_activity_text(struct op *op, const struct activity *activity);
/* A fact of an event; NULL when it has none of this name. */
const char *upsun_event_fact(struct op *op, const struct event *event,
			     const char *name);

/* activity_write.c */
enum error upsun_write_activity(struct op *op, struct json_writer *w,
				const struct upsun_reader *reader,
				const char *key,
				const struct activity *activity);

#endif
