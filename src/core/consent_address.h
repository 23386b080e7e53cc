/* The authorization address (RFC 6749, 4.1.1; RFC 7636). Inside of consent*.c.
 */
#ifndef CLEAT_CORE_CONSENT_ADDRESS_H
#define CLEAT_CORE_CONSENT_ADDRESS_H

#include "core/catalog.h"
#include "core/grant_call.h"
#include "core/obtaining.h"
#include "core/provider_app.h"

/*
 * The scopes to ask for, as they are sent: the app's, or else the catalog's;
 * NULL when there are none. ERR_INVALID, explained, for one that lacks a fact.
 */
MUST_CHECK enum error consent_scopes(struct grant_call *making,
				     const struct provider *provider,
				     const struct provider_app *app,
				     const char **ret);

/*
 * NULL, or the parameter that this address brings along although it is ours to
 * say. In the arena.
 */
const char *consent_address_takes(struct op *op, const char *url);

/* A new secret of PKCE. */
const char *consent_verifier(struct op *op);

/*
 * `url` with all that is asked for; `verifier` is NULL without PKCE. NULL when
 * it is too long. In the arena.
 */
const char *consent_address(struct op *op, const char *url,
			    const struct provider *provider,
			    const struct provider_app *app,
			    const struct obtaining_new *with,
			    const char *verifier, const char *state);

#endif
