/* Which installations and connections go with a thing that is let go of. */
#ifndef CLEAT_CORE_LEAVING_H
#define CLEAT_CORE_LEAVING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/effect.h"
#include "core/installation.h"
#include "core/thing.h"

/* An installation, as far as it says what goes with it. */
struct leaving {
	struct uuid id;
	struct uuid integration_id;
	struct uuid group_id;
	struct uuid connection_id;
	bool may_share; /* false: nobody else uses its connection */
	/* of one in the trash: what hid it for its own sake, and with it its
	 * connection, maybe; else nil, or not asked for */
	struct uuid own_deletion_id;
};

struct leaving_list {
	struct leaving *items;
	size_t count;
};

/* A connection, as far as its deletion needs to know it. */
struct parting {
	struct uuid id;
	const char *kind;
	const char *name;
	struct uuid group_id; /* nil: a named target */
	bool has_grant;	      /* something to end at the provider */
	bool is_spoiled;      /* its grant was ended: it needs a new one */
	const char *auth_scheme;
	bool has_fields; /* of objects, that builders have told */
	bool may_share;	 /* others have, or had, the same grant */
};

struct parting_list {
	struct parting *items;
	size_t count;
};

/* An installation with all that its deletion needs. */
struct departure {
	struct installation installation;
	const char *config_content;
	const char *group_ref;
	bool is_only_user; /* no other installation has its connection */
	struct parting connection;
	bool has_operations; /* or pauses */
};

/* An installation that stays, and the connection that it keeps. */
struct keeping {
	struct uuid connection_id;
	struct uuid installation_id;
};

struct keeping_list {
	struct keeping *items; /* those of one connection together */
	size_t count;
};

/* What ending a connection's grant needs besides its tokens. */
struct grant_place {
	struct uuid provider_app_id; /* nil: not known */
	const char *workspace_ref;   /* NULL: none */
	const char *metadata;	     /* JSON object */
	int64_t refresh_sent_at;     /* a refresh is under way; 0: none */
	const char *account; /* the account's mark, in digits; NULL: none */
};

/* What a hidden installation needs, and whether it is there. */
struct needs {
	bool has_integration;
	bool has_group;
	bool has_connection;
};

/* The same for a hidden connection. */
struct connection_needs {
	bool has_group;
	bool has_consumer;
};

/*
 * A project's, group's or consumer's own connections go in any case, as does
 * the connection that is let go of itself; those that the installations of an
 * integration use go unless another installation uses them too.
 */
bool leaving_has_own_connections(const struct thing *thing);

/* What of a project, group or consumer is in the trash goes with it. */
bool leaving_takes_hidden(const struct thing *thing, bool is_hard);

/* So do its hidden installations, an integration's too: with those goes what
 * was hidden for their sake alone. */
bool leaving_takes_hidden_installations(const struct thing *thing,
					bool is_hard);

/* A provider app, destination, environment or a smaller part: nothing of the
 * above goes with it. */
bool leaving_goes_alone(const struct thing *thing);

/* Installations of a connection, or a consumer's, stand in the way; so do the
 * connections that use a variable. */
bool leaving_is_blocked_by_users(const struct thing *thing);

/* Who may come in is ended whatever is held: a token or key is no evidence. */
bool leaving_heeds_holds(const struct thing *thing);

/*
 * What a project has besides installations and connections, kind by kind, in
 * the order in which it goes: store_rest_list, store_rest_remove.
 */
enum rest {
	REST_INTEGRATIONS,
	REST_GROUPS,
	REST_CONSUMERS,
	REST_TOPIC_ROUTES,
	REST_EVENT_ROUTES,
	REST_TOPICS,
	REST_DESTINATIONS,
	REST_PROVIDER_APPS,
	REST_WORKERS,
	REST_ENVIRONMENTS,
	REST_VARIABLES,
	REST_JWT_KEYS,
	REST_TOKENS,
	RESTS
};

/* The kinds of their effects. */
enum effect_kind thing_effect(enum thing_kind kind);
enum effect_kind rest_effect(enum rest rest);

/* An installation of this integration that is to go. ERR_NOT_FOUND. */
MUST_CHECK enum error installation_departure(struct op *op,
					     struct uuid integration_id,
					     struct uuid id,
					     struct departure *ret);

#endif
