/* Connections: credentials at a provider, or a named target. */
#ifndef CLEAT_CORE_CONNECTION_H
#define CLEAT_CORE_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"
#include "core/credential.h"
#include "core/group.h"
#include "core/integration.h"
#include "core/provider_app.h"

enum connection_family {
	CONNECTION_PROVIDER, /* of a group and a consumer */
	CONNECTION_TARGET,   /* named, of the project */
};

struct connection {
	struct uuid id;
	enum connection_family family;
	const char *kind;	   /* the provider, or the target's type */
	const char *name;	   /* of a target; else empty */
	const char *description;   /* NULL: none */
	const char *auth_scheme;   /* as in apiKey; empty for a target */
	const char *status;	   /* created, working, bad_credentials */
	struct uuid group_id;	   /* nil for a target */
	struct uuid consumer_id;   /* nil for a target */
	const char *workspace_ref; /* NULL: none */
	const char *metadata;	   /* JSON object */
	const char *settings;	   /* its dialect's JSON object; no secrets */
	bool is_deployed;	   /* a target's: workers are to have it */
	bool is_enabled;
	int64_t created_at;
	int64_t updated_at; /* 0: never */
};

/* The member of a provider connection's settings that says who agreed, as the
 * provider names them. */
#define CONNECTION_USER "providerConsumerRef"

/* A connection with whose it is. */
struct connection_view {
	struct connection connection;
	struct party group;
	struct party consumer;
	struct provider_app app; /* that it was made through; nil id: none */
};

struct connection_list {
	struct connection_view *items;
	size_t count;
};

/* NULL: any. */
struct connection_filter {
	const char *provider;
	const char *group_ref;
	const char *consumer_ref;
};

struct connection_new {
	const char *provider;
	const char *auth_scheme;
	const char *workspace_ref;
	const char *metadata; /* JSON object */
	const char *settings; /* its dialect's JSON object */
	struct parties parties;
	struct uuid provider_app_id; /* that it is made through; nil: none */
	const char *provider_user;   /* at the provider; NULL: not known */
	const struct new_credential *secrets;
	size_t secret_count;
};

/* New tokens, of a grant or by credentials that take the place of the old. */
struct connection_renewal {
	struct uuid provider_app_id;
	const char *provider_user;
	const char *workspace_ref; /* NULL: as it was; "": none */
	const char *metadata;	   /* NULL: as it was */
	const char *fields;	   /* over its facts; NULL: none */
	const char *settings;
	const struct new_credential *secrets;
	size_t secret_count;
};

/* Provider connections. ERR_NOT_FOUND. */
MUST_CHECK enum error connection_get(struct op *op, struct uuid id,
				     struct connection_view *ret);
/* Oldest first. */
MUST_CHECK enum error connection_list(struct op *op,
				      const struct connection_filter *filter,
				      struct connection_list *ret);

/*
 * Makes group and consumer as needed; records connection.created.
 * ERR_FORBIDDEN to a customer for another group or consumer.
 */
MUST_CHECK enum error connection_create(struct op *op,
					const struct connection_new *new,
					struct connection_view *ret);

/* Records connection.updated. ERR_NOT_FOUND. */
MUST_CHECK enum error
connection_renew(struct op *op, struct uuid id,
		 const struct connection_renewal *renewal);

/* What shows its status is to be written anew. */
MUST_CHECK enum error connection_touch(struct op *op,
				       const struct connection *connection);
/* What a provider connection is to be; what does not change is as it was. */
struct connection_change {
	const char *workspace_ref;
	const char *metadata;
	const char *settings;
	const struct new_credential *secrets;
	size_t secret_count; /* 0: the credentials stay */
};

/*
 * New credentials have not been used: the status is created again, and tokens
 * that were got with the old ones are erased. What tokens are got by comes with
 * obtaining.h instead, which has a new one. Records connection.updated.
 */
MUST_CHECK enum error connection_update(struct op *op,
					const struct connection_view *was,
					const struct connection_change *change,
					struct connection_view *ret);

/*
 * Targets, by name without regard to case (Unicode letters other than ASCII
 * are compared as they are). ERR_NOT_FOUND.
 */
MUST_CHECK enum error target_find(struct op *op, const char *name,
				  struct connection *ret);

/* By id. ERR_NOT_FOUND. */
MUST_CHECK enum error target_get(struct op *op, struct uuid id,
				 struct connection *ret);

/* Those of one kind, or all when NULL, in order of name. */
MUST_CHECK enum error target_list(struct op *op, const char *kind,
				  struct connection_list *ret);

/* ERR_TAKEN when another has the name; records connection.created. */
MUST_CHECK enum error target_create(struct op *op, const struct connection *new,
				    const struct new_credential *secrets,
				    size_t secret_count,
				    struct connection *ret);

/*
 * Stores name, description, settings, is_deployed and is_enabled. ERR_TAKEN
 * when a new name is another's; records connection.updated.
 */
MUST_CHECK enum error target_update(struct op *op,
				    const struct connection *changed,
				    const struct new_credential *secrets,
				    size_t secret_count,
				    struct connection *ret);

#endif
