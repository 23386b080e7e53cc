/* Provider apps: what a builder registered at a provider to ask for access. */
#ifndef CLEAT_CORE_PROVIDER_APP_H
#define CLEAT_CORE_PROVIDER_APP_H

#include <stddef.h>

#include "base/op.h"

/* The name of its client secret among its credentials (RFC 6749, 2.3.1). */
#define PROVIDER_APP_SECRET "client_secret"

struct provider_app {
	struct uuid id;
	const char *provider;
	const char *external_ref; /* the builder's own id for it; NULL: none */
	const char *client_id;
	const char *scopes;   /* JSON list of strings */
	const char *metadata; /* its dialect's JSON object; no secrets */
	int64_t created_at;
	int64_t updated_at; /* 0: never */
};

struct provider_app_list {
	struct provider_app *items;
	size_t count;
};

/* ERR_NOT_FOUND. */
MUST_CHECK enum error provider_app_get(struct op *op, struct uuid id,
				       struct provider_app *ret);

/* Oldest first. */
MUST_CHECK enum error provider_app_list(struct op *op,
					struct provider_app_list *ret);

/* Seals the secret; records provider_app.created. */
MUST_CHECK enum error provider_app_create(struct op *op,
					  const struct provider_app *new,
					  const char *client_secret,
					  struct provider_app *ret);

/*
 * Stores all but id and created_at; a NULL `client_secret` leaves it as it
 * is. ERR_IN_USE when the provider changes while a connection uses the app.
 * Records provider_app.updated.
 */
MUST_CHECK enum error provider_app_update(struct op *op,
					  const struct provider_app *to,
					  const char *client_secret,
					  struct provider_app *ret);

/* With its secret, whoever uses it. Records provider_app.deleted. */
MUST_CHECK enum error provider_app_erase(struct op *op, struct uuid id);

#endif
