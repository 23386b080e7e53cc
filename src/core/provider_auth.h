/*
 * How a connection's credentials are shown to its provider: what the catalog
 * says is put into a call. Sends nothing itself.
 */
#ifndef CLEAT_CORE_PROVIDER_AUTH_H
#define CLEAT_CORE_PROVIDER_AUTH_H

#include "base/op.h"
#include "base/outbound_call.h"
#include "core/catalog.h"
#include "core/connection.h"
#include "core/credential.h"

/* One call that credentials are put into, in the op's arena. */
struct provider_auth {
	struct op *op;
	const struct provider *provider;
	const struct connection *connection;
	const struct credential_list *secrets;
	struct outbound_call *call; /* its URL is there */
	/* that was put in and may be refreshed; NULL: none */
	const char *token;
	/* a token can be got, and there is none: it is "", and not put in */
	bool wants_token;
};

/* ERR_INVALID, explained, when something is not known that it needs;
 * ERR_UNSUPPORTED for credentials of another kind. */
MUST_CHECK enum error provider_auth_put(struct provider_auth *auth);

/* ERR_TOO_LARGE beyond OUTBOUND_HEADERS_MAX. */
MUST_CHECK enum error provider_auth_header(struct op *op,
					   struct outbound_call *call,
					   const char *name, const char *value);

/* The next word that a template has after `*at`, which is moved behind it;
 * NULL: there is none. */
const char *provider_auth_word(struct arena *arena, const char **at);

#endif
