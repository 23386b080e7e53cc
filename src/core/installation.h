/* Installations: one customer group's use of an integration. */
#ifndef CLEAT_CORE_INSTALLATION_H
#define CLEAT_CORE_INSTALLATION_H

#include "base/op.h"
#include "core/connection.h"
#include "core/group.h"
#include "core/integration.h"

struct installation {
	struct uuid id;
	struct uuid integration_id;
	struct uuid group_id;
	struct uuid connection_id;
	const char *created_by; /* consumer:REF, builder:ID or api:CALLER */
	int64_t created_at;
	int64_t updated_at; /* 0: never */
};

/* One state of an installation's configuration. */
struct config {
	struct uuid id;
	struct uuid revision_id;
	const char *content; /* its dialect's JSON object */
	const char *created_by;
	int64_t created_at;
};

/* An installation with all that an answer about it shows. */
struct installation_view {
	struct installation installation;
	struct party group;
	struct connection_view connection;
	struct config config;
	bool is_healthy;
	const char *operation_status; /* of the latest; NULL: there is none */
	int64_t failures;	      /* of operations, in a row */
	bool is_paused_by_errors;     /* one of its reads */
};

struct installation_new {
	const char *group_ref;
	struct uuid connection_id; /* nil: the group's default */
	struct uuid revision_id;   /* nil: the integration's latest */
	const char *content;
	const char *created_by;
};

struct installation_filter {
	struct uuid integration_id; /* nil: any */
	const char *group_ref;	    /* NULL: any */
	struct uuid after;	    /* nil: from the start */
	int64_t limit;
};

/*
 * One row of a list. `document` is the stored answer, valid during the call
 * only; where there is none it is NULL, and `id` says whose it would be.
 */
typedef enum error installation_visit(void *context, struct op *op,
				      struct uuid id, const char *document,
				      size_t length);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error installation_get(struct op *op,
				       struct uuid integration_id,
				       struct uuid id,
				       struct installation_view *ret);

/* Of whichever integration. ERR_NOT_FOUND. */
MUST_CHECK enum error installation_find(struct op *op, struct uuid id,
					struct installation_view *ret);

/* The one that a group has of an integration. ERR_NOT_FOUND. */
MUST_CHECK enum error installation_of_group(struct op *op,
					    struct uuid integration_id,
					    const char *group_ref,
					    struct installation_view *ret);

/*
 * The stored answer of one, as in installation_visit; ERR_NOT_FOUND when
 * there is no such installation of this integration.
 */
MUST_CHECK enum error
installation_show(struct op *op, struct uuid integration_id, struct uuid id,
		  installation_visit *visit, void *context);

/* Oldest first, at most `limit`. */
MUST_CHECK enum error installation_list(struct op *op,
					const struct installation_filter *f,
					installation_visit *visit,
					void *context);

/*
 * ERR_FORBIDDEN to a customer for another group, or by the name of another;
 * ERR_INVALID when the group has one already, has no connection for the
 * integration's provider, or the connection is another provider's or group's.
 */
MUST_CHECK enum error installation_create(struct op *op,
					  const struct integration *of,
					  const struct installation_new *new,
					  struct installation_view *ret);

/* The connection of that id, if this group may use it for this integration:
 * else ERR_INVALID. */
MUST_CHECK enum error installation_connection(struct op *op,
					      const struct integration *of,
					      const char *group_ref,
					      struct uuid id,
					      struct connection_view *ret);

/* Once, at start: new ids come after those of the store, even when the clock
 * was set back. */
MUST_CHECK enum error installation_go_on(struct op *op);

/* Keeps an answer for installation_show, until what it shows changes. */
MUST_CHECK enum error installation_keep_document(struct op *op, struct uuid id,
						 const char *document);

/* Writes such an answer, into the arena. */
typedef const char *installation_writer(struct op *op,
					const struct installation_view *view);

/* Once, before other threads: who writes those of installation_renew_document.
 */
void installation_set_writer(installation_writer *writer);

/*
 * What its kept answer shows has changed: it is written anew; or dropped, when
 * nobody writes any, or it is not to be seen.
 */
MUST_CHECK enum error installation_renew_document(struct op *op,
						  struct uuid id);

#endif
