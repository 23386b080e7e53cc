/*
 * Asking a person for consent at a provider (RFC 6749, 4.1; RFC 7636): the
 * address that a browser is sent to, and its coming back with a code. The
 * state that it takes along is good once, for ten minutes, and knows project,
 * app, group and consumer.
 */
#ifndef CLEAT_CORE_CONSENT_H
#define CLEAT_CORE_CONSENT_H

#include "core/obtaining.h"
#include "core/provider_app.h"

#define CONSENT_CALLBACK	"/callbacks/v1/oauth"
#define CONSENT_CUSTOM_CALLBACK "/callbacks/v1/custom-auth"

/* Addresses in an app's metadata that are used in place of the catalog's, and
 * what its issuer is to be (RFC 9207). */
#define CONSENT_AUTH_URL "providerParams.authUrl"
#define CONSENT_ISSUER	 "providerParams.issuer"

enum { CONSENT_URL_MAX = 64 * 1024, CONSENT_PARAMS_MAX = 64 };

struct consent_new {
	const char *provider;
	struct uuid provider_app_id; /* nil: the project's first */
	struct parties parties;
	const char *workspace_ref; /* NULL: none */
	const char *metadata;	   /* JSON object */
	const char *origin;	   /* where browsers find us: scheme://host */
};

/*
 * Where the person is to go. ERR_INVALID, with an issue, for a provider that
 * asks nobody, without an app or what its address needs.
 */
MUST_CHECK enum error consent_ask(struct op *op, const struct consent_new *new,
				  const char **ret_url);

/* The same for new tokens of a connection that there is. ERR_NOT_FOUND. */
MUST_CHECK enum error consent_ask_again(struct op *op, struct uuid id,
					const char *origin,
					const char **ret_url);

/* What a browser brings back; NULL where it does not. */
struct consent_return {
	const char *state, *code, *error, *issuer;
};

/*
 * Takes it, on the writer; the obtaining's project becomes the op's. With
 * `*ret_refusal` nothing comes of it, and why is for people; it is NULL when
 * the code is on its way.
 */
MUST_CHECK enum error consent_come_back(struct op *op,
					const struct consent_return *with,
					struct obtaining *ret,
					const char **ret_refusal);

/* The app that is meant: ERR_INVALID, with an issue, when there is none. */
MUST_CHECK enum error consent_app(struct op *op, const char *provider,
				  struct uuid id, struct provider_app *ret);

/*
 * The address that the app has in place of the catalog's; NULL: none.
 * ERR_INVALID, with an issue, when it is not http or https.
 */
MUST_CHECK enum error consent_own_url(struct op *op,
				      const struct provider_app *app,
				      const char **ret);

/*
 * Parameters of the address that are ours to say, whatever a catalog or an app
 * would add: those of RFC 6749, 4.1.1, RFC 7636, and what stands for them.
 */
bool consent_is_ours(const char *name);

/*
 * The error, with an issue: a lack of what the address needs is the caller's
 * to mend.
 */
MUST_CHECK enum error consent_explain_lack(struct op *op, enum error error);

#endif
