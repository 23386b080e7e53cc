/* Who a grant's client is at the provider: the builder's app. */
#ifndef CLEAT_CORE_GRANT_CLIENT_H
#define CLEAT_CORE_GRANT_CLIENT_H

#include "core/grant_call.h"

/*
 * The client's id and secret, its params, scopes and addresses, from this app,
 * or without it the project's first for the provider; nothing is set when there
 * is none. Shows nobody anything: records no event.
 */
MUST_CHECK enum error grant_client_of(struct op *op, struct uuid app_id,
				      const char *provider,
				      struct grant_credentials *grant);

#endif
